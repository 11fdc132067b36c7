/* SPDX-License-Identifier: MIT */
#include "sim/world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

enum {
	IN_FLIGHT_MAX = 1 << 12,
	FIRST_DAY_S = 1000000000, /* the civil time at which a world begins */
	STILL_TURNS_MAX = 100000, /* events in one instant: more is a host that never rests */
	LINE_MAX_BYTES = 512,
	CUT_LEAST = 9, /* bytes: a message without its id would pass for one that never had one */
};

struct flight {
	struct heap_node node; /* place: time and order of departure, see flight_place */
	struct addr from, to;
	size_t n;
	uint8_t p[];
};

struct world {
	int64_t now_ms, clock_s; /* clock_s: by how much the civil clock was set */
	struct rng rng;
	struct heap flights;
	uint32_t departed; /* copies */
	uint32_t sent;	   /* datagrams */
	struct host *hosts;
	struct weather weather;
	world_fate_fn *fate;
	world_trace_fn *trace;
	void *ctx;
};

struct world *world_new(uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w || heap_init(&w->flights, IN_FLIGHT_MAX) < 0)
		abort();
	w->rng.state = seed;
	w->weather = (struct weather){ .delay_ms = 20 };
	return w;
}

static void end_flight(struct world *w, struct flight *f)
{
	heap_remove(&w->flights, &f->node);
	free(f);
}

void world_free(struct world **w)
{
	if (!*w)
		return;
	for (struct heap_node *n; (n = heap_first(&(*w)->flights));)
		end_flight(*w, (struct flight *)n);
	heap_free(&(*w)->flights);
	free(*w);
	*w = NULL;
}

void world_watch(struct world *w, world_fate_fn *fate, world_trace_fn *trace, void *ctx)
{
	w->fate = fate;
	w->trace = trace;
	w->ctx = ctx;
}

void world_set_weather(struct world *w, struct weather weather)
{
	w->weather = weather;
}

struct now world_now(const struct world *w)
{
	return (struct now){ .mono_ms = w->now_ms,
			     .unix_s = FIRST_DAY_S + w->clock_s + w->now_ms / 1000 };
}

struct rng *world_rng(struct world *w)
{
	return &w->rng;
}

uint32_t world_sent(const struct world *w)
{
	return w->sent;
}

/* ---- hosts ----------------------------------------------------------------------------- */

void world_join(struct world *w, struct host *h)
{
	h->next = w->hosts;
	h->joined = true;
	w->hosts = h;
	world_touch(h);
}

void world_touch(struct host *h)
{
	h->due_ms = h->joined ? h->deadline(h->self) : NEVER_MS;
}

void world_leave(struct world *w, struct host *h)
{
	struct host **at = &w->hosts;

	while (*at && *at != h)
		at = &(*at)->next;
	if (*at)
		*at = h->next;
	h->joined = false;
}

static struct host *host_at(struct world *w, const struct addr *a)
{
	struct host *h = w->hosts;

	while (h && !addr_equal(&h->addr, a))
		h = h->next;
	return h;
}

/* ---- the network ----------------------------------------------------------------------- */

/* The heap orders by one number. What arrives in the same millisecond arrives in the order of
 * departure. */
static int64_t flight_place(int64_t at_ms, uint32_t order)
{
	return at_ms << 24 | (order & 0xFFFFFF);
}

static int64_t place_time(int64_t place)
{
	return place == NEVER_MS ? NEVER_MS : place >> 24;
}

static void depart(struct world *w, const struct passage *passage, const struct fate *fate)
{
	size_t n = passage->n - fate->cut;
	struct flight *f;

	if (w->flights.count == IN_FLIGHT_MAX)
		return;
	f = malloc(sizeof(*f) + n);
	if (!f)
		abort();
	f->node = (struct heap_node){ 0 };
	f->from = *passage->from;
	f->to = *passage->to;
	f->n = n;
	memcpy(f->p, passage->p, n);
	heap_set(&w->flights, &f->node, flight_place(w->now_ms + fate->delay_ms, w->departed++));
}

static struct fate chance(struct world *w, size_t n)
{
	const struct weather *now = &w->weather;
	struct fate fate = { .copies = 1, .delay_ms = now->delay_ms };

