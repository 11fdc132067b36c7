/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "cmd/icqd/conf_dump.h"
#include "cmd/icqd/conf_read.h"
#include "cmd/icqd/conf_value.h"

#include <stdio.h>
#include <stdlib.h>

struct reading {
	struct conf conf;
	struct conf_reader reader;
	char said[4096]; /* complaints, one a line */
};

static void hear(void *ctx, const char *complaint)
{
	struct reading *r = ctx;
	size_t n = strlen(r->said);

	snprintf(r->said + n, sizeof(r->said) - n, "%s\n", complaint);
}

static void begin(struct reading *r)
{
	r->said[0] = 0;
	r->reader = conf_reader(&r->conf, hear, r);
}

static void read_text(struct reading *r, const char *text)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	fputs(text, f);
	rewind(f);
	conf_read_file(&r->reader, f, "icqd.conf");
	fclose(f);
}

/* Reads the text with everything preset; returns what was complained about. */
static const char *said_of(struct reading *r, const char *text)
{
	begin(r);
	read_text(r, text);
	return r->said;
}

static const char *said_of_option(struct reading *r, const char *option)
{
	begin(r);
	conf_read_option(&r->reader, option);
	return r->said;
}

static bool refused(const char *option)
{
	struct reading r;

	said_of_option(&r, option);
	return r.reader.complaints == 1;
}

TEST(every_kind_of_value_is_read)
{
	struct reading r;

	assert_string_equal(said_of(&r, "# a comment\n"
					"[server]\n"
					"listen = 127.0.0.1:0\n"
					"listen = 10.0.0.1:4000\n"
					"data = /var/lib/elsewhere and here\n"
					"\n"
					"[accounts]\n"
					"registration=invite ; a remark\n"
					"[session]\n"
					"retry : 3\n"
					"[limits]\n"
					"enabled = no\n"),
			    "");
	assert_int_equal(r.conf.listen.count, 2);
	assert_string_equal(r.conf.listen.at[0], "127.0.0.1:0");
	assert_string_equal(r.conf.listen.at[1], "10.0.0.1:4000");
	assert_string_equal(r.conf.data, "/var/lib/elsewhere and here");
	assert_int_equal(r.conf.registration, REGISTRATION_INVITE);
	assert_int_equal(r.conf.retry_s, 3);
	assert_false(r.conf.limits_enabled);
	assert_int_equal(r.conf.password_cost, PASSWORD_COST_MEDIUM);
}

TEST(numbers_are_held_to_their_range)
{
	struct reading r;

	assert_string_equal(said_of_option(&r, "limits.text=450"), "");
	assert_int_equal(r.conf.limit_text, 450);
	assert_string_equal(said_of_option(&r, "limits.text=8000"), "");
	assert_int_equal(r.conf.limit_text, 8000);
	assert_string_equal(said_of_option(&r, "limits.text=449"),
			    "-o limits.text=449: limits.text: \"449\" is out of range; right would "
			    "be 450 to 8000 bytes\n");
	assert_int_equal(r.conf.limit_text, 8000);
	assert_true(refused("limits.text=8001"));
	assert_true(refused("limits.text=99999999999999999999"));
	assert_true(refused("limits.text=-8000"));
}

TEST(numbers_are_nothing_but_numbers)
{
	static const char *const wrong[] = {
		"", " 500", "500 ", "500k", "0x1ff", "five", "500.0", "+", "--500",
	};
	struct reading r;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char option[64], expected[160];

		snprintf(option, sizeof(option), "limits.text=%s", wrong[i]);
		snprintf(expected, sizeof(expected),
			 "-o %s: limits.text: \"%s\" is no whole number; right would be 450 to "
			 "8000 bytes\n",
			 option, wrong[i]);
		assert_string_equal(said_of_option(&r, option), expected);
	}
}

TEST(yes_and_no_have_synonyms)
{
	static const char *const yes[] = { "yes", "on", "true" };
	static const char *const no[] = { "no", "off", "false" };
	char option[64];
	struct reading r;

	for (int i = 0; i < 3; i++) {
		snprintf(option, sizeof(option), "limits.enabled=%s", no[i]);
		assert_string_equal(said_of_option(&r, option), "");
		assert_false(r.conf.limits_enabled);
		snprintf(option, sizeof(option), "limits.enabled=%s", yes[i]);
		conf_read_option(&r.reader, option);
		assert_true(r.conf.limits_enabled);
	}
	assert_string_equal(said_of_option(&r, "limits.enabled=1"),
			    "-o limits.enabled=1: limits.enabled: \"1\" is neither yes nor no\n");
}

