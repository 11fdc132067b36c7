/* SPDX-License-Identifier: MIT */
/* Messages to users who are online: accepted, delivered, repeated, refused. */
#include "server/script.h"

#include "harness.h"

#define BOTH                                                                                       \
	"ann logs in\n"                                                                            \
	"bob logs in\n"

/* ---- the way of a message -------------------------------------------------------------- */

TEST(a_message_is_delivered_to_who_is_online)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"hello there\"\n"
			 "ann < ack\n"
			 "bob < 0104 #1 @ann 2:1 \"hello there\"\n"
			 "wait 60\n");
}

TEST(a_message_is_acknowledged_when_it_is_stored_and_not_before)
{
	script_once(BOTH "hold\n"
			 "ann > 010E @bob 2:1 \"hello\"\n"
			 "wait 5\n"
			 "ann quiet\n"
			 "bob quiet\n"
			 "answer\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n");
}

TEST(other_packets_do_not_wait_for_a_slow_disk)
{
	script_once(BOTH "hold\n"
			 "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann > 042E\n"
			 "ann < ack\n"
			 "answer\n"
			 "ann < ack #2\n"
			 "bob < 0104 *\n");
}

TEST(every_byte_of_a_text_passes_unchanged)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"\\01\\09\\0D\\0A\\7F\\80\\81\\FE\\FF%s\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"\\01\\09\\0D\\0A\\7F\\80\\81\\FE\\FF%s\"\n");
}

TEST(a_message_to_oneself_is_like_any_other)
{
	script_once("ann logs in\n"
		    "ann > 010E @ann 2:1 \"note\"\n"
		    "ann < ack\n"
		    "ann < 0104 @ann 2:1 \"note\"\n"
		    "ann quiet\n");
}

TEST(an_empty_text_is_a_message)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"\"\n"
			 "ann > 010E @bob 2:1 2:0\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"\"\n");
}

TEST(a_text_ends_at_its_first_nul_and_leaves_in_canonical_form)
{
	script_once(BOTH "ann > 010E @bob 2:1 2:7 61620063640000\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"ab\"\n"
			 "ann > 010E @bob 2:1 2:3 616263\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"abc\"\n");
}

TEST(a_message_to_a_stranger_goes_the_same_way)
{
	script_once(BOTH "ann > 0456 @bob 2:8 \"\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:8 \"\"\n"
			 "ann > 010E @bob 2:8 2:2 0300\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:8 \"\\03\"\n");
}

TEST(sent_to_several_is_left_out)
{
	script_once(BOTH "ann > 010E @bob 2:32769 \"hi\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hi\"\n");
}

TEST(compound_texts_get_their_missing_parts)
{
	script_once(BOTH "ann > 010E @bob 2:4 \"look~http://a.b/\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:4 \"look~http://a.b/\"\n"
			 "ann > 010E @bob 2:4 \"look\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:4 \"look~\"\n"
			 "ann > 010E @bob 2:4 \"\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:4 \"~\"\n");
}

TEST(messages_to_one_receiver_go_one_at_a_time_in_order)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"one\"\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 \"two\"\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 \"three\"\n"
			 "ann < ack\n"
			 "bob << 0104 #1 @ann 2:1 \"one\"\n"
			 "bob quiet\n"
			 "wait 10\n"
			 "bob < 0104 #1 @ann 2:1 \"one\"\n"
			 "bob < 0104 #2 @ann 2:1 \"two\"\n"
			 "bob < 0104 #3 @ann 2:1 \"three\"\n");
}

/* ---- repeats --------------------------------------------------------------------------- */

TEST(six_copies_of_a_message_have_one_effect_and_one_ack_before_the_commit)
{
	script_once(BOTH "hold\n"
			 "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann again\n"
			 "ann again\n"
			 "ann again\n"
			 "ann again\n"
			 "ann again\n"
			 "answer\n"
			 "ann < ack\n"
			 "bob < 0104 *\n");
}

