/* SPDX-License-Identifier: MIT */
/* How fast files go, and how fast they may. */
#include "client/engine.h"

enum {
	TELL_MS = 400,
	REST_MS = 3600000, /* longer ones bring nothing more: any burst is full by then */
	WAKE_MS = 100,
	BURST_MS = 250, /* so much may move at once after a rest */
	BURST_LEAST = 2 * TRANSFER_FRAMED,
};

/* ---- the limit ------------------------------------------------------------------------- */

size_t budget_left(struct icq_client *c)
{
	struct budget *b = &c->direct.budget;
	int64_t limit = c->conf.file_limit, most = limit * BURST_MS / 1000;
	int64_t rest_ms = c->now.mono_ms - b->at_ms;
	int64_t more = (rest_ms < REST_MS ? rest_ms : REST_MS) * limit / 1000;

	if (!limit)
		return SIZE_MAX;
	if (most < BURST_LEAST)
		most = BURST_LEAST;
	if (more > 0) {
		b->at_ms = c->now.mono_ms;
		b->bytes = b->bytes + more < most ? b->bytes + more : most;
	}
	return b->bytes > 0 ? (size_t)b->bytes : 0;
}

void budget_spend(struct icq_client *c, size_t n)
{
	if (c->conf.file_limit)
		c->direct.budget.bytes -= (int64_t)n;
}

int64_t budget_wake_ms(const struct icq_client *c)
{
	return c->now.mono_ms + WAKE_MS;
}

/* ---- the rate -------------------------------------------------------------------------- */

int64_t pace_due_ms(const struct pace *p)
{
	return p->moved != p->told || p->rate ? p->told_ms + TELL_MS : NEVER_MS;
}

void pace_skip(struct pace *p, uint64_t n)
{
	p->told += n;
	p->moved += n;
}

void pace_told(struct pace *p, int64_t now_ms)
{
	uint64_t ms = (uint64_t)(now_ms - p->told_ms), bytes = p->moved - p->told;

	if (ms < TELL_MS)
		return;
	p->rate = (uint32_t)((p->rate + 3 * (bytes * 1000 / ms)) / 4);
	p->told_ms = now_ms;
	p->told = p->moved;
}
