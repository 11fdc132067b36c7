/* SPDX-License-Identifier: MIT */
/*
 * Answers to somebody without a session that must not overtake their ACK. All wait equally
 * long, so they form a ring; when it is full an answer goes out at once.
 */
#ifndef SERVER_LATER_H
#define SERVER_LATER_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct server;

enum { LATER_PLACES = 64, LATER_PACKET_MAX = 64 };

/* Owned by the server. */
struct laters {
	uint32_t first, count;
	struct later {
		int64_t due_ms;
		struct addr to;
		size_t len;
		uint8_t packet[LATER_PACKET_MAX];
	} at[LATER_PLACES];
};

/* Sends a packet of at most LATER_PACKET_MAX bytes after RESULT_DELAY_MS. */
void later_send(struct server *srv, const struct addr *to, const void *packet, size_t len);
/* Sends what is due. */
void later_run(struct server *srv);
/* When something is; NEVER_MS: nothing waits. */
int64_t later_deadline(const struct server *srv);

#endif