TEST(a_message_repeated_after_its_ack_was_lost_is_acknowledged_again)
{
	script_once(BOTH "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann < ack\n"
			 "bob < 0104 *\n"
			 "wait 10\n"
			 "ann again\n"
			 "ann < ack\n"
			 "wait 30\n"
			 "bob quiet\n");
}

TEST(the_same_number_with_another_command_or_length_is_new)
{
	script_once(BOTH "ann > 010E #9 @bob 2:1 \"hello\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n"
			 "ann > 0456 #9 @bob 2:1 \"hello\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n"
			 "ann > 0456 #9 @bob 2:1 \"hello again\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello again\"\n"
			 "ann > 04D8 #9 4:1\n"
			 "ann < ack\n");
}

TEST(numbers_may_jump_and_wrap)
{
	script_once(BOTH "ann > 010E #65535 @bob 2:1 \"a\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"a\"\n"
			 "ann > 010E #0 @bob 2:1 \"b\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"b\"\n"
			 "ann > 010E #30000 @bob 2:1 \"c\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"c\"\n");
}

TEST(a_client_that_counts_anew_after_a_login_is_not_taken_for_a_repeat)
{
	script_once(BOTH "ann > 010E #2 @bob 2:1 \"one\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"one\"\n"
			 "ann logs in\n"
			 "ann > 010E #2 @bob 2:1 \"two\"\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"two\"\n");
}

TEST(what_cannot_be_stored_is_not_acknowledged_and_may_be_repeated)
{
	script_once(BOTH "store fails\n"
			 "ann > 010E @bob 2:1 \"hello\"\n"
			 "ann quiet\n"
			 "bob quiet\n"
			 "wait 10\n"
			 "ann again\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n"
			 "queue full\n"
			 "ann > 010E @bob 2:1 \"more\"\n"
			 "ann quiet\n"
			 "queue free\n"
			 "ann again\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"more\"\n");
}

/* ---- refusals -------------------------------------------------------------------------- */

TEST(an_unknown_receiver_draws_a_notice)
{
	script_once("ann logs in\n"
		    "ann > 010E 4:99999 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "ann < 0104 4:1 2:1 \"Your message to 99999 was not delivered: "
		    "there is no such number.\"\n"
		    "ann again\n"
		    "ann < ack\n"
		    "wait 30\n"
		    "ann quiet\n");
}

TEST(a_text_may_have_8000_bytes_and_no_more)
{
	script_once(BOTH "bob > 0438 \"B_MESSAGE_IDS\" 2:5\n"
			 "bob < ack\n"
			 "ann > 010E @bob 2:1 s:8000\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 s:8000 *\n"
			 "ann > 010E @bob 2:1 s:8001\n"
			 "ann < ack\n"
			 "ann < 0104 4:1 2:1 \"Your message to 10002 was not delivered: "
			 "the text is too long.\"\n");
}

/* Parts of 450 bytes at most, each acknowledged before the next; only the last one ends the
 * message. */
TEST(an_old_client_gets_a_long_text_in_parts)
{
	script_once(BOTH "ann > 010E @bob 2:1 s:1000\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 s:450\n"
			 "bob < 0104 @ann 2:1 s:450\n"
			 "bob << 0104 @ann 2:1 s:100\n"
			 "bob forgets\n"
			 "bob logs in\n"
			 "bob forgets\n"
			 "bob > 044C\n"
			 "bob < ack\n"
			 "bob < 00DC @ann * \n"
			 "bob < 00DC @ann * \n"
			 "bob < 00DC @ann * \n"
			 "bob < 00E6 @bob\n");
}

TEST(other_types_may_have_450_bytes_and_no_more)
{
	script_once(BOTH "ann > 010E @bob 2:8 s:450\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:8 s:450\n"
			 "ann > 010E @bob 2:8 s:451\n"
			 "ann < ack\n"
			 "ann < 0104 4:1 2:1 *\n");
}

#define NOT_RELAYED(type)                                                                          \
	"ann > 010E @bob 2:" type " \"text\"\n"                                                    \
	"ann < ack\n"                                                                              \
	"ann < 0104 4:1 2:1 \"Your message to 10002 was not delivered: "                           \
	"messages of this type are not passed on.\"\n"

