/* SPDX-License-Identifier: MIT */
/* Contact lists, and who is told what about whom. */
#include "server/script.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

TEST(a_contact_list_of_255_is_taken)
{
	struct script *s = script_new(NULL);
	char step[4096] = "ann > 0406 FF @bob";

	for (int i = 1; i < 255; i++)
		snprintf(step + strlen(step), 8, " 4:%d", i);
	strcat(step, "\nann < ack\nann < 006E @bob *\nann < 021C @ann\n");
	script_play(s, "bob logs in\n"
		       "ann logs in\n");
	script_play(s, step);
	script_free(&s);
}
