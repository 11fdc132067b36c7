/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "cmd/icqchaos/units.h"

TEST(chances_are_percentages)
{
	static const struct {
		const char *text;
		uint32_t chance;
	} good[] = { { "0", 0 },       { "20", 200000 },    { "20%", 200000 },
		     { "0.5%", 5000 }, { "100%", 1000000 }, { "12.3456", 123456 },
		     { "7.", 70000 },  { "0.0001", 1 } };
	static const char *const bad[] = { "",	      "%", "101", "100.1", "-1",
					   "1.23456", "x", "5 %", ".5",	   "99999999999999999999" };
	uint32_t chance;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(units_chance(good[i].text, &chance), 0);
		assert_int_equal(chance, good[i].chance);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(units_chance(bad[i], &chance) < 0);
}

TEST(times_have_seconds_or_milliseconds)
{
	int64_t ms;
	uint32_t delay_ms;

	assert_int_equal(units_seconds("30", &ms), 0);
	assert_int_equal(ms, 30000);
	assert_int_equal(units_seconds("0.25s", &ms), 0);
	assert_int_equal(ms, 250);
	assert_true(units_seconds("1.0005", &ms) < 0);
	assert_true(units_seconds("99999999999", &ms) < 0);
	assert_int_equal(units_millis("250ms", &delay_ms), 0);
	assert_int_equal(delay_ms, 250);
	assert_true(units_millis("0.5", &delay_ms) < 0);
	assert_true(units_millis("60001", &delay_ms) < 0);
}

TEST(seeds_have_64_bits)
{
	uint64_t seed;

	assert_int_equal(units_seed("18446744073709551615", &seed), 0);
	assert_true(seed == UINT64_MAX);
	assert_int_equal(units_seed("0x5f2C91", &seed), 0);
	assert_true(seed == 0x5f2c91);
	assert_true(units_seed("18446744073709551616", &seed) < 0);
	assert_true(units_seed("-1", &seed) < 0);
	assert_true(units_seed("5f", &seed) < 0);
	assert_true(units_seed("", &seed) < 0);
}

TEST(spans_have_a_start_and_a_length)
{
	int64_t start_ms, len_ms;

	assert_int_equal(units_span("5:2.5", &start_ms, &len_ms), 0);
	assert_int_equal(start_ms, 5000);
	assert_int_equal(len_ms, 2500);
	assert_true(units_span("5", &start_ms, &len_ms) < 0);
	assert_true(units_span(":5", &start_ms, &len_ms) < 0);
	assert_true(units_span("5:", &start_ms, &len_ms) < 0);
	assert_true(units_span("5:1:1", &start_ms, &len_ms) < 0);
}
