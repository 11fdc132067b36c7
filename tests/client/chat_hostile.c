/* SPDX-License-Identifier: MIT */
/* Chats with clients of others, byte by byte, and with those who are nobody's friends. */
#include <string.h>

#include "base/cursor.h"
#include "client/wires.h"
#include "harness.h"

#define ANN_ "11270000"
#define ME_ "214E0000"
#define STRANGER_ "14270000" /* 10004 */
#define HERE "7F000001"

/* As another client says them, without LENGTH. */
#define NAME(uin) "FF.03000000.E0150000." uin "." HERE "." HERE ".04.E0150000"
#define MESSAGE(command, sequence, rest)                                                           \
	ANN_ ".0300." command "0000." ANN_ ".0200.0100.00." HERE "." HERE                          \
	     ".E0150000.04.0000." rest "." sequence
#define REQUEST MESSAGE("EE07", "06000000", "1000.0100.00.00000000.00000000")
#define ACCEPT MESSAGE("DA07", "FFFFFFFF", "0000.0100.00.40780000.78400000")
#define COLOR(uin) "64000000.FDFFFFFF." uin ".0400.616E6E00.623D.FFFFFF00.00000000.00"
#define COLOR_FONT(uin, users)                                                                     \
	"64000000." uin ".0800.3831303030303000.FFFFFF00.00000000.03000000.DB640000." HERE         \
	"." HERE ".04.755A.0C000000.00000000.0800.436F757269657200.0000." users
#define FONT                                                                                       \
	"03000000.83720000." HERE "." HERE ".04.5472.0C000000.00000000.0800.436F757269657200.0000"
#define USER(ip, port, uin) "03000000." port "." uin "." ip "." ip ".0000.04.0000.64000000"

enum { STRANGER = 10004, PORT = 6000 };

static struct scene s;
static uint8_t said[1 << 16]; /* on streams, without those that carry requests */
static size_t said_n;
static unsigned closed, listening;
static struct addr tried[64]; /* where it has tried to connect */
static size_t tried_n;
static uint32_t last_stream;

/* ---- the world ------------------------------------------------------------------------- */

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	(void)ctx;
	check(tried_n < sizeof(tried) / sizeof(*tried));
	tried[tried_n++] = *to;
	last_stream = stream;
	return 0;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	(void)ctx;
	(void)stream;
	check(said_n + n <= sizeof(said));
	memcpy(said + said_n, p, n);
	said_n += n;
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	(void)ctx;
	(void)stream;
	closed++;
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	(void)ctx;
	(void)stream;
	return sizeof(said) - said_n;
}

static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	(void)ctx;
	(void)listener;
	listening++;
	*port_out = PORT;
	return 0;
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	(void)ctx;
	(void)listener;
	listening--;
}

/* ANN is on the list, at 127.0.0.1:5600. */
static void open_scene(void)
{
	static const union icq_msg online = { .s_user_online = { .uin = ANN,
								 .ip = 0x7F000001,
								 .port = 5600,
								 .mode = 4,
								 .tcp_version = 3 } };

	said_n = closed = listening = 0;
	tried_n = 0;
	scene_open_at(&s, &(struct scene_place){ .uin = ME,
						 .ip = 0x7F000001,
						 .direct = ICQ_CLIENT_DIRECT_ON,
						 .listen_port = 5601,
						 .connect = on_connect,
						 .stream_send = on_stream_send,
						 .stream_close = on_stream_close,
						 .stream_room = on_stream_room,
						 .listen = on_listen,
						 .listen_end = on_listen_end });
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	scene_server(&s, M_s_user_online, 1, &online);
	scene_forget(&s);
}

static uint32_t come_from(uint8_t last, uint32_t listener)
{
	struct addr at = addr_v4(0x7F000000u | last, 40000);

	return icq_client_stream_accepted(s.client, s.now, listener, &at);
}

