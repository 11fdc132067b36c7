/* SPDX-License-Identifier: MIT */
/* Messages that wait for their receiver, and those that are not acknowledged. */
#include "server/script.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

/* Civil time starts at 1998-07-09 16:00:05 in the rig. */
#define DATE "CE07 07 09 10 00"
#define OUT "> 0438 \"B_USER_DISCONNECTED\" 2:5\n"

/* ann leaves three messages for bob, who is away. */
#define THREE                                                                                      \
	"ann logs in\n"                                                                            \
	"bob quiet\n"                                                                              \
	"ann > 010E @bob 2:1 \"one\"\n"                                                            \
	"ann < ack\n"                                                                              \
	"ann > 010E @bob 2:4 \"two~url\"\n"                                                        \
	"ann < ack\n"                                                                              \
	"ann > 0456 @bob 2:1 \"three\"\n"                                                          \
	"ann < ack\n"

#define THREE_COME                                                                                 \
	"bob < 00DC @ann " DATE " 2:1 \"one\"\n"                                                   \
	"bob < 00DC @ann " DATE " 2:4 \"two~url\"\n"                                               \
	"bob < 00DC @ann " DATE " 2:1 \"three\"\n"                                                 \
	"bob < 00E6 @bob\n"

/* ---- the batch ------------------------------------------------------------------------- */

TEST(stored_messages_come_when_asked_for_then_their_end)
{
	script_once(THREE "bob logs in\n"
			  "wait 5\n"
			  "bob quiet\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME);
}

TEST(stored_messages_come_one_at_a_time)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob << 00DC #1 @ann " DATE " 2:1 \"one\"\n"
			  "bob quiet\n"
			  "wait 10\n"
			  "bob << 00DC #1 *\n"
			  "bob acks 1\n"
			  "bob << 00DC #2 *\n"
			  "bob quiet\n");
}

TEST(with_nothing_stored_there_is_only_the_end)
{
	script_once("bob logs in\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob < 00E6 #1 @bob\n"
		    "bob > 0442\n"
		    "bob < ack\n");
}

TEST(confirmed_messages_are_gone)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME "bob > 0442\n"
			  "bob < ack\n"
			  "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_confirmation_may_have_the_number_of_the_end_mark)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME "bob > 04D8 #4 4:0\n"
			  "bob < ack\n"
			  "bob > 0442 #4\n"
			  "bob < ack\n"
			  "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00E6 @bob\n");
}

TEST(unconfirmed_messages_come_again_at_the_next_login)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME "wait 59\n"
			  "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_minute_after_the_end_they_count_as_confirmed)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME "wait 61\n"
			  "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_confirmation_covers_only_what_was_acknowledged)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC *\n"
			  "bob << 00DC *\n"
			  "bob > 0442\n"
			  "bob < ack\n"
			  "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC @ann " DATE " 2:4 \"two~url\"\n"
			  "bob < 00DC *\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_confirmation_of_what_was_not_asked_for_deletes_nothing)
{
	script_once(THREE "bob logs in\n"
			  "bob > 0442\n"
			  "bob < ack\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME);
}

TEST(asked_again_in_a_session_they_come_only_once)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_failing_store_delays_them)
{
	script_once(THREE "bob logs in\n"
			  "store fails 3\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob quiet\n"
			  "wait 5\n" THREE_COME);
}

/* ---- old and new ----------------------------------------------------------------------- */

TEST(a_message_during_the_batch_comes_behind_its_end)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob << 00DC *\n"
			  "ann > 010E @bob 2:1 \"new\"\n"
			  "ann < ack\n"
			  "bob acks 1\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00E6 @bob\n"
			  "bob < 0104 @ann 2:1 \"new\"\n"
			  "bob > 0442\n"
			  "bob < ack\n");
}

TEST(a_message_behind_older_ones_waits_for_them)
{
	script_once(THREE "bob logs in\n"
			  "ann > 010E @bob 2:1 \"new\"\n"
			  "ann < ack\n"
			  "wait 5\n"
			  "bob quiet\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00DC @ann " DATE " 2:1 \"new\"\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_message_without_older_ones_goes_at_once)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "ann > 010E @bob 2:1 \"new\"\n"
		    "ann < ack\n"
		    "bob < 0104 @ann 2:1 \"new\"\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob < 00E6 @bob\n");
}

TEST(who_never_asks_for_old_messages_gets_new_ones_after_30_seconds)
{
	script_once(THREE "bob logs in\n"
			  "wait 29\n"
			  "ann > 010E @bob 2:1 \"waits\"\n"
			  "ann < ack\n"
			  "bob quiet\n"
			  "wait 2\n"
			  "ann > 010E @bob 2:1 \"goes\"\n"
			  "ann < ack\n"
			  "bob < 0104 @ann 2:1 \"goes\"\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00DC *\n"
			  "bob < 00DC @ann " DATE " 2:1 \"waits\"\n"
			  "bob < 00E6 @bob\n");
}

/* ---- receivers that do not answer ------------------------------------------------------ */

TEST(an_unacknowledged_message_comes_six_times_and_again_when_the_client_is_heard)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob << 0104 #1 *\n"
		    "wait 10\n"
		    "bob << 0104 #1 *\n"
		    "wait 10\n"
		    "bob << 0104 #1 *\n"
		    "wait 10\n"
		    "bob << 0104 #1 *\n"
		    "wait 10\n"
		    "bob << 0104 #1 *\n"
		    "wait 10\n"
		    "bob << 0104 #1 *\n"
		    "wait 60\n"
		    "bob quiet\n"
		    "bob > 042E\n"
		    "bob < ack\n"
		    "bob < 0104 #1 @ann 2:1 \"hello\"\n"
		    "wait 60\n"
		    "bob quiet\n");
}