	fate.copies += rng_below(&w->rng, 100) < now->repeat_percent;
	if (rng_below(&w->rng, 100) < now->loss_percent)
		fate.copies = 0;
	if (now->cut_percent && rng_below(&w->rng, 100) < now->cut_percent)
		fate.cut = n < CUT_LEAST
				   ? n
				   : CUT_LEAST + rng_below(&w->rng, (uint32_t)(n - CUT_LEAST + 1));
	fate.delay_ms += rng_below(&w->rng, (uint32_t)now->jitter_ms + 1);
	return fate;
}

void world_trace(struct world *w, const char *line)
{
	char stamped[LINE_MAX_BYTES + 32];

	if (!w->trace)
		return;
	snprintf(stamped, sizeof(stamped), "%10.3f %s", (double)w->now_ms / 1000, line);
	w->trace(w->ctx, stamped);
}

void world_set_clock(struct world *w, int64_t by_s)
{
	char line[64];

	w->clock_s += by_s;
	snprintf(line, sizeof(line), "---- the clock is set by %" PRId64 " s", by_s);
	world_trace(w, line);
}

bool world_is_traced(const struct world *w)
{
	return w->trace;
}

static void trace_passage(struct world *w, const struct passage *p, const struct fate *fate)
{
	const struct addr *client = p->channel == ICQ_SERVER ? p->to : p->from;
	char line[LINE_MAX_BYTES], who[ADDR_TEXT_MAX];
	int n;

	if (!w->trace)
		return;
	n = snprintf(line, sizeof(line), "%4u %s %s %u x +%d ms: ", p->index,
		     addr_text(client, who), p->channel == ICQ_SERVER ? "<-" : "->", fate->copies,
		     (int)fate->delay_ms);
	icq_show_line(p->channel, p->p, p->n, false, line + n, sizeof(line) - (size_t)n);
	world_trace(w, line);
}

void world_send(struct world *w, const struct host *from, const struct addr *to, const void *p,
		size_t n)
{
	struct icq_head head = { 0 };
	struct passage passage = { .index = w->sent++,
				   .channel = from->speaks,
				   .from = &from->addr,
				   .to = to,
				   .p = p,
				   .n = n };
	struct fate fate = chance(w, n);

	icq_head_read(from->speaks, p, n, &head);
	passage.command = head.command;
	if (w->fate)
		w->fate(w->ctx, &passage, &fate);
	trace_passage(w, &passage, &fate);
	for (uint32_t i = 0; i < fate.copies; i++)
		depart(w, &passage, &fate);
}

static void arrive(struct world *w)
{
	struct flight *f = (struct flight *)heap_first(&w->flights);
	struct host *h = host_at(w, &f->to);

	heap_remove(&w->flights, &f->node);
	if (h) {
		h->input(h->self, &f->from, f->p, f->n);
		world_touch(h);
	}
	free(f);
}

/* ---- time ------------------------------------------------------------------------------ */

/* NULL: there is nobody. */
static struct host *most_urgent(const struct world *w)
{
	struct host *first = w->hosts;

	for (struct host *h = first; h; h = h->next)
		if (h->due_ms < first->due_ms)
			first = h;
	return first;
}

/* Lets the next thing happen; false if there is none until then. */
static bool turn(struct world *w, int64_t until_ms)
{
	struct host *h = most_urgent(w);
	int64_t host_ms = h ? h->due_ms : NEVER_MS;
	int64_t flight_ms = place_time(heap_deadline(&w->flights));
	int64_t at_ms = flight_ms <= host_ms ? flight_ms : host_ms;

	if (at_ms > until_ms)
		return false;
	if (w->now_ms < at_ms)
		w->now_ms = at_ms;
	if (flight_ms <= host_ms) {
		arrive(w);
	} else {
		h->tick(h->self);
		world_touch(h);
	}
	return true;
}

void world_run(struct world *w, int64_t ms)
{
	int64_t until_ms = w->now_ms + ms, before_ms = w->now_ms;
	uint32_t still = 0;

	for (struct host *h = w->hosts; h; h = h->next)
		world_touch(h);
	while (turn(w, until_ms)) {
		still = w->now_ms == before_ms ? still + 1 : 0;
		before_ms = w->now_ms;
		assert(still < STILL_TURNS_MAX);
	}
	w->now_ms = until_ms;
}
