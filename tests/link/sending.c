/* SPDX-License-Identifier: MIT */
/* Numbers, schedule, window: what a link sends, and when. */
#include "harness.h"

#include <string.h>

#include "base/err.h"
#include "base/now.h"
#include "link/side.h"

enum { S = 1000 };

TEST(numbers_follow_the_order_of_queueing)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_queue(&s, 'B', LINK_PLAIN, 0);
	side_run(&s, 0);
	side_queue(&s, 'C', LINK_PLAIN, 0);
	side_run(&s, 0);
	assert_said(&s, "A0@0 B1@0 C2@0 ");
	side_close(&s);
}

TEST(a_packet_takes_its_number_when_it_is_first_sent)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 250);
	side_queue(&s, 'B', LINK_PLAIN, 0);
	assert_false(link_has_sent(&s.link, 0));
	side_run(&s, 249);
	assert_said(&s, "B0@0 ");
	assert_true(link_has_sent(&s.link, 0));
	assert_false(link_has_sent(&s.link, 1));
	side_run(&s, 250);
	assert_said(&s, "A1@0.25 ");
	side_close(&s);
}

TEST(numbers_may_start_anywhere)
{
	struct side s;

	side_open(&s, &side_server);
	link_open(&s.link, &s.rules, 64);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_run(&s, 0);
	assert_said(&s, "A64@0 ");
	side_close(&s);
}

TEST(server_sends_six_times_and_drops)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_run(&s, 600 * S);
	assert_said(&s, "A0@0 A0@10 A0@20 A0@30 A0@40 A0@50 gave-up@60 ");
	assert_int_equal(link_waiting(&s.link, NULL), 0);
	side_close(&s);
}

TEST(client_prods_after_six_and_gives_up_after_twelve)
{
	struct side s;

	side_open(&s, &side_client);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_run(&s, 65 * S);
	assert_said(&s, "A0@0 A0@10 A0@20 A0@30 A0@40 A0@50 prod@60 ");
	side_run(&s, 600 * S);
	assert_said(&s, "A0@70 A0@80 A0@90 A0@100 A0@110 A0@120 gave-up@130 dead@130 ");
	side_close(&s);
}

TEST(an_ack_ends_the_sending)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_run(&s, 15 * S);
	side_acked(&s, 0, 'A');
	side_run(&s, 600 * S);
	assert_said(&s, "A0@0 A0@10 ");
	assert_int_equal(s.link.deadline_ms, NEVER_MS);
	side_close(&s);
}

TEST(acks_of_what_is_not_in_flight_do_nothing)
{
	struct side s;
	struct link_done done;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_queue(&s, 'B', LINK_PLAIN, 10);
	assert_int_equal(link_acked(&s.link, s.pool, 0, &done), -ICQ_ENOENT);
	side_run(&s, 0);
	assert_int_equal(link_acked(&s.link, s.pool, 7, &done), -ICQ_ENOENT);
	side_acked(&s, 0, 'A');
	assert_int_equal(link_acked(&s.link, s.pool, 0, &done), -ICQ_ENOENT);
	side_run(&s, 10);
	assert_said(&s, "A0@0 B1@0.01 ");
	side_close(&s);
}

TEST(two_dead_packets_in_a_row_are_the_end)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_queue(&s, 'B', LINK_PLAIN, 5 * S);
	side_run(&s, 4 * S);
	assert_said(&s, "A0@0 ");
	side_run(&s, 600 * S);
	assert_said(&s, "B1@5 A0@10 B1@15 A0@20 B1@25 A0@30 B1@35 A0@40 B1@45 A0@50 B1@55 "
			"gave-up@60 gave-up@65 dead@65 ");
	side_close(&s);
}

TEST(an_ack_between_two_dead_packets_saves_the_conversation)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_run(&s, 60 * S);
	side_queue(&s, 'B', LINK_PLAIN, 0);
	side_queue(&s, 'C', LINK_PLAIN, 0);
	side_run(&s, 61 * S);
	side_acked(&s, 2, 'C');
	s.said[s.said_len = 0] = '\0';
	side_run(&s, 600 * S);
	assert_said(&s, "B1@70 B1@80 B1@90 B1@100 B1@110 gave-up@120 ");
	side_close(&s);
}

