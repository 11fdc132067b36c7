/* SPDX-License-Identifier: MIT */
/*
 * TCP connections between clients, put together from their segments. A connection counts as
 * one from the CHANNEL_INIT that opens it; all others are passed over.
 */
#ifndef ICQDUMP_STREAM_H
#define ICQDUMP_STREAM_H

#include "cmd/icqdump/ip.h"
#include "cmd/icqdump/packet.h"

struct streams; /* owned by whoever called streams_new */

struct streams *streams_new(void); /* NULL: out of memory */
void streams_free(struct streams **s);

/*
 * Takes the next segment; `frame` says when it came and between whom, its bytes do not matter.
 * Calls `each` for every packet that is complete now. Bytes that the capture lacks end their
 * direction, which is told on stderr. False when the connection is none between clients.
 */
bool streams_add(struct streams *s, const struct segment *segment, const struct packet *frame,
		 packet_fn *each, void *ctx);

#endif
