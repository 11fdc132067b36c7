/* SPDX-License-Identifier: MIT */
#include "io/clock.h"

#include <time.h>

struct now clock_now(void)
{
	struct timespec mono, civil;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &civil);
	return (struct now){ .mono_ms = (int64_t)mono.tv_sec * 1000 + mono.tv_nsec / 1000000,
			     .unix_s = civil.tv_sec };
}
