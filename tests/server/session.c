/* SPDX-License-Identifier: MIT */
/* Life and end of sessions, strangers, and packets that make no sense. */
#include "server/script.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

/* ---- ends ------------------------------------------------------------------------------ */

TEST(keep_alives_of_both_kinds_are_acknowledged)
{
	script_once("ann logs in\n"
		    "ann > 042E\n"
		    "ann < ack\n"
		    "ann > 051E\n"
		    "ann < ack\n"
		    "ann again\n"
		    "ann < ack\n");
}

TEST(logging_out_is_acknowledged_whatever_length_it_claims)
{
	static const char *const texts[] = {
		"1400 425F555345525F444953434F4E4E454354454400 0500",
		"2000 425F555345525F444953434F4E4E454354454400 0500",
		"1300 425F555345525F444953434F4E4E4543544544",
		"0000 425F555345525F444953434F4E4E4543544544",
		"FFFF 425F555345525F444953434F4E4E4543544544",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct script *s = script_new(NULL);
		char step[200];

		snprintf(step, sizeof(step), "ann logs in\nann > 0438 %s\nann < ack\n", texts[i]);
		script_play(s, step);
		assert_int_equal(srv_session_count(s->rig->srv), 0);
		assert_int_equal(srv_counters(s->rig->srv)->logouts, 1);
		script_free(&s);
	}
}

TEST(other_text_codes_are_acknowledged_and_nothing_else)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "ann > 0438 \"B_USER_DISCONNECTE\" 2:5\n"
		       "ann < ack\n"
		       "ann > 0438 \"\" 2:5\n"
		       "ann < ack\n"
		       "ann > 0438\n"
		       "ann < ack\n"
		       "ann > 0438 01\n"
		       "ann < ack\n");
	assert_int_equal(srv_session_count(s->rig->srv), 1);
	script_free(&s);
}

TEST(behind_a_logout_packets_have_no_session)
{
	script_once("ann logs in\n"
		    "ann > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
		    "ann < ack\n"
		    "ann again\n"
		    "ann < 00F0\n"
		    "wait 1\n"
		    "ann > 042E #77\n"
		    "ann < 00F0 #77\n");
}

TEST(silence_of_300_seconds_ends_a_session)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "bob logs in\n"
		       "bob > 053C @ann\n"
		       "bob < ack\n"
		       "bob < 006E *\n"
		       "wait 200\n"
		       "bob > 042E\n"
		       "bob < ack\n"
		       "wait 99\n"
		       "bob quiet\n"
		       "wait 2\n"
		       "bob < 0078 @ann\n"
		       "ann quiet\n"
		       "ann > 042E\n"
		       "ann < 00F0\n");
	assert_int_equal(srv_counters(s->rig->srv)->expired, 1);
	script_free(&s);
}

TEST(longer_keep_alives_mean_longer_silence)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.keep_alive_s = 400;
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "wait 999\n");
	assert_int_equal(srv_session_count(s->rig->srv), 1);
	script_play(s, "wait 2\n");
	assert_int_equal(srv_session_count(s->rig->srv), 0);
	script_free(&s);
}

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

/* ---- strangers ------------------------------------------------------------------------- */

TEST(a_packet_without_session_draws_not_connected_with_its_number)
{
	script_once("ann > 042E #500\n"
		    "ann < 00F0 #500\n"
		    "wait 1\n"
		    "ann > 010E #501 @ann 2:1 \"hello\"\n"
		    "ann < 00F0 #501\n"
		    "wait 1\n"
		    "ann > 9999 #502\n"
		    "ann < 00F0 #502\n"
		    "wait 1\n"
		    "ann > 0406 #503\n"
		    "ann < 00F0 #503\n"
		    "wait 1\n"
		    "ann acks 0\n"
		    "ann quiet\n");
}

TEST(an_address_is_told_once_a_second)
{
	script_once("ann > 042E\n"
		    "ann < 00F0\n"
		    "ann > 042E\n"
		    "ann quiet\n"
		    "bob > 042E\n"
		    "bob < 00F0\n"
		    "wait 1\n"
		    "ann > 042E\n"
		    "ann < 00F0\n");
}

TEST(loopback_is_told_every_time)
{
	script_once("ann is at 127.0.0.1:5000\n"
		    "ann > 042E\n"
		    "ann < 00F0\n"
		    "ann > 042E\n"
		    "ann < 00F0\n");
}

TEST(without_limits_everybody_is_told_every_time)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.limits_enabled = false;
	s = script_new(&conf);
	script_play(s, "ann > 042E\n"
		       "ann < 00F0\n"
		       "ann > 042E\n"
		       "ann < 00F0\n");
	script_free(&s);
}

TEST(all_strangers_together_are_told_so_many_times_a_second)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.rate_stray_all = (struct conf_rate){ 2, 2, 1 };
	s = script_new(&conf);
	script_play(s, "ann > 042E\n"
		       "ann < 00F0\n"
		       "bob > 042E\n"
		       "bob < 00F0\n"
		       "cat > 042E\n"
		       "cat quiet\n"
		       "wait 1\n"
		       "cat > 042E\n"
		       "cat < 00F0\n");
	script_free(&s);
}

TEST(another_address_or_port_leaves_a_session_alone)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in\n"
		    "bob < 006E *\n"
		    "ann is at 10.6.6.6:4002\n"
		    "ann > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
		    "ann < 00F0\n"
		    "ann is at 10.0.0.2:4003\n"
		    "ann > 04D8 4:1\n"
		    "ann < 00F0\n"
		    "bob quiet\n"
		    "ann is at 10.0.0.2:4002\n"
		    "ann > 042E\n"
		    "ann < ack\n");
}

TEST(several_users_may_share_an_address_and_port)
{
	script_once("ann is at 10.0.0.9:4000\n"
		    "ann logs in\n"
		    "bob is at 10.0.0.9:4000\n"
		    "bob logs in\n"
		    "ann > 042E\n"
		    "ann < ack\n"
		    "bob > 042E\n"
		    "bob < ack\n");
}

TEST(uin_0_in_the_header_has_no_session)
{
	script_once("ann logs in\n"
		    "ann raw 0200.2E04.0900.00000000\n"
		    "ann < 00F0 #9\n");
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

TEST(trailing_bytes_are_ignored)
{
	script_once("ann logs in\n"
		    "ann > 044C 01020304\n"
		    "ann < ack\n"
		    "ann < 00E6 @ann\n"
		    "ann > 0442 0102\n"
		    "ann < ack\n"
		    "ann > 04D8 4:1 FF\n"
		    "ann < ack\n"
		    "ann > 0528 00\n"
		    "ann < ack\n"
		    "ann > 0532 0102030405\n"
		    "ann < ack\n");
}

TEST(a_repeat_is_acknowledged_without_effect)
{
	script_once("ann logs in\n"
		    "ann > 0406 00\n"
		    "ann < ack\n"
		    "ann < 021C *\n"
		    "ann again\n"
		    "ann < ack\n"
		    "ann > 044C\n"
		    "ann < ack\n"
		    "ann < 00E6 *\n"
		    "ann again\n"
		    "ann < ack\n"
		    "ann quiet\n");
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
