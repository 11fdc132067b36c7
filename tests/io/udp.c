/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/err.h"
#include "io/udp.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { LIMIT = 1500, KEPT_MAX = 600 };

struct kept {
	unsigned count;
	struct {
		struct addr from;
		size_t len;
		uint8_t start[16];
	} at[KEPT_MAX];
};

static struct udp *open_at(uint32_t ip, struct addr *bound_out)
{
	struct addr at = addr_v4(ip, 0);
	struct udp *u;

	assert_int_equal(udp_new(&u, LIMIT), 0);
	assert_int_equal(udp_listen(u, &at, bound_out), 0);
	assert_int_not_equal(bound_out->port, 0);
	return u;
}

static void keep(void *ctx, const struct addr *from, const void *p, size_t n)
{
	struct kept *k = ctx;

	check(k->count < KEPT_MAX);
	k->at[k->count].from = *from;
	k->at[k->count].len = n;
	memcpy(k->at[k->count].start, p, n < 16 ? n : 16);
	k->count++;
}

/* Loopback delivers before sending returns, so what has not come by now never comes. */
static void receive_all(struct udp *u, struct kept *k)
{
	struct pollfd p = { .fd = udp_fd(u, 0), .events = POLLIN };

	while (poll(&p, 1, 0) > 0)
		udp_receive(u, 0, keep, k);
}

static void send_number(struct udp *u, const struct addr *to, unsigned i, size_t n)
{
	uint8_t p[UINT16_MAX] = { (uint8_t)i, (uint8_t)(i >> 8) };

	udp_send(u, to, p, n);
}

static unsigned number_of(const struct kept *k, unsigned i)
{
	return k->at[i].start[0] | (unsigned)k->at[i].start[1] << 8;
}

TEST(nothing_leaves_before_the_flush)
{
	struct addr a, b;
	struct udp *from = open_at(0x7f000001, &a), *to = open_at(0x7f000001, &b);
	struct kept k = { 0 };

	send_number(from, &b, 7, 20);
	receive_all(to, &k);
	assert_int_equal(k.count, 0);
	udp_flush(from);
	receive_all(to, &k);
	assert_int_equal(k.count, 1);
	assert_int_equal(k.at[0].len, 20);
	assert_true(addr_equal(&k.at[0].from, &a));
	udp_free(&from);
	udp_free(&to);
	assert_null(from);
}

static void many_to_two(bool segments)
{
	struct addr a, b[2];
	struct udp *from = open_at(0x7f000001, &a);
	struct udp *to[2] = { open_at(0x7f000001, &b[0]), open_at(0x7f000001, &b[1]) };
	struct kept k[2] = { 0 };
	static const size_t lens[] = { 20, 20, 20, 15, 20, 0, 1, 1400, 1400, 1, 2 };
	unsigned n = 2 * UDP_QUEUE_MAX;

	udp_use_segments(from, segments);
	for (unsigned i = 0; i < n; i++) {
		size_t len = i < n / 2 ? 30 : lens[i % 11];

		send_number(from, &b[i % 3 == 0], i, len);
	}
	udp_flush(from);
	assert_int_equal(udp_stats(from)->not_sent, 0);

	for (int r = 0; r < 2; r++) {
		receive_all(to[r], &k[r]);
		for (unsigned i = 0, at = 0; i < n; i++) {
			size_t len = i < n / 2 ? 30 : lens[i % 11];

			if ((i % 3 == 0) != r)
				continue;
			check(at < k[r].count);
			check(k[r].at[at].len == len);
			check(len < 2 || number_of(&k[r], at) == i);
			at++;
		}
		udp_free(&to[r]);
	}
	assert_int_equal(k[0].count + k[1].count, n);
	udp_free(&from);
}

TEST(order_and_borders_survive_segments)
{
	many_to_two(true);
}

TEST(order_and_borders_survive_without_segments)
{
	many_to_two(false);
}

TEST(batches_grow_while_the_socket_keeps_filling)
{
	struct addr a, b;
	struct udp *from = open_at(0x7f000001, &a), *to = open_at(0x7f000001, &b);
	struct kept k = { 0 };

	for (unsigned i = 0; i < UDP_BATCH + UDP_BATCH_MAX + 10; i++)
		send_number(from, &b, i, 10);
	udp_flush(from);
	assert_int_equal(udp_receive(to, 0, keep, &k), UDP_BATCH);
	assert_int_equal(udp_receive(to, 0, keep, &k), UDP_BATCH_MAX);
	assert_int_equal(udp_receive(to, 0, keep, &k), 10);
	assert_int_equal(udp_receive(to, 0, keep, &k), 0);
	for (unsigned i = 0; i < k.count; i++)
		check(number_of(&k, i) == i);
	udp_free(&from);
	udp_free(&to);
}

TEST(answers_leave_from_the_address_asked)
{
	struct addr a, any, bound;
	struct udp *client = open_at(0x7f000001, &a), *server = open_at(0, &any);
	struct kept asked = { 0 }, answered = { 0 };

	for (uint32_t host = 1; host < 5; host++) {
		bound = addr_v4(0x7f000000 + host, any.port);
		send_number(client, &bound, host, 2);
	}
	udp_flush(client);
	receive_all(server, &asked);
	assert_int_equal(asked.count, 4);
	for (unsigned i = 0; i < asked.count; i++)
		udp_send(server, &asked.at[i].from, asked.at[i].start, 2);
	udp_flush(server);

	receive_all(client, &answered);
	assert_int_equal(answered.count, 4);
	for (unsigned i = 0; i < answered.count; i++)
		assert_int_equal(addr_ip4(&answered.at[i].from),
				 0x7f000000 + number_of(&answered, i));
	udp_free(&client);
	udp_free(&server);
}

