/* SPDX-License-Identifier: MIT */
/*
 * The server as a machine: datagrams, answers and time go in, datagrams and jobs come out. It
 * asks the world for nothing else, so that tests and the simulator run the very same code.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/log.h"
#include "base/now.h"
#include "server/conf.h"
#include "store/store.h"

struct server; /* owned by whoever called srv_new */

/* All that the core asks of the world. No function may call back into the server, but for what
 * answer and trace say. */
struct srv_env {
	void *ctx;
	/* Sends a datagram; p is only valid during the call. */
	void (*send)(void *ctx, const struct addr *to, const void *p, size_t n);
	/* Takes over a copy of the job (job_size() bytes); its answer comes by srv_done, later
	 * and never from inside this call. 0, or -ICQ_EFULL: then no answer comes. */
	int (*submit)(void *ctx, const struct job *job);
	/* Fills p with unpredictable bytes. */
	void (*random)(void *ctx, void *p, size_t n);
	void (*log)(void *ctx, const struct log_event *ev);
	/* A job of the operator has been carried out. The next one may be handed out. */
	void (*answer)(void *ctx, const struct job *job);
	/* A datagram of a user who is watched (trace.h); which may end. */
	void (*trace)(void *ctx, uint32_t uin, bool out, const struct addr *peer, const void *p,
		      size_t n);
};

struct srv_counters {
#define COUNTER(name, meaning) uint64_t name;
#include "counters.def"
};

/* Reserves all memory that the packet path will use. conf and env are copied. NULL: out of
 * memory. */
struct server *srv_new(const struct conf *conf, const struct srv_env *env, struct now now);
void srv_free(struct server **srv);
/* Settings that changed while running (SIGHUP); table sizes stay as they were. */
void srv_reconf(struct server *srv, const struct conf *conf);

/*
 * Sessions that an earlier process left go on, before anything else happens: one call for each,
 * then srv_restored. Nobody is told anything; nobody has to log in again. -ICQ_EFULL: there are
 * more than limits.sessions; this one is over.
 */
int srv_restore(struct server *srv, struct now now, const struct saved_session *saved);
void srv_restored(struct server *srv, struct now now);

/* A datagram has arrived. */
void srv_input(struct server *srv, struct now now, const struct addr *from, const void *p,
	       size_t n);
/* A job has come back. */
void srv_done(struct server *srv, struct now now, const struct job *job);
/* Time has passed: to be called at the deadline, or at any other time. */
void srv_tick(struct server *srv, struct now now);
/* When srv_tick wants to be called, in monotonic milliseconds; NEVER_MS for never. */
int64_t srv_deadline(const struct server *srv);

const struct srv_counters *srv_counters(const struct server *srv);
uint32_t srv_session_count(const struct server *srv);

#endif
