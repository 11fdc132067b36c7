/* SPDX-License-Identifier: MIT */
/*
 * Packets on a stream between two clients: each has its length before it, and a stream may cut
 * them anywhere. Bytes come in as they arrive; it knows no socket and no message.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PEER_LENGTH = 2,	/* bytes of the length itself */
	PEER_PACKET_MAX = 8192, /* bytes behind it */
	PEER_FIRST_MAX = 64,	/* of the first packet, by which the other side names itself */
};

/* The part of a packet that has arrived. Starts zeroed. */
struct peer_frames {
	bool named; /* the first packet is over: set by the owner, when it was a good one */
	uint16_t have;
	uint8_t bytes[PEER_LENGTH + PEER_PACKET_MAX];
};

/*
 * Takes bytes from *p, up to the end of a packet, and moves *p and *n behind them. Its length,
 * and the packet, which lives until the next call; 0: all bytes are taken, and no packet is whole;
 * -ICQ_ERANGE: a length that nobody may send, after which the stream is of no use.
 */
int peer_take(struct peer_frames *f, const uint8_t **p, size_t *n, const uint8_t **packet_out);

/* Has a packet begun that is not whole? */
bool peer_amid(const struct peer_frames *f);

/* Writes the length of a packet of n bytes. */
void peer_length(uint8_t out[PEER_LENGTH], uint16_t n);

#endif
