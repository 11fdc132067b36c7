/* SPDX-License-Identifier: MIT */
/*
 * The UDP sockets. Datagrams are read and written many at a time, because a system call costs
 * more than all we do with a datagram. What is sent waits in a queue until the turn ends; the
 * flush groups it by destination, so that a run of equally long datagrams to one address
 * leaves as one (UDP_SEGMENT), and keeps the order towards each destination.
 *
 * An answer leaves from the address that the question came to: struct addr carries a door,
 * the number of a pair (socket, local address).
 */
#ifndef IO_UDP_H
#define IO_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum {
	UDP_SOCKETS_MAX = 8,
	UDP_BATCH = 64,	     /* datagrams read at once */
	UDP_BATCH_MAX = 256, /* the same, while the socket keeps filling */
	UDP_QUEUE_MAX = 256, /* datagrams waiting for the flush */
	UDP_DATAGRAM_MAX = 65507,
};

struct udp; /* owned by whoever called udp_new */

struct udp_stats {
	uint64_t too_long;   /* datagrams beyond the limit, not handed over */
	uint64_t bad_source; /* datagrams nobody can answer: family not served, or port 0 */
	uint64_t not_sent;   /* datagrams that the kernel would not take */
};

typedef void udp_input_fn(void *ctx, const struct addr *from, const void *p, size_t n);

/* datagram_max: the longest datagram that is handed over. Reserves all memory. 0, -ICQ_ENOMEM. */
int udp_new(struct udp **out, size_t datagram_max);
void udp_free(struct udp **u);

/*
 * Opens one more socket and reports the address it got: port 0 takes a free one. -ICQ_EBUSY:
 * address in use; -ICQ_EDENIED; -ICQ_ENOENT: no such local address; -ICQ_EFULL: too many
 * sockets; -ICQ_ERANGE: family not served; -ICQ_EIO: errno tells.
 */
int udp_listen(struct udp *u, const struct addr *at, struct addr *bound_out);
unsigned udp_count(const struct udp *u);
int udp_fd(const struct udp *u, unsigned socket);

/* Reads one batch and hands it over, datagram by datagram; udp_send may be called. Returns the
 * number handed over; 0 when there was nothing. */
size_t udp_receive(struct udp *u, unsigned socket, udp_input_fn *input, void *ctx);

/* Queues a copy; n <= UDP_DATAGRAM_MAX. Flushes when the queue is full. */
void udp_send(struct udp *u, const struct addr *to, const void *p, size_t n);
void udp_flush(struct udp *u);

/* Whether runs leave as segments. On from the start where the kernel knows how; goes off by
 * itself when it turns out that a network card does not. */
void udp_use_segments(struct udp *u, bool on);
bool udp_uses_segments(const struct udp *u);

const struct udp_stats *udp_stats(const struct udp *u);

#endif
