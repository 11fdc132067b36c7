/* SPDX-License-Identifier: MIT */
/* One side of a conversation under test: a link, its clock, and a diary of what it did. */
#ifndef SIDE_H
#define SIDE_H

#include "link/link.h"

enum { SIDE_PACKET = 10 }; /* bytes of a packet of side_queue */

struct side {
	struct link link;
	struct link_rules rules;
	struct link_pool *pool;
	int64_t now_ms;
	size_t said_len;
	char said[4096];
};

/* As the reference has them: server and client. */
extern const struct link_rules side_server, side_client;

/* Opens a link whose first number is 0, at time 0. */
void side_open(struct side *s, const struct link_rules *rules);
/* Closes it and fails unless all memory has come back. */
void side_close(struct side *s);
/* Queues a packet, known by its letter: its command and its cookie. */
void side_queue(struct side *s, char letter, enum link_flag flags, int64_t not_before_ms);
/* Lets the clock run, pumping at every deadline. */
void side_run(struct side *s, int64_t until_ms);
/* An ACK comes; fails unless it frees this packet. */
void side_acked(struct side *s, uint16_t seq, char letter);

/*
 * What happened since the last call: "A0@0 B1@0.25 A0@10 gave-up@60 " is packet A under
 * number 0 at 0 and 10 seconds, B under number 1, and an event of link_pump.
 */
#define assert_said(side, expected)                                                                \
	do {                                                                                       \
		assert_string_equal((side)->said, expected);                                       \
		(side)->said[(side)->said_len = 0] = '\0';                                         \
	} while (0)

#endif
