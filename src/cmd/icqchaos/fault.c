/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/fault.h"

#include <string.h>

struct fault_plan fault_none(void)
{
	return (struct fault_plan){ .rebind_ms = NEVER_MS, .end_ms = NEVER_MS };
}

struct fault_lane fault_lane(uint64_t seed, uint32_t client, unsigned way, int64_t now_ms)
{
	struct rng scatter = { seed };

	/* Without being scattered first, neighbouring seeds would share lanes. */
	scatter.state = rng_next(&scatter) ^ ((uint64_t)client * FAULT_WAYS + way);
	return (struct fault_lane){ .rng.state = rng_next(&scatter), .bound_ms = now_ms };
}

/* Draws in any case, so that a chance of 0 leaves the draws behind it as they are. */
static bool happens(struct rng *r, uint32_t chance)
{
	return rng_below(r, FAULT_CERTAIN) < chance;
}

static bool is_cut(const struct fault_plan *plan, int64_t now_ms)
{
	for (unsigned i = 0; i < plan->cut_count; i++) {
		if (now_ms >= plan->cuts[i].start_ms && now_ms < plan->cuts[i].end_ms)
			return true;
	}
	return false;
}

/* Each draw is made, whatever the plan is and whatever the others said. */
static struct fault_copy decide_copy(const struct fault_plan *plan, struct rng *r, size_t n)
{
	struct fault_copy copy = { .len = n };
	uint32_t jitter_ms = rng_below(r, plan->jitter_ms + 1);
	uint32_t back_ms = rng_below(r, FAULT_BACK_MAX_MS - FAULT_BACK_MIN_MS + 1);
	bool truncate, corrupt;

	copy.back = happens(r, plan->reorder);
	copy.delay_ms = plan->delay_ms + jitter_ms + (copy.back ? FAULT_BACK_MIN_MS + back_ms : 0);
	truncate = happens(r, plan->truncate);
	corrupt = happens(r, plan->corrupt);
	if (truncate && n > 0)
		copy.len = rng_below(r, (uint32_t)n);
	if (corrupt && copy.len > 0) {
		copy.spot = rng_below(r, (uint32_t)copy.len);
		copy.flip = (uint8_t)(1 + rng_below(r, UINT8_MAX));
	}
	return copy;
}

static bool decide_rebind(const struct fault_plan *plan, struct fault_lane *lane, struct rng *r,
			  int64_t now_ms)
{
	bool by_chance = happens(r, plan->rebind);

	if (!by_chance && now_ms - lane->bound_ms < plan->rebind_ms)
		return false;
	lane->bound_ms = now_ms;
	return true;
}

struct fault_fate fault_decide(const struct fault_plan *plan, struct fault_lane *lane, unsigned way,
			       int64_t now_ms, size_t n)
{
	const struct fault_plan none = fault_none();
	struct fault_fate fate = { .count = 0 };
	struct rng r = { rng_next(&lane->rng) };

	if (now_ms >= plan->end_ms)
		plan = &none;
	fate.cut = is_cut(plan, now_ms);
	fate.lost = happens(&r, plan->loss[way]) && !fate.cut;
	fate.rebind = way == FAULT_UP && decide_rebind(plan, lane, &r, now_ms);
	fate.count = happens(&r, plan->duplicate) ? 2 : 1;
	if (fate.cut || fate.lost)
		fate.count = 0;
	for (unsigned i = 0; i < fate.count; i++)
		fate.copies[i] = decide_copy(plan, &r, n);
	return fate;
}

void fault_make(const struct fault_copy *copy, const void *p, void *out)
{
	uint8_t *bytes = out;

	if (copy->len == 0)
		return;
	memcpy(bytes, p, copy->len);
	bytes[copy->spot] ^= copy->flip;
}