static void say_bytes(uint32_t stream, const void *p, size_t n)
{
	icq_client_stream_data(s.client, s.now, stream, p, n);
}

/* A packet, with its LENGTH. */
static void put(struct wr *w, const char *hex)
{
	struct hex h = hex_bytes(hex);

	wr_u16(w, (uint16_t)h.n);
	wr_bytes(w, h.b, h.n);
}

static void say(uint32_t stream, const char *hex)
{
	uint8_t packet[2048];
	struct wr w = wr_to(packet, sizeof(packet));

	put(&w, hex);
	say_bytes(stream, packet, w.len);
}

static void say_text(uint32_t stream, const char *text)
{
	say_bytes(stream, text, strlen(text));
}

static void assert_said(const char *hex)
{
	struct hex h = hex_bytes(hex);

	assert_bytes(h.b, h.n, said, said_n);
	said_n = 0;
}

/* Ann asks, and is expected as number 1. */
static void expect_ann(void)
{
	uint32_t stream;

	open_scene();
	stream = come_from(1, 0);
	say(stream, NAME(ANN_));
	say(stream, REQUEST);
	icq_client_accept(s.client, s.now, 2, 1);
	assert_diary(&s, "~10001 open <asks 10001 chat: /0 > {2 ok #1} ");
	assert_int_equal(listening, 1);
	said_n = 0;
}

/* We ask Ann, who accepts: the stream to her. */
static uint32_t go_to_ann(void)
{
	open_scene();
	icq_client_chat(s.client, s.now, 1, ANN, icq_str_of("hi"), 0);
	icq_client_stream_opened(s.client, s.now, last_stream);
	say(last_stream, ACCEPT);
	assert_diary(&s, "~10001 open {1 ok #1} ");
	assert_int_equal(tried_n, 2);
	assert_int_equal(addr_ip4(&tried[1]), 0x7F000001);
	assert_int_equal(tried[1].port, 0x4078);
	said_n = 0;
	icq_client_stream_opened(s.client, s.now, last_stream);
	return last_stream;
}

/* Ann is in the chat that she has asked for. */
static uint32_t let_ann_in(void)
{
	uint32_t stream;

	expect_ann();
	stream = come_from(1, 1);
	say(stream, NAME(ANN_));
	say(stream, COLOR(ANN_));
	say(stream, FONT);
	assert_diary(&s, "&1 10001 open ");
	said_n = 0;
	return stream;
}

/* ---- clients of others ----------------------------------------------------------------- */

TEST(licq_and_icqlib_are_answered_with_their_own_code)
{
	uint32_t stream;

	expect_ann();
	stream = come_from(1, 1);
	say(stream, NAME(ANN_));
	say(stream, "65000000.FAFFFFFF." ANN_ ".0500.6E69636B00.0B00.FFFFFF00.00000000.00");
	assert_said("3900.65000000." ME_ ".0600.323030303100.FFFFFF00.00000000.03000000.70170000."
		    "7F000001.00000000.04.5A5A.0C000000.00000000.0100.00.0000.00");
	say(stream, FONT);
	assert_diary(&s, "&1 10001 open ");
	assert_true(s.matches);
	say_text(stream, "\x03hi\x08\x08hello\r\n");
	assert_diary(&s, "&1 10001: hello ");
	icq_client_chat_type(s.client, s.now, 5, 1, "hello\n");
	assert_said("68656C6C6F0D");
	scene_close(&s);
	expect_ann();
	stream = come_from(1, 1);
	say(stream, NAME(ANN_));
	say(stream, COLOR(ANN_));
	assert_int_equal(said[2], 0x64);
	scene_close(&s);
}

