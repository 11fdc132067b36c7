/* SPDX-License-Identifier: MIT */
/* Logins, their repeats and refusals, and what they may cost. */
#include "server/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define LOGIN "03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0"

/* ---- good and bad logins --------------------------------------------------------------- */

TEST(login_is_welcomed_with_number_0_and_true_timers)
{
	script_once("ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann < 005A #0 @ann 0A000001 2:2 01000100 4:0 8C000000 "
		    "2:120 2:5 2:10 2:5 2:1\n");
}

TEST(login_is_welcomed_with_the_timers_of_the_settings)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.keep_alive_s = 60;
	conf.retry_s = 7;
	conf.retries = 3;
	s = script_new(&conf);
	script_play(s, "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann < 005A @ann 0A000001 2:2 01000100 4:0 8C000000 "
		       "2:60 2:5 2:7 2:3 2:1\n");
	script_free(&s);
}

TEST(wrong_password_and_unknown_number_get_the_same_answer)
{
	script_once("ann > 03E8 4:5000 \"wrong\" 4:114 4:0 04 4:0 4:3 2:2 4:0 4:0\n"
		    "ann < ack\n"
		    "ann < 0064 #0 2:2 @ann\n"
		    "nobody > 03E8 4:5000 \"secret\" 4:114 4:0 04 4:0 4:3 2:2 4:0 4:0\n"
		    "nobody < ack\n"
		    "nobody < 0064 #0 2:2 @nobody\n");
}

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

TEST(eight_bytes_of_a_password_count_and_their_case)
{
	script_once("ann > 03FC 2:2 \"abcdefgh\" 4:114 4:0\n"
		    "ann < ack\n"
		    "ann < 0046 2:2 4:10002\n"
		    "ann raw 0200E8030100 4:10002 4:0 \"abcdefghij\"\n"
		    "ann < ack #1\n"
		    "ann < 005A 4:10002 *\n"
		    "ann raw 0200E8030200 4:10002 4:0 \"ABCDEFGH\"\n"
		    "ann < ack #2\n"
		    "ann < 0064 2:0 4:10002\n");
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

TEST(a_login_that_ends_inside_the_password_is_dropped)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann > 03E8 4:5000 2:7 736563726574\n"
		       "ann > 03E8 4:5000 2:7\n"
		       "ann > 03E8 4:5000 07\n"
		       "ann > 03E8 4:5000\n"
		       "ann > 03E8 0000\n"
		       "ann > 03E8\n"
		       "ann quiet\n");
	assert_int_equal(srv_counters(s->rig->srv)->malformed, 6);
	script_free(&s);
}

TEST(a_login_with_missing_tail_has_presets)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann > 03E8 4:5000 \"secret\"\n"
		    "ann < ack\n"
		    "ann < 005A @ann 0A000002 2:0 *\n"
		    "bob < 006E @ann 0A000002 4:5000 4:0 04 4:0 4:2\n");
}

TEST(the_golden_logins_of_old_clients_are_welcomed)
{
	script_once(
		/* licq */
		"ann raw 0200.E803.0100 @ann 6DD30000 \"secret\" "
		"72000400.00000000.04.00000000.03000000.0200.00000000.04007200\n"
		"ann < ack #1\n"
		"ann < 005A @ann * \n"
		/* icqlib */
		"bob raw 0200.E803.0100 @bob 99290000 \"secret\" "
		"72000400.7F000001.06.00000000.03000000.0200.00000000.04007200\n"
		"bob < ack #1\n"
		"bob < 005A @bob * \n"
		/* hydra: waits for the welcome, and acknowledges with UIN 0 */
		"cat raw 0200.E803.0100 @cat 00000000 \"secret\" "
		"78000000.00000000.04.00000000.02000000.0000.00000000.08007800\n"
		"cat < ack #1\n"
		"cat << 005A #0 @cat *\n"
		"cat raw 0200.0A00.0200.00000000\n"
		"cat quiet\n");
}

TEST(a_login_with_uin_0_is_one_with_an_unknown_number)
{
	script_once("ann raw 0200E8030100 4:0 4:0 \"secret\"\n"
		    "ann < ack #1\n"
		    "ann < 0064 2:0 4:0\n");
}

/* ---- busy ------------------------------------------------------------------------------ */

TEST(a_login_while_no_job_is_taken_may_try_again)
{
	script_once("queue full\n"
		    "ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann < 00FA #0\n"
		    "queue free\n"
		    "ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann < 005A *\n");
}

TEST(a_login_while_the_store_fails_may_try_again)
{
	script_once("ann quiet\n"
		    "store fails\n"
		    "ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann < 00FA\n"
		    "hold\n"
		    "wait 2\n"
		    "ann > " LOGIN "\n"
		    "ann < ack\n"
		    "answer 2\n"
		    "store fails\n"
		    "answer\n"
		    "ann < 00FA\n"
		    "ann logs in\n");
}

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

TEST(a_login_repeated_because_the_welcome_was_lost_gets_it_again)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann << 005A #0 *\n"
		       "wait 4\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 005A #0 @ann *\n"
		       "wait 30\n");
	assert_int_equal(srv_counters(s->rig->srv)->logins, 1);
	script_free(&s);
}

TEST(a_login_repeated_after_its_welcome_was_acknowledged_gets_it_again)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann < 005A #0 *\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 005A #0 @ann *\n"
		       "ann > 0406 00\n"
		       "ann < ack\n"
		       "ann < 021C #1 @ann\n"
		       "wait 60\n");
	assert_int_equal(srv_counters(s->rig->srv)->logins, 1);
	script_free(&s);
}

TEST(a_login_with_the_same_number_two_minutes_later_is_a_new_one)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann > " LOGIN "\n"
		       "ann < ack\n"
		       "ann < 005A #0 *\n"
		       "wait 121\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 005A #0 *\n");
	assert_int_equal(srv_counters(s->rig->srv)->logins, 2);
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

/* ---- two places ------------------------------------------------------------------------ */

TEST(a_second_login_sends_the_first_place_away_and_tells_watchers_once)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in\n"
		    "bob < 006E @ann 0A000002 *\n"
		    "ann is at 10.9.9.9:999\n"
		    "ann logs in\n"
		    "bob < 006E @ann 0A090909 *\n"
		    "ann is at 10.0.0.2:4002\n"
		    "ann < 0028 #1\n"
		    "wait 100\n"
		    "ann > 042E\n"
		    "ann < 00F0 #3\n");
}

TEST(a_second_login_with_a_wrong_password_leaves_the_first_alone)
{
	script_once("ann logs in\n"
		    "ann is at 10.9.9.9:999\n"
		    "ann > 03E8 4:5000 \"wrong\"\n"
		    "ann < ack\n"
		    "ann < 0064 2:0 @ann\n"
		    "ann is at 10.0.0.1:4001\n"
		    "ann > 042E\n"
		    "ann < ack\n");
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