TEST(types_that_are_not_for_users_draw_a_notice)
{
	script_once(BOTH NOT_RELAYED("2") NOT_RELAYED("3") NOT_RELAYED("9") NOT_RELAYED("0")
			    NOT_RELAYED("14") NOT_RELAYED("32767") NOT_RELAYED("65535"));
}

TEST(a_full_mailbox_draws_a_notice)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.limit_mailbox = 1;
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "bob quiet\n"
		       "ann > 010E @bob 2:1 \"one\"\n"
		       "ann < ack\n"
		       "ann > 010E @bob 2:1 \"two\"\n"
		       "ann < ack\n"
		       "ann < 0104 4:1 2:1 \"Your message to 10002 was not delivered: "
		       "the mailbox is full.\"\n");
	script_free(&s);
}

TEST(without_room_for_the_notice_there_is_no_ack)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.limit_mailbox_notices = 1;
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "ann > 010E 4:5 2:1 \"one\"\n"
		       "ann < ack\n"
		       "ann << 0104 4:1 *\n"
		       "ann > 010E 4:5 2:1 \"two\"\n"
		       "ann quiet\n"
		       "ann acks 1\n"
		       "ann again\n"
		       "ann < ack\n"
		       "ann < 0104 4:1 *\n");
	script_free(&s);
}

TEST(a_message_that_breaks_off_is_acknowledged_and_nothing_else)
{
	script_once(BOTH "ann > 010E\n"
			 "ann < ack\n"
			 "ann > 010E @bob\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 2:9 6162\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 2:65535 6162\n"
			 "ann < ack\n"
			 "ann again\n"
			 "ann < ack\n"
			 "bob quiet\n");
}

/* ---- message ids ----------------------------------------------------------------------- */

TEST(message_ids_are_for_those_who_asked)
{
	script_once(BOTH "bob > 0438 \"B_MESSAGE_IDS\" 2:5\n"
			 "bob < ack\n"
			 "ann > 010E @bob 2:1 \"hello\" 8:77\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\" 8:1\n"
			 "bob > 010E @ann 2:1 \"hi\" 8:77\n"
			 "bob < ack\n"
			 "ann < 0104 @bob 2:1 \"hi\"\n");
}

TEST(a_message_repeated_by_its_id_after_a_new_login_is_stored_once)
{
	script_once(BOTH "ann > 0438 \"B_MESSAGE_IDS\" 2:5\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 \"hello\" 8:77\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n"
			 "ann logs in\n"
			 "ann > 0438 \"B_MESSAGE_IDS\" 2:5\n"
			 "ann < ack\n"
			 "ann > 010E @bob 2:1 \"hello\" 8:77\n"
			 "ann < ack\n"
			 "wait 30\n"
			 "bob quiet\n"
			 "ann > 010E @bob 2:1 \"hello\" 8:78\n"
			 "ann < ack\n"
			 "bob < 0104 @ann 2:1 \"hello\"\n");
}

TEST(the_echo_account_answers_everything_with_the_same_text)
{
	script_once("ann logs in\n"
		    "ann > 0406 01 4:10000\n"
		    "ann < ack\n"
		    "ann < 006E 4:10000 4:0 4:0 4:0 1:6 4:0 4:2\n"
		    "ann < 021C @ann\n"
		    "ann > 010E 4:10000 2:1 \"hello\"\n"
		    "ann < ack\n"
		    "ann < 0104 4:10000 2:1 \"hello\"\n"
		    "ann again\n"
		    "ann < ack\n"
		    "ann quiet\n");
}

TEST(without_the_echo_account_nobody_answers)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.echo = false;
	s = script_new(&conf);
	script_play(s, "ann logs in\n"
		       "ann > 0406 01 4:10000\n"
		       "ann < ack\n"
		       "ann < 021C @ann\n"
		       "ann > 010E 4:10000 2:1 \"hello\"\n"
		       "ann < ack\n"
		       "ann < 0104 4:1 2:1 \"Your message to 10000 was not delivered: "
		       "there is no such number.\"\n");
	script_free(&s);
}
