/* SPDX-License-Identifier: MIT */
/* Messages that wait for their receiver, and those that are not acknowledged. */
#include "server/script.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

/* Civil time starts at 1998-07-09 16:00:05 in the rig. */
#define DATE "CE07 07 09 10 00"

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

TEST(a_message_that_joins_the_stored_ones_waits_for_the_confirmation)
{
	script_once("bob quiet\n"
		    "ann logs in\n"
		    "ann > 010E @bob 2:1 \"one\"\n"
		    "ann < ack\n"
		    "bob logs in\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob << 00DC #1 @ann *\n"
		    "hold\n"
		    "ann > 010E @bob 2:1 \"two\"\n"
		    "bob acks 1\n"
		    "answer\n"
		    "ann < ack\n"
		    "bob < 00DC @ann *\n"
		    "bob < 00E6 @bob\n"
		    "bob logs in\n"
		    "bob > 044C\n"
		    "bob < ack\n"
		    "bob < 00DC #1 @ann *\n"
		    "bob < 00DC #2 @ann *\n"
		    "bob < 00E6 @bob\n");
}

TEST(a_message_stored_since_the_last_session_is_not_overtaken)
{
	script_once("ann logs in\n"
		    "bob logs in\n"
		    "hold\n"
		    "bob > 03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0\n"
		    "bob < ack\n"
		    "answer 1\n"
		    "answer 1\n"
		    "ann > 010E @bob 2:1 \"one\"\n"
		    "answer 1\n"
		    "bob < 005A *\n"
		    "ann > 010E @bob 2:1 \"two\"\n"
		    "answer\n"
		    "ann forgets\n"
		    "bob < 0104 @ann 2:1 \"one\"\n"
		    "bob < 0104 @ann 2:1 \"two\"\n");
}

TEST(a_session_whose_welcome_is_given_up_ends)
{
	script_once("ann > 03E8 4:0 \"secret\"\n"
		    "ann < ack\n"
		    "10 times\n"
		    "ann > 0438 \"B_KEEP_ME_FOR_A_WHILE_PLEASE\" 2:5\n"
		    "wait 10\n"
		    "end\n"
		    "ann forgets\n"
		    "ann > 042E\n"
		    "ann < 00F0\n");
}
