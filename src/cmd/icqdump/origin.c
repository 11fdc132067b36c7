/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/origin.h"

#include "base/cursor.h"

static const char *const names[] = {
	[ORIGIN_UNKNOWN] = "unknown", [ORIGIN_CLIENT] = "client", [ORIGIN_SERVER] = "server",
	[ORIGIN_PEER] = "peer",	      [ORIGIN_CHAT] = "chat",
};

const char *origin_name(enum origin origin)
{
	return names[origin];
}

int origin_parse(const char *name, enum origin *out)
{
	for (enum origin o = ORIGIN_CLIENT; o <= ORIGIN_PEER; o++) {
		if (strcmp(name, names[o]) == 0) {
			*out = o;
			return 0;
		}
	}
	return -ICQ_ENOENT;
}

/* The words that every message between clients has in the same place. */
static bool is_peer_message(const void *packet, size_t len)
{
	struct rd r = rd_from(packet, len);
	uint32_t uin = rd_u32(&r);

	rd_u16(&r);

	uint16_t command = rd_u16(&r);

	rd_u16(&r);
	return uin == rd_u32(&r) && !r.bad &&
	       (command == 0x07EE || command == 0x07DA || command == 0x07D0);
}

static bool is_init(const void *packet, size_t len)
{
	union icq_msg m;

	return len && *(const uint8_t *)packet == 0xFF &&
	       icq_decode(M_t_init, (const uint8_t *)packet + 1, len - 1, &m) == 0;
}

/* A client's header is the longer one, so what reads as a client's packet is no server's. */
static enum origin guess(const void *packet, size_t len)
{
	enum icq_id of_client, of_server;
	struct icq_head head;
	union icq_msg m;

	if (icq_unpack(ICQ_CLIENT, packet, len, &head, &of_client, &m) == 0)
		return ORIGIN_CLIENT;
	if (icq_unpack(ICQ_SERVER, packet, len, &head, &of_server, &m) == 0)
		return ORIGIN_SERVER;
	if (is_peer_message(packet, len) || is_init(packet, len))
		return ORIGIN_PEER;
	return of_server && !of_client ? ORIGIN_SERVER : ORIGIN_CLIENT;
}

static bool has_length(const struct packet *packet)
{
	struct rd r = rd_from(packet->p, packet->n);
	uint16_t length = rd_u16(&r);

	return rd_left(&r) > 0 && rd_left(&r) == length;
}

void origin_settle(struct packet *packet)
{
	struct packet inner = *packet;

	if (has_length(packet)) {
		inner.p = (const uint8_t *)packet->p + 2;
		inner.n -= 2;
	}
	if (inner.origin == ORIGIN_UNKNOWN)
		inner.origin = guess(inner.p, inner.n);
	if (inner.origin == ORIGIN_PEER)
		*packet = inner;
	else if (packet->origin == ORIGIN_UNKNOWN)
		packet->origin = guess(packet->p, packet->n);
}

/* Reads as a packet told by its first byte, and no byte is left over. */
static bool is_stream(const void *packet, size_t len)
{
	struct rd r = rd_from(packet, len);
	uint8_t again[ICQ_MAX_frame];
	enum icq_id id = icq_find(ICQ_STREAM, 2, rd_u8(&r));
	union icq_msg m;

	if (r.bad || id == M_NONE || icq_decode(id, (const uint8_t *)packet + 1, len - 1, &m) < 0)
		return false;
	int n = icq_pack_peer(id, &m, again, sizeof(again));

	return n < 0 || (size_t)n >= len;
}

enum icq_channel origin_channel(enum origin origin, const void *packet, size_t len)
{
	if (origin != ORIGIN_PEER)
		return origin == ORIGIN_SERVER ? ICQ_SERVER : ICQ_CLIENT;
	return !is_peer_message(packet, len) && is_stream(packet, len) ? ICQ_STREAM : ICQ_PEER;
}
