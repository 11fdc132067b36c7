/* SPDX-License-Identifier: MIT */
/* Contact lists, and who is told what about whom. */
#include "server/script.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

TEST(a_contact_list_is_answered_with_who_is_online_and_its_end)
{
	script_once("ann logs in\n"
		    "bob logs in 1 2\n"
		    "cat quiet\n"
		    "ann > 0406 03 @bob @cat @nobody\n"
		    "ann < ack\n"
		    "ann < 006E #1 @bob 0A000002 4:5001 0A0B0C0D 04 4:1 4:2\n"
		    "ann < 021C #2 @ann\n");
}

TEST(a_contact_list_may_have_a_two_byte_count)
{
	script_once("bob logs in\n"
		    "ann logs in\n"
		    "ann > 0406 0100 @bob\n"
		    "ann < ack\n"
		    "ann < 006E @bob *\n"
		    "ann < 021C @ann\n");
}

TEST(an_empty_contact_list_is_answered_with_its_end)
{
	script_once("ann logs in\n"
		    "ann > 0406 00\n"
		    "ann < ack\n"
		    "ann < 021C @ann\n"
		    "ann > 0406 0000\n"
		    "ann < ack\n"
		    "ann < 021C @ann\n");
}

TEST(a_count_beyond_the_packet_takes_what_is_there)
{
	script_once("bob logs in\n"
		    "ann logs in\n"
		    "ann > 0406 FF @bob\n"
		    "ann < ack\n"
		    "ann < 006E @bob *\n"
		    "ann < 021C @ann\n");
}

TEST(names_listed_twice_own_and_zero_are_passed_over)
{
	script_once("bob logs in\n"
		    "ann logs in\n"
		    "ann > 0406 05 @bob 4:0 @ann @bob @ann\n"
		    "ann < ack\n"
		    "ann < 006E @bob *\n"
		    "ann < 021C @ann\n"
		    "ann > 0406 01 @bob\n"
		    "ann < ack\n"
		    "ann < 021C @ann\n"
		    "ann > 04D8 4:1\n"
		    "ann < ack\n"
		    "bob > 04D8 4:1\n"
		    "bob < ack\n"
		    "ann < 01A4 @bob 4:1\n");
}

TEST(a_contact_list_may_come_in_several_packets)
{
	script_once("bob logs in\n"
		    "cat logs in\n"
		    "ann logs in\n"
		    "ann > 0406 01 @bob\n"
		    "ann < ack\n"
		    "ann < 006E @bob *\n"
		    "ann < 021C @ann\n"
		    "ann > 0406 01 @cat\n"
		    "ann < ack\n"
		    "ann < 006E @cat *\n"
		    "ann < 021C @ann\n"
		    "bob > 04D8 4:1\n"
		    "bob < ack\n"
		    "ann < 01A4 @bob 4:1\n");
}

TEST(a_contact_list_beyond_its_limit_is_cut)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.limit_contacts = 10;
	s = script_new(&conf);
	script_play(s, "bob logs in\n"
		       "ann logs in\n"
		       "ann > 0406 0B 4:1 4:2 4:3 4:4 4:5 4:6 4:7 4:8 4:9 4:10 @bob\n"
		       "ann < ack\n"
		       "ann < 021C @ann\n");
	script_free(&s);
}

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

TEST(one_user_can_be_added)
{
	script_once("bob logs in\n"
		    "ann logs in\n"
		    "ann > 053C @bob\n"
		    "ann < ack\n"
		    "ann < 006E @bob *\n"
		    "ann > 053C @cat\n"
		    "ann < ack\n"
		    "cat logs in\n"
		    "ann < 006E @cat *\n"
		    "bob quiet\n");
}

