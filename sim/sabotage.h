/* SPDX-License-Identifier: MIT */
/*
 * Takes one defence of the server away, from outside: by a disk that forgets, or a network that
 * lies to the server. What the server does then breaks a promise, and the oracle must notice.
 */
#ifndef SIM_SABOTAGE_H
#define SIM_SABOTAGE_H

#include "base/addr.h"
#include "sim/errands.h"
#include "store/store.h"

struct machine;

enum defence {
	DEFENCE_NONE,
#define DEFENCE(id, name, without) DEFENCE_##id,
#include "sim/sabotage.def"
#undef DEFENCE
	DEFENCE_COUNT,
};

const char *defence_name(enum defence d);
/* What happens without it. */
const char *defence_without(enum defence d);
/* -ICQ_ENOENT. */
int defence_parse(const char *name, enum defence *out);

/* Part of a machine. */
struct sabotage {
	enum defence off;
	struct errands journal; /* owned: every job that was run, if the disk is to forget */
};

/* Carries out jobs on the disk. */
void sabotage_run(struct machine *m, struct job *const *jobs, size_t n);
/* A datagram was sent; one arrives, and `from` is whom the server takes for its sender. */
void sabotage_sent(struct machine *m, const struct addr *to, const void *p, size_t n);
void sabotage_heard(struct machine *m, struct addr *from, const void *p, size_t n);
/* Does the disk hold something else than what was seen to reach it? */
bool sabotage_hides(const struct machine *m);
/* A server that starts finds this session: does it take it over? */
bool sabotage_takes_over(const struct machine *m, const struct saved_session *saved);
/* The machine has crashed: makes its disk anew from what it does not forget. */
void sabotage_crashed(struct machine *m);
void sabotage_free(struct machine *m);

#endif
