/* SPDX-License-Identifier: MIT */
/* Logins, their repeats and refusals, and what they may cost. */
#include "server/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define LOGIN "03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0"

/* ---- good and bad logins --------------------------------------------------------------- */

TEST(an_unknown_number_costs_the_same_work)
{
	struct script *s = script_new(NULL);

	script_play(s, "hold\n"
		       "nobody > " LOGIN "\n"
		       "nobody < ack\n"
		       "answer 1\n");
	assert_int_equal(s->rig->job_count, 1);
	assert_int_equal(s->rig->jobs[0]->kind, JOB_VERIFY);
	script_play(s, "answer\n"
		       "nobody < 0064 2:2 @nobody\n");
	script_free(&s);
}

TEST(a_blocked_account_gets_the_answer_of_a_wrong_password)
{
	struct script *s = script_new(NULL);
	struct job *job;

	script_play(s, "hold\n"
		       "ann > " LOGIN "\n"
		       "ann < ack\n");
	/* The store in memory blocks nobody, so the answer is given by hand. */
	job = s->rig->jobs[--s->rig->job_count];
	job->err = 0;
	job->account.blocked = true;
	memcpy(job->account.hash, "=secret", sizeof("=secret"));
	srv_done(s->rig->srv, s->rig->now, job);
	free(job);
	script_play(s, "answer\n"
		       "ann < 0064 2:2 @ann\n");
	script_free(&s);
}

TEST(a_login_may_end_anywhere_behind_the_password)
{
	static const uint8_t tail[] = { 0x72, 0, 4, 0, 0x0A, 0x0B, 0x0C, 0x0D, 4,   0,
					0,    0, 0, 3, 0,    0,	   0,	 2,    0,   0,
					0,    0, 0, 4, 0,    0x72, 0,	 0xEE, 0xEE };
	char step[256] = "ann > 03E8 4:5000 \"secret\"";
	size_t plain = strlen(step);

	for (size_t n = 0; n <= sizeof(tail); n++) {
		struct script *s = script_new(NULL);

		for (size_t i = 0; i < n; i++)
			snprintf(step + plain + 3 * i, 4, " %02X", tail[i]);
		strcpy(step + plain + 3 * n, "\nann < ack\nann << 005A @ann *\n");
		script_play(s, step);
		assert_int_equal(srv_session_count(s->rig->srv), 1);
		script_free(&s);
	}
}

/* ---- busy ------------------------------------------------------------------------------ */

TEST(when_the_table_is_full_others_may_try_again)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.limit_sessions = 2;
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "bob logs in\n"
		       "hold\n"
		       "cat > " LOGIN "\n"
		       "cat < ack\n"
		       "answer 3\n"
		       "cat < 00FA\n");
	/* The session that the store made for cat is over. */
	assert_int_equal(s->rig->job_count, 1);
	assert_int_equal(s->rig->jobs[0]->kind, JOB_SESSION_END);
	script_play(s, "answer\n"
		       "bob logs in\n"
		       "bob > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
		       "bob < ack\n"
		       "cat logs in\n");
	assert_int_equal(srv_session_count(s->rig->srv), 2);
	script_free(&s);
}

TEST(who_is_logged_in_cannot_keep_the_server_busy_with_logins)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.rate_address = (struct conf_rate){ .burst = 2, .count = 1, .seconds = 100 };
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "hold\n"
		       "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann > " LOGIN "\n"
		       "ann > " LOGIN "\n");
	assert_int_equal(s->rig->job_count, 1);
	assert_int_equal(srv_counters(s->rig->srv)->over_limit, 2);
	script_free(&s);
}

/* ---- repeats --------------------------------------------------------------------------- */

TEST(a_login_repeated_while_it_is_checked_is_one_job)
{
	struct script *s = script_new(NULL);

	script_play(s, "hold\n"
		       "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann again\n"
		       "ann < ack\n"
		       "answer 1\n"
		       "ann again\n"
		       "ann < ack\n");
	assert_int_equal(s->rig->job_count, 1);
	script_play(s, "answer\n"
		       "ann < 005A #0 *\n");
	assert_int_equal(srv_counters(s->rig->srv)->logins, 1);
	script_free(&s);
}

TEST(a_new_login_from_the_same_address_draws_no_go_away)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "ann logs in\n"
		       "ann > 042E\n"
		       "ann < ack\n");
	assert_int_equal(srv_counters(s->rig->srv)->logins, 2);
	assert_int_equal(srv_session_count(s->rig->srv), 1);
	script_free(&s);
}

/* ---- the budget of an address that has not shown itself -------------------------------- */

TEST(a_forged_login_draws_the_welcome_three_times_at_most)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann << 005A *\n"
		       "wait 10\n"
		       "ann << 005A *\n"
		       "wait 10\n"
		       "ann << 005A *\n"
		       "wait 600\n");
	assert_int_equal(srv_session_count(s->rig->srv), 0);
	script_free(&s);
}

TEST(an_unverified_address_gets_three_bytes_for_one_whatever_it_sends)
{
	struct conf conf = rig_conf();
	const struct srv_counters *c;
	struct script *s;
	uint64_t in, out;

	conf.limits_enabled = false; /* this one holds all the same */
	s = script_new(&conf);
	c = srv_counters(s->rig->srv);
	script_play(s, "bob logs in\n");
	for (int i = 0; i < 30; i++)
		script_play(s, "bob > 010E @ann 2:1 s:300\n"
			       "bob < ack\n");
	in = c->bytes_in;
	out = c->bytes_out;
	for (int i = 0; i < 400; i++) {
		script_play(s, i ? "ann > 042E\n"
				   "ann forgets\n"
				 : "ann > 03E8 4:5000 \"secret\"\n"
				   "ann forgets\n");
		if (i == 5)
			script_play(s, "ann > 0438 \"B_MESSAGE_ACK\" 2:5\n"
				       "ann > 044C\n"
				       "ann forgets\n");
		check(c->bytes_out - out <= 3 * (c->bytes_in - in));
		script_play(s, "wait 3\nann forgets\n");
		check(c->bytes_out - out <= 3 * (c->bytes_in - in));
		if (srv_session_count(s->rig->srv) < 2)
			break;
		script_play(s, i % 30 ? "" : "bob > 042E\nbob < ack\n");
	}
	script_free(&s);
}
