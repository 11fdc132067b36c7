/* SPDX-License-Identifier: MIT */
/*
 * Many users of one server, as a machine: datagrams and time go in, datagrams go out. They
 * register, log in with the contacts that follow them in a ring, stay and leave, and every
 * answer is checked: each login answered once, each contact seen to come once.
 */
#ifndef ICQLOAD_LOAD_H
#define ICQLOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/now.h"
#include "wire/icqwire.h"

struct load; /* owned by whoever called load_new */

enum {
	LOAD_USERS_MAX = 1000000,
	LOAD_CONTACTS_MAX = 64,
};

struct load_plan {
	uint32_t users;
	uint32_t contacts;  /* of each user */
	uint32_t rate;	    /* users a second that register or log in; 0: as fast as they can */
	uint32_t first_uin; /* of accounts that exist; 0: register new ones */
	int64_t settle_ms;  /* the longest wait for the last presence */
	int64_t hold_ms;    /* how long they stay when all are online; NEVER_MS: until load_stop */
	struct icq_str password;
};

enum load_phase {
	LOAD_NOT_BEGUN,
	LOAD_REGISTER,
	LOAD_LOGIN,
	LOAD_SETTLE, /* all are in; the last presence is on its way */
	LOAD_HOLD,
	LOAD_LOGOUT,
	LOAD_OVER,
};

struct load_counts {
	uint32_t registered, logged_in, logged_out;
	uint32_t failed;	  /* users who were refused or not answered, or thrown out */
	uint32_t wrong;		  /* answers that should not have come */
	uint32_t presence;	  /* contacts seen to come online */
	uint32_t presence_missed; /* and those that should have been */
	uint64_t sent, received, resent;
};

struct load_env {
	void *ctx;
	/* Sends a datagram from the address of user number `user`. */
	void (*send)(void *ctx, uint32_t user, const void *p, size_t n);
	/* Something is not as it should be. */
	void (*complain)(void *ctx, uint32_t uin, const char *what);
	/* The next phase has begun. */
	void (*phase)(void *ctx, enum load_phase phase);
};

/* plan and env are copied. NULL: out of memory. */
struct load *load_new(const struct load_plan *plan, const struct load_env *env);
void load_free(struct load **l);

void load_input(struct load *l, struct now now, uint32_t user, const void *p, size_t n);
/* To be called at the deadline, or at any other time; the first call starts everything. */
void load_tick(struct load *l, struct now now);
int64_t load_deadline(const struct load *l);
/* Everybody leaves, whatever they were doing; called again, without waiting for an answer. */
void load_stop(struct load *l, struct now now);

enum load_phase load_phase(const struct load *l);
/* How many users have done this phase's step. */
uint32_t load_progress(const struct load *l);
const struct load_counts *load_counts(const struct load *l);

#endif
