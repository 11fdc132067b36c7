/* SPDX-License-Identifier: MIT */
/* What the tests in this folder play: a server, Ann, Bob, and what they have to say. */
#ifndef SCENE_H
#define SCENE_H

#include "sim/machine.h"
#include "sim/user.h"

enum {
	/* Time for everything that one step of a conversation sets off, one lost datagram
	 * included. */
	SCENE_STEP_MS = 45 * 1000,
	/* A logout is sent once: if it is lost, the session ends for silence. */
	SCENE_PARTING_MS = 400 * 1000,
};

struct scene {
	struct world *world;
	struct machine server;
	struct user ann, bob;
};

/* All are switched on; nobody has an account. */
void scene_open(struct scene *s, uint64_t seed);
void scene_close(struct scene *s);

/* Both register, list each other, and log in. */
void scene_meet(struct scene *s);
/* The standard conversation: scene_meet, and then everything two users do in a day. */
void scene_converse(struct scene *s);

/* Every datagram and log record goes to stderr from here on. */
void scene_show(struct scene *s, world_fate_fn *fate, void *ctx);

enum { SCENE_LINES = 1 << 13 };

/* The lines of a diary that begin so, each with its newline. Returns their number. */
size_t scene_lines(const struct user *u, const char *start, char out[SCENE_LINES]);

#endif
