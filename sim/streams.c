/* SPDX-License-Identifier: MIT */
#include "sim/streams.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/errands.h"

enum {
	PIECE_MOST = 1400,
	ROOM = 1 << 16,	       /* bytes that may be on their way to one end */
	RETRY_MS = 1000,       /* what does not get through is tried again */
	DIES_MS = 60 * 1000,   /* and after so long the stream is over */
	NOTICE_MS = 20 * 1000, /* until the other end learns of a break */
	FRESH_PORT = 20000,
};

enum piece_kind { PIECE_CALL, PIECE_OPENED, PIECE_DATA, PIECE_OVER, PIECE_BROKEN };

/* Something on its way to an end. */
struct piece {
	enum piece_kind kind;
	size_t n;
	uint8_t bytes[];
};

struct end {
	struct outlet *owner; /* NULL: gone */
	const struct host *host;
	uint32_t stream;
	bool held, full; /* full: he waits for room */
	struct errands in;
	size_t waiting;	  /* bytes in it */
	int64_t last_ms;  /* nothing may arrive before what was sent before */
	int64_t stuck_ms; /* since when nothing gets through; NEVER_MS: it does */
};

struct wire {
	struct wire *next;
	struct addr to; /* of the call */
	bool over;	/* broken: what is on its way is lost */
	struct end ends[2];
};

struct port {
	struct port *next;
	struct outlet *owner;
	uint32_t listener;
	uint16_t port;
};

struct streams {
	struct world *world;
	struct host host; /* only for its turns */
	struct streams_watch watch;
	struct currents currents;
	struct wire *wires;
	struct port *ports;
	struct outlet *outlets;
	uint16_t fresh;
};

static int64_t clock_ms(const struct streams *s)
{
	return world_now(s->world).mono_ms;
}

static uint32_t below(struct streams *s, int64_t n)
{
	return rng_below(world_rng(s->world), (uint32_t)n);
}

static void trace(struct streams *s, const struct wire *w, unsigned to, const char *what, size_t n)
{
	char line[160], a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];

	if (!world_is_traced(s->world))
		return;
	snprintf(line, sizeof(line), "~~~~ %s %s %s: %s %zu", addr_text(&w->ends[0].host->addr, a),
		 to ? "->" : "<-", addr_text(&w->to, b), what, n);
	world_trace(s->world, line);
}

/* ---- pieces ---------------------------------------------------------------------------- */

static void post(struct streams *s, struct end *to, enum piece_kind kind, const void *p, size_t n,
		 int64_t at_ms)
{
	const struct piece head = { .kind = kind, .n = n };
	struct errand *e;

	if (!to->owner && kind != PIECE_CALL)
		return;
	e = errand_new(&head, sizeof(head), sizeof(head) + n);

	if (n)
		memcpy(((struct piece *)e->job)->bytes, p, n);
	to->waiting += n;
	to->last_ms = at_ms > to->last_ms ? at_ms : to->last_ms;
	errands_put(&to->in, e, to->last_ms);
	world_touch(&s->host);
}

static int64_t soon_ms(struct streams *s)
{
	return clock_ms(s) + 1 + below(s, s->currents.delay_ms + 1);
}

static void tell_down(const struct streams *s, const struct wire *w)
{
	if (s->watch.down && w->ends[1].host)
		s->watch.down(s->watch.ctx, w->ends[0].host, w->ends[1].host);
}

/* Nothing that was on its way arrives; each end that is still there learns of it, sooner or
 * later. */
static void break_wire(struct streams *s, struct wire *w)
{
	if (w->over)
		return;
	w->over = true;
	trace(s, w, 1, "breaks", 0);
	tell_down(s, w);
	for (int i = 0; i < 2; i++) {
		errands_drop(&w->ends[i].in);
		w->ends[i].waiting = 0;
		if (w->ends[i].owner)
			post(s, &w->ends[i], PIECE_BROKEN, NULL, 0,
			     clock_ms(s) + 1 + below(s, NOTICE_MS));
	}
}

static struct wire *wire_of(struct streams *s, const struct outlet *o, uint32_t stream,
			    unsigned *side_out)
{
	for (struct wire *w = s->wires; w; w = w->next)
		for (unsigned i = 0; i < 2; i++)
			if (w->ends[i].owner == o && w->ends[i].stream == stream) {
				*side_out = i;
				return w;
			}
	return NULL;
}

/* Wires without owners go. */
static void clear_away(struct streams *s)
{
	for (struct wire **at = &s->wires, *w; (w = *at);) {
		if (w->ends[0].owner || w->ends[1].owner) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		errands_drop(&w->ends[0].in);
		errands_drop(&w->ends[1].in);
		free(w);
	}
}

/* ---- arriving -------------------------------------------------------------------------- */

static bool passes(const struct streams *s, const struct wire *w, unsigned to)
{
	const struct host *a = w->ends[!to].host, *b = w->ends[to].host;

	return !a || !b || !s->watch.reaches || s->watch.reaches(s->watch.ctx, a, b);
}

