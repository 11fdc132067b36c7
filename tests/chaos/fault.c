/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "cmd/icqchaos/fault.h"
#include "cmd/icqchaos/tally.h"

enum { TRIES = 100000, LENGTH = 40 };

/* What a binomial distribution leaves to chance: five standard deviations, which a true rate
 * exceeds once in two million times. */
static void assert_rate(const char *what, uint64_t hits, uint64_t tries, uint32_t chance)
{
	double p = (double)chance / FAULT_CERTAIN, off = (double)hits - (double)tries * p;

	if (off * off > 25 * (double)tries * p * (1 - p))
		fail_msg("%s: %llu of %llu at a rate of %f", what, (unsigned long long)hits,
			 (unsigned long long)tries, p);
}

static bool same_fate(const struct fault_fate *a, const struct fault_fate *b)
{
	if (a->cut != b->cut || a->lost != b->lost || a->rebind != b->rebind ||
	    a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		const struct fault_copy *x = &a->copies[i], *y = &b->copies[i];

		if (x->delay_ms != y->delay_ms || x->back != y->back || x->len != y->len ||
		    x->spot != y->spot || x->flip != y->flip)
			return false;
	}
	return true;
}

static struct fault_plan everything(void)
{
	struct fault_plan plan = fault_none();

	plan.loss[FAULT_UP] = plan.loss[FAULT_DOWN] = FAULT_CERTAIN / 5;
	plan.duplicate = plan.reorder = plan.corrupt = plan.truncate = FAULT_CERTAIN / 10;
	plan.rebind = FAULT_CERTAIN / 100;
	plan.delay_ms = 10;
	plan.jitter_ms = 20;
	return plan;
}

/* What becomes of many datagrams of one lane under a plan. */
static struct tally_way outcome(const struct fault_plan *plan, uint64_t seed, unsigned way)
{
	struct fault_lane lane = fault_lane(seed, 1, way, 0);
	struct tally_way t = { 0 };

	for (int i = 0; i < TRIES; i++) {
		struct fault_fate fate = fault_decide(plan, &lane, way, 0, LENGTH);

		tally_fate(&t, &fate, LENGTH);
	}
	return t;
}

TEST(without_faults_all_passes_at_once_and_whole)
{
	struct fault_plan plan = fault_none();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_UP, 0);

	for (int i = 0; i < TRIES; i++) {
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_UP, i, LENGTH);
		const struct fault_copy *copy = &fate.copies[0];

		check(!fate.cut && !fate.lost && !fate.rebind && fate.count == 1);
		check(copy->delay_ms == 0 && copy->len == LENGTH && !copy->flip && !copy->back);
	}
}

TEST(each_fault_arrives_at_its_rate)
{
	static const uint32_t chances[] = { 0, 1000, 15000, 200000, 500000, 990000, FAULT_CERTAIN };
	struct rng rng = harness_rng();

	for (size_t i = 0; i < sizeof(chances) / sizeof(chances[0]); i++) {
		struct fault_plan plan = fault_none();
		struct tally_way t;

		plan.loss[FAULT_DOWN] = chances[i];
		t = outcome(&plan, rng_next(&rng), FAULT_DOWN);
		assert_rate("loss", t.lost, TRIES, chances[i]);

		plan.loss[FAULT_DOWN] = 0;
		plan.duplicate = plan.reorder = plan.corrupt = plan.truncate = chances[i];
		t = outcome(&plan, rng_next(&rng), FAULT_DOWN);
		assert_rate("duplicate", t.duplicated, TRIES, chances[i]);
		assert_rate("reorder", t.held_back, t.waiting, chances[i]);
		assert_rate("truncate", t.truncated, t.waiting, chances[i]);
	}
}

/* A datagram cut to nothing has no byte to change, so this fault is measured alone. */
TEST(corruption_arrives_at_its_rate)
{
	struct fault_plan plan = fault_none();
	struct tally_way t;

	plan.corrupt = FAULT_CERTAIN / 20;
	t = outcome(&plan, harness_seed(), FAULT_UP);
	assert_rate("corrupt", t.corrupted, TRIES, plan.corrupt);
}

