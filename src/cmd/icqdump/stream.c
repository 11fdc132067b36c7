/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/stream.h"

#include "base/cursor.h"
#include "cmd/icqdump/explain.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	CONNECTIONS_MAX = 64, /* the one opened first goes when there are more */
	LENGTH = 2,
	INIT_MAX = 64, /* bytes of the first packet */
	INIT_CODE = 0xFF,
};

/* One direction of a connection. */
struct half {
	bool begun;
	bool over;	   /* bytes are missing, or it is no such connection after all */
	bool is_chat;	   /* bytes without LENGTH from here on */
	uint32_t next_seq; /* of the byte that comes next */
	size_t n;
	uint8_t bytes[LENGTH + ICQ_MAX_frame];
};

struct connection {
	bool used;
	struct addr ends[2]; /* [0] opened it */
	struct half halves[2];
};

struct streams {
	unsigned oldest;
	struct connection connections[CONNECTIONS_MAX];
};

struct streams *streams_new(void)
{
	return calloc(1, sizeof(struct streams));
}

void streams_free(struct streams **s)
{
	free(*s);
	*s = NULL;
}

static struct connection *find(struct streams *s, const struct segment *seg, int *side)
{
	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *c = &s->connections[i];

		for (*side = 0; c->used && *side < 2; ++*side) {
			if (addr_equal(&c->ends[*side], &seg->from) &&
			    addr_equal(&c->ends[!*side], &seg->to))
				return c;
		}
	}
	return NULL;
}

static bool is_opening(const struct segment *seg)
{
	struct rd r = rd_from(seg->p, seg->n);
	uint16_t length = rd_u16(&r);

	return length > 1 && length <= INIT_MAX && rd_u8(&r) == INIT_CODE && !r.bad;
}

static struct connection *open_connection(struct streams *s, const struct segment *seg)
{
	struct connection *c = &s->connections[s->oldest];

	s->oldest = (s->oldest + 1) % CONNECTIONS_MAX;
	*c = (struct connection){ .used = true, .ends = { seg->from, seg->to } };
	return c;
}

static void emit(struct half *h, enum origin origin, const uint8_t *p, size_t n,
		 const struct packet *frame, packet_fn *each, void *ctx)
{
	struct packet packet = *frame;

	packet.origin = origin;
	packet.p = p;
	packet.n = n;
	each(ctx, &packet);

	struct explained e = explain(&packet, false, NULL, NULL);

	/* each side's last packet before the chat itself */
	if (e.id == M_t_chat_color_font || e.id == M_t_chat_font)
		h->is_chat = true;
}

/* Hands over whole packets and keeps what is left. */
static void emit_packets(struct half *h, const struct packet *frame, packet_fn *each, void *ctx)
{
	while (!h->is_chat && h->n >= LENGTH) {
		size_t length = h->bytes[0] | (size_t)h->bytes[1] << 8;

		h->over |= length == 0 || length > ICQ_MAX_frame;
		if (h->over || h->n < LENGTH + length)
			return;
		emit(h, ORIGIN_PEER, h->bytes + LENGTH, length, frame, each, ctx);
		h->n -= LENGTH + length;
		memmove(h->bytes, h->bytes + LENGTH + length, h->n);
	}
	if (h->is_chat && h->n) {
		emit(h, ORIGIN_CHAT, h->bytes, h->n, frame, each, ctx);
		h->n = 0;
	}
}

static void tell_gap(const struct segment *seg, uint32_t missing)
{
	char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];

	fprintf(stderr, "icqdump: %s > %s: %u bytes are missing; the rest is passed over\n",
		addr_text(&seg->from, from), addr_text(&seg->to, to), (unsigned)missing);
}

static void add_bytes(struct half *h, const struct segment *seg, const struct packet *frame,
		      packet_fn *each, void *ctx)
{
	uint32_t known = h->next_seq - seg->seq; /* what a repetition brings again */
	const uint8_t *p = seg->p;
	size_t left = seg->n;

	if ((int32_t)known < 0) {
		tell_gap(seg, seg->seq - h->next_seq);
		h->over = true;
		return;
	}
	if (known >= left)
		return;
	p += known;
	left -= known;
	h->next_seq += (uint32_t)left;
	while (left && !h->over) {
		size_t room = sizeof(h->bytes) - h->n;
		size_t n = left < room ? left : room;

		memcpy(h->bytes + h->n, p, n);
		h->n += n;
		p += n;
		left -= n;
		emit_packets(h, frame, each, ctx);
	}
}

bool streams_add(struct streams *s, const struct segment *seg, const struct packet *frame,
		 packet_fn *each, void *ctx)
{
	int side = 0;
	struct connection *c = find(s, seg, &side);

	if (c && (seg->begins || seg->breaks)) {
		c->used = false;
		return true;
	}
	if (!seg->n)
		return c != NULL;
	if (!c && is_opening(seg))
		c = open_connection(s, seg);
	if (!c)
		return false;

	struct half *h = &c->halves[side];

	if (!h->begun)
		h->next_seq = seg->seq;
	h->begun = true;
	if (!h->over)
		add_bytes(h, seg, frame, each, ctx);
	return true;
}