static struct port *port_at(const struct streams *s, const struct addr *to)
{
	struct port *p = s->ports;

	while (p && (p->port != to->port || !addr_same_host(&p->owner->host->addr, to)))
		p = p->next;
	return p;
}

/* This end is over; the other one may still be there. */
static void leave(struct wire *w, unsigned side)
{
	w->ends[side].owner = NULL;
	errands_drop(&w->ends[side].in);
	w->ends[side].waiting = 0;
}

static void tell_over(struct streams *s, struct wire *w, unsigned side, bool broken)
{
	struct outlet *owner = w->ends[side].owner;
	uint32_t stream = w->ends[side].stream;

	leave(w, side);
	if (w->ends[!side].owner && !w->over)
		post(s, &w->ends[!side], PIECE_OVER, NULL, 0, soon_ms(s));
	if (!w->over)
		tell_down(s, w);
	owner->closed(owner->self, stream, broken);
	world_touch(owner->host);
}

/* The call has come to whom it was for: the other end of the wire. */
static void answer_call(struct streams *s, struct wire *w)
{
	struct port *port = port_at(s, &w->to);
	struct end *called = &w->ends[1];

	if (port) {
		called->stream = port->owner->accepted(port->owner->self, port->listener,
						       &w->ends[0].host->addr);
		world_touch(port->owner->host);
	}
	if (called->stream) {
		called->owner = port->owner;
		called->host = port->owner->host;
	}
	if (w->ends[0].owner)
		post(s, &w->ends[0], called->stream ? PIECE_OPENED : PIECE_BROKEN, NULL, 0,
		     soon_ms(s));
}

static void hand_over(struct streams *s, struct wire *w, unsigned side, const struct piece *piece)
{
	struct end *to = &w->ends[side], *from = &w->ends[!side];
	struct outlet *owner = to->owner;

	to->waiting -= piece->n;
	trace(s, w, side, piece->kind == PIECE_DATA ? "bytes" : "event", piece->n);
	if (piece->kind == PIECE_CALL) {
		answer_call(s, w);
	} else if (piece->kind == PIECE_OVER || piece->kind == PIECE_BROKEN) {
		tell_over(s, w, side, piece->kind == PIECE_BROKEN);
	} else {
		if (piece->kind == PIECE_OPENED)
			owner->opened(owner->self, to->stream);
		else
			owner->data(owner->self, to->stream, piece->bytes, piece->n);
		world_touch(owner->host);
	}
	if (from->full && from->owner && to->waiting < ROOM / 2) {
		from->full = false;
		from->owner->room(from->owner->self, from->stream);
		world_touch(from->owner->host);
	}
}

/* Whoever hears nothing of the other for too long gives up. */
static void try_again(struct streams *s, struct wire *w, struct end *to)
{
	if (to->stuck_ms == NEVER_MS)
		to->stuck_ms = clock_ms(s);
	if (clock_ms(s) - to->stuck_ms > DIES_MS)
		break_wire(s, w);
	else
		errands_hold(&to->in, clock_ms(s) + RETRY_MS);
}

/* What is due on this side. False: nothing. */
static bool turn(struct streams *s, struct wire *w, unsigned side)
{
	struct end *to = &w->ends[side];
	struct errand *e;

	if (to->held || errands_due(&to->in) > clock_ms(s))
		return false;
	if (!w->over && !passes(s, w, side)) {
		try_again(s, w, to);
		return true;
	}
	to->stuck_ms = NEVER_MS;
	if (!w->over && below(s, 10000) < s->currents.break_per_10000) {
		break_wire(s, w);
		return true;
	}
	e = errands_take(&to->in, clock_ms(s));
	hand_over(s, w, side, (struct piece *)e->job);
	free(e);
	return true;
}

static void on_tick(void *self)
{
	struct streams *s = self;

	for (struct wire *w = s->wires; w; w = w->next)
		if (turn(s, w, 0) || turn(s, w, 1))
			break;
	clear_away(s);
}

static int64_t on_deadline(const void *self)
{
	const struct streams *s = self;
	int64_t first = NEVER_MS;

	for (const struct wire *w = s->wires; w; w = w->next)
		for (int i = 0; i < 2; i++)
			if (!w->ends[i].held && errands_due(&w->ends[i].in) < first)
				first = errands_due(&w->ends[i].in);
	return first;
}

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	(void)self;
	(void)from;
	(void)p;
	(void)n;
	assert(false); /* no datagram is for the streams */
}

/* ---- what an outlet asks for ----------------------------------------------------------- */

uint16_t streams_listen(struct streams *s, struct outlet *o, uint32_t listener, uint16_t port)
{
	struct port *p = malloc(sizeof(*p));

	if (!p)
		abort();
	*p = (struct port){
		.next = s->ports, .owner = o, .listener = listener, .port = port ? port : s->fresh++
	};
	s->ports = p;
	return p->port;
}

