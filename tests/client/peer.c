/* SPDX-License-Identifier: MIT */
/* Two clients talk directly, over streams that are cut anywhere. */
#include "client/wires.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

static struct scene ann, bob;
static struct wires w;

static void open_both(void)
{
	wires_open(&w, &ann, &bob, harness_seed());
}

static void set_status(struct scene *s, enum icq_status status)
{
	icq_client_status(s->client, s->now, 0, status);
	scene_ack(s, s->last_seq);
	scene_forget(s);
}

static void send_by(uint64_t request, const char *text, enum icq_client_via via,
		    enum icq_client_mode mode)
{
	icq_client_send_by(bob.client, bob.now, request, ANN, T_text, icq_str_of(text), via, mode);
	scene_answer(&bob);
	wires_run(&w);
}

TEST(text_goes_directly_and_is_acknowledged)
{
	open_both();
	scene_send(&bob, ANN, "hello");
	assert_diary(&bob, "{7 ok} (1 queued) (1 sent) ");
	wires_run(&w);
	assert_diary(&bob, "~10001 open (1 delivered) ");
	assert_diary(&ann, "~10002 open <10002 hello> ");
	assert_true(ann.matches);
	wires_close(&w);
}

TEST(message_is_in_the_history_before_its_acknowledgement)
{
	open_both();
	ann.hold_jobs = true;
	scene_send(&bob, ANN, "hello");
	wires_run(&w);
	assert_diary(&ann, "~10002 open ");
	scene_forget(&bob);
	scene_answer(&ann);
	wires_run(&w);
	assert_diary(&ann, "<10002 hello> ");
	assert_diary(&bob, "(1 delivered) ");
	wires_close(&w);
}