TEST(choices_are_named_and_hinted)
{
	struct reading r;

	assert_string_equal(said_of_option(&r, "accounts.password-cost=hihg"),
			    "-o accounts.password-cost=hihg: accounts.password-cost: \"hihg\" is "
			    "not low, medium or high; did you mean \"high\"?\n");
	assert_string_equal(said_of_option(&r, "accounts.password-cost=extreme"),
			    "-o accounts.password-cost=extreme: accounts.password-cost: "
			    "\"extreme\" is not low, medium or high\n");
	assert_true(refused("accounts.password-cost=lo"));
	assert_true(refused("accounts.password-cost=low|medium"));
}

TEST(rates_have_three_numbers)
{
	static const char *const wrong[] = {
		"",
		"20",
		"20 then",
		"20 then 1",
		"20 then 1/2",
		"20 then 1/2sx",
		"0 then 1/2s",
		"20 then 0/2s",
		"20 then 1/0s",
		"1000001 then 1/1s",
		"20then 1/2s/",
		"-1 then 1/1s",
	};
	struct reading r;

	assert_string_equal(said_of_option(&r, "limits.send-rate=1 then 1000000/7s"), "");
	assert_int_equal(r.conf.rate_send.burst, 1);
	assert_int_equal(r.conf.rate_send.count, 1000000);
	assert_int_equal(r.conf.rate_send.seconds, 7);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char option[64];

		snprintf(option, sizeof(option), "limits.send-rate=%s", wrong[i]);
		said_of_option(&r, option);
		assert_int_equal(r.reader.complaints, 1);
		assert_non_null(strstr(r.said, "right would be AT-ONCE then COUNT/SECONDSs"));
	}
}

TEST(misspelt_names_are_hinted)
{
	struct reading r;

	assert_string_equal(said_of(&r, "[acounts]\nregistration = open\n"),
			    "icqd.conf:2: there is no section \"acounts\"; did you mean "
			    "\"accounts\"?\n");
	assert_string_equal(said_of(&r, "[accounts]\n\nregsitration = open\n"),
			    "icqd.conf:3: there is no setting \"accounts.regsitration\"; did you "
			    "mean \"accounts.registration\"?\n");
	assert_string_equal(said_of(&r, "[server]\nregistration = open\n"),
			    "icqd.conf:2: there is no setting \"server.registration\"; did you "
			    "mean \"accounts.registration\"?\n");
	assert_string_equal(said_of(&r, "[weather]\nsun = yes\n"),
			    "icqd.conf:2: there is no section \"weather\"\n");
	assert_string_equal(said_of(&r, "[server]\nsunshine = yes\n"),
			    "icqd.conf:2: there is no setting \"server.sunshine\"\n");
}

TEST(all_complaints_come_at_once)
{
	struct reading r;

	assert_string_equal(
		said_of(&r, "listen = 127.0.0.1:1\n"
			    "[server]\n"
			    "nonsense\n"
			    "[limits]\n"
			    "text = 1\n"),
		"icqd.conf:1: \"listen\" stands before the first section; \"[server]\", "
		"for example, begins one\n"
		"icqd.conf:5: limits.text: \"1\" is out of range; right would be 450 "
		"to 8000 bytes\n"
		"icqd.conf:3: cannot be understood; right would be \"KEY = VALUE\" or "
		"\"[SECTION]\"\n");
	assert_int_equal(r.reader.complaints, 3);
}

TEST(long_lines_are_refused_whole)
{
	char text[2048];
	struct reading r;

	snprintf(text, sizeof(text), "[server]\ndata = %01000d\n[limits]\ntext = 500\n", 1);
	assert_string_equal(said_of(&r, text), "icqd.conf:2: the line is longer than 198 bytes\n");
	assert_string_equal(r.conf.data, "");
	assert_int_equal(r.conf.limit_text, 500);

	snprintf(text, sizeof(text), "# %01000d\n[limits]\ntext = 500\n", 1);
	assert_string_equal(said_of(&r, text), "");
	assert_int_equal(r.conf.limit_text, 500);
}

TEST(a_line_may_be_full_and_the_last_unfinished)
{
	char text[512];
	struct reading r;

	snprintf(text, sizeof(text), "[server]\ndata=%0180d", 1);
	assert_string_equal(said_of(&r, text), "");
	assert_int_equal(strlen(r.conf.data), CONF_VALUE_MAX);
	snprintf(text, sizeof(text), "[server]\ndata=%0181d", 1);
	assert_string_equal(said_of(&r, text),
			    "icqd.conf:2: server.data: is longer than 180 bytes\n");
}

TEST(indentation_means_nothing)
{
	struct reading r;

	assert_string_equal(said_of(&r, "[limits]\n  text = 500\n\tcontacts = 20\n"), "");
	assert_int_equal(r.conf.limit_text, 500);
	assert_int_equal(r.conf.limit_contacts, 20);
}

