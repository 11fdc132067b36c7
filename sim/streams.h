/* SPDX-License-Identifier: MIT */
/*
 * Streams between the hosts of a world, as TCP makes them: bytes arrive in order and cut anywhere,
 * late, or not at all when a stream breaks. Either end may learn of that long after the other.
 */
#ifndef SIM_STREAMS_H
#define SIM_STREAMS_H

#include "sim/world.h"

struct streams; /* owned by whoever called streams_new */

/*
 * Whoever has streams. Numbers of streams and listeners are his own. No function may be called from
 * inside the functions below but those of the second half.
 */
struct outlet {
	struct host *host; /* where he is */
	void *self;
	/* Somebody has connected. The number of the stream from now on; 0: nobody wants it. */
	uint32_t (*accepted)(void *self, uint32_t listener, const struct addr *from);
	void (*opened)(void *self, uint32_t stream);
	void (*data)(void *self, uint32_t stream, const void *p, size_t n);
	void (*room)(void *self, uint32_t stream);
	/* By the other side, or (broken) by the network; or it did not come about. */
	void (*closed)(void *self, uint32_t stream, bool broken);
	struct outlet *next; /* the streams' own */
};

/* What befalls all of them. */
struct currents {
	int64_t delay_ms;	  /* up to so much, for each piece */
	uint32_t break_per_10000; /* pieces with which a stream ends */
};

/* Somebody who looks on, and says who reaches whom. Each may be NULL. */
struct streams_watch {
	void *ctx;
	/* Nothing passes while this is false; a stream dies of that after a while. */
	bool (*reaches)(void *ctx, const struct host *from, const struct host *to);
	/* A stream is over for at least one end, or never came about. */
	void (*down)(void *ctx, const struct host *a, const struct host *b);
};

/* Never NULL. */
struct streams *streams_new(struct world *w, const struct streams_watch *watch);
void streams_free(struct streams **s);
void streams_set(struct streams *s, struct currents currents);

/* An outlet is borrowed until it is unplugged; then its streams break, and its ports are shut. */
void streams_plug(struct streams *s, struct outlet *o);
void streams_unplug(struct streams *s, struct outlet *o);
/* Breaks every stream of this host. */
void streams_break(struct streams *s, const struct host *h);

/* ---- what an outlet asks for ----------------------------------------------------------- */

/* Takes streams at a port: 0 is a fresh one, and it is returned. */
uint16_t streams_listen(struct streams *s, struct outlet *o, uint32_t listener, uint16_t port);
void streams_listen_end(struct streams *s, struct outlet *o, uint32_t listener);
/* `opened` or `closed` follows, or nothing when no answer comes. */
void streams_connect(struct streams *s, struct outlet *o, uint32_t stream, const struct addr *to);
void streams_send(struct streams *s, struct outlet *o, uint32_t stream, const void *p, size_t n);
size_t streams_room(struct streams *s, struct outlet *o, uint32_t stream);
/* Stops handing over what arrives, or goes on. */
void streams_hold(struct streams *s, struct outlet *o, uint32_t stream, bool hold);
/* Sends nothing more; his own `closed` follows. */
void streams_end(struct streams *s, struct outlet *o, uint32_t stream);
/* Hears nothing more. What was sent may arrive or not. */
void streams_close(struct streams *s, struct outlet *o, uint32_t stream);

#endif