TEST(each_way_has_its_own_loss)
{
	struct fault_plan plan = fault_none();
	uint64_t seed = harness_seed();

	plan.loss[FAULT_UP] = FAULT_CERTAIN / 4;
	assert_rate("up", outcome(&plan, seed, FAULT_UP).lost, TRIES, FAULT_CERTAIN / 4);
	assert_int_equal(outcome(&plan, seed, FAULT_DOWN).lost, 0);
}

TEST(losses_do_not_come_in_bursts)
{
	struct fault_plan plan = fault_none();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_UP, 0);
	uint64_t pairs = 0, after_loss = 0;
	bool before = false;

	plan.loss[FAULT_UP] = FAULT_CERTAIN / 5;
	for (int i = 0; i < TRIES; i++) {
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_UP, 0, LENGTH);

		after_loss += before;
		pairs += before && fate.lost;
		before = fate.lost;
	}
	assert_rate("a loss behind a loss", pairs, after_loss, FAULT_CERTAIN / 5);
}

TEST(same_seed_means_same_decisions)
{
	struct fault_plan plan = everything();
	uint64_t seed = harness_seed();
	struct fault_lane a = fault_lane(seed, 7, FAULT_UP, 0);
	struct fault_lane b = fault_lane(seed, 7, FAULT_UP, 0);
	struct fault_lane other = fault_lane(seed, 8, FAULT_UP, 0);

	for (int i = 0; i < TRIES; i++) {
		struct fault_fate x = fault_decide(&plan, &a, FAULT_UP, i, LENGTH);

		fault_decide(&plan, &other, FAULT_UP, i, LENGTH);

		struct fault_fate y = fault_decide(&plan, &b, FAULT_UP, i, LENGTH);

		check(same_fate(&x, &y));
	}
}

static void assert_independent(const char *what, struct fault_lane a, struct fault_lane b)
{
	struct fault_plan plan = fault_none();
	uint64_t equal = 0;

	plan.loss[FAULT_UP] = FAULT_CERTAIN / 2;
	for (int i = 0; i < TRIES; i++)
		equal += fault_decide(&plan, &a, FAULT_UP, 0, LENGTH).lost ==
			 fault_decide(&plan, &b, FAULT_UP, 0, LENGTH).lost;
	assert_rate(what, equal, TRIES, FAULT_CERTAIN / 2);
}

TEST(seeds_clients_and_ways_share_nothing)
{
	uint64_t seed = harness_seed();
	struct fault_lane lane = fault_lane(seed, 1, FAULT_UP, 0);

	assert_independent("the next seed", lane, fault_lane(seed + 1, 1, FAULT_UP, 0));
	assert_independent("the next client", lane, fault_lane(seed, 2, FAULT_UP, 0));
	assert_independent("the other way", lane, fault_lane(seed, 1, FAULT_DOWN, 0));
}

TEST(other_faults_do_not_move_the_losses)
{
	struct fault_plan full = everything(), bare = fault_none();
	uint64_t seed = harness_seed();
	struct fault_lane a = fault_lane(seed, 1, FAULT_UP, 0);
	struct fault_lane b = fault_lane(seed, 1, FAULT_UP, 0);

	memcpy(bare.loss, full.loss, sizeof(bare.loss));
	for (int i = 0; i < TRIES; i++)
		check(fault_decide(&full, &a, FAULT_UP, 0, LENGTH).lost ==
		      fault_decide(&bare, &b, FAULT_UP, 0, LENGTH).lost);
}

TEST(partition_loses_all_in_its_time)
{
	struct fault_plan plan = fault_none();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_DOWN, 0);

	plan.cuts[0] = (struct fault_cut){ 1000, 1500 };
	plan.cuts[1] = (struct fault_cut){ 1500, 1600 };
	plan.cut_count = 2;
	for (int64_t at_ms = 0; at_ms < 3000; at_ms++) {
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_DOWN, at_ms, LENGTH);

		check(fate.cut == (at_ms >= 1000 && at_ms < 1600));
		check(fate.count == !fate.cut && !fate.lost);
	}
}

TEST(nothing_happens_after_the_end)
{
	struct fault_plan plan = everything();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_UP, 0);

	plan.end_ms = 5000;
	plan.rebind_ms = 1;
	for (int i = 0; i < TRIES; i++) {
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_UP, 5000 + i, LENGTH);

		check(fate.count == 1 && !fate.rebind && fate.copies[0].delay_ms == 0);
	}
	assert_true(fault_decide(&plan, &lane, FAULT_UP, 4999, LENGTH).rebind);
}

