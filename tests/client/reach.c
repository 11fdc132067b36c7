/* SPDX-License-Identifier: MIT */
/* Where the server says a contact is, and whether we go there. */
#include "client/scene.h"
#include "harness.h"

static struct scene s;
static struct addr gone_to; /* port 0: nowhere */

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	(void)ctx;
	(void)stream;
	gone_to = *to;
	return 0;
}

static void on_stream(void *ctx, uint32_t stream)
{
	(void)ctx;
	(void)stream;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	(void)p;
	(void)n;
	on_stream(ctx, stream);
}

enum {
	LOOPBACK = 0x7F000001,
	OUTSIDE = 0xC6336407,	 /* 198.51.100.7 */
	OURS = 0xCB007109,	 /* 203.0.113.9 */
	TEN = 0x0A000001,	 /* 10.0.0.1 */
	TEN_TOO = 0x0A630001,	 /* 10.99.0.1 */
	HOME = 0xC0A80105,	 /* 192.168.1.5 */
	HOME_TOO = 0xC0A80205,	 /* 192.168.2.5 */
	OFFICE = 0xAC100001,	 /* 172.16.0.1 */
	OFFICE_TOO = 0xAC1F0001, /* 172.31.0.1 */
	CARRIER = 0x64400001,	 /* 100.64.0.1 */
};

/* Us, as the server and the machine see us; the server; the contact, and where we go: 0 is
 * nowhere. */
static const struct {
	uint32_t outer, inner, server;
	uint32_t ip, inner_ip, port;
	uint32_t goes_to;
} table[] = {
	/* ports and special addresses */
	{ OURS, HOME, OUTSIDE, OUTSIDE, 0, 5000, OUTSIDE },
	{ OURS, HOME, OUTSIDE, OUTSIDE, 0, 1024, OUTSIDE },
	{ OURS, HOME, OUTSIDE, OUTSIDE, 0, 1023, 0 },
	{ OURS, HOME, OUTSIDE, OUTSIDE, 0, 65535, OUTSIDE },
	{ OURS, HOME, OUTSIDE, OUTSIDE, 0, 65536 + 5000, 0 },
	{ OURS, HOME, OUTSIDE, 0x00000000, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, 0x00000001, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, 0xA9FE0101, 0, 5000, 0 }, /* link-local */
	{ OURS, HOME, OUTSIDE, 0xE0000001, 0, 5000, 0 }, /* multicast */
	{ OURS, HOME, OUTSIDE, 0xEFFFFFFF, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, 0xF0000001, 0, 5000, 0 }, /* reserved */
	{ OURS, HOME, OUTSIDE, 0xFFFFFFFF, 0, 5000, 0 }, /* broadcast */
	/* this machine */
	{ OURS, HOME, OUTSIDE, LOOPBACK, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, 0x7FFFFFFF, 0, 5000, 0 },
	{ LOOPBACK, LOOPBACK, LOOPBACK, LOOPBACK, 0, 5000, LOOPBACK },
	{ OURS, HOME, OUTSIDE, OURS, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, HOME, 0, 5000, 0 },
	/* private ranges, from inside and outside of them */
	{ OURS, HOME, OUTSIDE, HOME_TOO, 0, 5000, HOME_TOO },
	{ OURS, HOME, OUTSIDE, TEN, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, OFFICE, 0, 5000, 0 },
	{ OURS, HOME, OUTSIDE, CARRIER, 0, 5000, 0 },
	{ TEN, 0, TEN_TOO, TEN_TOO, 0, 5000, TEN_TOO },
	{ OURS, OFFICE, OUTSIDE, OFFICE_TOO, 0, 5000, OFFICE_TOO },
	{ OURS, 0, OUTSIDE, HOME, 0, 5000, 0 },
	/* beside us, behind one router */
	{ OURS, HOME, OUTSIDE, OURS, HOME_TOO, 5000, HOME_TOO },
	{ OURS, HOME, OUTSIDE, OURS, TEN, 5000, 0 },
	{ OURS, HOME, OUTSIDE, OURS, LOOPBACK, 5000, 0 },
	{ OURS, HOME, OUTSIDE, OUTSIDE, HOME_TOO, 5000, OUTSIDE },
};

static uint32_t try_place(size_t i)
{
	union icq_msg msg = { .s_user_online = { .uin = ANN,
						 .ip = table[i].ip,
						 .inner_ip = table[i].inner_ip,
						 .port = table[i].port,
						 .mode = 4 } };

	gone_to = (struct addr){ 0 };
	scene_open_at(&s, &(struct scene_place){ .uin = ME,
						 .ip = table[i].outer,
						 .inner_ip = table[i].inner,
						 .server = addr_v4(table[i].server, 4000),
						 .connect = on_connect,
						 .stream_send = on_stream_send,
						 .stream_close = on_stream });
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	scene_server(&s, M_s_user_online, 1, &msg);
	icq_client_peer(s.client, s.now, 3, ANN, true);
	scene_close(&s);
	return addr_ip4(&gone_to);
}

TEST(only_safe_places_are_connected_to)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		uint32_t to = try_place(i);

		if (to != table[i].goes_to)
			fail_msg("row %zu: to %08x", i, to);
		assert_true(!to || gone_to.port == table[i].port);
	}
}

/* A server on an address of the new kind: nothing about it is a place of version 2. */
TEST(address_of_version_6_is_neither_ours_nor_a_contacts)
{
	struct addr at;

	assert_int_equal(addr_parse("[2001:db8::7]:40000", &at), 0);
	scene_open_at(&s, &(struct scene_place){ .uin = ME,
						 .server = at,
						 .direct = ICQ_CLIENT_DIRECT_ON,
						 .listen_port = 5601,
						 .connect = on_connect,
						 .stream_send = on_stream_send,
						 .stream_close = on_stream });
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	scene_server(&s, M_s_user_online, 1,
		     &(union icq_msg){ .s_user_online = { .uin = ANN, .mode = 4, .port = 5000 } });
	scene_forget(&s);
	icq_client_peer(s.client, s.now, 3, ANN, true);
	assert_diary(&s, "{3 no_direct} ");
	/* Somebody connects from there: whoever he says he is, his address proves nothing. */
	uint32_t stream = icq_client_stream_accepted(s.client, s.now, 0, &at);
	struct hex said = hex_bytes("1A00.FF.02000000.00000000.11270000.00000000.00000000.04."
				    "00000000.2900.11270000.0200.EE070000.11270000.0100.0200.6800."
				    "00000000.00000000.00000000.04.0000.1000.FFFFFFFF");

	assert_int_not_equal(stream, 0);
	icq_client_stream_data(s.client, s.now, stream, said.b, said.n);
	scene_answer(&s);
	assert_diary(&s, "~10001 open <10001 h> ");
	assert_false(s.matches);
	scene_close(&s);
}
