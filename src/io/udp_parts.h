/* SPDX-License-Identifier: MIT */
/* What udp.c (sockets, doors, input) and udp_out.c (queue, groups, output) share. */
#ifndef IO_UDP_PARTS_H
#define IO_UDP_PARTS_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "io/sockaddr.h"
#include "io/udp.h"

enum {
	DOORS_MAX = 256, /* struct addr has 8 bits for it */
	QUEUE_BYTES = 2 * 65536,
	GROUP_SLOTS = 2 * UDP_QUEUE_MAX, /* a power of two */
};

/* The first doors are the sockets themselves, with the local address left to the kernel. */
struct door {
	uint8_t socket;
	bool pinned; /* ip is known */
	uint8_t ip[16];
};

struct udp_socket {
	int fd;
	bool filling; /* the last batch was full */
};

struct queued {
	struct addr to;
	uint32_t at; /* in bytes[] */
	uint16_t len;
	uint16_t next; /* in its group: index + 1, 0 at the end */
};

struct group { /* the queued datagrams of one destination, in order */
	uint16_t first, last;
};

/* Room for the local address and the segment size. */
union out_control {
	struct cmsghdr align;
	char room[CMSG_SPACE(SOCKADDR_LOCAL_MAX) + CMSG_SPACE(sizeof(uint16_t))];
};

struct udp_out {
	bool segments;
	unsigned count, group_count;
	size_t used; /* of bytes[] */
	struct queued queue[UDP_QUEUE_MAX];
	struct group groups[UDP_QUEUE_MAX];
	uint16_t slots[GROUP_SLOTS]; /* open hash of destinations: group + 1, 0 = none */
	uint8_t bytes[QUEUE_BYTES];
	/* What is handed to the kernel, made anew for each socket of a flush. */
	unsigned message_count, iov_count;
	struct mmsghdr messages[UDP_QUEUE_MAX];
	struct sockaddr_storage names[UDP_QUEUE_MAX];
	union out_control controls[UDP_QUEUE_MAX];
	struct iovec iov[UDP_QUEUE_MAX];
};

struct udp_in {
	size_t datagram_max;
	struct mmsghdr messages[UDP_BATCH_MAX];
	struct sockaddr_storage names[UDP_BATCH_MAX];
	struct iovec iov[UDP_BATCH_MAX];
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(SOCKADDR_LOCAL_MAX)];
	} controls[UDP_BATCH_MAX];
	uint8_t *bytes; /* UDP_BATCH_MAX times datagram_max */
};

struct udp {
	unsigned socket_count, door_count;
	struct udp_socket sockets[UDP_SOCKETS_MAX];
	struct door doors[DOORS_MAX];
	struct udp_stats stats;
	struct udp_in in;
	struct udp_out out;
};

#endif
