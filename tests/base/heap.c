/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/heap.h"
#include "base/now.h"

TEST(earliest_comes_first)
{
	struct heap h;
	struct heap_node a = { 0 }, b = { 0 };

	assert_int_equal(heap_init(&h, 2), 0);
	assert_null(heap_first(&h));
	assert_int_equal(heap_deadline(&h), NEVER_MS);
	heap_set(&h, &a, 20);
	heap_set(&h, &b, 10);
	assert_ptr_equal(heap_first(&h), &b);
	heap_set(&h, &b, 30);
	assert_ptr_equal(heap_first(&h), &a);
	heap_set(&h, &a, NEVER_MS);
	assert_int_equal(heap_deadline(&h), 30);
	heap_remove(&h, &b);
	heap_remove(&h, &b);
	assert_int_equal(h.count, 0);
	heap_free(&h);
}

#define NODES 100

/* The earliest by plain search: what the heap must agree with. */
static int64_t earliest(const struct heap_node *nodes)
{
	int64_t least = NEVER_MS;

	for (int i = 0; i < NODES; i++)
		if (nodes[i].place && nodes[i].at_ms < least)
			least = nodes[i].at_ms;
	return least;
}

TEST(agrees_with_plain_search)
{
	struct rng rng = harness_rng();
	struct heap_node nodes[NODES] = { 0 };
	struct heap h;

	assert_int_equal(heap_init(&h, NODES), 0);
	for (int i = 0; i < 20000; i++) {
		struct heap_node *n = &nodes[rng_below(&rng, NODES)];

		switch (rng_below(&rng, 4)) {
		case 0:
			heap_remove(&h, n);
			break;
		case 1:
			heap_set(&h, n, NEVER_MS);
			break;
		default:
			heap_set(&h, n, rng_below(&rng, 500));
		}
		check(heap_deadline(&h) == earliest(nodes));
		for (uint32_t place = 1; place <= h.count; place++)
			check(h.a[place - 1]->place == place);
	}
	heap_free(&h);
}
