/* SPDX-License-Identifier: MIT */
/*
 * One world, again for each write that reaches its disk: with a crash before it, in it, after it,
 * and with another one while the server starts after that.
 */
#ifndef SIM_SWEEP_H
#define SIM_SWEEP_H

#include "sim/trial.h"

/* The words by which a planned crash goes: "in:17" is in write 17. */
enum { CRASH_TEXT_MAX = 32 };

void crash_text(const struct trial *t, char out[CRASH_TEXT_MAX]);
/* -ICQ_ERANGE. */
int crash_parse(const char *text, struct trial *t);

/* Which of the writes: the first part of three is every third one from write 0 on. */
struct sweep {
	uint32_t part, parts;
	uint64_t points, struck; /* out: crashes to come, those that came */
};

/* Tells each trial and what came of it. */
typedef void sweep_fn(void *ctx, const struct trial *t, const struct verdict *v);
void sweep_run(struct sweep *s, const struct trial *t, sweep_fn *each, void *ctx);

#endif
