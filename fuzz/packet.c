/* SPDX-License-Identifier: MIT */
#include "packet.h"

#include <string.h>

#include "any.h"

#define PACKET_MAX 65536

void packet_body(enum icq_id id, const uint8_t *body, size_t n)
{
	static uint8_t out[PACKET_MAX];
	union icq_msg read, again;

	if (icq_decode(id, body, n, &read) < 0)
		return;

	int len = icq_encode(id, &read, out, sizeof(out));

	must(len >= 0);
	must(icq_decode(id, out, (size_t)len, &again) == 0);
	must(any_equal(id, &read, &again));
}

static void follow_rows(void *ctx, const struct icq_shown *shown)
{
	size_t *end = ctx;

	must(shown->offset == *end && shown->len > 0);
	*end += shown->len;
}

void packet_show(enum icq_channel channel, const uint8_t *packet, size_t n)
{
	char line[200];
	size_t end = 0;
	enum icq_id id;

	icq_show(channel, packet, n, true, follow_rows, &end, &id);
	must(end == n);
	must(icq_show_line(channel, packet, n, true, line, sizeof(line)) == strlen(line));
}

void packet_datagram(enum icq_channel channel, const uint8_t *packet, size_t n)
{
	static uint8_t out[PACKET_MAX];
	struct icq_head head, head_again;
	union icq_msg msg, again;
	enum icq_id id, id_again;

	packet_show(channel, packet, n);
	if (icq_unpack(channel, packet, n, &head, &id, &msg) < 0)
		return;

	int len = icq_pack(id, &head, &msg, out, sizeof(out));

	must(len > 0);
	must(icq_unpack(channel, out, (size_t)len, &head_again, &id_again, &again) == 0);
	must(id == id_again && any_equal(id, &msg, &again));
	must(head.version == head_again.version && head.command == head_again.command);
	must(head.seq == head_again.seq && head.uin == head_again.uin);
}
