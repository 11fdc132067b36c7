/* SPDX-License-Identifier: MIT */
/* New accounts, and their repeats and refusals. */
#include "server/script.h"

#include "harness.h"

TEST(registration_gives_a_number_that_can_log_in)
{
	script_once("ann > 03FC 2:2 \"secret\" 4:114 4:0\n"
		    "ann < ack\n"
		    "ann < 0046 #0 2:2 4:10002\n"
		    "ann raw 0200E8030200 4:10002 4:0 \"secret\"\n"
		    "ann < ack #2\n"
		    "ann < 005A 4:10002 *\n");
}

TEST(registration_repeated_with_its_number_gives_the_same_uin)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann > 03FC 2:2 \"fox\" 4:114 4:0\n"
		       "ann < ack\n"
		       "ann < 0046 #0 2:2 4:10002\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 0046 #0 2:2 4:10002\n"
		       "wait 601\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 0046 2:2 4:10003\n");
	script_free(&s);
}

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

TEST(registration_takes_a_password_whose_length_leaves_out_the_nul)
{
	script_once("ann raw 0200.FC03.0100.0200.0300.666F7800.72000000.00000000\n"
		    "ann < ack #1\n"
		    "ann < 0046 #0 2:2 4:10002\n"
		    "ann raw 0200.FC03.0200.0300.0300.666F78.72000000.00000000\n"
		    "ann < ack #2\n"
		    "ann < 0046 #0 2:3 4:10003\n");
}

TEST(registration_that_is_closed_is_answered_with_try_again)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.registration = REGISTRATION_CLOSED;
	s = script_new(&conf);
	script_play(s, "ann > 03FC 2:2 \"fox\" 4:114 4:0\n"
		       "ann < ack\n"
		       "ann < 00FA #0\n");
	assert_int_equal(s->rig->submitted, 1); /* the account of the script */
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

TEST(registration_without_password_is_refused)
{
	script_once("ann > 03FC 2:2 \"\" 4:114 4:0\n"
		    "ann < ack\n"
		    "ann < 00FA\n");
}

TEST(registration_that_cannot_be_stored_may_be_tried_again)
{
	script_once("ann quiet\n"
		    "store fails\n"
		    "ann > 03FC 2:2 \"fox\" 4:114 4:0\n"
		    "ann < ack\n"
		    "ann < 00FA\n"
		    "ann again\n"
		    "ann < ack\n"
		    "ann < 0046 2:2 4:10002\n");
}

TEST(registration_that_breaks_off_is_dropped)
{
	script_once("ann > 03FC 2:2 2:8 666F\n"
		    "ann > 03FC 2:2\n"
		    "ann > 03FC\n"
		    "ann quiet\n");
}

TEST(the_wizards_first_packet_is_acknowledged_and_nothing_else)
{
	script_once("ann > 04EC 0102030405\n"
		    "ann < ack\n"
		    "ann > 04EC\n"
		    "ann < ack\n");
}
