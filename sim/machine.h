/* SPDX-License-Identifier: MIT */
/*
 * The computer on which a server runs: the server core, and around it what it submits jobs
 * to: a disk whose writes take time and may fail, and somebody who checks passwords. It can
 * be cut off at any moment; the disk keeps what was committed.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "server/server.h"
#include "sim/errands.h"
#include "sim/sabotage.h"
#include "sim/world.h"

/* What somebody who looks on gets to see. Each may be NULL. */
struct machine_watch {
	void *ctx;
	/* A datagram has arrived; one is sent. */
	void (*heard)(void *ctx, const struct addr *from, const void *p, size_t n);
	void (*sent)(void *ctx, const struct addr *to, const void *p, size_t n);
	/* A job is on the disk; the server learns of it. */
	void (*committed)(void *ctx, const struct job *job);
	void (*answered)(void *ctx, const struct job *job);
	/* A session is taken over by a server that starts. */
	void (*restored)(void *ctx, const struct saved_session *saved);
	void (*started)(void *ctx);
	void (*crashed)(void *ctx);
};

enum { MACHINE_NO_CRASH = -1 };

/* A crash at one write: those that reach the disk are counted from 0, across all starts. */
enum crash_moment {
	CRASH_NEVER,
	CRASH_BEFORE, /* what was asked for before it is on the disk, it is not */
	CRASH_IN,     /* it is on the disk, and nobody has been told */
	CRASH_AFTER,  /* the server has been told, and has done what follows from it */
};

struct crash_plan {
	enum crash_moment moment;
	uint64_t write;
};

struct machine {
	struct world *world;
	struct host host;
	struct conf conf; /* read by machine_start */
	int64_t commit_ms, answer_ms, password_ms;
	uint32_t queue_max; /* jobs that may wait for the disk */
	bool full;	    /* nothing new fits on the disk; what is there can still be changed */
	bool failing;	    /* the next transaction fails, and the server stops for that */
	/* So many jobs reach the disk, perhaps the first of a transaction only: then it crashes.
	 * MACHINE_NO_CRASH: it does not. */
	int64_t writes_left;
	struct crash_plan plan; /* comes true once, beside the other crashes */
	bool struck;		/* it has */
	struct machine_watch watch;
	struct sabotage sabotage;
	/* Owned. srv is NULL while the machine is off. */
	struct server *srv;
	struct store_mem *disk;
	struct errands writing, written, passwords;
	uint32_t waiting;	   /* errands in `writing` */
	uint64_t writes, answered; /* so far; what is never answered counts */
};

/* Switched off, with an empty disk and preset settings. */
void machine_init(struct machine *m, struct world *w);
void machine_free(struct machine *m);

void machine_start(struct machine *m);
/* Pulls the plug: what was not yet committed never happens, what was is never told. */
void machine_crash(struct machine *m);
/* Switched on, but the power fails again when so many sessions are taken over. */
void machine_start_and_crash(struct machine *m, uint32_t sessions);

/* An account on the disk, made behind the server's back. Returns its UIN. */
uint32_t machine_account(struct machine *m, const char *password);
/* Does a message for this user lie on the disk? */
bool machine_has_mail(struct machine *m, uint32_t uin);

#endif
