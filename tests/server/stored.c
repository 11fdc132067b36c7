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
