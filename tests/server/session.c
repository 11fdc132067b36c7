/* SPDX-License-Identifier: MIT */
/* Life and end of sessions, strangers, and packets that make no sense. */
#include "server/script.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

/* ---- ends ------------------------------------------------------------------------------ */

TEST(a_session_ends_before_its_numbers_are_used_up)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.max_packets = 4;
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "ann > 0406 00\n"
		       "ann < ack\n"
		       "ann < 021C #1 *\n"
		       "ann > 0406 00\n"
		       "ann < ack\n"
		       "ann < 021C #2 *\n"
		       "ann > 0406 00\n"
		       "ann < ack\n"
		       "ann < 021C #3 *\n"
		       "ann > 0406 00\n"
		       "ann < ack\n"
		       "ann > 0406 00\n"
		       "ann < 00F0\n");
	script_free(&s);
}

TEST(ended_sessions_leave_nothing_behind)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "bob logs in\n"
		       "ann > 0406 02 @bob @cat\n"
		       "ann forgets\n"
		       "bob > 010E @ann 2:1 s:3000\n"
		       "bob forgets\n"
		       "ann forgets\n"
		       "wait 1000\n"
		       "ann forgets\n"
		       "bob forgets\n");
	assert_int_equal(srv_session_count(s->rig->srv), 0);
	assert_int_equal(link_pool_used(s->rig->srv->pool), 0);
	assert_true(srv_deadline(s->rig->srv) == NEVER_MS);
	script_free(&s);
}

/* ---- nonsense -------------------------------------------------------------------------- */

TEST(an_unknown_command_in_a_session_is_acknowledged_and_counted)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "ann > 7777 0102030405\n"
		       "ann < ack\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann > 0000\n"
		       "ann < ack\n"
		       "ann > FFFF s:600\n"
		       "ann < ack\n");
	assert_int_equal(srv_counters(s->rig->srv)->unknown_commands, 4);
	script_free(&s);
}

TEST(short_and_strange_datagrams_are_dropped_in_silence)
{
	struct script *s = script_new(NULL);
	const struct srv_counters *c = srv_counters(s->rig->srv);

	script_play(s, "ann logs in\n"
		       "ann raw\n"
		       "ann raw 02\n"
		       "ann raw 0200.2E04.01\n"
		       "ann raw 0200.2E04.0100.124141\n"
		       "ann raw 0200.2E04.0100\n");
	assert_int_equal(c->dropped_short, 5);
	script_play(s, "ann raw 0000.2E04.0100 @ann\n"
		       "ann raw 0600.2E04.0100 @ann\n"
		       "ann raw FFFF.2E04.0100 @ann\n"
		       "ann quiet\n");
	assert_int_equal(c->dropped_version, 3);
	script_play(s, "ann > 042E s:8184\n" /* 8,197 bytes */
		       "ann quiet\n");
	assert_int_equal(c->dropped_short, 6);
	assert_int_equal(srv_session_count(s->rig->srv), 1);
	script_free(&s);
}

TEST(old_numbers_are_forgotten_after_a_quarter_of_an_hour)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "ann > 0406 #5 00\n"
		       "ann < ack\n"
		       "ann < 021C *\n");
	for (int i = 0; i < 4; i++)
		script_play(s, "wait 226\n"
			       "ann > 042E #90\n"
			       "ann < ack\n");
	script_play(s, "ann > 0406 #5 00\n"
		       "ann < ack\n"
		       "ann < 021C *\n");
	script_free(&s);
}
