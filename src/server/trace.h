/* SPDX-License-Identifier: MIT */
/*
 * Watching one user's datagrams: every one that comes in his name, whoever sent it, and every
 * one that goes to his session or to where the last one came from. Costs one comparison while
 * nobody is watched.
 */
#ifndef SERVER_TRACE_H
#define SERVER_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct server;

enum { TRACES_MAX = 16 };

/* Owned by the server. */
struct traces {
	unsigned count;
	struct {
		uint32_t uin;
		unsigned watchers;
		struct addr last; /* whence the last datagram in his name came */
	} at[TRACES_MAX];
};

/* From now on env.trace hears of the user's datagrams, each once, until trace_stop was called as
 * often as trace_start. -ICQ_EFULL: too many are watched. */
int trace_start(struct server *srv, uint32_t uin);
void trace_stop(struct server *srv, uint32_t uin);

/* A datagram has come in the name of a user; is about to leave. */
void trace_in(struct server *srv, uint32_t uin, const struct addr *from, const void *p, size_t n);
void trace_out(struct server *srv, const struct addr *to, const void *p, size_t n);

#endif
