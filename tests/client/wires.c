/* SPDX-License-Identifier: MIT */
#include "client/wires_server.h"

#include <string.h>

#include "base/err.h"
#include "harness.h"

enum { PORT = 5000, DOORS = 6000 };

/* The stream of a client, and which side of it he is. */
static struct wire *wire_of(struct wires *w, const struct scene *s, uint32_t stream, unsigned *side)
{
	for (struct wire *wire = w->wire; wire < w->wire + WIRES_MAX; wire++)
		for (*side = 0; wire->used && *side < 2; ++*side)
			if (wire->end[*side] == s && wire->stream[*side] == stream)
				return wire;
	check(false);
	return NULL;
}

/* ---- what the clients ask for ---------------------------------------------------------- */

/* Who listens at a port, with which listener. */
static struct scene *called(const struct wires *w, uint16_t port, uint32_t *listener_out)
{
	bool door = port >= DOORS;

	check(door ? port < DOORS + DOORS_MAX : port >= PORT && port < PORT + w->ends);
	*listener_out = door ? w->door[port - DOORS].listener : 0;
	return door ? w->door[port - DOORS].owner : w->end[port - PORT];
}

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	struct wire *wire = w->wire;

	check(addr_ip4(to) == WIRES_IP);
	while (wire < w->wire + WIRES_MAX && wire->used)
		wire++;
	check(wire < w->wire + WIRES_MAX);
	*wire = (struct wire){ .used = true, .end = { s } };
	wire->end[1] = called(w, to->port, &wire->listener);
	wire->stream[0] = stream;
	return 0;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	struct scene *s = ctx;
	unsigned side;
	struct wire *wire = wire_of(s->place.ctx, s, stream, &side);

	check(!wire->closed[side] && wire->n[side] + n <= WIRE_BYTES);
	memcpy(wire->bytes[side] + wire->n[side], p, n);
	wire->n[side] += n;
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	struct scene *s = ctx;
	unsigned side;
	struct wire *wire = wire_of(s->place.ctx, s, stream, &side);

	check(!wire->closed[side]);
	wire->closed[side] = true;
}

static void on_stream_end(void *ctx, uint32_t stream)
{
	struct scene *s = ctx;
	unsigned side;
	struct wire *wire = wire_of(s->place.ctx, s, stream, &side);

	wire->ended[side] = true;
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	struct scene *s = ctx;
	unsigned side;
	struct wire *wire = wire_of(s->place.ctx, s, stream, &side);

	wire->full[side] = wire->n[side] > WIRE_BYTES / 2;
	return WIRE_BYTES - wire->n[side];
}

static void on_stream_hold(void *ctx, uint32_t stream, bool hold)
{
	struct scene *s = ctx;
	unsigned side;
	struct wire *wire = wire_of(s->place.ctx, s, stream, &side);

	wire->held[side] = hold;
}

static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	unsigned i = 0;

	while (i < DOORS_MAX && w->door[i].owner)
		i++;
	if (i == DOORS_MAX)
		return -ICQ_EFULL;
	w->door[i] = (struct door){ .owner = s, .listener = listener };
	*port_out = (uint16_t)(DOORS + i);
	return 0;
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	unsigned i = 0;

	while (i < DOORS_MAX && (w->door[i].owner != s || w->door[i].listener != listener))
		i++;
	check(i < DOORS_MAX);
	w->door[i].owner = NULL;
}

static int on_file(void *ctx, const struct icq_client_file_job *job)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;

	disk_submit(&w->disk[wires_index(w, s)], job);
	return 0;
}

static void on_file_end(void *ctx, uint32_t transfer)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;

	disk_end(&w->disk[wires_index(w, s)], transfer);
}

/* ---- what the wires do ----------------------------------------------------------------- */

static void settle(struct wires *w)
{
	for (unsigned i = 0; i < w->ends; i++)
		if (!w->end[i]->hold_jobs)
			scene_answer(w->end[i]);
}

static void establish(struct wires *w, struct wire *wire)
{
	static const struct addr from = { .ip = { [10] = 0xff, 0xff, 127, 0, 0, 1 }, .port = 4711 };
	struct scene *caller = wire->end[0], *called = wire->end[1];

	wire->opened = true;
	if (called && (!w->blocked || called == w->open))
		wire->stream[1] = icq_client_stream_accepted(called->client, called->now,
							     wire->listener, &from);
	if (wire->stream[1]) {
		icq_client_stream_opened(caller->client, caller->now, wire->stream[0]);
	} else {
		wire->closed[0] = wire->told[0] = true;
		wire->used = false;
		icq_client_stream_closed(caller->client, caller->now, wire->stream[0], true);
	}
}

