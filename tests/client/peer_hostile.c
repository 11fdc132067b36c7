/* SPDX-License-Identifier: MIT */
/* Others connect who are not what they say, or nothing at all. */
#include <string.h>

#include "client/wires.h"
#include "harness.h"

#define TEXT_2                                                                                     \
	"3600.11270000.0200.EE070000.11270000.0100.0F00.68656C6C6F206F7665722074637000."           \
	"7F000001.7F000001.E0150000.04.0000.1000.FFFFFFFF"
#define NAME(version, uin) "1A00.FF." version ".E0150000." uin ".7F000001.7F000001.04.E0150000"
#define ANN_ "11270000"
#define STRANGER_ "14270000" /* 10004 */

enum { STRANGER = 10004 };

static struct scene s;
static uint8_t said[8192]; /* on streams */
static size_t said_n;
static unsigned closed;

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	(void)ctx;
	(void)stream;
	(void)to;
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

static struct addr from(uint8_t last)
{
	return addr_v4(0x7F000000u | last, 40000);
}

/* The user takes connections; ANN is on the list, at 127.0.0.1:5600. */
static void open_listening(void)
{
	static const union icq_msg online = { .s_user_online = { .uin = ANN,
								 .ip = 0x7F000001,
								 .port = 5600,
								 .mode = 4,
								 .tcp_version = 2 } };

	said_n = closed = 0;
	scene_open_at(&s, &(struct scene_place){ .uin = ME,
						 .ip = 0x7F000001,
						 .direct = ICQ_CLIENT_DIRECT_ON,
						 .listen_port = 5601,
						 .connect = on_connect,
						 .stream_send = on_stream_send,
						 .stream_close = on_stream_close });
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	scene_server(&s, M_s_user_online, 1, &online);
	scene_forget(&s);
}

static uint32_t accept_from(uint8_t last)
{
	struct addr at = from(last);

	return icq_client_stream_accepted(s.client, s.now, 0, &at);
}

static void say_hex(uint32_t stream, const char *hex)
{
	struct hex h = hex_bytes(hex);

	icq_client_stream_data(s.client, s.now, stream, h.b, h.n);
	scene_answer(&s);
}

static void assert_said(const char *hex)
{
	struct hex h = hex_bytes(hex);

	assert_bytes(h.b, h.n, said, said_n);
	said_n = 0;
}

TEST(golden_message_is_taken_and_acknowledged)
{
	uint32_t stream;

	open_listening();
	stream = accept_from(1);
	say_hex(stream, NAME("02000000", ANN_) TEXT_2);
	assert_diary(&s, "~10001 open <10001 hello over tcp> ");
	assert_true(s.matches);
	assert_said("2800.214E0000.0200.DA070000.214E0000.0100.0100.00.7F000001.00000000."
		    "E1150000.04.0000.0000.FFFFFFFF");
	say_hex(stream, TEXT_2); /* a repeat: acknowledged again, and dropped */
	assert_diary(&s, "");
	assert_int_equal(said_n, 42);
	scene_close(&s);
}

