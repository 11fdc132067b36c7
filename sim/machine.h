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
#include "sim/world.h"

struct machine {
	struct world *world;
	struct host host;
	struct conf conf; /* read by machine_start */
	int64_t commit_ms, answer_ms, password_ms;
	/* Owned. srv is NULL while the machine is off. */
	struct server *srv;
	struct store_mem *disk;
	struct errands writing, written, passwords;
};

/* Switched off, with an empty disk and preset settings. */
void machine_init(struct machine *m, struct world *w);
void machine_free(struct machine *m);

void machine_start(struct machine *m);
/* Pulls the plug: what was not yet committed never happens, what was is never told. */
void machine_crash(struct machine *m);

/* Does a message for this user lie on the disk? */
bool machine_has_mail(struct machine *m, uint32_t uin);

#endif