TEST(each_source_replaces_lists_and_adds_to_its_own)
{
	struct reading r;

	begin(&r);
	assert_int_equal(r.conf.listen.count, 1);
	read_text(&r, "[server]\nlisten=1.1.1.1:1\nlisten=2.2.2.2:2\n");
	assert_int_equal(r.conf.listen.count, 2);
	conf_next_source(&r.reader);
	conf_read_option(&r.reader, "server.listen=3.3.3.3:3");
	assert_int_equal(r.conf.listen.count, 1);
	conf_read_option(&r.reader, "server.listen=4.4.4.4:4");
	assert_int_equal(r.conf.listen.count, 2);
	assert_string_equal(r.conf.listen.at[0], "3.3.3.3:3");
	assert_string_equal(r.conf.listen.at[1], "4.4.4.4:4");
	assert_string_equal(r.said, "");
}

TEST(lists_are_bounded)
{
	char option[128];
	struct reading r;

	begin(&r);
	for (int i = 0; i < CONF_LIST_MAX; i++)
		conf_read_option(&r.reader, "server.listen=127.0.0.1:0");
	assert_string_equal(r.said, "");
	conf_read_option(&r.reader, "server.listen=127.0.0.1:9");
	assert_string_equal(r.said,
			    "-o server.listen=127.0.0.1:9: server.listen: \"127.0.0.1:9\" is "
			    "one too many; right would be up to 8\n");
	assert_int_equal(r.conf.listen.count, CONF_LIST_MAX);
	assert_true(refused("server.listen="));
	snprintf(option, sizeof(option), "server.listen=%063d", 1);
	assert_false(refused(option));
	snprintf(option, sizeof(option), "server.listen=%064d", 1);
	assert_true(refused(option));
}

TEST(options_need_their_form)
{
	static const char *const wrong[] = { "", "limits", "limits.text", "limits=3", "a=b.c" };
	struct reading r;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char expected[96];

		snprintf(expected, sizeof(expected), "-o %s: right would be -o SECTION.KEY=VALUE\n",
			 wrong[i]);
		assert_string_equal(said_of_option(&r, wrong[i]), expected);
	}
	assert_true(refused(".=x"));
}

TEST(text_that_a_file_could_not_hold_is_refused)
{
	struct reading r;

	assert_true(refused("server.data=a\nb"));
	assert_true(refused("server.data=a ; b"));
	assert_true(refused("server.data= a"));
	assert_true(refused("server.data=a "));
	assert_string_equal(said_of_option(&r, "server.data=a=b.c;d"), "");
	assert_string_equal(r.conf.data, "a=b.c;d");
}

static void assert_dump_reads_back(const struct conf *c)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct reading again;

	assert_non_null(out);
	conf_dump(c, out);
	fclose(out);
	assert_string_equal(said_of(&again, text), "");
	free(text);
	for (int i = 0; i < CONF_ROW_COUNT; i++) {
		const struct conf_row *row = &conf_rows[i];
		char a[CONF_TEXT_MAX], b[CONF_TEXT_MAX];

		assert_int_equal(conf_value_count(c, row), conf_value_count(&again.conf, row));
		for (int v = 0; v < conf_value_count(c, row); v++)
			assert_string_equal(conf_value_text(&again.conf, row, v, a, sizeof(a)),
					    conf_value_text(c, row, v, b, sizeof(b)));
	}
}

/* A valid value for the row, drawn at random, through the same door as an operator's. */
static void assign_random(struct reading *r, const struct conf_row *row, struct rng *rng)
{
	char value[64];
	int64_t span = row->most - row->least + 1;

	switch (row->kind) {
	case CONF_INT:
		snprintf(value, sizeof(value), "%lld",
			 (long long)(row->least + (int64_t)(rng_next(rng) >> 1) % span));
		break;
	case CONF_BOOL:
		snprintf(value, sizeof(value), "%s", rng_below(rng, 2) ? "yes" : "no");
		break;
	case CONF_ENUM:
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(row->choices, "|"),
			 row->choices);
		break;
	case CONF_LIST:
	case CONF_TEXT:
		snprintf(value, sizeof(value), "v:%u=;#[] %u", rng_below(rng, 1000),
			 rng_below(rng, 10));
		break;
	case CONF_RATE:
		snprintf(value, sizeof(value), "%u then %u/%us", 1 + rng_below(rng, 1000),
			 1 + rng_below(rng, 1000), 1 + rng_below(rng, 1000));
		break;
	}
	conf_assign(&r->reader, "random", row->section, row->key, value);
}

TEST(dump_reads_back_to_the_same)
{
	struct rng rng = harness_rng();
	struct reading r;

	begin(&r);
	assert_dump_reads_back(&r.conf);
	for (int round = 0; round < 200; round++) {
		begin(&r);
		for (int i = 0; i < CONF_ROW_COUNT; i++) {
			unsigned times = conf_rows[i].kind == CONF_LIST ? 1 + rng_below(&rng, 8)
									: 1;

			for (; times > 0; times--)
				assign_random(&r, &conf_rows[i], &rng);
		}
		assert_string_equal(r.said, "");
		assert_dump_reads_back(&r.conf);
	}
}
