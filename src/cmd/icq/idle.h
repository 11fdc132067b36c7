/* SPDX-License-Identifier: MIT */
/*
 * Away by itself: who touches no key for a while gets another status, and his own back with the
 * next key. A status that was set by hand is left alone until it is online or free for chat again.
 * Time comes in as an argument, in monotonic milliseconds.
 */
#ifndef ICQ_IDLE_H
#define ICQ_IDLE_H

#include <stdbool.h>
#include <stdint.h>

/* How long without a key; 0: never. */
struct idle_rules {
	int64_t away_ms, na_ms;
};

/* Owned by its holder; all zeros is nobody there, who never gets away. */
struct idle {
	bool watched; /* there has been a key */
	int64_t touched_ms;
	bool automatic;	 /* the status is ours... */
	uint32_t set;	 /* ...this one... */
	uint32_t before; /* ...instead of this one */
};

/* A key. */
void idle_touch(struct idle *i, int64_t now_ms);
/* To be asked after each key and at the deadline: given the status as it is (a status word), must
 * it be another now? */
bool idle_wants(struct idle *i, const struct idle_rules *rules, int64_t now_ms, uint32_t status,
		uint32_t *out);
/* When it may have to be, if no key comes; NEVER_MS. */
int64_t idle_deadline(const struct idle *i, const struct idle_rules *rules, int64_t now_ms);

#endif
