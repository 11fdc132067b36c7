/* SPDX-License-Identifier: MIT */
/* Time as the core sees it: read once a turn by the caller, passed down as an argument. */
#ifndef BASE_NOW_H
#define BASE_NOW_H

#include <stdint.h>

struct now {
	int64_t mono_ms; /* monotonic milliseconds: every timer */
	int64_t unix_s;	 /* civil seconds since 1970, UTC: only what people read */
};

#define NEVER_MS INT64_MAX /* a deadline that does not come */

#endif
