/* SPDX-License-Identifier: MIT */
/*
 * The world around a server core: a clock that moves when told, a store in memory, jobs that
 * are answered at once or when told, and all datagrams that the server sends. No line of the
 * server's log may hold RIG_PASSWORD, which everybody has who is in a conversation. Conversations
 * with it are written as in script.h.
 */
#ifndef TESTS_SERVER_RIG_H
#define TESTS_SERVER_RIG_H

#include "base/rng.h"
#include "server/core.h"
#include "store/store.h"

#define RIG_PASSWORD "secret"

enum { RIG_JOBS = 4096 };

/* A datagram from the server. Owned by the rig until rig_take. */
struct parcel {
	struct parcel *next;
	struct addr to;
	size_t n;
	uint8_t p[];
};

/* Owned by the test. Its fields may be set at any time. */
struct rig {
	struct server *srv;
	struct store_mem *store;
	struct conf conf;
	struct now now;
	struct rng rng;
	struct job *jobs[RIG_JOBS]; /* handed out, not answered */
	size_t job_count;
	struct parcel *first, **end;
	uint64_t submitted; /* jobs so far */
	struct job answer;  /* the last one to the operator */
	unsigned answers;
	char traced[8192]; /* 10001<LOGIN v2 ...: a line for each datagram */
	bool hold;	   /* jobs wait for rig_answer */
	bool full;	   /* no job is taken */
};

/* Presets, but for small tables. */
struct conf rig_conf(void);
struct rig *rig_new(const struct conf *conf);
void rig_free(struct rig **r);

/* Makes an account past the server. */
uint32_t rig_account(struct rig *r, const char *password);

/* Makes an invite code past the server. */
void rig_invite(struct rig *r, const char *code);

void rig_input(struct rig *r, const struct addr *from, const void *p, size_t n);
/* The server ends without a word, jobs not answered are lost, and another one starts. */
void rig_crash(struct rig *r);
/* Lets time pass, with a turn of the server at each of its deadlines. */
void rig_wait(struct rig *r, int64_t ms);
/* Answers the oldest jobs, at most n; each is a transaction of its own. */
void rig_answer(struct rig *r, size_t n);

/* The oldest datagram for an address, to be freed by the caller; NULL: none. */
struct parcel *rig_take(struct rig *r, const struct addr *to);
/* Forgets all that the server has sent. */
void rig_deafen(struct rig *r);

#endif
