/* SPDX-License-Identifier: MIT */
/* Thousands of random packets, with time and failures between them. */
#include "server/storm.h"

#include "harness.h"

enum { RUNS = 100, BYTES = 4000 };

TEST(whatever_comes_the_server_stays_consistent_and_forgets_the_dead)
{
	struct rng rng = harness_rng();
	uint8_t data[BYTES];

	for (int i = 0; i < RUNS; i++) {
		rng_bytes(&rng, data, sizeof(data));
		storm_run(data, 1 + rng_below(&rng, sizeof(data)));
	}
}
