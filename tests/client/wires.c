/* SPDX-License-Identifier: MIT */
#include "client/wires.h"

#include <string.h>

#include "harness.h"

enum { PORT = 5000 };

static const struct addr ann_at = { .ip = { [10] = 0xff, 0xff, 127, 0, 0, 1 }, .port = PORT };

/* Which end a client is. */
static unsigned side_of(const struct wires *w, const struct scene *s)
{
	return w->end[1] == s;
}

static struct wire *wire_of(struct wires *w, unsigned side, uint32_t stream)
{
	for (struct wire *wire = w->wire; wire < w->wire + WIRES_MAX; wire++)
		if (wire->used && wire->stream[side] == stream)
			return wire;
	return NULL;
}

/* ---- what the clients ask for ---------------------------------------------------------- */

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	struct wire *wire = w->wire;

	check(addr_equal(to, &ann_at));
	while (wire < w->wire + WIRES_MAX && wire->used)
		wire++;
	check(wire < w->wire + WIRES_MAX);
	*wire = (struct wire){ .used = true };
	wire->stream[side_of(w, s)] = stream;
	return 0;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	unsigned side = side_of(w, s);
	struct wire *wire = wire_of(w, side, stream);

	check(wire && !wire->closed[side] && wire->n[side] + n <= WIRE_BYTES);
	memcpy(wire->bytes[side] + wire->n[side], p, n);
	wire->n[side] += n;
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	unsigned side = side_of(w, s);
	struct wire *wire = wire_of(w, side, stream);

	check(wire && !wire->closed[side]);
	wire->closed[side] = true;
}

/* ---- what the wires do ----------------------------------------------------------------- */

static void settle(struct wires *w)
{
	for (unsigned i = 0; i < 2; i++)
		if (!w->end[i]->hold_jobs)
			scene_answer(w->end[i]);
}

static void establish(struct wires *w, struct wire *wire)
{
	unsigned from = wire->stream[1] != 0, to = !from;
	struct scene *caller = w->end[from], *called = w->end[to];

	wire->opened = true;
	if (!w->blocked)
		wire->stream[to] = icq_client_stream_accepted(called->client, called->now, &ann_at);
	if (wire->stream[to]) {
		icq_client_stream_opened(caller->client, caller->now, wire->stream[from]);
	} else {
		wire->closed[from] = wire->told[from] = true;
		wire->used = false;
		icq_client_stream_closed(caller->client, caller->now, wire->stream[from]);
	}
}

/* Some of the bytes from one end to the other. */
static bool carry(struct wires *w, struct wire *wire, unsigned from)
{
	struct scene *to = w->end[!from];
	uint8_t part[WIRE_BYTES];
	size_t n;

	if (!wire->n[from] || w->deaf)
		return false;
	n = 1 + rng_below(&w->rng, (uint32_t)wire->n[from]);
	memcpy(part, wire->bytes[from], n);
	memmove(wire->bytes[from], wire->bytes[from] + n, wire->n[from] - n);
	wire->n[from] -= n;
	if (!wire->closed[!from])
		icq_client_stream_data(to->client, to->now, wire->stream[!from], part, n);
	return true;
}

static bool tell_closed(struct wires *w, struct wire *wire, unsigned from)
{
	struct scene *to = w->end[!from];

	if (!wire->closed[from] || (wire->n[from] && !w->deaf) || wire->told[!from])
		return false;
	wire->told[!from] = true;
	if (wire->closed[!from]) {
		wire->used = false;
		return true;
	}
	wire->closed[!from] = wire->told[from] = true;
	wire->used = false;
	icq_client_stream_closed(to->client, to->now, wire->stream[!from]);
	return true;
}

static bool move(struct wires *w, struct wire *wire)
{
	unsigned first = rng_below(&w->rng, 2);

	if (!wire->used)
		return false;
	if (!wire->opened && wire->closed[wire->stream[1] != 0]) { /* given up */
		wire->used = false;
		return true;
	}
	if (!wire->opened) {
		establish(w, wire);
		return true;
	}
	return carry(w, wire, first) || carry(w, wire, !first) || tell_closed(w, wire, 0) ||
	       tell_closed(w, wire, 1);
}

void wires_run(struct wires *w)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (struct wire *wire = w->wire; wire < w->wire + WIRES_MAX; wire++) {
			moved |= move(w, wire);
			settle(w);
		}
	}
}

void wires_pass(struct wires *w, int64_t ms)
{
	for (int64_t passed = 0; passed < ms; passed += 1000) {
		wires_run(w);
		scene_run(w->end[0], 1000);
		scene_run(w->end[1], 1000);
	}
	wires_run(w);
}

/* ---- opening --------------------------------------------------------------------------- */

static void meet(struct scene *s, uint32_t other, uint32_t port)
{
	union icq_msg msg = { .s_user_online = { .uin = other,
						 .ip = 0x7F000001,
						 .port = port,
						 .mode = port ? 4 : 6,
						 .tcp_version = 3 } };

	scene_add(s, other, ICQ_CLIENT_NORMAL);
	scene_online(s);
	scene_server(s, M_s_user_online, 1, &msg);
	scene_forget(s);
}

void wires_open(struct wires *w, struct scene *ann, struct scene *bob, uint64_t seed)
{
	struct scene_place place = { .uin = ANN,
				     .ip = 0x7F000001,
				     .direct = ICQ_CLIENT_DIRECT_ON,
				     .listen_port = PORT,
				     .ctx = w,
				     .connect = on_connect,
				     .stream_send = on_stream_send,
				     .stream_close = on_stream_close };

	memset(w, 0, sizeof(*w));
	w->end[0] = ann;
	w->end[1] = bob;
	w->rng.state = seed;
	scene_open_at(ann, &place);
	place.uin = BOB;
	place.direct = ICQ_CLIENT_DIRECT_OUT;
	place.listen_port = 0;
	place.peer_first = true;
	scene_open_at(bob, &place);
	meet(ann, BOB, 0);
	meet(bob, ANN, PORT);
}

void wires_close(struct wires *w)
{
	scene_close(w->end[0]);
	scene_close(w->end[1]);
}
