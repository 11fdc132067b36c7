/* SPDX-License-Identifier: MIT */
/*
 * What the operator may do with a running server. A command enters as one more input; what it
 * asks of the store or the password workers is a job like any other, and that job, carried out,
 * is the answer: it leaves through env.answer.
 */
#ifndef SERVER_OPERATOR_H
#define SERVER_OPERATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/now.h"
#include "store/store.h"

struct server;

/*
 * Hands out a job, whose cookie and tag come back with it. What it means to those who are
 * online has happened before its answer leaves: a message is on its way, whoever is blocked
 * or deleted is logged in no more. Quotas are filled in. 0, or -ICQ_EFULL: then no answer comes.
 */
int operator_job(struct server *srv, struct now now, struct job *job);

/* A session as it is at this moment. */
struct operator_view {
	uint32_t uin, status, tcp_version;
	uint16_t version;
	struct addr addr;
	int64_t online_ms, silent_ms; /* since its login; since its last datagram */
	uint32_t contacts;
	uint32_t waiting; /* packets queued or in flight */
};

/* -ICQ_ENOENT: not online. */
int operator_look(const struct server *srv, struct now now, uint32_t uin,
		  struct operator_view *out);
/* The UIN of the first session behind a place, which moves on; 0 behind the last. Begin with
 * place 0. Sessions that begin meanwhile may be missed. */
uint32_t operator_next(const struct server *srv, uint32_t *place);

/* Ends a session with GO_AWAY. -ICQ_ENOENT: not online. */
int operator_kick(struct server *srv, struct now now, uint32_t uin);
/* The server stops for good: ends every session with GO_AWAY, and nobody is told of the others.
 * -ICQ_EFULL: the store takes no job, and nothing has happened. */
int operator_close(struct server *srv, struct now now);

#endif