TEST(delays_lie_in_their_range)
{
	struct fault_plan plan = fault_none();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_UP, 0);
	uint64_t counts[11] = { 0 };

	plan.delay_ms = 40;
	plan.jitter_ms = 10;
	for (int i = 0; i < TRIES; i++) {
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_UP, 0, LENGTH);

		check(fate.copies[0].delay_ms >= 40 && fate.copies[0].delay_ms <= 50);
		counts[fate.copies[0].delay_ms - 40]++;
	}
	for (int i = 0; i < 11; i++)
		assert_rate("one delay of eleven", counts[i], TRIES, FAULT_CERTAIN / 11);
}

TEST(reordered_datagrams_wait_longer)
{
	struct fault_plan plan = fault_none();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_UP, 0);

	plan.delay_ms = 1000;
	plan.reorder = FAULT_CERTAIN / 2;
	for (int i = 0; i < TRIES; i++) {
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_UP, 0, LENGTH);
		uint32_t more_ms = fate.copies[0].delay_ms - plan.delay_ms;

		check(fate.copies[0].back
			      ? more_ms >= FAULT_BACK_MIN_MS && more_ms <= FAULT_BACK_MAX_MS
			      : more_ms == 0);
	}
}

TEST(rebind_comes_by_chance_and_only_upwards)
{
	struct fault_plan plan = fault_none();
	uint64_t seed = harness_seed(), hits[FAULT_WAYS] = { 0 };

	plan.rebind = FAULT_CERTAIN / 50;
	for (unsigned way = 0; way < FAULT_WAYS; way++) {
		struct fault_lane lane = fault_lane(seed, 1, way, 0);

		for (int i = 0; i < TRIES; i++)
			hits[way] += fault_decide(&plan, &lane, way, i, LENGTH).rebind;
	}
	assert_rate("rebind", hits[FAULT_UP], TRIES, plan.rebind);
	assert_int_equal(hits[FAULT_DOWN], 0);
}

TEST(rebind_comes_after_its_time)
{
	struct fault_plan plan = fault_none();
	struct fault_lane lane = fault_lane(harness_seed(), 1, FAULT_UP, 100);

	plan.rebind_ms = 1000;
	for (int64_t at_ms = 100; at_ms < 5000; at_ms++) {
		bool due = at_ms > 100 && (at_ms - 100) % 1000 == 0;

		check(fault_decide(&plan, &lane, FAULT_UP, at_ms, LENGTH).rebind == due);
	}
}

static size_t bytes_that_differ(const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += a[i] != b[i];
	return count;
}

TEST(corruption_changes_one_byte_and_truncation_some_of_the_end)
{
	struct fault_plan plan = fault_none();
	struct rng rng = harness_rng();
	struct fault_lane lane = fault_lane(rng_next(&rng), 1, FAULT_UP, 0);

	plan.corrupt = plan.truncate = FAULT_CERTAIN / 2;
	for (int i = 0; i < TRIES; i++) {
		uint8_t given[LENGTH], made[LENGTH];
		size_t n = rng_below(&rng, LENGTH + 1);
		struct fault_fate fate = fault_decide(&plan, &lane, FAULT_UP, 0, n);
		const struct fault_copy *copy = &fate.copies[0];

		rng_bytes(&rng, given, n);
		fault_make(copy, given, made);
		check(copy->len <= n && copy->spot <= copy->len);
		check(bytes_that_differ(given, made, copy->len) == (copy->flip ? 1 : 0));
	}
}

TEST(counts_add_up)
{
	struct fault_plan plan = everything();
	struct tally_way t = outcome(&plan, harness_seed(), FAULT_UP);

	assert_int_equal(t.in + t.duplicated, t.lost + t.cut + t.waiting);
	tally_passed(&t, 30, false);
	tally_passed(&t, 10, true);
	tally_not_sent(&t);
	assert_int_equal(t.in + t.duplicated, t.lost + t.cut + t.waiting + t.passed + t.not_sent);
	assert_int_equal(t.reordered, 1);
	assert_int_equal(t.delay_least_ms, 10);
	assert_int_equal(t.delay_most_ms, 30);
	assert_int_equal(t.delay_sum_ms, 40);
}
