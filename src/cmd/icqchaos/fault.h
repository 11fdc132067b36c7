/* SPDX-License-Identifier: MIT */
/*
 * What happens to a datagram on its way, decided by chance from one seed. Pure: the seed, the
 * time and the length come in as arguments, decisions come out.
 *
 * The n-th datagram of a lane (one client, one way) has chances of its own: how the datagrams
 * of several clients interleave changes nothing, and neither does it move the losses when
 * another fault is switched on.
 */
#ifndef ICQCHAOS_FAULT_H
#define ICQCHAOS_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/now.h"
#include "base/rng.h"

enum { FAULT_UP, FAULT_DOWN, FAULT_WAYS }; /* towards the server, towards the client */

enum {
	FAULT_CERTAIN = 1000000, /* chances are parts of this */
	FAULT_CUTS_MAX = 16,
	FAULT_COPIES_MAX = 2,
	FAULT_BACK_MIN_MS = 100, /* a reordered datagram waits that long in addition ... */
	FAULT_BACK_MAX_MS = 300, /* ... so that what comes behind it overtakes it */
};

/* Nothing passes from start_ms on, end_ms excluded. */
struct fault_cut {
	int64_t start_ms, end_ms;
};

/* All times are counted from the start of the relay. */
struct fault_plan {
	uint32_t loss[FAULT_WAYS]; /* this and the following: parts of FAULT_CERTAIN */
	uint32_t duplicate, reorder, corrupt, truncate;
	uint32_t rebind;
	int64_t rebind_ms; /* and after so long, NEVER_MS for not */
	uint32_t delay_ms, jitter_ms;
	struct fault_cut cuts[FAULT_CUTS_MAX];
	unsigned cut_count;
	int64_t end_ms; /* from then on all passes; NEVER_MS for no end */
};

struct fault_lane {
	struct rng rng;
	int64_t bound_ms; /* when the client got its port */
};

/* One datagram that leaves. Of n bytes only the first `len`; byte `spot` is changed by `flip`,
 * which is 0 if nothing is. */
struct fault_copy {
	uint32_t delay_ms;
	bool back; /* reordered */
	size_t len, spot;
	uint8_t flip;
};

struct fault_fate {
	bool cut, lost; /* no copy leaves */
	bool rebind;	/* the client gets another port first, even if the datagram is lost */
	unsigned count; /* of copies */
	struct fault_copy copies[FAULT_COPIES_MAX];
};

struct fault_plan fault_none(void);
struct fault_lane fault_lane(uint64_t seed, uint32_t client, unsigned way, int64_t now_ms);
struct fault_fate fault_decide(const struct fault_plan *plan, struct fault_lane *lane, unsigned way,
			       int64_t now_ms, size_t n);
/* The bytes of a copy; out has room for copy->len of them. */
void fault_make(const struct fault_copy *copy, const void *p, void *out);

#endif
