/* SPDX-License-Identifier: MIT */
/*
 * Two clients, and the streams between them, which a seeded generator cuts anywhere. A test may
 * also hold one end of a stream itself.
 */
#ifndef WIRES_H
#define WIRES_H

#include "base/rng.h"
#include "client/scene.h"

enum { WIRES_MAX = 64, WIRE_BYTES = 1 << 14 };

struct wire {
	bool used, opened;
	uint32_t stream[2]; /* at either end; 0: there is none */
	bool closed[2];	    /* that end has closed it */
	bool told[2];	    /* that end knows that the other has */
	size_t n[2];	    /* bytes on their way from that end */
	uint8_t bytes[2][WIRE_BYTES];
};

struct wires {
	struct scene *end[2];
	struct rng rng;
	bool blocked; /* connections are refused */
	bool deaf;    /* what is sent stays under way */
	struct wire wire[WIRES_MAX];
};

/* ANN (who takes connections) and BOB (whose texts go directly) are online and list each other. */
void wires_open(struct wires *w, struct scene *ann, struct scene *bob, uint64_t seed);
void wires_close(struct wires *w);
/* Until nothing moves any more. */
void wires_run(struct wires *w);
/* The same, with time. */
void wires_pass(struct wires *w, int64_t ms);

#endif
