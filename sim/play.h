/* SPDX-License-Identifier: MIT */
/* The inside of a trial, shared by its files: those who live in a world, and what ails them. */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "sim/company.h"
#include "sim/foreign.h"
#include "sim/hostile.h"
#include "sim/trial.h"
#include "sim/user.h"

enum {
	USERS = COMPANY_USERS,
	FOREIGNERS = 5,
	EVERYBODY = USERS + FOREIGNERS,
	FIRST_IP = 0x0A000064,
	BEHIND_WALL = 3, /* this user: nobody can connect to him */
};

/* What is the matter with a client, and until when. */
struct plight {
	int64_t away_ms, cut_ms; /* NEVER_MS: nothing */
};

/* Owned by trial_run. */
struct play {
	const struct trial *trial;
	struct rng rng; /* the director's own */
	struct world *world;
	struct machine server;
	struct oracle *oracle;
	struct user users[USERS];
	struct foreign foreigners[FOREIGNERS];
	struct hostile hostile;
	struct streams *streams; /* NULL: there are none */
	struct company company;
	struct plight plights[EVERYBODY];
	uint32_t said, most;
	bool struck;		       /* the planned crash has come, and what follows it */
	int64_t skew_s;		       /* of the civil clock */
	int64_t boot_ms, disk_well_ms; /* NEVER_MS */
};

static inline int64_t play_now_ms(const struct play *p)
{
	return world_now(p->world).mono_ms;
}

static inline uint32_t play_below(struct play *p, uint32_t n)
{
	return rng_below(&p->rng, n);
}

/* Our user goes to his computer, switches it on if it is off, and logs in. */
void play_switch_on(struct play *p, uint32_t who);

/* ---- trouble.c ------------------------------------------------------------------------- */

/* The fate of a datagram. */
world_fate_fn trouble_befall;
/* For streams: whether two are not cut off; that a connection is over. */
bool trouble_reaches(void *ctx, const struct host *from, const struct host *to);
void trouble_hung_up(void *ctx, const struct host *a, const struct host *b);
/* In a step of the play: perhaps something happens to the world, the disk, a client. */
void trouble_make(struct play *p);
/* Behind it: whoever was switched off or gave up comes back, sooner or later. */
void trouble_keep_server_on(struct play *p);
void trouble_keep_users_on(struct play *p);
/* Has the planned crash come? Then what follows it. */
void trouble_follow_plan(struct play *p);
void trouble_switch_on(struct play *p);
/* No more trouble, and everybody comes back. */
void trouble_end(struct play *p);

#endif