TEST(a_message_is_never_dropped)
{
	struct side s;
	size_t messages;

	side_open(&s, &side_server);
	side_queue(&s, 'M', LINK_MESSAGE, 0);
	side_run(&s, 600 * S);
	assert_said(&s, "M0@0 M0@10 M0@20 M0@30 M0@40 M0@50 gave-up@60 ");
	assert_int_equal(link_waiting(&s.link, &messages), 1);
	assert_int_equal(messages, 1);
	side_acked(&s, 0, 'M');
	side_close(&s);
}

TEST(a_message_goes_again_when_the_other_side_is_heard)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'M', LINK_MESSAGE, 0);
	side_run(&s, 55 * S);
	s.said[s.said_len = 0] = '\0';
	link_heard(&s.link, s.now_ms);
	side_run(&s, 100 * S);
	assert_said(&s, "gave-up@60 ");
	link_heard(&s.link, s.now_ms);
	side_run(&s, 103 * S);
	/* Heard again, but too soon after the last transmission. */
	link_heard(&s.link, s.now_ms);
	side_run(&s, 200 * S);
	assert_said(&s, "M0@100 gave-up@110 ");
	link_heard(&s.link, s.now_ms);
	side_run(&s, 201 * S);
	assert_said(&s, "M0@200 ");
	side_acked(&s, 0, 'M');
	side_close(&s);
}

TEST(a_message_counts_once_among_the_dead)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'M', LINK_MESSAGE, 0);
	for (int i = 1; i < 10; i++) {
		side_run(&s, i * 100 * S);
		link_heard(&s.link, s.now_ms);
	}
	assert_null(strstr(s.said, "dead"));
	side_close(&s);
}

TEST(one_message_at_a_time_and_others_pass_by)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'L', LINK_MESSAGE, 0);
	side_queue(&s, 'M', LINK_MESSAGE, 0);
	side_queue(&s, 'N', LINK_MESSAGE, 0);
	side_queue(&s, 'P', LINK_PLAIN, 0);
	side_run(&s, 1 * S);
	assert_said(&s, "L0@0 P1@0 ");
	side_acked(&s, 1, 'P');
	side_run(&s, 2 * S);
	assert_said(&s, "");
	side_acked(&s, 0, 'L');
	side_run(&s, 3 * S);
	assert_said(&s, "M2@2 ");
	side_acked(&s, 2, 'M');
	side_run(&s, 3 * S);
	assert_said(&s, "N3@3 ");
	side_close(&s);
}

TEST(the_window_opens_with_an_ack)
{
	struct link_rules rules = side_server;
	struct side s;

	rules.window = 2;
	side_open(&s, &rules);
	for (char c = 'A'; c <= 'D'; c++)
		side_queue(&s, c, LINK_PLAIN, 0);
	side_run(&s, 1 * S);
	assert_said(&s, "A0@0 B1@0 ");
	side_acked(&s, 1, 'B');
	side_run(&s, 2 * S);
	assert_said(&s, "C2@1 ");
	side_acked(&s, 0, 'A');
	side_run(&s, 2 * S);
	assert_said(&s, "D3@2 ");
	side_close(&s);
}

TEST(the_window_opens_with_a_dropped_packet)
{
	struct link_rules rules = side_server;
	struct side s;

	rules.window = 1;
	side_open(&s, &rules);
	side_queue(&s, 'A', LINK_PLAIN, 250);
	side_queue(&s, 'B', LINK_PLAIN, 0);
	side_run(&s, 59 * S);
	assert_said(&s, "B0@0 B0@10 B0@20 B0@30 B0@40 B0@50 ");
	side_run(&s, 60 * S);
	assert_said(&s, "gave-up@60 A1@60 ");
	side_close(&s);
}

