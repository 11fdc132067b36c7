/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/relay.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cmd/icqchaos/nat.h"
#include "cmd/icqchaos/report.h"

enum { PROGRESS_MS = 500, IDLE_CHECKS = 4 /* in the time a client may be idle */ };

static const int watched_signals[] = { SIGINT, SIGTERM };

enum { SIGNALS = sizeof(watched_signals) / sizeof(watched_signals[0]) };

struct relay {
	uv_loop_t loop;
	uv_signal_t signals[SIGNALS];
	uv_timer_t stop, idle, progress;
	struct relay_conf conf;
	struct port *door; /* where the clients come to */
	struct nat *nat;
	struct tally tally;
	uint64_t start_ms;
};

/* A datagram on its way. It is found by its timer, and freed when that is closed. */
struct held {
	uv_timer_t timer;
	struct relay *relay;
	struct addr client;
	uint32_t client_number;
	unsigned way;
	bool first;	 /* of the copies of a datagram */
	uint64_t number; /* which one of the client's it is, this way */
	int64_t came_ms;
	size_t n;
	uint8_t p[];
};

/* ---- the way of a datagram ------------------------------------------------------------- */

/* Since the start; stands still while an event is handled. */
static int64_t age_ms(const struct relay *r)
{
	return (int64_t)(uv_now(&r->loop) - r->start_ms);
}

static bool send_on(struct relay *r, struct nat_client *c, const struct held *h)
{
	if (h->way == FAULT_UP)
		return port_send(c->port, &r->conf.to, h->p, h->n);
	return port_send(r->door, &c->addr, h->p, h->n);
}

static void leave(struct held *h)
{
	struct relay *r = h->relay;
	struct tally_way *tally = &r->tally.ways[h->way];
	struct nat_client *c = nat_find(r->nat, &h->client);

	if (!c || c->number != h->client_number || !send_on(r, c, h)) {
		tally_not_sent(tally);
		return;
	}
	tally_passed(tally, age_ms(r) - h->came_ms, h->first && h->number < c->furthest[h->way]);
	if (h->number > c->furthest[h->way])
		c->furthest[h->way] = h->number;
}

static void free_held(uv_handle_t *timer)
{
	free(timer->data);
}

static void on_due(uv_timer_t *timer)
{
	leave(timer->data);
	uv_close((uv_handle_t *)timer, free_held);
}

/* Timers of equal times fire in the order in which they were started, so that datagrams with
 * equal delays keep theirs. */
static void wait_or_leave(struct held *h, uint32_t delay_ms)
{
	if (delay_ms == 0) {
		leave(h);
		free(h);
		return;
	}
	uv_timer_init(&h->relay->loop, &h->timer);
	h->timer.data = h;
	uv_timer_start(&h->timer, on_due, delay_ms, 0);
}

static struct held *hold(struct relay *r, const struct nat_client *c, unsigned way,
			 const struct fault_copy *copy, const void *p)
{
	struct held *h = malloc(sizeof(*h) + copy->len);

	if (!h)
		return NULL;
	h->relay = r;
	h->client = c->addr;
	h->client_number = c->number;
	h->way = way;
	h->number = c->came[way];
	h->came_ms = age_ms(r);
	h->n = copy->len;
	fault_make(copy, p, h->p);
	return h;
}

static void relay_datagram(struct relay *r, struct nat_client *c, unsigned way, const void *p,
			   size_t n)
{
	struct fault_fate fate = fault_decide(&r->conf.plan, &c->lanes[way], way, age_ms(r), n);

	c->heard_ms = age_ms(r);
	c->came[way]++;
	tally_fate(&r->tally.ways[way], &fate, n);
	if (r->conf.verbose)
		report_fate(age_ms(r), c, way, &fate, p, n);
	if (fate.rebind)
		r->tally.rebinds += nat_rebind(c);
	for (unsigned i = 0; i < fate.count; i++) {
		struct held *h = hold(r, c, way, &fate.copies[i], p);

		if (!h) {
			tally_not_sent(&r->tally.ways[way]);
			continue;
		}
		h->first = i == 0;
		wait_or_leave(h, fate.copies[i].delay_ms);
	}
}

/* ---- what happens ---------------------------------------------------------------------- */