TEST(who_lists_a_user_hears_of_coming_change_and_going)
{
	script_once("bob logs in\n"
		    "bob > 0406 01 @ann\n"
		    "bob < ack\n"
		    "bob < 021C @bob\n"
		    "ann logs in\n"
		    "bob < 006E @ann 0A000002 4:5001 0A0B0C0D 04 4:0 4:3\n"
		    "ann > 04D8 4:1\n"
		    "ann < ack\n"
		    "bob < 01A4 @ann 4:1\n"
		    "ann > 04D8 4:1\n"
		    "ann < ack\n"
		    "bob quiet\n"
		    "ann > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
		    "ann < ack\n"
		    "bob < 0078 @ann\n"
		    "wait 100\n");
}

TEST(who_is_listed_does_not_hear_of_the_lister)
{
	script_once("bob logs in\n"
		    "ann logs in\n"
		    "bob > 0406 01 @ann\n"
		    "bob < ack\n"
		    "bob < 006E @ann *\n"
		    "bob < 021C *\n"
		    "bob > 04D8 4:1\n"
		    "bob < ack\n"
		    "ann quiet\n");
}

TEST(an_invisible_login_is_not_told)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in 100\n"
		    "bob quiet\n"
		    "cat logs in\n"
		    "cat > 0406 01 @ann\n"
		    "cat < ack\n"
		    "cat < 021C @cat\n"
		    "ann > 0438 \"B_USER_DISCONNECTED\" 2:5\n"
		    "ann < ack\n"
		    "bob quiet\n");
}

TEST(becoming_invisible_is_going_and_becoming_visible_is_coming)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in\n"
		    "bob < 006E @ann *\n"
		    "ann > 04D8 4:256\n"
		    "ann < ack\n"
		    "bob < 0078 @ann\n"
		    "ann > 04D8 4:257\n"
		    "ann < ack\n"
		    "bob quiet\n"
		    "ann > 04D8 4:1\n"
		    "ann < ack\n"
		    "bob < 006E @ann 0A000002 4:5001 0A0B0C0D 04 4:1 4:3\n");
}

TEST(an_invisible_second_login_is_going)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in\n"
		    "bob < 006E @ann *\n"
		    "ann logs in 100\n"
		    "bob < 0078 @ann\n");
}

TEST(old_viewers_see_the_statuses_that_they_know)
{
	script_once("bob logs in 0 2\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "cat logs in 0 3\n"
		    "cat > 053C @ann\n"
		    "cat < ack\n"
		    "ann logs in 5\n"
		    "bob < 006E @ann 0A000002 4:5001 0A0B0C0D 04 4:1 4:3\n"
		    "cat < 006E @ann 0A000002 4:5001 0A0B0C0D 04 4:5 4:3\n"
		    "ann > 04D8 4:1\n"
		    "ann < ack\n"
		    "bob quiet\n"
		    "cat < 01A4 @ann 4:1\n");
}

TEST(a_hidden_address_is_not_told)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in 20000\n"
		    "bob < 006E @ann 4:0 4:0 4:0 06 .. .. .. .. 4:3\n");
}

TEST(presence_that_is_not_acknowledged_comes_six_times)
{
	script_once("bob logs in\n"
		    "bob > 053C @ann\n"
		    "bob < ack\n"
		    "ann logs in\n"
		    "bob << 006E #1 @ann *\n"
		    "wait 10\n"
		    "bob << 006E #1 @ann *\n"
		    "wait 10\n"
		    "bob << 006E #1 @ann *\n"
		    "wait 10\n"
		    "bob << 006E #1 @ann *\n"
		    "wait 10\n"
		    "bob << 006E #1 @ann *\n"
		    "wait 10\n"
		    "bob << 006E #1 @ann *\n"
		    "wait 60\n"
		    "bob > 042E\n"
		    "bob < ack\n");
}

TEST(a_malformed_contact_list_is_acknowledged)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "ann > 0406\n"
		       "ann < ack\n"
		       "ann forgets\n"
		       "ann > 053C 0102\n"
		       "ann < ack\n"
		       "ann > 04D8 01\n"
		       "ann < ack\n"
		       "wait 30\n");
	assert_int_equal(srv_session_count(s->rig->srv), 1);
	script_free(&s);
}
