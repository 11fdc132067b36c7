/* SPDX-License-Identifier: MIT */
#include "harness.h"

TEST(hex_ignores_dots_and_spaces)
{
	const uint8_t expected[] = { 0x02, 0x00, 0xe8, 0x03 };
	struct hex h = hex_bytes("02 00.e8\n03");

	assert_bytes(expected, sizeof(expected), h.b, h.n);
}

TEST(seed_is_fixed_for_a_case)
{
	struct rng a = harness_rng();
	struct rng b = harness_rng();

	assert_int_equal(rng_next(&a), rng_next(&b));
}