TEST(licq_is_talked_to_as_it_wants)
{
	uint32_t stream = go_to_ann();

	assert_said("1A00.FF.03000000.E1150000." ME_ ".7F000001.00000000.04.E1150000."
		    "1F00.64000000.FDFFFFFF." ME_ ".0600.323030303100.1770.FFFFFF00.00000000.00");
	say(stream, COLOR_FONT(ANN_, "00"));
	assert_said("2100.03000000.70170000.7F000001.00000000.04.5A5A.0C000000.00000000.0100.00."
		    "0000.00");
	assert_diary(&s, "&1 10001 open ");
	say_text(stream, "hello\r");
	assert_diary(&s, "&1 10001: hello ");
	icq_client_stream_closed(s.client, s.now, stream, false);
	assert_diary(&s, "&1 10001 close &1 over closed ");
	assert_int_equal(listening, 0);
	scene_close(&s);
}

/* The last packet and the first text may come in one piece, or everything in small ones. */
TEST(text_right_behind_the_setup_is_not_lost)
{
	uint8_t all[256];
	struct wr w = wr_to(all, sizeof(all));

	put(&w, NAME(ANN_));
	put(&w, COLOR(ANN_));
	put(&w, FONT);
	wr_bytes(&w, "he\bi\r\v", 6);
	for (size_t cut = 1; cut <= w.len; cut++) {
		uint32_t stream;

		expect_ann();
		stream = come_from(1, 1);
		for (size_t at = 0; at < w.len; at += cut)
			say_bytes(stream, all + at, cut < w.len - at ? cut : w.len - at);
		assert_non_null(strstr(s.diary, "&1 10001: hi &1 10001 close &1 over left "));
		scene_close(&s);
	}
}

/* ---- who may come ---------------------------------------------------------------------- */

TEST(first_to_come_must_be_who_was_expected)
{
	uint32_t stream;

	expect_ann();
	say(come_from(1, 1), NAME(STRANGER_));
	assert_int_equal(closed, 1);
	say(come_from(9, 1), NAME(ANN_)); /* not where the server says she is */
	assert_int_equal(closed, 2);
	assert_diary(&s, "");
	stream = come_from(1, 1);
	say(stream, NAME(ANN_));
	say(stream, COLOR(ANN_));
	say(stream, FONT);
	assert_diary(&s, "&1 10001 open ");
	say(come_from(1, 1), NAME(ANN_)); /* she is there already */
	assert_int_equal(closed, 3);
	scene_close(&s);
}

/* Whoever is in may have told others. */
TEST(later_a_stranger_may_come_and_is_unverified)
{
	uint32_t stream;

	let_ann_in();
	stream = come_from(1, 1);
	say(stream, NAME(STRANGER_));
	say(stream, COLOR(STRANGER_));
	say(stream, FONT);
	assert_diary(&s, "&1 10004 open ");
	assert_false(s.matches);
	scene_close(&s);
}

TEST(users_who_are_told_of_are_tried_only_where_it_is_safe)
{
	uint32_t stream = go_to_ann();

	say(stream,
	    COLOR_FONT(ANN_,
		       "09" USER("0A000001", "701B0000", "01000000") USER(
			       "A9FE0101", "701B0000",
			       "02000000") USER("E0000001", "701B0000",
						"03000000") USER(HERE, "50000000", "04000000")
			       USER(HERE, "00000000", "05000000") USER(HERE, "701B0100", "06000000")
				       USER(HERE, "701B0000", ME_) USER(HERE, "701B0000", ANN_)
					       USER(HERE, "711B0000", "09000000")));
	assert_int_equal(tried_n, 3);
	assert_int_equal(tried[2].port, 0x1B71);
	scene_close(&s);
}

TEST(nobody_makes_us_connect_to_crowds)
{
	static uint8_t packet[8192];
	struct wr w = wr_to(packet, sizeof(packet));
	struct hex head = hex_bytes(COLOR_FONT(ANN_, "64"));
	struct hex user = hex_bytes(USER(HERE, "701B0000", "00000000"));
	uint32_t stream = go_to_ann();

	wr_u16(&w, (uint16_t)(head.n + 100 * user.n));
	wr_bytes(&w, head.b, head.n);
	for (uint8_t i = 1; i <= 100; i++) {
		user.b[8] = i; /* his UIN */
		wr_bytes(&w, user.b, user.n);
	}
	say_bytes(stream, packet, w.len);
	assert_diary(&s, "&1 10001 open ");
	assert_int_equal(tried_n, 2 + 14);
	scene_close(&s);
}

