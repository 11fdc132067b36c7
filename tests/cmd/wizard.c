/* SPDX-License-Identifier: MIT */
/* The questions of the first start. */
#include "cmd/icq/wizard.h"

#include <stdio.h>

#include "harness.h"

/* Gives answers until the last but one has led to the next question. */
static void answer_all(struct wizard *w, const char *const *lines)
{
	for (; *lines; lines++)
		assert_int_equal(wizard_answer(w, *lines), WIZARD_ASK);
}

static void begin_new(struct wizard *w)
{
	wizard_begin(w, "C");
	answer_all(w, (const char *const[]){ "icq.example.org", "", "n", "secret", "secret", "",
					     "ann", "", "", "", NULL });
	assert_int_equal(w->at, WIZARD_AUTH);
}

TEST(a_new_account_is_wanted_when_its_names_are_known)
{
	struct wizard w;

	begin_new(&w);
	assert_int_equal(wizard_answer(&w, ""), WIZARD_LOG_IN);
	check(wizard_is_new(&w));
	wizard_made(&w, 10001);
	assert_string_equal(w.answers[WIZARD_UIN], "10001");
	answer_all(&w, (const char *const[]){ "back at ten", "", "", "", "", "", NULL });
	assert_int_equal(wizard_answer(&w, ""), WIZARD_FINISH);
	assert_string_equal(w.answers[WIZARD_HOST], "icq.example.org");
	assert_string_equal(w.answers[WIZARD_PORT], "4000");
	assert_string_equal(w.answers[WIZARD_AWAY], "back at ten");
}

TEST(a_known_number_needs_its_password_once)
{
	struct wizard w;

	wizard_begin(&w, "C");
	answer_all(&w, (const char *const[]){ "", "", "y", "10002", "secret", NULL });
	assert_int_equal(w.at, WIZARD_CHARSET);
	assert_int_equal(wizard_answer(&w, ""), WIZARD_LOG_IN);
	check(!wizard_is_new(&w));
}

TEST(one_can_go_back_over_what_was_not_asked)
{
	struct wizard w;

	wizard_begin(&w, "C");
	assert_int_equal(wizard_answer(&w, "<"), WIZARD_ASK);
	assert_int_equal(w.at, WIZARD_HOST);
	answer_all(&w, (const char *const[]){ "", "", "y", "7", "secret", "<", "<", "<", NULL });
	assert_int_equal(w.at, WIZARD_KNOWN);
	answer_all(&w, (const char *const[]){ "n", NULL });
	assert_int_equal(w.at, WIZARD_PASSWORD);
	answer_all(&w, (const char *const[]){ "<", NULL });
	assert_int_equal(w.at, WIZARD_KNOWN);
}

TEST(code_page_is_guessed_from_the_locale)
{
	static const char *const guesses[][2] = {
		{ "ru_RU.UTF-8", "cp1251" }, { "el", "cp1253" }, { "de_DE", "cp1252" },
		{ "C", "cp1252" },	     { "", "cp1252" },	 { "C.UTF-8", "cp1252" },
	};
	struct wizard w;

	for (size_t i = 0; i < sizeof(guesses) / sizeof(*guesses); i++) {
		wizard_begin(&w, guesses[i][0]);
		assert_string_equal(w.answers[WIZARD_CHARSET], guesses[i][1]);
	}
}

TEST(an_account_is_made_once)
{
	struct wizard w;

	begin_new(&w);
	assert_int_equal(wizard_answer(&w, "y"), WIZARD_LOG_IN);
	wizard_made(&w, 10001);
	wizard_back_to(&w, WIZARD_HOST);
	answer_all(&w, (const char *const[]){ "", "", "", NULL });
	assert_int_equal(w.at, WIZARD_NICK); /* neither number nor password again */
	wizard_back_to(&w, WIZARD_HOST);
	answer_all(&w, (const char *const[]){ "other.example.org", "", NULL });
	assert_int_equal(w.at, WIZARD_KNOWN); /* there the account is not */
}

TEST(bad_answers_are_told_and_asked_again)
{
	static const struct {
		enum wizard_step at;
		const char *line;
	} bad[] = {
		{ WIZARD_HOST, "-" },
		{ WIZARD_HOST, "localhost:4000" },
		{ WIZARD_NICK, "123456789012345678901" },
		{ WIZARD_HOST, "a\x1b" },
		{ WIZARD_PORT, "0" },
		{ WIZARD_PORT, "65536" },
		{ WIZARD_UIN, "" },
		{ WIZARD_UIN, "4294967296" },
		{ WIZARD_PASSWORD, "" },
		{ WIZARD_PASSWORD, "123456789" },
		{ WIZARD_CHARSET, "utf8" },
		{ WIZARD_NICK, "\xff" },
		{ WIZARD_KNOWN, "maybe" },
	};
	struct wizard w;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		wizard_begin(&w, "C");
		w.at = bad[i].at;
		assert_int_equal(wizard_answer(&w, bad[i].line), WIZARD_REPEAT);
		assert_int_equal(w.at, bad[i].at);
		check(*w.why);
	}
}

TEST(a_password_need_not_be_typed_again)
{
	struct wizard w;
	char question[1024];

	begin_new(&w);
	wizard_back_to(&w, WIZARD_PASSWORD);
	wizard_question(&w, question, sizeof(question));
	check(strstr(question, "Password [as before]: "));
	answer_all(&w, (const char *const[]){ "", "", NULL });
	assert_int_equal(w.at, WIZARD_CHARSET);
	assert_string_equal(w.answers[WIZARD_PASSWORD], "secret");
	wizard_back_to(&w, WIZARD_PASSWORD);
	answer_all(&w, (const char *const[]){ "other", NULL });
	assert_int_equal(wizard_answer(&w, ""), WIZARD_REPEAT);
	assert_int_equal(w.at, WIZARD_PASSWORD);
}

TEST(an_answer_may_be_emptied)
{
	struct wizard w;
	char question[1024];

	wizard_begin(&w, "C");
	w.at = WIZARD_NA;
	answer_all(&w, (const char *const[]){ "gone", "<", NULL });
	wizard_question(&w, question, sizeof(question));
	assert_string_equal(question, "...not available [gone]: ");
	answer_all(&w, (const char *const[]){ "-", "<", NULL });
	wizard_question(&w, question, sizeof(question));
	assert_string_equal(question, "...not available: ");
}

TEST(a_password_never_stands_in_a_question)
{
	struct wizard w;
	char question[1024];

	begin_new(&w);
	for (w.at = 0; w.at < WIZARD_STEPS; w.at++) {
		wizard_question(&w, question, sizeof(question));
		check(!strstr(question, "secret"));
		assert_int_equal(wizard_is_secret(&w),
				 w.at == WIZARD_PASSWORD || w.at == WIZARD_AGAIN);
	}
}
