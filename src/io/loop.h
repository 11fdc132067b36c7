/* SPDX-License-Identifier: MIT */
/*
 * The event loop around a machine that takes input and names a deadline. It turns: datagrams,
 * signals, wake-ups and the passing of time go in; at the end of each turn what was sent
 * leaves, and the timer is set to the machine's deadline. The clock is read once a turn.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/now.h"

struct loop; /* owned by whoever called loop_new */
struct udp;
struct uv_loop_s;

struct loop_calls {
	void *ctx;
	void (*input)(void *ctx, struct now now, const struct addr *from, const void *p, size_t n);
	void (*tick)(void *ctx, struct now now);	 /* the deadline has come */
	int64_t (*deadline)(void *ctx);			 /* monotonic ms, NEVER_MS for none */
	void (*woken)(void *ctx, struct now now);	 /* after loop_wake, once or more */
	void (*signalled)(void *ctx, int signal_number); /* SIGTERM, SIGINT, SIGHUP */
};

/* Watches all sockets of udp, which stays the caller's. 0, -ICQ_ENOMEM or -ICQ_EIO. */
int loop_new(struct loop **out, struct udp *udp, const struct loop_calls *calls);
void loop_free(struct loop **l);

/* Turns until loop_stop is called; what was sent has left when it returns. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* From any thread: `woken` is called soon. */
void loop_wake(struct loop *l);
/* The time of this turn. */
struct now loop_now(struct loop *l);
/* For whatever else turns with it. */
struct uv_loop_s *loop_uv(struct loop *l);

#endif