TEST(doors_run_out_gently)
{
	struct addr a, any;
	struct udp *client = open_at(0x7f000001, &a), *server = open_at(0, &any);
	struct kept asked = { 0 }, answered = { 0 };

	for (uint32_t i = 0; i < 300; i++) {
		struct addr to = addr_v4(0x7f000100 + i, any.port);

		send_number(client, &to, i, 2);
	}
	udp_flush(client);
	receive_all(server, &asked);
	assert_int_equal(asked.count, 300);
	for (unsigned i = 0; i < asked.count; i++)
		udp_send(server, &asked.at[i].from, asked.at[i].start, 2);
	udp_flush(server);
	receive_all(client, &answered);
	assert_int_equal(answered.count, 300);
	udp_free(&client);
	udp_free(&server);
}

TEST(several_sockets_answer_for_themselves)
{
	struct addr a, b[2], at = addr_v4(0x7f000001, 0);
	struct udp *client = open_at(0x7f000001, &a), *server;
	struct kept asked = { 0 }, answered = { 0 };

	assert_int_equal(udp_new(&server, LIMIT), 0);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(udp_listen(server, &at, &b[i]), 0);
	assert_int_equal(udp_count(server), 2);
	for (unsigned i = 0; i < 6; i++)
		send_number(client, &b[i % 2], i, 2);
	udp_flush(client);
	assert_int_equal(udp_receive(server, 0, keep, &asked), 3);
	assert_int_equal(udp_receive(server, 1, keep, &asked), 3);
	for (unsigned i = 0; i < asked.count; i++)
		udp_send(server, &asked.at[i].from, asked.at[i].start, 2);
	udp_flush(server);

	receive_all(client, &answered);
	assert_int_equal(answered.count, 6);
	for (unsigned i = 0; i < 6; i++)
		assert_true(addr_equal(&answered.at[i].from, &b[number_of(&answered, i) % 2]));
	udp_free(&client);
	udp_free(&server);
}

TEST(too_long_is_counted_and_not_cut)
{
	struct addr a, b;
	struct udp *from = open_at(0x7f000001, &a), *to = open_at(0x7f000001, &b);
	struct kept k = { 0 };

	send_number(from, &b, 1, LIMIT);
	send_number(from, &b, 2, LIMIT + 1);
	send_number(from, &b, 3, UDP_DATAGRAM_MAX);
	send_number(from, &b, 4, 0);
	udp_flush(from);
	receive_all(to, &k);
	assert_int_equal(k.count, 2);
	assert_int_equal(k.at[0].len, LIMIT);
	assert_int_equal(k.at[1].len, 0);
	assert_int_equal(udp_stats(to)->too_long, 2);
	udp_free(&from);
	udp_free(&to);
}

TEST(one_bad_destination_harms_no_other)
{
	struct addr a, b, nowhere = addr_v4(0xffffffff, 9); /* broadcast is not permitted */
	struct udp *from = open_at(0x7f000001, &a), *to = open_at(0x7f000001, &b);
	struct kept k = { 0 };

	for (unsigned i = 0; i < 10; i++) {
		send_number(from, &nowhere, i, 10);
		send_number(from, &b, i, 10);
	}
	udp_flush(from);
	receive_all(to, &k);
	assert_int_equal(k.count, 10);
	assert_int_equal(udp_stats(from)->not_sent, 10);
	udp_free(&from);
	udp_free(&to);
}

/* A socket without checksums cannot send segments: the same error a poor network card gives. */
TEST(refused_segments_leave_singly)
{
	struct addr a, b;
	struct udp *from = open_at(0x7f000001, &a), *to = open_at(0x7f000001, &b);
	struct kept k = { 0 };
	const int on = 1;

	assert_int_equal(setsockopt(udp_fd(from, 0), SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)), 0);
	for (unsigned i = 0; i < 100; i++)
		send_number(from, &b, i, 10);
	udp_flush(from);
	receive_all(to, &k);
	assert_int_equal(k.count, 100);
	for (unsigned i = 0; i < k.count; i++)
		check(number_of(&k, i) == i);
	assert_int_equal(udp_stats(from)->not_sent, 0);
	assert_false(udp_uses_segments(from));
	udp_free(&from);
	udp_free(&to);
}

TEST(listening_fails_in_words)
{
	struct addr bound, other, v6 = { .ip = { [15] = 1 } };
	struct udp *u = open_at(0x7f000001, &bound);
	struct addr foreign = addr_v4(0xc0000201, 0); /* 192.0.2.1, of nobody */

	assert_int_equal(udp_listen(u, &bound, &other), -ICQ_EBUSY);
	assert_int_equal(udp_listen(u, &foreign, &other), -ICQ_ENOENT);
	assert_int_equal(udp_listen(u, &v6, &other), -ICQ_ERANGE);
	assert_int_equal(udp_count(u), 1);
	bound.port = 0;
	for (unsigned i = 1; i < UDP_SOCKETS_MAX; i++)
		assert_int_equal(udp_listen(u, &bound, &other), 0);
	assert_int_equal(udp_listen(u, &bound, &other), -ICQ_EFULL);
	udp_free(&u);
}
