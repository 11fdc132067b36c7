/* SPDX-License-Identifier: MIT */
/* What every kind of input makes, and every kind of output takes. */
#ifndef ICQDUMP_PACKET_H
#define ICQDUMP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Who sent a packet, which decides how it is read. */
enum origin {
	ORIGIN_UNKNOWN, /* to be guessed from the packet itself */
	ORIGIN_CLIENT,
	ORIGIN_SERVER,
	ORIGIN_PEER, /* a client to another one: a TCP packet without its LENGTH */
	ORIGIN_CHAT, /* bytes of a chat under way, which are no packets any more */
};

struct packet {
	enum origin origin;
	const void *p; /* borrowed from the input */
	size_t n;
	bool captured; /* the following is known */
	int64_t unix_s;
	int32_t microseconds;
	struct addr from, to;
};

typedef void packet_fn(void *ctx, const struct packet *packet);

#endif
