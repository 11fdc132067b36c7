/* SPDX-License-Identifier: MIT */
/* The version 2 dialect: requests in (v2_requests.c), events out (v2_events.c). */
#ifndef SERVER_V2_H
#define SERVER_V2_H

#include "server/core.h"

enum { V2_MODE_THROUGH_SERVER = 6 };

extern const struct handler v2_handlers[M_COUNT];

/* Queues a packet of this version for a session; as session_queue. */
int v2_queue(struct server *srv, struct session *to, enum icq_id id, const union icq_msg *msg,
	     enum link_flag flags, uint64_t cookie);

#endif