static struct nat_client *welcome(struct relay *r, const struct addr *from)
{
	struct nat_client *c = nat_add(r->nat, from);

	for (unsigned way = 0; c && way < FAULT_WAYS; way++)
		c->lanes[way] = fault_lane(r->conf.seed, c->number, way, age_ms(r));
	r->tally.clients = nat_count(r->nat);
	return c;
}

static void on_client_datagram(void *ctx, const struct addr *from, const void *p, size_t n)
{
	struct relay *r = ctx;
	struct nat_client *c = nat_find(r->nat, from);

	if (!c)
		c = welcome(r, from);
	if (c)
		relay_datagram(r, c, FAULT_UP, p, n);
	else
		r->tally.refused++;
}

static void on_server_datagram(void *ctx, struct nat_client *c, const struct addr *from,
			       const void *p, size_t n)
{
	struct relay *r = ctx;

	if (addr_equal(from, &r->conf.to))
		relay_datagram(r, c, FAULT_DOWN, p, n);
	else
		r->tally.strangers++;
}

static void on_stop(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

static void on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	uv_stop(signal->loop);
}

static void on_idle_check(uv_timer_t *timer)
{
	struct relay *r = timer->data;

	nat_close_idle(r->nat, age_ms(r) - r->conf.idle_ms);
}

static void on_progress(uv_timer_t *timer)
{
	struct relay *r = timer->data;

	report_progress(age_ms(r), &r->tally);
}

/* ---- beginning and end ----------------------------------------------------------------- */

static void start_timers(struct relay *r)
{
	uint64_t check_ms = (uint64_t)r->conf.idle_ms / IDLE_CHECKS;

	r->start_ms = uv_now(&r->loop);
	uv_timer_start(&r->idle, on_idle_check, check_ms, check_ms);
	if (r->conf.stop_ms != NEVER_MS)
		uv_timer_start(&r->stop, on_stop, (uint64_t)r->conf.stop_ms, 0);
	if (r->conf.progress)
		uv_timer_start(&r->progress, on_progress, PROGRESS_MS, PROGRESS_MS);
}

static void start_handles(struct relay *r)
{
	uv_timer_init(&r->loop, &r->stop);
	uv_timer_init(&r->loop, &r->idle);
	uv_timer_init(&r->loop, &r->progress);
	r->idle.data = r->progress.data = r;
	for (unsigned i = 0; i < SIGNALS; i++) {
		uv_signal_init(&r->loop, &r->signals[i]);
		uv_signal_start(&r->signals[i], on_signal, watched_signals[i]);
	}
	start_timers(r);
}

int relay_open(struct relay **out, const struct relay_conf *conf, struct addr *bound_out)
{
	struct relay *r = calloc(1, sizeof(*r));
	int err;

	if (!r || uv_loop_init(&r->loop) < 0) {
		free(r);
		return -ICQ_ENOMEM;
	}
	r->conf = *conf;
	start_handles(r);
	r->nat = nat_new(&r->loop, on_server_datagram, r);
	err = r->nat ? port_open(&r->door, &r->loop, &conf->listen, on_client_datagram, r)
		     : -ICQ_ENOMEM;
	if (err < 0 || (err = port_addr(r->door, bound_out)) < 0) {
		relay_close(&r);
		return err;
	}
	*out = r;
	return 0;
}

int64_t relay_run(struct relay *r)
{
	uv_run(&r->loop, UV_RUN_DEFAULT);
	if (r->conf.progress)
		report_progress_end();
	return age_ms(r);
}

const struct tally *relay_tally(const struct relay *r)
{
	return &r->tally;
}

/* What is neither ours nor closing yet are the timers of held datagrams. */
static void close_held(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, free_held);
}

void relay_close(struct relay **at)
{
	struct relay *r = *at;

	*at = NULL;
	if (!r)
		return;
	nat_free(&r->nat);
	port_close(&r->door);
	uv_close((uv_handle_t *)&r->stop, NULL);
	uv_close((uv_handle_t *)&r->idle, NULL);
	uv_close((uv_handle_t *)&r->progress, NULL);
	for (unsigned i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&r->signals[i], NULL);
	uv_walk(&r->loop, close_held, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
	free(r);
}
