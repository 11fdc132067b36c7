/* SPDX-License-Identifier: MIT */
/* What the relay has done, counted by way, and the summary of it. */
#ifndef ICQCHAOS_TALLY_H
#define ICQCHAOS_TALLY_H

#include <stdint.h>
#include <stdio.h>

#include "cmd/icqchaos/fault.h"

/* Name in JSON, label for people. in + duplicated = passed + lost + cut + not_sent + waiting. */
#define TALLY_COUNTS(X)                                                                            \
	X(in, "came in")                                                                           \
	X(passed, "passed on")                                                                     \
	X(lost, "lost")                                                                            \
	X(cut, "lost in a partition")                                                              \
	X(duplicated, "duplicated")                                                                \
	X(held_back, "held back to reorder")                                                       \
	X(reordered, "overtaken by others")                                                        \
	X(corrupted, "corrupted")                                                                  \
	X(truncated, "truncated")                                                                  \
	X(not_sent, "not sent")                                                                    \
	X(waiting, "still waiting")

struct tally_way {
#define X(name, label) uint64_t name;
	TALLY_COUNTS(X)
#undef X
	int64_t delay_least_ms, delay_most_ms, delay_sum_ms; /* of those passed on */
};

struct tally {
	struct tally_way ways[FAULT_WAYS];
	uint32_t clients; /* addresses that were given a port */
	uint64_t rebinds;
	uint64_t refused;   /* datagrams of clients for whom there was no port */
	uint64_t strangers; /* datagrams that came to a port and not from the server */
};

struct tally_about {
	uint64_t seed;
	int64_t run_ms;
};

void tally_fate(struct tally_way *t, const struct fault_fate *fate, size_t n);
/* A copy has left; `overtaken` when one that came behind it was sooner. */
void tally_passed(struct tally_way *t, int64_t delay_ms, bool overtaken);
void tally_not_sent(struct tally_way *t);

void tally_print(const struct tally *t, const struct tally_about *about, FILE *out);
/* One object on one line. */
void tally_print_json(const struct tally *t, const struct tally_about *about, FILE *out);

#endif