TEST(streams_of_a_chat_are_limited)
{
	unsigned taken = 0;

	let_ann_in();
	for (unsigned i = 0; i < 40; i++)
		taken += come_from(1, 1) != 0;
	assert_int_equal(taken, 8); /* that have not named themselves */
	scene_close(&s);
}

/* ---- who says the wrong thing ---------------------------------------------------------- */

TEST(setup_that_is_wrong_is_the_end)
{
	static const char *const beginnings[] = {
		COLOR(STRANGER_), /* under another number than before */
		"66000000.FDFFFFFF." ANN_ ".0400.616E6E00.623D.FFFFFF00.00000000.00",
		"64000000.FDFFFFFF." ANN_,
		FONT,
		REQUEST,
		"00",
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		uint32_t stream;

		expect_ann();
		stream = come_from(1, 1);
		say(stream, NAME(ANN_));
		say(stream, beginnings[i]);
		assert_int_equal(closed, 1);
		assert_diary(&s, ""); /* the true one may still come */
		scene_close(&s);
	}
}

TEST(answer_under_another_number_is_the_end)
{
	uint32_t stream = go_to_ann();

	say(stream, COLOR_FONT(STRANGER_, "00"));
	assert_int_equal(closed, 1);
	assert_diary(&s, "&1 over malformed ");
	scene_close(&s);
}

TEST(who_does_not_finish_the_setup_is_closed)
{
	uint32_t stream;

	expect_ann();
	stream = come_from(1, 1);
	say(stream, NAME(ANN_));
	say(stream, COLOR(ANN_));
	scene_run(&s, 14999);
	assert_int_equal(closed, 0);
	scene_run(&s, 1);
	assert_int_equal(closed, 1);
	scene_run(&s, 60000);
	assert_non_null(strstr(s.diary, "&1 over timeout "));
	assert_int_equal(listening, 0);
	scene_close(&s);
}

TEST(who_floods_is_closed)
{
	static char flood[8192];
	uint32_t stream = let_ann_in();

	memset(flood, 'x', sizeof(flood));
	for (int i = 0; i < 8; i++) {
		say_bytes(stream, flood, sizeof(flood));
		scene_forget(&s);
	}
	assert_int_equal(closed, 0);
	say_bytes(stream, flood, 1);
	assert_int_equal(closed, 1);
	assert_non_null(strstr(s.diary, "&1 10001 close &1 over flood "));
	scene_close(&s);
	stream = let_ann_in();
	for (int i = 0; i < 17; i++)
		say_text(stream, "\a");
	assert_int_equal(closed, 1);
	scene_close(&s);
}

/* He cannot have everything, so he gets nothing more. */
TEST(who_does_not_read_is_closed)
{
	char keys[8001];

	let_ann_in();
	memset(keys, 'x', 8000);
	keys[8000] = 0;
	for (int i = 0; i < 9; i++)
		icq_client_chat_type(s.client, s.now, 0, 1, keys);
	assert_int_equal(closed, 1);
	assert_diary(&s, "&1 10001 close &1 over stalled ");
	scene_close(&s);
}

TEST(garbage_does_no_harm)
{
	struct rng rng = { harness_seed() };
	uint8_t junk[200];

	for (int i = 0; i < 300; i++) {
		uint32_t stream = i % 2 ? let_ann_in() : go_to_ann();

		for (int k = 0; k < 20; k++) {
			rng_bytes(&rng, junk, sizeof(junk));
			if (k == 0)
				memcpy(junk, "\xc0", 2); /* a length that is met */
			say_bytes(stream, junk, rng_below(&rng, sizeof(junk)));
		}
		scene_close(&s);
	}
}
