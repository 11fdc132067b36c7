/* SPDX-License-Identifier: MIT */
/* A server that ends at any moment goes on with every session when it starts again. */
#include "harness.h"
#include "script.h"

#define LOGIN "03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0"

#define BOTH                                                                                       \
	"ann logs in\n"                                                                            \
	"bob logs in\n"                                                                            \
	"ann > 0406 01 @bob\n"                                                                     \
	"ann < ack\n"                                                                              \
	"ann < 006E @bob *\n"                                                                      \
	"ann < 021C @ann\n"

TEST(nobody_has_to_log_in_again_and_nobody_is_told)
{
	script_once(BOTH "crash\n"
			 "wait 20\n"
			 "ann quiet\n"
			 "bob quiet\n"
			 "bob > 042E\n"
			 "bob < ack\n"
			 "bob > 04D8 4:1\n"
			 "bob < ack\n"
			 "ann < 01A4 @bob 4:1\n"
			 "ann > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
			 "ann < ack\n"
			 "ann > 042E\n"
			 "ann < 00F0\n");
}

TEST(silence_counts_anew)
{
	script_once(BOTH "wait 250\n"
			 "crash\n"
			 "wait 290\n"
			 "ann quiet\n"
			 "bob > 042E\n"
			 "bob < ack\n");
}

TEST(numbers_go_on_above_those_reserved)
{
	script_once(BOTH "crash\n"
			 "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann < ack\n"
			 "bob < 0104 #64 @ann 2:1 \"hello\"\n");
}

TEST(a_message_in_flight_keeps_its_number)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann < ack\n"
			 "bob << 0104 #1 @ann 2:1 \"hello\"\n"
			 "crash\n"
			 "wait 10\n"
			 "bob < 0104 #1 @ann 2:1 \"hello\"\n"
			 "wait 60\n"
			 "bob quiet\n"
			 "ann > 010E @bob 2:1 \"again\"\n"
			 "ann < ack\n"
			 "bob < 0104 #64 @ann 2:1 \"again\"\n");
}

TEST(a_message_acknowledged_before_the_crash_does_not_come_twice)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann < ack\n"
			 "bob < 0104 #1 @ann 2:1 \"hello\"\n"
			 "crash\n"
			 "wait 60\n"
			 "bob quiet\n"
			 "ann again\n"
			 "ann < ack\n"
			 "wait 60\n"
			 "bob quiet\n");
}

TEST(messages_that_wait_are_brought_after_the_crash)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"one\"\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 \"two\"\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 \"three\"\n"
			 "ann < ack\n"
			 "bob << 0104 #1 @ann 2:1 \"one\"\n"
			 "crash\n"
			 "wait 10\n"
			 "bob < 0104 #1 @ann 2:1 \"one\"\n"
			 "bob < 0104 #64 @ann 2:1 \"two\"\n"
			 "bob < 0104 #65 @ann 2:1 \"three\"\n");
}

#define THREE_FOR_BOB                                                                              \
	"ann logs in\n"                                                                            \
	"bob quiet\n"                                                                              \
	"ann > 010E @bob 2:1 \"one\"\n"                                                            \
	"ann < ack\n"                                                                              \
	"ann > 010E @bob 2:1 \"two\"\n"                                                            \
	"ann < ack\n"                                                                              \
	"ann > 010E @bob 2:1 \"three\"\n"                                                          \
	"ann < ack\n"                                                                              \
	"bob logs in\n"                                                                            \
	"bob > 044C\n"                                                                             \
	"bob < ack\n"

TEST(stored_messages_go_on_where_they_were)
{
	script_once(THREE_FOR_BOB "bob < 00DC #1 @ann *\n"
				  "bob << 00DC #2 @ann *\n"
				  "crash\n"
				  "wait 10\n"
				  "bob < 00DC #2 @ann *\n"
				  "bob < 00DC #64 @ann *\n"
				  "bob < 00E6 #65 @bob\n"
				  "bob > 0442\n"
				  "bob < ack\n"
				  "bob > 044C\n"
				  "bob < ack\n"
				  "bob < 00E6 @bob\n"
				  "bob logs in\n"
				  "bob > 044C\n"
				  "bob < ack\n"
				  "bob < 00E6 @bob\n");
}

