/* SPDX-License-Identifier: MIT */
/* One user of the load: the steps of a session, and what must hold in them. */
#ifndef ICQLOAD_USER_H
#define ICQLOAD_USER_H

#include "base/heap.h"
#include "base/uintab.h"
#include "cmd/icqload/load.h"
#include "link/link.h"

enum user_state {
	USER_OUT,
	USER_REGISTERING,
	USER_ENTERING, /* the login is on its way */
	USER_LISTING,  /* the contact list is */
	USER_ONLINE,
	USER_LEAVING,
	USER_FAILED,
};

/* Owned by struct load. */
struct user {
	struct heap_node timer; /* first, so that the heap hands out the user */
	struct link link;
	uint64_t seen;	 /* a bit for each contact that is online */
	int64_t wake_ms; /* next try of a request, or keep-alive; NEVER_MS: nothing to do */
	int32_t keep_ms; /* between keep-alives */
	uint32_t uin;
	uint16_t seq; /* of the request that waits for its result */
	uint8_t tries;
	enum user_state state;
};

/* What users share. */
struct load {
	struct load_plan plan;
	struct load_env env;
	struct load_counts counts;
	struct link_rules rules;
	struct link_pool *pool;
	struct heap timers;
	struct uintab *by_uin; /* number of the user + 1 */
	struct user *users;
	struct now now;
	enum load_phase phase;
	int64_t phase_began_ms, phase_ends_ms;
	uint32_t next, busy, over; /* of this phase: not begun; under way; done */
};

/* A step that was begun is over; load.c has it. */
void load_step_over(struct load *l);

void user_init(struct load *l, struct user *u, uint32_t uin);
/* Begin a step. False when it is none for this user: then it is over at once. */
bool user_register(struct load *l, struct user *u);
bool user_login(struct load *l, struct user *u);
bool user_logout(struct load *l, struct user *u);

/* Forgets a step that was begun, without a word to the server. */
void user_abandon(struct load *l, struct user *u);

void user_input(struct load *l, struct user *u, const void *p, size_t n);
void user_tick(struct load *l, struct user *u);

/* Contacts that are online and that this user has not seen. */
uint32_t user_missed(const struct load *l, const struct user *u);

#endif
