/* SPDX-License-Identifier: MIT */
/* Fails in every way that the harness knows; harness_check.py looks whether each is noticed. */
#include "harness.h"

#include <stdlib.h>

TEST(passes)
{
	check(1 + 1 == 2);
}

TEST(fails_by_condition)
{
	check(1 + 1 == 3);
}

TEST(fails_by_number)
{
	assert_int_equal(-1, UINT32_MAX);
}

TEST(fails_by_range)
{
	assert_in_range(5, 1, 4);
}

TEST(fails_by_text)
{
	assert_string_equal("a", "b");
}

TEST(fails_by_bytes)
{
	assert_bytes("abcd", 4, "abce", 4);
}

TEST(fails_by_length)
{
	assert_bytes("abcd", 4, "abc", 3);
}

TEST(skips)
{
	harness_skip("no moon");
}

TEST(tells_its_seed)
{
	harness_seed();
	fail_msg("on purpose");
}

TEST(breaks_off)
{
	_Exit(EXIT_SUCCESS);
}
