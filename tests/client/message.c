/* SPDX-License-Identifier: MIT */
/* Messages in and out: kept before they are acknowledged, sent until they are. */
#include "client/scene.h"

#include <string.h>

#include "harness.h"

static struct scene s;

/* ---- in -------------------------------------------------------------------------------- */

TEST(message_is_in_the_history_before_its_acknowledgement)
{
	scene_open(&s);
	scene_online(&s);
	s.hold_jobs = true;
	scene_text(&s, 1, ANN, "hello", 77);
	scene_text(&s, 1, ANN, "hello", 77); /* it cannot wait */
	assert_diary(&s, "");
	scene_answer(&s);
	assert_diary(&s, "ACK/1 <10001 hello> ");
	scene_close(&s);
}

TEST(message_that_cannot_be_kept_is_not_acknowledged)
{
	scene_open(&s);
	scene_online(&s);
	history_mem_fail(s.history, 1);
	scene_text(&s, 1, ANN, "hello", 77);
	assert_diary(&s, "!disk ");
	s.refuse_jobs = true;
	scene_text(&s, 1, ANN, "hello", 77);
	assert_diary(&s, "");
	s.refuse_jobs = false;
	scene_text(&s, 1, ANN, "hello", 77);
	assert_diary(&s, "ACK/1 <10001 hello> ");
	scene_close(&s);
}

TEST(repeat_in_a_session_is_acknowledged_again_and_dropped)
{
	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1, ANN, "hello", 0);
	scene_text(&s, 1, ANN, "hello", 0);
	scene_text(&s, 2, ANN, "hello", 0);
	assert_diary(&s, "ACK/1 <10001 hello> ACK/1 ACK/2 <10001 hello> ");
	scene_close(&s);
}

TEST(repeat_under_its_id_is_known_after_a_restart)
{
	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1, ANN, "hello", 77);
	scene_restart(&s);
	scene_online(&s);
	scene_stored(&s, 1, ANN, "hello", 77);
	assert_diary(&s, "ACK/1 ");
	scene_stored(&s, 2, ANN, "hello", 78);
	scene_stored(&s, 3, BOB, "hello", 77);
	scene_stored(&s, 4, ANN, "hullo", 77);
	assert_diary(&s, "ACK/2 <10001 hello> ACK/3 <10002 hello> ACK/4 <10001 hullo> ");
	scene_close(&s);
}

/* The stored text says 01:46, and so does the clock: 1,000,000,000 is 2001-09-09 01:46:40. */
TEST(without_ids_only_a_broken_session_makes_repeats)
{
	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1, ANN, "hello", 0);
	scene_server_hex(&s, "0200.F000.0000");
	scene_run(&s, 0);
	scene_online(&s);
	scene_stored(&s, 1, ANN, "hello", 0);
	assert_diary(&s, "ACK/1 ");
	scene_server_hex(&s, "0200.E600.0200.214E0000");
	scene_stored(&s, 3, ANN, "hello", 0);
	assert_diary(&s, "ACK/2 ACK_MESSAGES/7 ACK/3 <10001 hello> ");
	scene_close(&s);
}

TEST(batch_is_confirmed_when_all_of_it_is_kept)
{
	uint16_t seq;

	scene_open(&s);
	seq = scene_online(&s);
	s.hold_jobs = true;
	scene_stored(&s, 1, ANN, "one", 1);
	scene_stored(&s, 2, ANN, "two", 2);
	scene_server_hex(&s, "0200.E600.0300.214E0000");
	assert_diary(&s, "ACK/3 ");
	scene_answer(&s);
	assert_diary(&s, "ACK/1 <10001 one> ACK/2 <10001 two> ACK_MESSAGES/4 ");
	assert_int_equal(seq, 4);
	scene_close(&s);
}

TEST(batch_is_not_confirmed_when_a_part_is_lost)
{
	scene_open(&s);
	scene_online(&s);
	history_mem_fail(s.history, 1);
	scene_stored(&s, 1, ANN, "one", 1);
	scene_server_hex(&s, "0200.E600.0200.214E0000");
	assert_diary(&s, "!disk ACK/2 ");
	scene_close(&s);
}

TEST(late_answer_of_the_history_acknowledges_nothing_in_a_new_session)
{
	scene_open(&s);
	scene_online(&s);
	s.hold_jobs = true;
	scene_text(&s, 1, ANN, "hello", 77);
	scene_server_hex(&s, "0200.F000.0000");
	scene_run(&s, 0);
	scene_forget(&s);
	scene_answer(&s);
	assert_diary(&s, "<10001 hello> ");
	scene_close(&s);
}

