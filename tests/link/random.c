/* SPDX-License-Identifier: MIT */
/* Random work on a link, beside a model that knows each packet's whole life. */
#include "harness.h"

#include "base/now.h"
#include "link/link.h"

enum { PACKETS = 60, STEPS = 1000, ROUNDS = 1000, PLENTY = 1 << 20 };

/* A packet as the model sees it; its index travels in the cookie and in the bytes. */
struct life {
	bool message, sent, over, hurried;
	int64_t not_before_ms, last_ms;
	uint16_t seq, len;
	unsigned times;
};

struct model {
	struct link link;
	struct link_rules rules;
	struct link_pool *pool;
	struct rng rng;
	int64_t now_ms;
	struct life lives[PACKETS];
	uint32_t count, next; /* packets so far; the next number */
	int64_t credit;	      /* negative: unlimited */
};

/* Never acknowledged, and all its transmissions and the wait after the last are over. */
static bool given_up(const struct model *m, const struct life *l)
{
	return !l->message && l->times == m->rules.sends * m->rules.rounds &&
	       m->now_ms >= l->last_ms + m->rules.retry_ms;
}

static uint32_t in_flight(const struct model *m, bool messages)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->count; i++)
		n += m->lives[i].sent && !m->lives[i].over && !given_up(m, &m->lives[i]) &&
		     (m->lives[i].message || !messages);
	return n;
}

/* Does anything queued earlier wait without a reason of its own? */
static bool overtakes(const struct model *m, uint32_t id)
{
	for (uint32_t i = 0; i < id; i++) {
		const struct life *l = &m->lives[i];

		if (!l->sent && l->not_before_ms <= m->now_ms &&
		    (!l->message || !in_flight(m, true)))
			return true;
	}
	return false;
}

static void first_time(struct model *m, uint32_t id, uint16_t seq)
{
	struct life *l = &m->lives[id];

	check(seq == m->next++ % 65536);
	check(m->now_ms >= l->not_before_ms);
	check(in_flight(m, false) < m->rules.window);
	check(!l->message || !in_flight(m, true));
	check(!overtakes(m, id));
	l->seq = seq;
	l->sent = true;
}

static void on_send(void *ctx, const void *packet, size_t n)
{
	struct model *m = ctx;
	const uint8_t *p = packet;
	uint16_t seq = (uint16_t)(p[4] | p[5] << 8);
	struct life *l = &m->lives[p[6]];

	check(p[6] < m->count && n == l->len && !l->over);
	if (!l->sent)
		first_time(m, p[6], seq);
	else
		check(l->hurried || m->now_ms >= l->last_ms + m->rules.retry_ms);
	check(seq == l->seq);
	check(l->message || ++l->times <= m->rules.sends * m->rules.rounds);
	l->last_ms = m->now_ms;
	l->hurried = false;
	if (m->credit >= 0) {
		m->credit -= (int64_t)n;
		check(m->credit >= 0);
	}
}

static void queue(struct model *m)
{
	uint8_t packet[200] = { 2, 0, 1, 0, 0, 0, (uint8_t)m->count };
	struct life *l = &m->lives[m->count];

	if (m->count == PACKETS)
		return;
	*l = (struct life){ .message = rng_below(&m->rng, 3) == 0,
			    .len = (uint16_t)(7 + rng_below(&m->rng, 190)) };
	if (rng_below(&m->rng, 4) == 0)
		l->not_before_ms = m->now_ms + rng_below(&m->rng, 1000);
	if (link_queue(&m->link, m->pool, packet, l->len, l->message ? LINK_MESSAGE : LINK_PLAIN,
		       m->count, l->not_before_ms) == 0)
		m->count++;
}

static void acked(struct model *m, uint16_t seq)
{
	struct link_done done;
	int err = link_acked(&m->link, m->pool, seq, &done);
	uint32_t i = 0;

	while (i < m->count && (!m->lives[i].sent || m->lives[i].over || m->lives[i].seq != seq))
		i++;
	check((err == 0) == (i < m->count));
	if (err)
		return;
	check(done.cookie == i && done.message == m->lives[i].message);
	m->lives[i].over = true;
}

