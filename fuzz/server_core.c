/* SPDX-License-Identifier: MIT */
/* Any history of packets, time and answers of jobs leaves the server core consistent. */
#include "fuzz.h"

#include "server/storm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	storm_run(data, size);
	return 0;
}