TEST(message_ack_brings_what_is_outstanding_at_once)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob << 0104 #1 *\n"
		    "wait 3\n"
		    "bob > 0438 \"B_MESSAGE_ACK\" 2:5\n"
		    "bob < ack\n"
		    "bob < 0104 #1 @ann 2:1 \"hello\"\n"
		    "wait 60\n");
}

TEST(two_dead_packets_end_the_session)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "bob logs in\n"
		       "ann > 053C @bob\n"
		       "ann < ack\n"
		       "ann < 006E *\n"
		       "bob > 053C @ann\n"
		       "bob < ack\n"
		       "bob << 006E *\n"
		       "ann > 010E @bob 2:1 \"hello\"\n"
		       "ann < ack\n"
		       "bob << 0104 *\n"
		       "wait 59\n"
		       "ann quiet\n"
		       "wait 2\n"
		       "ann < 0078 @bob\n"
		       "bob forgets\n"
		       "bob > 042E\n"
		       "bob < 00F0\n");
	assert_int_equal(srv_session_count(s->rig->srv), 1);
	script_free(&s);
}

TEST(a_message_to_a_receiver_who_vanished_waits_for_the_next_login)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob << 0104 *\n"
		    "wait 200\n"
		    "ann > 042E\n"
		    "ann < ack\n"
		    "wait 101\n"
		    "bob forgets\n"
		    "bob logs in\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob < 00DC @ann " DATE " 2:1 \"hello\"\n"
		    "bob < 00E6 @bob\n");
}

TEST(a_message_in_flight_at_a_second_login_is_not_lost)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob << 0104 *\n"
		    "bob logs in\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob < 00DC @ann " DATE " 2:1 \"hello\"\n"
		    "bob < 00E6 @bob\n");
}

TEST(an_ack_from_elsewhere_does_not_count)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob << 0104 #1 *\n"
		    "bob is at 10.6.6.6:4002\n"
		    "bob acks 1\n"
		    "bob quiet\n"
		    "bob is at 10.0.0.2:4003\n"
		    "bob acks 1\n"
		    "bob quiet\n"
		    "bob is at 10.0.0.2:4002\n"
		    "wait 10\n"
		    "bob < 0104 #1 *\n"
		    "wait 60\n");
}

TEST(an_unsent_number_acknowledged_changes_nothing)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "bob acks 1\n"
		    "bob acks 65535\n"
		    "bob acks 0\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob << 0104 #1 *\n"
		    "wait 10\n"
		    "bob < 0104 #1 *\n");
}

TEST(a_message_for_who_logged_out_is_stored)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "bob " OUT "bob < ack\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob logs in\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob < 00DC *\n"
		    "bob < 00E6 *\n");
}

TEST(stored_messages_carry_ids_for_those_who_asked)
{
	script_once(THREE "bob logs in\n"
			  "bob > 0438 \"B_MESSAGE_IDS\" 2:5\n"
			  "bob < ack\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC @ann " DATE " 2:1 \"one\" 8:1\n"
			  "bob < 00DC @ann " DATE " 2:4 \"two~url\" 8:2\n"
			  "bob < 00DC @ann " DATE " 2:1 \"three\" 8:3\n"
			  "bob < 00E6 @bob\n");
}

TEST(a_hundred_stored_messages_come_in_order)
{
	struct conf conf = rig_conf();
	struct script *s;
	char step[80];

	conf.limits_enabled = false; /* the sender is in a hurry */
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "bob quiet\n");
	for (int i = 0; i < 100; i++) {
		snprintf(step, sizeof(step), "ann > 010E @bob 2:1 \"\\%02X\"\nann < ack\n", i + 1);
		script_play(s, step);
	}
	/* The next message comes with the ACK, so all is one play. */
	char all[100 * 60 + 100] = "bob logs in\nbob > 044C\nbob < ack\n";

	for (int i = 0; i < 100; i++)
		snprintf(all + strlen(all), 60, "bob < 00DC @ann " DATE " 2:1 \"\\%02X\"\n", i + 1);
	strcat(all, "bob < 00E6 @bob\n");
	script_play(s, all);
	script_free(&s);
}

TEST(the_message_in_flight_waits_for_an_unverified_address)
{
	script_once("ann logs in\n"
		    "bob > 03E8 4:5000 \"secret\"\n"
		    "bob < ack\n"
		    "bob << 005A *\n"
		    "ann > 010E @bob 2:1 s:400\n"
		    "ann < ack\n"
		    "bob quiet\n"
		    "bob acks 0\n"
		    "bob < 0104 #1 @ann 2:1 s:400\n");
}

TEST(a_batch_broken_off_by_a_login_elsewhere_starts_again_there)
{
	script_once(THREE "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob < 00DC *\n"
			  "bob << 00DC *\n"
			  "bob is at 10.0.7.7:7\n"
			  "bob logs in\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME "bob is at 10.0.0.2:4002\n"
			  "bob < 0028\n");
}

TEST(an_answer_of_the_store_that_comes_after_a_new_login_does_no_harm)
{
	script_once(THREE "bob logs in\n"
			  "hold\n"
			  "bob > 044C\n"
			  "bob < ack\n"
			  "bob > 03E8 4:5000 \"secret\"\n"
			  "bob < ack\n"
			  "answer 4\n"
			  "answer\n"
			  "bob << 00DC #1 *\n"
			  "bob < 005A #0 *\n"
			  "bob > 044C\n"
			  "bob < ack\n" THREE_COME);
}

TEST(a_sender_who_logs_in_anew_before_the_commit_gets_no_stale_ack)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "hold\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
		    "ann < ack\n"
		    "answer\n"
		    "ann quiet\n"
		    "bob < 0104 @ann 2:1 \"hello\"\n");
}
