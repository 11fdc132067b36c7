/* SPDX-License-Identifier: MIT */
/*
 * Two and more clients, the streams between them, which a seeded generator cuts anywhere, and if
 * the test wants that, a server that passes on what they send through it. A test may also hold
 * one end of a stream itself.
 */
#ifndef WIRES_H
#define WIRES_H

#include "base/rng.h"
#include "client/disk.h"
#include "client/scene.h"

enum { WIRES_ENDS = 4, WIRES_MAX = 64, WIRE_BYTES = 1 << 14, WIRES_LETTERS = 64, DOORS_MAX = 16 };

/* A stream; side 0 is that of the caller. */
struct wire {
	bool used, opened;
	struct scene *end[2];
	uint32_t listener;  /* of the called one; 0: the port for messages */
	uint32_t stream[2]; /* at either end; 0: there is none */
	bool closed[2];	    /* that end has closed it */
	bool told[2];	    /* that end knows that the other has */
	bool ended[2];	    /* that end sends nothing more */
	bool held[2];	    /* that end does not read */
	bool full[2];	    /* that end waits for room */
	size_t n[2];	    /* bytes on their way from that end */
	uint8_t bytes[2][WIRE_BYTES];
};

/* Where somebody listens beside his port for messages. */
struct door {
	struct scene *owner; /* NULL: free */
	uint32_t listener;
};

/* A packet on its way to the server; its text is kept apart. */
struct wires_letter {
	struct scene *from;
	enum icq_id id;
	uint16_t seq;
	union icq_msg msg;
	uint8_t text[512];
};

struct wires {
	struct scene *end[WIRES_ENDS];
	unsigned ends;
	struct rng rng;
	bool blocked;	    /* connections are refused ... */
	struct scene *open; /* ... by all but this one */
	bool deaf;	    /* what is sent stays under way */
	bool served;	    /* a server passes on messages and requests to connect */
	unsigned breaking;  /* of so many movements one breaks its stream; 0: none does */
	unsigned over[WIRES_ENDS][WIRES_ENDS]; /* streams between two that were, either way */
	uint16_t seq[WIRES_ENDS];
	struct wire wire[WIRES_MAX];
	struct door door[DOORS_MAX];
	struct disk disk[WIRES_ENDS];
	size_t letters;
	struct wires_letter letter[WIRES_LETTERS];
};

/* ANN (who takes connections) and BOB (whose texts go directly) are online and list each other. */
void wires_open(struct wires *w, struct scene *ann, struct scene *bob, uint64_t seed);
/* The same in steps: nobody is there; one more comes, whose texts go directly if he likes; and all
 * go online and list each other. */
void wires_begin(struct wires *w, uint64_t seed);
void wires_add(struct wires *w, struct scene *s, uint32_t uin, enum icq_client_direct direct,
	       bool peer_first);
void wires_meet(struct wires *w);
void wires_close(struct wires *w);
/* The program of one ends without a word, starts again and logs in. What others were told about,
 * or the server was, had been written. */
void wires_crash(struct wires *w, struct scene *s);
/* Everything moves a little. False: nothing does any more. */
bool wires_step(struct wires *w);
/* Until nothing moves any more. */
void wires_run(struct wires *w);
/* The same, with time. */
void wires_pass(struct wires *w, int64_t ms);

#endif