TEST(credit_bounds_what_is_sent)
{
	struct side s;

	side_open(&s, &side_server);
	s.link.credit = 0;
	for (char c = 'A'; c <= 'D'; c++)
		side_queue(&s, c, LINK_PLAIN, 0);
	side_run(&s, 1 * S);
	assert_said(&s, "");
	link_allow(&s.link, 3 * SIDE_PACKET - 1);
	side_run(&s, 2 * S);
	assert_said(&s, "A0@1 B1@1 ");
	assert_false(link_spend(&s.link, SIDE_PACKET));
	link_allow(&s.link, 2);
	assert_true(link_spend(&s.link, 1));
	side_run(&s, 30 * S);
	assert_said(&s, "C2@2 ");
	/* Verified: no bound any more, and nothing that is due waits. */
	s.link.credit = LINK_UNLIMITED;
	link_allow(&s.link, 1);
	assert_true(link_spend(&s.link, 1));
	assert_int_equal(s.link.credit, LINK_UNLIMITED);
	side_acked(&s, 0, 'A');
	side_run(&s, 30 * S);
	assert_said(&s, "B1@30 C2@30 D3@30 ");
	side_close(&s);
}

TEST(credit_is_not_spent_out_of_order)
{
	struct side s;
	uint8_t large[3 * SIDE_PACKET] = { 2, 0, 'L' };

	side_open(&s, &side_server);
	s.link.credit = 2 * SIDE_PACKET;
	assert_int_equal(link_queue(&s.link, s.pool, large, sizeof(large), LINK_PLAIN, 'L', 0), 0);
	side_queue(&s, 'B', LINK_PLAIN, 0);
	side_run(&s, 100 * S);
	assert_said(&s, "");
	side_close(&s);
}

TEST(hurry_sends_at_once_what_is_in_flight)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_queue(&s, 'B', LINK_PLAIN, 5 * S);
	side_run(&s, 3 * S);
	link_hurry(&s.link, s.now_ms);
	side_run(&s, 14 * S);
	assert_said(&s, "A0@0 A0@3 B1@5 A0@13 ");
	side_close(&s);
}

TEST(hurry_does_not_shorten_the_last_wait)
{
	struct side s;

	side_open(&s, &side_server);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_run(&s, 51 * S);
	s.said[s.said_len = 0] = '\0';
	link_hurry(&s.link, s.now_ms);
	side_run(&s, 59 * S);
	assert_said(&s, "");
	side_close(&s);
}

TEST(spent_numbers_stop_new_packets_only)
{
	struct link_rules rules = side_server;
	struct side s;

	rules.numbers = 2;
	side_open(&s, &rules);
	for (char c = 'A'; c <= 'C'; c++)
		side_queue(&s, c, LINK_PLAIN, 0);
	side_run(&s, 1 * S);
	assert_said(&s, "A0@0 B1@0 spent@0 ");
	side_acked(&s, 1, 'B');
	side_run(&s, 10 * S);
	assert_said(&s, "spent@1 A0@10 spent@10 ");
	side_close(&s);
}

TEST(a_link_without_limit_counts_on_after_65535)
{
	struct link_rules rules = side_client;
	struct side s;

	rules.numbers = UINT32_MAX;
	side_open(&s, &rules);
	link_open(&s.link, &s.rules, 65535);
	side_queue(&s, 'A', LINK_PLAIN, 0);
	side_queue(&s, 'B', LINK_PLAIN, 0);
	side_run(&s, 0);
	assert_said(&s, "A65535@0 B0@0 ");
	side_acked(&s, 0, 'B');
	side_acked(&s, 65535, 'A');
	side_close(&s);
}

TEST(a_full_pool_refuses_and_recovers)
{
	uint8_t packet[SIDE_PACKET] = { 2, 0, 'A' };
	struct side s;
	size_t queued = 0;

	side_open(&s, &side_server);
	while (link_queue(&s.link, s.pool, packet, sizeof(packet), LINK_PLAIN, 'A', 0) == 0)
		queued++;
	assert_int_equal(link_pool_used(s.pool), queued);
	assert_int_equal(link_waiting(&s.link, NULL), queued);
	side_run(&s, 0);
	side_acked(&s, 0, 'A');
	side_queue(&s, 'B', LINK_PLAIN, 0);
	assert_int_equal(link_pool_used(s.pool), queued);
	side_close(&s);
}

TEST(a_packet_too_large_for_any_piece_is_refused)
{
	uint8_t packet[16384] = { 2, 0, 'A' };
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(link_queue(&s.link, s.pool, packet, sizeof(packet), LINK_PLAIN, 0, 0),
			 -ICQ_EFULL);
	side_close(&s);
}
