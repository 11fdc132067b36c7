/* SPDX-License-Identifier: MIT */
/* The threads that check passwords, behind the cache of those that were right before. */
#ifndef ICQD_HASHERS_H
#define ICQD_HASHERS_H

#include "cmd/icqd/password.h"
#include "server/conf.h"

struct hashers; /* owned by whoever called hashers_start */

struct hashers_calls {
	void *ctx;
	void (*wake)(void *ctx); /* on any thread: hashers_collect has something to do */
	void (*done)(void *ctx, const struct job *job);
};

/* rules is copied. 0, -ICQ_ENOMEM or -ICQ_EIO. */
int hashers_start(struct hashers **out, const struct conf *conf, const struct password_rules *rules,
		  const struct hashers_calls *calls);
/* JOB_HASH or JOB_VERIFY. 0, or -ICQ_EFULL: too many wait already. What the cache knows is
 * answered also when the queue is full. */
int hashers_submit(struct hashers *h, const struct job *job);
void hashers_collect(struct hashers *h);
/* Ends the threads; what waits is dropped. */
void hashers_free(struct hashers **h);

#endif
