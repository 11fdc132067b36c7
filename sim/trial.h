/* SPDX-License-Identifier: MIT */
/* One world from one seed: who lives in it, what befalls it, and what the oracle says. */
#ifndef SIM_TRIAL_H
#define SIM_TRIAL_H

#include "sim/oracle.h"

/* What befalls a world: each chance is that of a step of the play, in a thousand. */
struct scenario {
	const char *name, *meaning;
	uint32_t messages;     /* that are said */
	struct weather worst;  /* the network is at times as bad as this */
	uint32_t weather;      /* it changes */
	uint32_t crash;	       /* the server's power fails, at once or in a write; often again */
	uint32_t client_crash; /* a client's */
	uint32_t absence;      /* somebody logs out and comes back later */
	uint32_t cut;	       /* a client and the server do not reach each other for a while */
	uint32_t rebind;       /* a client gets another address */
	uint32_t clock;	       /* the civil clock jumps */
	uint32_t slow, failing, full; /* the disk is, for a while */
	uint32_t hostile;	      /* a mischief */
	uint32_t among_us;	      /* of the messages: only between our clients */
	uint32_t peers;		      /* so many of our clients send directly if they can */
	uint32_t hang_up;	      /* the direct connections of one break */
	uint32_t moods;		      /* one has another status */
	uint32_t files;		      /* one offers files to another */
	uint32_t chats;		      /* one asks another to chat */
	uint32_t peeks;		      /* one reads another's away text */
};

/* The table, ended by a row without a name. */
extern const struct scenario scenarios[];
/* NULL: no such one. */
const struct scenario *scenario_find(const char *name);

struct trial {
	const struct scenario *scenario;
	uint64_t seed;
	uint32_t messages; /* 0: as many as the scenario says */
	enum defence off;
	struct crash_plan crash;
	bool twice;	       /* after that one the next start is cut off, too */
	int64_t most_ms;       /* simulated; what lasts longer is left unjudged. 0: any time */
	world_trace_fn *trace; /* may be NULL */
	void *ctx;
};

struct verdict trial_run(const struct trial *t);

#endif