static void shut_ports(struct streams *s, const struct outlet *o, const uint32_t *listener)
{
	for (struct port **at = &s->ports, *p; (p = *at);) {
		if (p->owner != o || (listener && p->listener != *listener)) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		free(p);
	}
}

void streams_listen_end(struct streams *s, struct outlet *o, uint32_t listener)
{
	shut_ports(s, o, &listener);
}

void streams_connect(struct streams *s, struct outlet *o, uint32_t stream, const struct addr *to)
{
	struct port *port = port_at(s, to);
	struct wire *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	w->to = *to;
	w->ends[0] = (struct end){ .owner = o, .host = o->host, .stream = stream };
	w->ends[1].host = port ? port->owner->host : NULL;
	w->ends[0].stuck_ms = w->ends[1].stuck_ms = NEVER_MS;
	w->next = s->wires;
	s->wires = w;
	post(s, &w->ends[1], PIECE_CALL, NULL, 0, soon_ms(s));
}

void streams_send(struct streams *s, struct outlet *o, uint32_t stream, const void *p, size_t n)
{
	unsigned side;
	struct wire *w = wire_of(s, o, stream, &side);
	const uint8_t *at = p;

	assert(w);
	if (w->over || (w->ends[!side].waiting + n > ROOM))
		return;
	while (n > 0) {
		size_t part = 1 + below(s, (int64_t)(n < PIECE_MOST ? n : PIECE_MOST));

		post(s, &w->ends[!side], PIECE_DATA, at, part, soon_ms(s));
		at += part;
		n -= part;
	}
}

size_t streams_room(struct streams *s, struct outlet *o, uint32_t stream)
{
	unsigned side;
	struct wire *w = wire_of(s, o, stream, &side);
	size_t room = w ? ROOM - w->ends[!side].waiting : 0;

	if (w && room < ROOM / 2)
		w->ends[side].full = true;
	return room;
}

void streams_hold(struct streams *s, struct outlet *o, uint32_t stream, bool hold)
{
	unsigned side;
	struct wire *w = wire_of(s, o, stream, &side);

	if (w)
		w->ends[side].held = hold;
	world_touch(&s->host);
}

void streams_end(struct streams *s, struct outlet *o, uint32_t stream)
{
	unsigned side;
	struct wire *w = wire_of(s, o, stream, &side);

	if (w && !w->over)
		post(s, &w->ends[!side], PIECE_OVER, NULL, 0, soon_ms(s));
}

/* What he has sent arrives or not, as it happens. What was on its way to him is answered by a
 * reset. */
void streams_close(struct streams *s, struct outlet *o, uint32_t stream)
{
	unsigned side;
	struct wire *w = wire_of(s, o, stream, &side);
	bool unread;

	if (!w)
		return;
	unread = w->ends[side].waiting > 0;
	trace(s, w, !side, "closed", 0);
	leave(w, side);
	if (w->over)
		return;
	tell_down(s, w);
	if (below(s, 2)) {
		errands_drop(&w->ends[!side].in);
		w->ends[!side].waiting = 0;
	}
	if (w->ends[!side].owner)
		post(s, &w->ends[!side], unread ? PIECE_BROKEN : PIECE_OVER, NULL, 0, soon_ms(s));
}

/* ---- life ------------------------------------------------------------------------------ */

struct streams *streams_new(struct world *w, const struct streams_watch *watch)
{
	struct streams *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->world = w;
	s->host = (struct host){
		.self = s, .input = on_input, .tick = on_tick, .deadline = on_deadline
	};
	if (watch)
		s->watch = *watch;
	s->currents.delay_ms = 20;
	s->fresh = FRESH_PORT;
	world_join(w, &s->host);
	return s;
}

void streams_free(struct streams **s)
{
	if (!*s)
		return;
	while ((*s)->outlets)
		streams_unplug(*s, (*s)->outlets);
	clear_away(*s);
	world_leave((*s)->world, &(*s)->host);
	free(*s);
	*s = NULL;
}

void streams_set(struct streams *s, struct currents currents)
{
	s->currents = currents;
}

void streams_plug(struct streams *s, struct outlet *o)
{
	o->next = s->outlets;
	s->outlets = o;
}

void streams_unplug(struct streams *s, struct outlet *o)
{
	struct outlet **at = &s->outlets;

	while (*at && *at != o)
		at = &(*at)->next;
	if (*at)
		*at = o->next;
	streams_break(s, o->host);
	for (struct wire *w = s->wires; w; w = w->next)
		for (unsigned i = 0; i < 2; i++)
			if (w->ends[i].owner == o)
				leave(w, i);
	shut_ports(s, o, NULL);
	world_touch(&s->host);
}

void streams_break(struct streams *s, const struct host *h)
{
	for (struct wire *w = s->wires; w; w = w->next)
		if (w->ends[0].host == h || w->ends[1].host == h)
			break_wire(s, w);
}