TEST(own_message_and_acknowledgement_of_licq_are_as_they_should_be)
{
	struct hex ack = hex_bytes("2B00.11270000.0300.DA070000.11270000.0100.0100.00.7F000001."
				   "7F000001.E1150000.04.0000.0000.FFFFFFFF.4CBD02");

	open_listening();
	icq_client_send_by(s.client, s.now, 3, ANN, T_text, icq_str_of("hello over tcp"),
			   ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
	scene_answer(&s);
	icq_client_stream_opened(s.client, s.now, 1);
	assert_said("1A00.FF.02000000.E1150000.214E0000.7F000001.00000000.04.E1150000."
		    "3600.214E0000.0200.EE070000.214E0000.0100.0F00.68656C6C6F206F7665722074637000."
		    "7F000001.00000000.E1150000.04.0000.1000.FFFFFFFF");
	scene_forget(&s);
	icq_client_stream_data(s.client, s.now, 1, ack.b, ack.n);
	assert_diary(&s, "(1 delivered) ");
	scene_close(&s);
}

TEST(stranger_is_not_answered_and_an_address_elsewhere_does_not_match)
{
	open_listening();
	icq_client_status(s.client, s.now, 0, ICQ_STATUS_dnd);
	icq_client_away_text(s.client, ICQ_STATUS_dnd, "secret");
	scene_forget(&s);
	/* Asks for the away text: nothing leaves. */
	say_hex(accept_from(1),
		NAME("02000000",
		     STRANGER_) "2800." STRANGER_ ".0200.EE070000." STRANGER_
				".EB03.0100.00.00000000.00000000.00000000.04.0000.1000.FFFFFFFF");
	assert_int_equal(said_n, 0);
	assert_diary(&s, "~10004 open ");
	say_hex(accept_from(9),
		NAME("02000000",
		     ANN_) "2900." ANN_ ".0200.EE070000." ANN_
			   ".0100.0200.6800.00000000.00000000.00000000.04.0000.4000.FFFFFFFF");
	assert_diary(&s, "~10001 open <10001 h> ");
	assert_false(s.matches);
	scene_close(&s);
}

TEST(bad_beginnings_are_the_end)
{
	static const char *const beginnings[] = {
		"0000",
		"4100",
		"FFFF",
		"0100.00",
		"0100.FF",
		TEXT_2,
		NAME("02000000", "00000000"),
		NAME("02000000", "214E0000"), /* our own number */
		NAME("01000000", ANN_),
		NAME("06000000", ANN_),
		"1900.FF.02000000.E0150000.11270000.7F000001.7F000001.04.E01500",
	};

	open_listening();
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		closed = 0;
		say_hex(accept_from(1), beginnings[i]);
		assert_int_equal(closed, 1);
	}
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(message_under_another_number_is_the_end)
{
	open_listening();
	say_hex(accept_from(1), NAME("02000000", STRANGER_) TEXT_2);
	assert_int_equal(closed, 1);
	assert_diary(&s, "~10004 open ~10004 closed ");
	scene_close(&s);
}

TEST(ignored_and_unseen_users_are_closed)
{
	open_listening();
	scene_add(&s, ANN, ICQ_CLIENT_IGNORE);
	say_hex(accept_from(1), NAME("02000000", ANN_));
	scene_add(&s, ANN, ICQ_CLIENT_INVISIBLE);
	say_hex(accept_from(1), NAME("02000000", ANN_));
	assert_int_equal(closed, 2);
	scene_forget(&s);
	icq_client_status(s.client, s.now, 0, ICQ_STATUS_invisible);
	say_hex(accept_from(1), NAME("02000000", STRANGER_));
	assert_int_equal(closed, 3);
	scene_close(&s);
}

TEST(whoever_does_not_name_himself_or_end_his_packet_is_closed)
{
	uint32_t stream;

	open_listening();
	accept_from(1);
	scene_run(&s, 9999);
	assert_int_equal(closed, 0);
	scene_run(&s, 1);
	assert_int_equal(closed, 1);
	stream = accept_from(1);
	say_hex(stream, NAME("02000000", ANN_) "36");
	scene_run(&s, 30000);
	assert_int_equal(closed, 2);
	scene_close(&s);
}

TEST(packets_are_limited)
{
	static const uint8_t nothing[8192];
	uint32_t stream;

	open_listening();
	stream = accept_from(1);
	say_hex(stream, NAME("02000000", ANN_) "0020"); /* 8192 bytes follow */
	icq_client_stream_data(s.client, s.now, stream, nothing, 8191);
	assert_int_equal(closed, 0);
	icq_client_stream_data(s.client, s.now, stream, nothing, 1); /* and are no message */
	assert_int_equal(closed, 1);
	stream = accept_from(1);
	say_hex(stream, NAME("02000000", ANN_) "0120"); /* one more is too many */
	assert_int_equal(closed, 2);
	scene_close(&s);
}

TEST(connections_are_limited)
{
	unsigned taken = 0;

	open_listening();
	for (uint8_t host = 1; host <= 9; host++)
		for (int i = 0; i < 9; i++)
			taken += accept_from(host) != 0;
	assert_int_equal(taken, 32);
	scene_close(&s);
	open_listening();
	for (int i = 0; i < 9; i++)
		taken += accept_from(1) != 0;
	assert_int_equal(taken, 40);
	scene_close(&s);
}

TEST(flood_is_dropped_without_acknowledgement)
{
	struct hex text = hex_bytes(TEXT_2);
	uint32_t stream;

	open_listening();
	stream = accept_from(1);
	say_hex(stream, NAME("02000000", ANN_));
	for (uint8_t i = 0; i < 20; i++) {
		text.b[text.n - 1] = i;
		icq_client_stream_data(s.client, s.now, stream, text.b, text.n);
		scene_answer(&s);
	}
	assert_int_equal(said_n, 10 * 42);
	scene_run(&s, 1000);
	icq_client_stream_data(s.client, s.now, stream, text.b, text.n);
	scene_answer(&s);
	assert_int_equal(said_n, 11 * 42);
	scene_close(&s);
}

TEST(nobody_is_taken_unless_the_user_wants_it)
{
	scene_open(&s);
	scene_online(&s);
	assert_int_equal(accept_from(1), 0);
	scene_close(&s);
}

TEST(garbage_does_no_harm)
{
	struct rng rng = { harness_seed() };
	struct hex name = hex_bytes(NAME("03000000", ANN_));
	uint8_t junk[200];

	open_listening();
	for (int i = 0; i < 2000; i++) {
		uint32_t stream = accept_from(1);

		if (i % 2)
			icq_client_stream_data(s.client, s.now, stream, name.b, name.n);
		rng_bytes(&rng, junk, sizeof(junk));
		junk[0] = (uint8_t)rng_below(&rng, 190); /* a length that is met */
		junk[1] = 0;
		icq_client_stream_data(s.client, s.now, stream, junk, sizeof(junk));
		scene_answer(&s);
		icq_client_stream_closed(s.client, s.now, stream, false);
		scene_forget(&s);
		said_n = 0;
	}
	scene_close(&s);
}