static void tell_room(struct wire *wire, unsigned side)
{
	struct scene *s = wire->end[side];

	if (!wire->full[side] || wire->closed[side] || wire->n[side] > WIRE_BYTES / 2)
		return;
	wire->full[side] = false;
	icq_client_stream_room(s->client, s->now, wire->stream[side]);
}

static void tell_end(struct wire *wire, unsigned side, bool broken)
{
	struct scene *s = wire->end[side];

	wire->closed[side] = wire->told[side] = true;
	icq_client_stream_closed(s->client, s->now, wire->stream[side], broken);
}

/* Bytes come to an end that is closed: the other is told so by the network. */
static bool bounce(struct wires *w, struct wire *wire, unsigned from)
{
	if (!wire->closed[!from] || !wire->n[from] || wire->n[!from] || w->deaf)
		return false;
	wire->used = false;
	if (!wire->closed[from])
		tell_end(wire, from, true);
	return true;
}

/* Some of the bytes from one end to the other. */
static bool carry(struct wires *w, struct wire *wire, unsigned from)
{
	struct scene *to = wire->end[!from];
	uint8_t part[WIRE_BYTES];
	size_t n;

	if (!wire->n[from] || w->deaf || wire->held[!from])
		return false;
	n = 1 + rng_below(&w->rng, (uint32_t)wire->n[from]);
	memcpy(part, wire->bytes[from], n);
	memmove(wire->bytes[from], wire->bytes[from] + n, wire->n[from] - n);
	wire->n[from] -= n;
	if (!wire->closed[!from])
		icq_client_stream_data(to->client, to->now, wire->stream[!from], part, n);
	tell_room(wire, from);
	return true;
}

static void count_end(struct wires *w, const struct wire *wire)
{
	unsigned one = wires_index(w, wire->end[0]), other = wires_index(w, wire->end[1]);

	w->over[one][other]++;
	w->over[other][one]++;
}

/* Who hears that nothing more comes closes, too, and the other one hears of that. */
static bool tell_closed(struct wires *w, struct wire *wire, unsigned from)
{
	if (!(wire->closed[from] || wire->ended[from]) || (wire->n[from] && !w->deaf) ||
	    wire->held[!from] || wire->told[!from])
		return false;
	count_end(w, wire);
	wire->told[!from] = true;
	wire->used = !wire->closed[from];
	wire->n[!from] = 0;
	if (!wire->closed[!from])
		tell_end(wire, !from, false);
	return true;
}

/* The network fails: what was under way is lost. */
static bool tear(struct wires *w, struct wire *wire)
{
	if (!w->breaking || rng_below(&w->rng, w->breaking) || wire->closed[0] || wire->closed[1])
		return false;
	count_end(w, wire);
	tell_end(wire, 0, true);
	tell_end(wire, 1, true);
	wire->used = false;
	return true;
}

static bool move(struct wires *w, struct wire *wire)
{
	unsigned first = rng_below(&w->rng, 2);

	if (!wire->used)
		return false;
	if (!wire->opened && wire->closed[0]) { /* given up */
		wire->used = false;
		return true;
	}
	if (!wire->opened) {
		establish(w, wire);
		return true;
	}
	if ((wire->n[0] || wire->n[1]) && tear(w, wire))
		return true;
	return bounce(w, wire, 0) || bounce(w, wire, 1) || carry(w, wire, first) ||
	       carry(w, wire, !first) || tell_closed(w, wire, 0) || tell_closed(w, wire, 1);
}

bool wires_step(struct wires *w)
{
	bool moved = wires_serve(w);

	settle(w);
	for (unsigned i = 0; i < w->ends; i++)
		moved |= disk_turn(&w->disk[i], w->end[i]);
	for (struct wire *wire = w->wire; wire < w->wire + WIRES_MAX; wire++) {
		moved |= move(w, wire);
		settle(w);
	}
	return moved;
}

void wires_run(struct wires *w)
{
	while (wires_step(w))
		;
}

