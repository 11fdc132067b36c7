/* SPDX-License-Identifier: MIT */
/*
 * All that depends on the address family: our addresses to the system's and back, and the
 * local address of a datagram. IPv6 is one more case in each of these.
 */
#ifndef IO_SOCKADDR_H
#define IO_SOCKADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/addr.h"

enum { SOCKADDR_LOCAL_MAX = 32 }; /* bytes of the largest structure for a local address */

/* Its length, 0 when the family is not served. */
socklen_t sockaddr_make(const struct addr *a, struct sockaddr_storage *out);
/* False when the family is not served. */
bool sockaddr_read(const struct sockaddr_storage *s, struct addr *out);

/* Asks that the local address come with each datagram. 0, or negative with errno. */
int sockaddr_want_local(int fd, const struct addr *bound);
/* The local address, if the control message holds one. */
bool sockaddr_local_read(struct cmsghdr *c, uint8_t ip_out[16]);
/* Fills in the control message that makes a datagram leave from a local address; the buffer
 * has CMSG_SPACE(SOCKADDR_LOCAL_MAX) bytes. Returns its CMSG_SPACE. */
size_t sockaddr_local_make(struct cmsghdr *c, const uint8_t ip[16]);

#endif
