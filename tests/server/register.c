/* SPDX-License-Identifier: MIT */
/* New accounts, and their repeats and refusals. */
#include "server/script.h"

#include "harness.h"

TEST(registration_repeated_while_it_is_stored_is_one_job)
{
	struct script *s = script_new(NULL);

	script_play(s, "hold\n"
		       "ann > 03FC 2:2 \"fox\" 4:114 4:0\n"
		       "ann < ack\n"
		       "ann again\n"
		       "ann < ack\n");
	assert_int_equal(s->rig->job_count, 1);
	script_play(s, "answer\n"
		       "ann < 0046 #0 2:2 4:10002\n");
	script_free(&s);
}

TEST(registration_by_invitation_wants_an_unused_code)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.registration = REGISTRATION_INVITE;
	s = script_new(&conf);
	rig_invite(s->rig, "goodcode");
	script_play(s, "ann > 03FC 2:2 \"badcode\" 4:114 4:0\n"
		       "ann < ack\n"
		       "ann < 00FA\n"
		       "ann > 03FC 2:2 \"goodcode\" 4:114 4:0\n"
		       "ann < ack\n"
		       "ann < 0046 2:2 4:10002\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 0046 2:2 4:10002\n"
		       "wait 2\n"
		       "ann > 03FC 2:2 \"goodcode\" 4:114 4:0\n"
		       "ann < ack\n"
		       "ann < 00FA\n");
	script_free(&s);
}