/* Whatever the cuts, in both directions, in order. */
TEST(conversation_survives_every_cut)
{
	char text[16], wanted[64];

	for (unsigned run = 0; run < 50; run++) {
		wires_open(&w, &ann, &bob, harness_seed() + run);
		for (unsigned i = 0; i < 8; i++) {
			snprintf(text, sizeof(text), "text %u", i);
			snprintf(wanted, sizeof(wanted), "%s<10002 text %u> ",
				 i ? "" : "~10002 open ", i);
			scene_send(&bob, ANN, text);
			wires_run(&w);
			assert_diary(&ann, wanted);
		}
		scene_forget(&bob);
		icq_client_send_by(ann.client, ann.now, 8, BOB, T_text, icq_str_of("back"),
				   ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
		scene_answer(&ann);
		wires_run(&w);
		assert_diary(&bob, "<10001 back> ");
		assert_diary(&ann, "{8 ok} (9 queued) (9 sent) (9 delivered) ");
		wires_close(&w);
	}
}

TEST(away_client_takes_the_message_and_says_so)
{
	open_both();
	icq_client_away_text(ann.client, ICQ_STATUS_away, "back at ten");
	set_status(&ann, ICQ_STATUS_away);
	scene_send(&bob, ANN, "hello");
	wires_run(&w);
	assert_diary(&ann, "~10002 open <10002 hello> ");
	assert_diary(&bob, "{7 ok} (1 queued) (1 sent) ~10001 open (1 delivered: back at ten) ");
	wires_close(&w);
}

TEST(away_text_answers_once_until_it_or_the_status_changes)
{
	open_both();
	icq_client_away_text(ann.client, ICQ_STATUS_away, "back at ten");
	set_status(&ann, ICQ_STATUS_away);
	scene_send(&bob, ANN, "one");
	wires_run(&w);
	scene_forget(&bob);
	scene_send(&bob, ANN, "two");
	wires_run(&w);
	assert_diary(&bob, "{7 ok} (2 queued) (2 sent) (2 delivered) ");
	icq_client_away_text(ann.client, ICQ_STATUS_away, "back at eleven");
	scene_send(&bob, ANN, "three");
	wires_run(&w);
	assert_diary(&bob, "{7 ok} (3 queued) (3 sent) (3 delivered: back at eleven) ");
	set_status(&ann, ICQ_STATUS_away);
	scene_send(&bob, ANN, "four");
	wires_run(&w);
	assert_diary(&bob, "{7 ok} (4 queued) (4 sent) (4 delivered: back at eleven) ");
	wires_close(&w);
}

TEST(a_contact_may_have_an_away_text_of_his_own)
{
	struct icq_client_contact contact;

	open_both();
	contact = *icq_client_contact(ann.client, BOB);
	strcpy(contact.away_text, "for bob");
	icq_client_put_contact(ann.client, ann.now, 0, &contact);
	scene_forget(&ann);
	icq_client_away_text(ann.client, ICQ_STATUS_na, "for all");
	set_status(&ann, ICQ_STATUS_na);
	icq_client_peek(bob.client, bob.now, 5, ANN);
	wires_run(&w);
	icq_client_peek(bob.client, bob.now, 6, ANN);
	wires_run(&w);
	assert_diary(&bob, "~10001 open {5 online: for bob} {6 online: for bob} ");
	assert_int_equal(icq_client_away_reads(ann.client), 2);
	set_status(&ann, ICQ_STATUS_online);
	assert_int_equal(icq_client_away_reads(ann.client), 0);
	icq_client_peek(bob.client, bob.now, 7, ANN);
	wires_run(&w);
	assert_diary(&bob, "{7 online: } ");
	wires_close(&w);
}

TEST(busy_client_returns_the_message_unless_it_presses)
{
	open_both();
	icq_client_away_text(ann.client, ICQ_STATUS_dnd, "go away");
	set_status(&ann, ICQ_STATUS_dnd);
	send_by(3, "one", ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
	assert_diary(&bob, "{3 ok} (1 queued) (1 sent) ~10001 open (1 returned dnd: go away) ");
	assert_diary(&ann, "~10002 open ");
	send_by(4, "two", ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_MODE_URGENT);
	send_by(5, "three", ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_MODE_LIST);
	assert_diary(&ann, "<10002 two> <10002 three> ");
	icq_client_away_text(ann.client, ICQ_STATUS_occupied, "");
	set_status(&ann, ICQ_STATUS_occupied);
	scene_forget(&bob);
	send_by(6, "four", ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
	assert_diary(&bob, "{6 ok} (4 queued) (4 sent) (4 returned occupied) ");
	wires_close(&w);
}

TEST(returned_message_is_sent_once_more_in_another_way)
{
	open_both();
	set_status(&ann, ICQ_STATUS_dnd);
	send_by(3, "one", ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
	scene_forget(&bob);
	scene_forget(&ann);
	icq_client_resend(bob.client, bob.now, 4, 1, ICQ_CLIENT_MODE_URGENT);
	scene_answer(&bob);
	wires_run(&w);
	assert_diary(&bob, "{4 ok} (2 queued) (2 sent) (2 delivered) ");
	assert_diary(&ann, "<10002 one> ");
	icq_client_resend(bob.client, bob.now, 5, 1, ICQ_CLIENT_MODE_NORMAL);
	scene_answer(&bob);
	assert_diary(&bob, "{5 ok} (3 queued) (3 sent) SEND_MESSAGE/5 ");
	for (uint64_t msg = 2; msg <= 4; msg++) /* delivered, on its way, not there */
		icq_client_resend(bob.client, bob.now, msg, msg, ICQ_CLIENT_MODE_LIST);
	scene_answer(&bob);
	assert_diary(&bob, "{2 not_found} {3 not_found} {4 not_found} ");
	wires_close(&w);
}

TEST(away_text_is_read_and_the_reader_named_once)
{
	open_both();
	icq_client_away_text(ann.client, ICQ_STATUS_na, "on the moon");
	set_status(&ann, ICQ_STATUS_na);
	icq_client_peek(bob.client, bob.now, 5, ANN);
	wires_run(&w);
	icq_client_peek(bob.client, bob.now, 6, ANN);
	wires_run(&w);
	assert_diary(&bob, "~10001 open {5 online: on the moon} {6 online: on the moon} ");
	assert_diary(&ann, "~10002 open ?10002 ");
	set_status(&ann, ICQ_STATUS_online);
	icq_client_peek(bob.client, bob.now, 7, ANN);
	wires_run(&w);
	assert_diary(&bob, "{7 online: } ");
	assert_diary(&ann, "");
	wires_close(&w);
}

TEST(refused_connection_falls_back_to_the_server)
{
	open_both();
	w.blocked = true;
	scene_send(&bob, ANN, "hello");
	wires_run(&w);
	assert_diary(&bob, "{7 ok} (1 queued) (1 sent) ~10001 refused (1 sent) SEND_MESSAGE/5 ");
	scene_ack(&bob, 5);
	assert_diary(&bob, "(1 accepted) ");
	scene_send(&bob, ANN, "again"); /* not a second try within a minute */
	assert_diary(&bob, "{7 ok} (2 queued) (2 sent) SEND_MESSAGE/6 ");
	wires_close(&w);
}

TEST(connection_that_never_opens_falls_back_to_the_server)
{
	open_both();
	scene_send(&bob, ANN, "hello");
	scene_forget(&bob);
	scene_run(&bob, 4999);
	assert_diary(&bob, "");
	scene_run(&bob, 1);
	assert_diary(&bob, "~10001 refused (1 sent) SEND_MESSAGE/5 ");
	wires_close(&w);
}

TEST(silence_is_tried_twice_and_then_goes_through_the_server)
{
	open_both();
	w.deaf = true;
	scene_send(&bob, ANN, "hello");
	scene_forget(&bob);
	wires_pass(&w, 9000);
	assert_diary(&bob, "~10001 open ");
	wires_pass(&w, 2000);
	assert_diary(&bob, "~10001 closed ~10001 open ");
	wires_pass(&w, 11000);
	assert_diary(&bob, "~10001 closed (1 sent) SEND_MESSAGE/5 ");
	wires_close(&w);
}

/* The history of the receiver has it, but he could not say so: that is the one way to see it
 * twice. */
TEST(message_is_not_lost_when_the_history_of_the_other_fails)
{
	open_both();
	history_mem_fail(ann.history, 1);
	scene_send(&bob, ANN, "hello");
	wires_pass(&w, 12000);
	assert_diary(&ann, "~10002 open !disk ~10002 closed ~10002 open <10002 hello> ");
	assert_diary(&bob, "{7 ok} (1 queued) (1 sent) ~10001 open ~10001 closed ~10001 open "
			   "(1 delivered) ");
	wires_close(&w);
}

TEST(connections_end_with_the_session)
{
	open_both();
	icq_client_peer(bob.client, bob.now, 4, ANN, true);
	wires_run(&w);
	assert_diary(&bob, "~10001 open {4 ok} ");
	scene_forget(&ann);
	icq_client_logout(bob.client, bob.now, 0);
	wires_run(&w);
	assert_diary(&ann, "~10002 closed ");
	wires_close(&w);
}

TEST(connection_is_closed_on_demand)
{
	open_both();
	icq_client_peer(bob.client, bob.now, 4, ANN, true);
	wires_run(&w);
	icq_client_peer(bob.client, bob.now, 5, ANN, false);
	icq_client_peer(bob.client, bob.now, 6, ANN, false);
	wires_run(&w);
	assert_diary(&bob, "~10001 open {4 ok} ~10001 closed {5 ok} {6 not_found} ");
	assert_diary(&ann, "~10002 open ~10002 closed ");
	wires_close(&w);
}

TEST(what_cannot_be_tried_directly_is_refused_at_once)
{
	open_both();
	icq_client_peek(bob.client, bob.now, 3, 10004);
	icq_client_send_by(bob.client, bob.now, 4, 10004, T_text, icq_str_of("x"),
			   ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
	icq_client_send_by(bob.client, bob.now, 5, 10004, T_text, icq_str_of("x"),
			   ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_MODE_URGENT);
	assert_diary(&bob, "{3 no_direct} {4 no_direct} {5 no_direct} ");
	wires_close(&w);
}

/* There is room for 16 flags of messages that wait. */
TEST(dropped_messages_leave_room_for_pressing_ones)
{
	open_both();
	for (int i = 1; i <= 20; i++) {
		w.deaf = true;
		scene_send(&bob, ANN, "first"); /* is on its way, so that the next one waits */
		icq_client_send_by(bob.client, bob.now, 0, ANN, T_text, icq_str_of("urgent"),
				   ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_MODE_URGENT);
		scene_answer(&bob);
		icq_client_drop(bob.client, bob.now, 0, 2 * (uint64_t)i);
		scene_answer(&bob);
		w.deaf = false;
		wires_pass(&w, 2000);
	}
	set_status(&ann, ICQ_STATUS_dnd);
	scene_forget(&bob);
	send_by(3, "now", ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_MODE_URGENT);
	assert_diary(&bob, "{3 ok} (41 queued) (41 sent) (41 delivered) ");
	wires_close(&w);
}