TEST(ignored_contacts_are_not_heard)
{
	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_IGNORE);
	scene_online(&s);
	scene_text(&s, 1, ANN, "hello", 77);
	scene_text(&s, 1, ANN, "hello", 77);
	assert_diary(&s, "ACK/1 ACK/1 ");
	scene_close(&s);
}

TEST(a_hermit_hears_his_contacts_and_the_server)
{
	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	s.conf.contacts_only = true;
	icq_client_reconf(s.client, &s.conf);
	scene_text(&s, 1, ANN + 7, "hello", 77);
	assert_diary(&s, "ACK/1 ");
	scene_text(&s, 2, ANN, "hello", 78);
	scene_text(&s, 3, ICQ_CLIENT_SERVER_UIN, "hello", 79);
	assert_diary(&s, "ACK/2 <10001 hello> ACK/3 <1 hello> ");
	scene_close(&s);
}

TEST(requests_are_told_from_messages)
{
	scene_open(&s);
	scene_online(&s);
	scene_server_hex(&s, "0200.0401.0100.11270000.0600.0A00.6EFE66FE6CFE65FE31FE00");
	scene_server_hex(&s, "0200.0401.0200.11270000.0C80.0A00.6EFE66FE6CFE65FE31FE00");
	assert_diary(&s, "ACK/1 <asks 10001 auth: n/0 > ACK/2 <asks 10001 added: n/0 > ");
	scene_server_hex(&s, "0200.0401.0300.11270000.0080.0300.686900"); /* type 0, to several */
	scene_server_hex(&s, "0200.0401.0400.11270000.0001.0300.686900"); /* 0001, swapped */
	assert_diary(&s, "ACK/3 <10001 hi> ACK/4 <10001 hi> ");
	scene_close(&s);
}

TEST(every_byte_arrives_as_it_was_sent)
{
	char text[256];

	for (int i = 0; i < 255; i++)
		text[i] = (char)(i + 1);
	text[255] = 0;
	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1, ANN, text, 1);
	assert_bytes(text, 255, s.text, s.text_n);
	scene_close(&s);
}

/* ---- out ------------------------------------------------------------------------------- */

TEST(message_is_the_golden_packet_with_its_id)
{
	struct hex wanted = hex_bytes("0200.0E01.0400.214E0000.11270000.0100.0C00."
				      "68656C6C6F20746865726500.5A5A5A5A5A5A5A5A");

	scene_open(&s);
	scene_online(&s);
	scene_send(&s, ANN, "hello there");
	assert_bytes(wanted.b, wanted.n, s.sent, s.sent_n);
	assert_diary(&s, "{7 ok} (1 queued) (1 sent) SEND_MESSAGE/4 ");
	scene_ack(&s, 4);
	scene_run(&s, 20000);
	assert_diary(&s, "(1 accepted) ");
	scene_close(&s);
}

TEST(message_is_in_the_outbox_before_it_is_sent)
{
	scene_open(&s);
	scene_online(&s);
	s.hold_jobs = true;
	scene_send(&s, ANN, "hello");
	assert_diary(&s, "");
	history_mem_fail(s.history, 1);
	scene_answer(&s);
	assert_diary(&s, "{7 disk} ");
	s.refuse_jobs = true;
	scene_send(&s, ANN, "hello");
	assert_diary(&s, "{7 busy} ");
	scene_close(&s);
}

TEST(messages_leave_one_at_a_time_and_in_order)
{
	scene_open(&s);
	scene_online(&s);
	scene_send(&s, ANN, "one");
	scene_send(&s, BOB, "two");
	scene_send(&s, ANN, "three");
	scene_forget(&s);
	scene_run(&s, 10000);
	assert_diary(&s, "SEND_MESSAGE/4 ");
	scene_ack(&s, 4);
	assert_diary(&s, "(1 accepted) (2 sent) SEND_MESSAGE/5 ");
	scene_ack(&s, 5);
	scene_ack(&s, 6);
	assert_diary(&s, "(2 accepted) (3 sent) SEND_MESSAGE/6 (3 accepted) ");
	scene_close(&s);
}

TEST(message_is_sent_again_under_its_id_in_the_next_session)
{
	uint8_t first[sizeof(s.sent)];
	size_t n;

	scene_open(&s);
	scene_online(&s);
	scene_send(&s, ANN, "hello");
	n = s.sent_n;
	memcpy(first, s.sent, n);
	scene_server_hex(&s, "0200.F000.0400");
	scene_run(&s, 0);
	scene_ack(&s, 4); /* of the old session */
	scene_online(&s);
	first[4] = s.sent[4]; /* the number is another */
	scene_forget(&s);
	scene_run(&s, 10000);
	assert_bytes(first, n, s.sent, s.sent_n);
	scene_close(&s);
}