void wires_pass(struct wires *w, int64_t ms)
{
	for (int64_t passed = 0; passed < ms; passed += 1000) {
		wires_run(w);
		for (unsigned i = 0; i < w->ends; i++)
			scene_run(w->end[i], 1000);
	}
	wires_run(w);
}

/* ---- opening --------------------------------------------------------------------------- */

void wires_begin(struct wires *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->rng.state = seed;
}

void wires_add(struct wires *w, struct scene *s, uint32_t uin, enum icq_client_direct direct,
	       bool peer_first)
{
	bool listens = direct == ICQ_CLIENT_DIRECT_ON;

	check(w->ends < WIRES_ENDS);
	scene_open_at(
		s, &(struct scene_place){ .uin = uin,
					  .ip = WIRES_IP,
					  .direct = direct,
					  .listen_port = listens ? (uint16_t)(PORT + w->ends) : 0,
					  .peer_first = peer_first,
					  .ctx = w,
					  .connect = on_connect,
					  .stream_send = on_stream_send,
					  .stream_close = on_stream_close,
					  .stream_end = on_stream_end,
					  .stream_room = on_stream_room,
					  .stream_hold = on_stream_hold,
					  .listen = on_listen,
					  .listen_end = on_listen_end,
					  .file = on_file,
					  .file_end = on_file_end,
					  .packet = wires_packet });
	w->end[w->ends++] = s;
}

void wires_meet(struct wires *w)
{
	for (unsigned i = 0; i < w->ends; i++) {
		for (unsigned k = 0; k < w->ends; k++)
			if (k != i)
				scene_add(w->end[i], w->end[k]->place.uin, ICQ_CLIENT_NORMAL);
		scene_online(w->end[i]);
	}
	for (unsigned i = 0; i < w->ends; i++) {
		for (unsigned k = 0; k < w->ends; k++)
			if (k != i)
				wires_introduce(w, w->end[i], w->end[k]);
		scene_forget(w->end[i]);
	}
}

/* Is there something to be written that this server would not send again, or that the user was
 * promised? */
static bool owes(const struct scene *s)
{
	for (size_t i = 0; i < s->job_count; i++)
		if (s->jobs[i]->kind == HISTORY_ADD &&
		    (s->jobs[i]->row.way == HISTORY_OUT || s->jobs[i]->row.via != HISTORY_PEER))
			return true;
	return false;
}

static void cut_off(struct wires *w, const struct scene *s)
{
	for (struct wire *wire = w->wire; wire < w->wire + WIRES_MAX; wire++) {
		bool calls = wire->end[0] == s;

		if (!wire->used || (!calls && wire->end[1] != s) || (!calls && !wire->opened))
			continue;
		if (wire->opened) {
			count_end(w, wire);
			if (!wire->closed[calls])
				tell_end(wire, calls, true);
		}
		wire->used = false;
	}
	for (struct door *door = w->door; door < w->door + DOORS_MAX; door++)
		if (door->owner == s)
			door->owner = NULL;
}

void wires_crash(struct wires *w, struct scene *s)
{
	if (owes(s))
		scene_answer(s);
	cut_off(w, s);
	wires_lose_letters(w, s);
	scene_restart(s);
	for (unsigned i = 0; i < w->ends; i++)
		if (w->end[i] != s)
			scene_add(s, w->end[i]->place.uin, ICQ_CLIENT_NORMAL);
	w->seq[wires_index(w, s)] = 0;
	scene_online(s); /* acknowledges messages, too: they must not get lost any more */
	while (wires_serve(w))
		;
	for (unsigned i = 0; i < w->ends; i++) {
		if (w->end[i] == s)
			continue;
		wires_introduce(w, s, w->end[i]);
		wires_introduce(w, w->end[i], s);
	}
}

void wires_open(struct wires *w, struct scene *ann, struct scene *bob, uint64_t seed)
{
	wires_begin(w, seed);
	wires_add(w, ann, ANN, ICQ_CLIENT_DIRECT_ON, false);
	wires_add(w, bob, BOB, ICQ_CLIENT_DIRECT_OUT, true);
	wires_meet(w);
}

void wires_close(struct wires *w)
{
	for (unsigned i = 0; i < w->ends; i++) {
		scene_close(w->end[i]);
		disk_close(&w->disk[i]);
	}
}
