/* SPDX-License-Identifier: MIT */
#include "base/date.h"

#include <stdbool.h>

#define DAY_S 86400
#define DAYS_OF_400_YEARS 146097
/* Inside +-2^31 years, so that every date fits struct date. */
#define UNIX_S_MAX (INT64_C(2147480000) * 365 * DAY_S)

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to the first of January of that year. */
static int64_t year_start(int64_t year)
{
	const int64_t days_to_1970 = 719162; /* from 0001-01-01 */
	int64_t y = year - 1;

	return y * 365 + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) - days_to_1970;
}

/* Days of the year before that month, 0 = January. */
static int month_start(int64_t year, int month)
{
	static const int16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };

	return before[month] + (month > 1 && is_leap(year));
}

static int64_t year_of_day(int64_t day)
{
	int64_t year = 1970 + floor_div(day * 400, DAYS_OF_400_YEARS);

	while (day < year_start(year))
		year--;
	while (day >= year_start(year + 1))
		year++;
	return year;
}

struct date date_from_unix(int64_t unix_s)
{
	if (unix_s > UNIX_S_MAX)
		unix_s = UNIX_S_MAX;
	if (unix_s < -UNIX_S_MAX)
		unix_s = -UNIX_S_MAX;

	int64_t day = floor_div(unix_s, DAY_S);
	int32_t second = (int32_t)(unix_s - day * DAY_S);
	int64_t year = year_of_day(day);
	int day_of_year = (int)(day - year_start(year));
	int month = 11;

	while (day_of_year < month_start(year, month))
		month--;
	return (struct date){
		.year = (int32_t)year,
		.month = (uint8_t)(month + 1),
		.day = (uint8_t)(day_of_year - month_start(year, month) + 1),
		.hour = (uint8_t)(second / 3600),
		.minute = (uint8_t)(second / 60 % 60),
		.second = (uint8_t)(second % 60),
	};
}

int64_t date_to_unix(const struct date *d)
{
	int64_t year = d->year + floor_div(d->month - 1, 12);
	int month = (int)(d->month - 1 - floor_div(d->month - 1, 12) * 12);
	int64_t day = year_start(year) + month_start(year, month) + d->day - 1;

	return day * DAY_S + d->hour * 3600 + d->minute * 60 + d->second;
}