TEST(outbox_waits_for_a_session_and_outlives_the_program)
{
	scene_open(&s);
	icq_client_set_uin(s.client, ME);
	scene_send(&s, ANN, "one");
	scene_send(&s, ANN, "two");
	assert_diary(&s, "{7 ok} (1 queued) {7 ok} (2 queued) ");
	scene_restart(&s);
	scene_online(&s);
	scene_run(&s, 10000);
	assert_diary(&s, "");
	assert_int_equal(s.last_msg, 2);
	scene_close(&s);
}

TEST(message_of_another_account_stays_where_it_is)
{
	scene_open(&s);
	icq_client_set_uin(s.client, BOB);
	scene_send(&s, ANN, "from bob");
	scene_forget(&s);
	scene_online(&s); /* as ME */
	scene_run(&s, 10000);
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(what_cannot_be_sent_is_refused_at_once)
{
	static char long_text[ICQ_MAX_text + 2];
	static const uint8_t with_nul[] = { 'a', 0, 'b' };

	memset(long_text, 'x', sizeof(long_text) - 1);
	scene_open(&s);
	scene_send(&s, ANN, "as whom?");
	icq_client_set_uin(s.client, ME);
	scene_send(&s, ANN, long_text);
	icq_client_send(s.client, s.now, 8, ANN, T_url,
			(struct icq_str){ (const uint8_t *)long_text, ICQ_MAX_old_text + 1 });
	icq_client_send(s.client, s.now, 9, ANN, T_text, (struct icq_str){ with_nul, 3 });
	assert_diary(&s, "{7 not_online} {7 too_long} {8 too_long} {9 bad_field} ");
	scene_close(&s);
}

TEST(message_can_be_taken_out_of_the_outbox_until_it_leaves)
{
	scene_open(&s);
	scene_online(&s);
	scene_send(&s, ANN, "one");
	scene_send(&s, ANN, "two");
	scene_forget(&s);
	icq_client_drop(s.client, s.now, 3, 1);
	icq_client_drop(s.client, s.now, 4, 2);
	icq_client_drop(s.client, s.now, 5, 3);
	scene_answer(&s);
	assert_diary(&s, "{3 busy} {4 ok} {5 not_found} ");
	scene_ack(&s, 4);
	assert_diary(&s, "(1 accepted) ");
	scene_close(&s);
}

TEST(message_that_nobody_acknowledges_does_not_stop_while_the_server_lives)
{
	scene_open(&s);
	scene_online(&s);
	scene_send(&s, ANN, "one");
	for (int i = 0; i < 12; i++) {
		scene_run(&s, 10000);
		scene_text(&s, (uint16_t)(i + 1), ANN, "ping", 100u + (unsigned)i);
	}
	scene_forget(&s);
	scene_ack(&s, 4);
	assert_diary(&s, "(1 accepted) ");
	scene_close(&s);
}

/* ---- reading --------------------------------------------------------------------------- */

TEST(history_is_read_row_by_row)
{
	const struct icq_client_query newest = { .limit = 2 };
	const struct icq_client_query of_bob = { .peer = BOB, .limit = 9 };
	const struct icq_client_query words = { .find = "LO he", .limit = 9 };
	const struct icq_client_query before = { .before = 3, .limit = 1 };
	const struct icq_client_query outbox = { .outbox = true, .limit = 9 };

	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1, ANN, "hello", 1);
	scene_text(&s, 2, BOB, "hi", 2);
	scene_send(&s, ANN, "heLLo");
	scene_forget(&s);
	icq_client_history(s.client, s.now, 3, &newest);
	scene_answer(&s);
	assert_diary(&s, "<row 10001 heLLo> <row 10002 hi> {3 ok} ");
	icq_client_history(s.client, s.now, 4, &of_bob);
	scene_answer(&s);
	assert_diary(&s, "<row 10002 hi> {4 ok} ");
	icq_client_history(s.client, s.now, 5, &words);
	scene_answer(&s);
	assert_diary(&s, "<row 10001 heLLo> <row 10001 hello> {5 ok} ");
	icq_client_history(s.client, s.now, 6, &before);
	scene_answer(&s);
	assert_diary(&s, "<row 10002 hi> {6 ok} ");
	icq_client_history(s.client, s.now, 7, &outbox);
	scene_answer(&s);
	assert_diary(&s, "<row 10001 heLLo> {7 ok} ");
	scene_close(&s);
}
