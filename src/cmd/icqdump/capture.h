/* SPDX-License-Identifier: MIT */
/* Packets from a capture file or from a network interface. */
#ifndef ICQDUMP_CAPTURE_H
#define ICQDUMP_CAPTURE_H

#include "cmd/icqdump/packet.h"

struct capture_plan {
	const char *file; /* "-": stdin; NULL: from the interface */
	const char *interface;
	const char *filter; /* in libpcap's words; NULL: a live capture sees the port's UDP */
	uint16_t port;	    /* the server's; tells who sent a datagram */
	enum origin origin; /* of every datagram, unless ORIGIN_UNKNOWN */
};

/*
 * Reads to the end of the file; live, until SIGINT or SIGTERM. 0; or, after it has told on
 * stderr, -ICQ_ENOENT, -ICQ_EDENIED, -ICQ_ESYNTAX (the filter) or -ICQ_EIO.
 */
int capture_run(const struct capture_plan *plan, packet_fn *each, void *ctx);

#endif