/* What the link no longer holds was given up: never a message, never too early. */
static void bury(struct model *m)
{
	size_t messages, waiting = 0, waiting_messages = 0;
	size_t held = link_waiting(&m->link, &messages);

	for (uint32_t i = 0; i < m->count; i++) {
		struct life *l = &m->lives[i];

		l->over |= given_up(m, l);
		waiting += !l->over;
		waiting_messages += !l->over && l->message;
	}
	check(held == waiting && messages == waiting_messages);
}

static void pass(struct model *m, int64_t ms)
{
	const struct link_out out = { .ctx = m, .send = on_send };
	int64_t until_ms = m->now_ms + ms;

	while (m->link.deadline_ms <= until_ms) {
		if (m->now_ms < m->link.deadline_ms)
			m->now_ms = m->link.deadline_ms;
		link_pump(&m->link, m->pool, m->now_ms, &out);
		check(m->link.deadline_ms != m->now_ms);
		bury(m);
	}
	m->now_ms = until_ms;
}

static void hurry(struct model *m)
{
	link_hurry(&m->link, m->now_ms);
	for (uint32_t i = 0; i < m->count; i++)
		m->lives[i].hurried = true;
}

static void allow(struct model *m)
{
	size_t bytes = rng_below(&m->rng, 500);

	link_allow(&m->link, bytes);
	if (m->credit >= 0)
		m->credit += (int64_t)bytes;
}

static void step(struct model *m)
{
	switch (rng_below(&m->rng, 12)) {
	case 0:
		queue(m);
		break;
	case 1:
		if (m->next)
			acked(m, (uint16_t)rng_below(&m->rng, m->next));
		break;
	case 2:
		link_heard(&m->link, m->now_ms);
		break;
	case 3:
		hurry(m);
		break;
	case 4:
		allow(m);
		break;
	default:
		pass(m, rng_below(&m->rng, 4000));
	}
}

/* Everything is heard and answered from now on: nothing may be left. */
static void finish(struct model *m)
{
	link_allow(&m->link, PLENTY);
	if (m->credit >= 0)
		m->credit += PLENTY;
	for (uint32_t i = 0; i < 2 * PACKETS; i++) {
		link_heard(&m->link, m->now_ms);
		pass(m, 2 * m->rules.retry_ms);
		for (uint32_t k = 0; k < m->count; k++)
			if (m->lives[k].sent && !m->lives[k].over)
				acked(m, m->lives[k].seq);
	}
	check(link_waiting(&m->link, NULL) == 0);
	check(m->link.in_flight == 0);
	check(link_pool_used(m->pool) == 0);
}

static struct link_rules any_rules(struct rng *r)
{
	return (struct link_rules){
		.retry_ms = 1000 + rng_below(r, 10000),
		.sends = (uint8_t)(1 + rng_below(r, 7)),
		.rounds = (uint8_t)(1 + rng_below(r, 2)),
		.window = (uint8_t)(1 + rng_below(r, 32)),
		.dead_packets = 2,
		.numbers = UINT32_MAX,
	};
}

TEST(random_work_keeps_every_promise)
{
	struct rng rng = harness_rng();

	for (int round = 0; round < ROUNDS; round++) {
		struct model m = { .rules = any_rules(&rng),
				   .pool = link_pool_new(1),
				   .rng.state = rng_next(&rng) };

		assert_non_null(m.pool);
		m.next = rng_below(&rng, 2) ? 0 : 65530;
		m.credit = rng_below(&rng, 2) ? -1 : 300;
		link_open(&m.link, &m.rules, m.next);
		if (m.credit >= 0)
			m.link.credit = (int32_t)m.credit;
		for (int i = 0; i < STEPS; i++)
			step(&m);
		finish(&m);
		link_close(&m.link, m.pool);
		link_pool_free(&m.pool);
	}
}
