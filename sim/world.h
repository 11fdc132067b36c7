/* SPDX-License-Identifier: MIT */
/*
 * A world in one thread: a clock that jumps from event to event, hosts, and a network between
 * them that loses, delays and repeats on order. The same seed gives the same run, to the last
 * datagram.
 *
 * The world knows datagrams and deadlines. What a host is, the host says: a server with its
 * disk (machine.h), a user's client (user.h), a script (script.h).
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/now.h"
#include "base/rng.h"
#include "wire/icqwire.h"

struct world; /* owned by whoever called world_new */

/* Owned by the thing that it is the outside of. */
struct host {
	struct addr addr;
	enum icq_channel speaks; /* what its datagrams are: ICQ_CLIENT or ICQ_SERVER */
	void *self;
	void (*input)(void *self, const struct addr *from, const void *p, size_t n);
	void (*tick)(void *self);
	int64_t (*deadline)(const void *self); /* monotonic ms; NEVER_MS */
	/* The world's own. */
	struct host *next;
	int64_t due_ms;
	bool joined;
};

/* A datagram as it enters the network. */
struct passage {
	uint32_t index; /* it is the how-many-th of this world, from 0 */
	enum icq_channel channel;
	uint16_t command;
	const struct addr *from, *to;
	const uint8_t *p;
	size_t n;
};

struct fate {
	uint32_t copies; /* 0: lost */
	int64_t delay_ms;
	size_t cut; /* bytes at its end that do not arrive */
};

/* What befalls every datagram, by chance. */
struct weather {
	uint32_t loss_percent, repeat_percent;
	int64_t delay_ms, jitter_ms; /* jitter: up to so much more; it reorders */
	uint32_t cut_percent;	     /* some of its end is missing */
};

/* Sees every datagram and may change what becomes of it. */
typedef void world_fate_fn(void *ctx, const struct passage *passage, struct fate *fate);
/* Gets a line for every datagram and every log record. */
typedef void world_trace_fn(void *ctx, const char *line);

/* Begins with a delay of 20 ms and nothing else. Never NULL. */
struct world *world_new(uint64_t seed);
void world_free(struct world **w);

/* `ctx` belongs to both. NULL takes them away. */
void world_watch(struct world *w, world_fate_fn *fate, world_trace_fn *trace, void *ctx);
void world_set_weather(struct world *w, struct weather weather);

/*
 * A host is borrowed from here on, until it leaves. Its datagrams stay on the way. While time
 * passes its deadline may only change when it has its input or its turn; whoever else does
 * something to it says so with world_touch.
 */
void world_join(struct world *w, struct host *h);
void world_leave(struct world *w, struct host *h);
void world_touch(struct host *h);

/* Lets time pass: everything that falls due happens, in order. */
void world_run(struct world *w, int64_t ms);
/* The civil clock is set forward, or back; the monotonic one never jumps. */
void world_set_clock(struct world *w, int64_t by_s);
struct now world_now(const struct world *w);
struct rng *world_rng(struct world *w);
/* Datagrams sent so far. */
uint32_t world_sent(const struct world *w);

/* For hosts: sends a datagram; adds a line to the trace. A network with too much on its way
 * loses what comes on top. */
void world_send(struct world *w, const struct host *from, const struct addr *to, const void *p,
		size_t n);
void world_trace(struct world *w, const char *line);
bool world_is_traced(const struct world *w);

#endif