TEST(stored_messages_never_confirmed_come_again_after_the_next_login)
{
	script_once(THREE_FOR_BOB "bob < 00DC #1 @ann *\n"
				  "bob < 00DC #2 @ann *\n"
				  "bob < 00DC #3 @ann *\n"
				  "bob < 00E6 @bob\n"
				  "crash\n"
				  "wait 10\n"
				  "bob quiet\n"
				  "bob logs in\n"
				  "bob > 044C\n"
				  "bob < ack\n"
				  "bob < 00DC #1 @ann *\n"
				  "bob < 00DC #2 @ann *\n"
				  "bob < 00DC #3 @ann *\n"
				  "bob < 00E6 @bob\n");
}

TEST(a_welcome_not_acknowledged_comes_again_as_number_0)
{
	script_once("ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann << 005A #0 *\n"
		    "crash\n"
		    "ann < 005A #0 *\n"
		    "wait 60\n"
		    "ann > 042E\n"
		    "ann < ack\n");
}

/* Three bytes for one are all that an address gets that was not verified, over any number of
 * restarts. */
TEST(the_welcome_comes_again_after_one_restart_and_then_when_something_is_heard)
{
	script_once("ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann << 005A #0 *\n"
		    "crash\n"
		    "ann << 005A #0 *\n"
		    "crash\n"
		    "wait 60\n"
		    "ann quiet\n"
		    "ann > 042E\n"
		    "ann < ack\n"
		    "ann > 042E\n"
		    "ann < ack\n"
		    "ann < 005A #0 *\n");
}

/* Its three bytes for one are spent on the welcome. */
TEST(an_unverified_session_from_before_ends_without_a_word_when_another_begins)
{
	script_once("ann > " LOGIN "\n"
		    "ann < ack\n"
		    "ann << 005A #0 *\n"
		    "crash\n"
		    "ann << 005A #0 *\n"
		    "ann moves to another host\n"
		    "ann logs in\n"
		    "ann moves back\n"
		    "ann quiet\n");
}

TEST(who_is_invisible_stays_so)
{
	script_once("bob logs in 100\n"
		    "bob > 06AE 01 @ann\n"
		    "bob < ack\n"
		    "crash\n"
		    "cid logs in\n"
		    "cid > 0406 01 @bob\n"
		    "cid < ack\n"
		    "cid < 021C @cid\n"
		    "ann logs in\n"
		    "ann > 0406 01 @bob\n"
		    "ann < ack\n"
		    "ann < 006E @bob *\n"
		    "ann < 021C @ann\n");
}

TEST(a_crash_before_the_commit_leaves_nothing)
{
	script_once(BOTH "hold\n"
			 "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann quiet\n"
			 "crash\n"
			 "answer\n"
			 "wait 20\n"
			 "bob quiet\n"
			 "ann again\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n");
}

TEST(numbers_go_on_above_those_reserved_even_if_the_welcome_comes_again)
{
	script_once("ann logs in\n"
		    "bob > " LOGIN "\n"
		    "bob < ack\n"
		    "bob << 005A #0 *\n"
		    "hold\n"
		    "bob acks 0\n"
		    "bob > 04BA 2:1\n"
		    "bob < ack\n"
		    "bob << 0082 #1 *\n"
		    "crash\n"
		    "answer\n"
		    "bob < 005A #0 *\n"
		    "bob > 042E\n"
		    "bob < ack\n"
		    "ann > 010E @bob 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "bob < 0104 #64 @ann 2:1 \"hello\"\n");
}

TEST(a_repeat_is_known_though_the_civil_clock_was_set_forward)
{
	struct script *s = script_new(NULL);

	script_play(s, BOTH "ann > 010E @bob 2:1 \"hello\"\n"
			    "ann < ack\n"
			    "bob < 0104 @ann 2:1 \"hello\"\n"
			    "crash\n");
	s->rig->now.unix_s += 24 * 3600;
	script_play(s, "ann again\n"
		       "ann < ack\n"
		       "wait 20\n"
		       "bob quiet\n");
	script_free(&s);
}

TEST(a_wish_is_stored_before_it_is_acknowledged)
{
	script_once("bob quiet\n"
		    "ann logs in\n"
		    "ann > 010E @bob 2:1 \"one\"\n"
		    "ann < ack\n"
		    "bob logs in\n"
		    "hold\n"
		    "bob > 0438 \"B_MESSAGE_IDS\" 2:5\n"
		    "bob > 044C\n"
		    "bob quiet\n"
		    "crash\n"
		    "answer\n"
		    "bob > 0438 \"B_MESSAGE_IDS\" 2:5\n"
		    "bob < ack\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob << 00DC #64 @ann *\n"
		    "crash\n"
		    "wait 10\n"
		    "bob < 00DC #64 @ann .. *\n"
		    "bob < 00E6 @bob\n");
}
