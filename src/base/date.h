/* SPDX-License-Identifier: MIT */
/* Civil dates of the proleptic Gregorian calendar in UTC, without asking the system. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

struct date {
	int32_t year;
	uint8_t month, day;	      /* 1-12, 1-31 */
	uint8_t hour, minute, second; /* 0-23, 0-59, 0-59 */
};

/* Times beyond what `year` can hold are cut to its ends. */
struct date date_from_unix(int64_t unix_s);
/* Out-of-range months, days, hours carry over, as in "the 32nd of January". */
int64_t date_to_unix(const struct date *d);

#endif
