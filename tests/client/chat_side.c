/* SPDX-License-Identifier: MIT */
#include "client/chat_side.h"

#include <string.h>

#include "base/err.h"
#include "harness.h"

enum { PORT = 6000 };

struct chat_side side;

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	(void)ctx;
	check(side.tried_n < sizeof(side.tried) / sizeof(*side.tried));
	side.tried[side.tried_n++] = *to;
	side.last_stream = stream;
	return 0;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	(void)ctx;
	(void)stream;
	check(side.said_n + n <= sizeof(side.said));
	memcpy(side.said + side.said_n, p, n);
	side.said_n += n;
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	(void)ctx;
	(void)stream;
	side.closed++;
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	(void)ctx;
	(void)stream;
	return sizeof(side.said) - side.said_n;
}

static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	(void)ctx;
	(void)listener;
	if (side.no_ports)
		return -ICQ_EDENIED;
	side.listening++;
	*port_out = PORT;
	return 0;
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	(void)ctx;
	(void)listener;
	side.listening--;
}

void side_open(void)
{
	static const union icq_msg online = { .s_user_online = { .uin = ANN,
								 .ip = 0x7F000001,
								 .port = 5600,
								 .mode = 4,
								 .tcp_version = 3 } };

	memset(&side, 0, sizeof(side));
	scene_open_at(&side.scene, &(struct scene_place){ .uin = ME,
							  .ip = 0x7F000001,
							  .direct = ICQ_CLIENT_DIRECT_ON,
							  .listen_port = 5601,
							  .connect = on_connect,
							  .stream_send = on_stream_send,
							  .stream_close = on_stream_close,
							  .stream_room = on_stream_room,
							  .listen = on_listen,
							  .listen_end = on_listen_end });
	scene_add(&side.scene, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&side.scene);
	scene_server(&side.scene, M_s_user_online, 1, &online);
	scene_forget(&side.scene);
}

void side_close(void)
{
	scene_close(&side.scene);
}

uint32_t side_come_from(uint8_t last, uint32_t listener)
{
	struct addr at = addr_v4(0x7F000000u | last, 40000);

	return icq_client_stream_accepted(side.scene.client, side.scene.now, listener, &at);
}

void side_hear_bytes(uint32_t stream, const void *p, size_t n)
{
	icq_client_stream_data(side.scene.client, side.scene.now, stream, p, n);
}

void side_put(struct wr *w, const char *hex)
{
	struct hex h = hex_bytes(hex);

	wr_u16(w, (uint16_t)h.n);
	wr_bytes(w, h.b, h.n);
}

void side_hear(uint32_t stream, const char *hex)
{
	uint8_t packet[2048];
	struct wr w = wr_to(packet, sizeof(packet));

	side_put(&w, hex);
	side_hear_bytes(stream, packet, w.len);
}

void side_hear_text(uint32_t stream, const char *text)
{
	side_hear_bytes(stream, text, strlen(text));
}

void side_assert_said(const char *hex)
{
	struct hex h = hex_bytes(hex);

	assert_bytes(h.b, h.n, side.said, side.said_n);
	side.said_n = 0;
}

void side_expect_ann(void)
{
	uint32_t stream;

	side_open();
	stream = side_come_from(1, 0);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, REQUEST);
	icq_client_accept(side.scene.client, side.scene.now, 2, 1);
	assert_diary(&side.scene, "~10001 open <asks 10001 chat: /0 > {2 ok #1} ");
	assert_int_equal(side.listening, 1);
	side.said_n = 0;
}

uint32_t side_go_to_ann(void)
{
	side_open();
	icq_client_chat(side.scene.client, side.scene.now, 1, ANN, icq_str_of("hi"), 0);
	icq_client_stream_opened(side.scene.client, side.scene.now, side.last_stream);
	side_hear(side.last_stream, ACCEPT);
	assert_diary(&side.scene, "~10001 open {1 ok #1} ");
	assert_int_equal(side.tried_n, 2);
	assert_int_equal(addr_ip4(&side.tried[1]), 0x7F000001);
	assert_int_equal(side.tried[1].port, 0x4078);
	side.said_n = 0;
	icq_client_stream_opened(side.scene.client, side.scene.now, side.last_stream);
	return side.last_stream;
}

uint32_t side_let_ann_in(void)
{
	uint32_t stream;

	side_expect_ann();
	stream = side_come_from(1, 1);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, COLOR(ANN_));
	side_hear(stream, FONT);
	assert_diary(&side.scene, "&1 10001 open ");
	side.said_n = 0;
	return stream;
}
