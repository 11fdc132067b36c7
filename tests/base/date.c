/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/date.h"

static void assert_date(int64_t unix_s, int year, int month, int day, int hour, int minute,
			int second)
{
	struct date d = date_from_unix(unix_s);

	assert_int_equal(d.year, year);
	assert_int_equal(d.month, month);
	assert_int_equal(d.day, day);
	assert_int_equal(d.hour, hour);
	assert_int_equal(d.minute, minute);
	assert_int_equal(d.second, second);
	assert_int_equal(date_to_unix(&d), unix_s);
}

TEST(known_moments)
{
	assert_date(0, 1970, 1, 1, 0, 0, 0);
	assert_date(-1, 1969, 12, 31, 23, 59, 59);
	assert_date(951782400, 2000, 2, 29, 0, 0, 0);
	assert_date(951868799, 2000, 2, 29, 23, 59, 59);
	assert_date(915148799, 1998, 12, 31, 23, 59, 59);
	assert_date(2147483648, 2038, 1, 19, 3, 14, 8);
	assert_date(4107542400, 2100, 3, 1, 0, 0, 0);
	assert_date(4107542399, 2100, 2, 28, 23, 59, 59);
	assert_date(-62135596800, 1, 1, 1, 0, 0, 0);
	assert_date(-62167219200, 0, 1, 1, 0, 0, 0);
}

TEST(days_follow_each_other)
{
	struct date before = date_from_unix(-86400);

	for (int64_t day = 0; day < 400 * 366; day++) {
		struct date d = date_from_unix(day * 86400);

		check(d.day == before.day + 1 || d.day == 1);
		check(d.day != 1 || d.month == before.month % 12 + 1);
		check(d.year == before.year + (d.month == 1 && d.day == 1));
		before = d;
	}
}

TEST(excess_carries_over)
{
	struct date jan_32 = { .year = 1998, .month = 1, .day = 32 };
	struct date month_13 = { .year = 1998, .month = 13, .day = 1, .hour = 24 };
	struct date month_0 = { .year = 1998, .month = 0, .day = 1 };
	struct date day_0 = { .year = 2000, .month = 3, .day = 0 };

	assert_date(date_to_unix(&jan_32), 1998, 2, 1, 0, 0, 0);
	assert_date(date_to_unix(&month_13), 1999, 1, 2, 0, 0, 0);
	assert_date(date_to_unix(&month_0), 1997, 12, 1, 0, 0, 0);
	assert_date(date_to_unix(&day_0), 2000, 2, 29, 0, 0, 0);
}

TEST(any_time_survives)
{
	struct rng rng = harness_rng();

	for (int i = 0; i < 50000; i++) {
		int64_t t = (int64_t)rng_next(&rng) >> (10 + rng_below(&rng, 30));
		struct date d = date_from_unix(t);

		check(date_to_unix(&d) == t);
	}
}

TEST(the_ends_of_time_are_cut)
{
	assert_true(date_from_unix(INT64_MAX).year > 2000000000);
	assert_true(date_from_unix(INT64_MIN).year < -2000000000);
}
