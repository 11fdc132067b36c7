/* SPDX-License-Identifier: MIT */
/*
 * One socket for all users, each with a loopback address of its own: user number 5 is
 * 127.1.0.5. So the server sees strangers to each other, and a million of them need no more
 * descriptors than one.
 */
#ifndef ICQLOAD_NET_H
#define ICQLOAD_NET_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct net; /* owned by whoever called net_new */

typedef void net_input_fn(void *ctx, uint32_t user, const void *p, size_t n);

/* server: on loopback, IPv4. 0, -ICQ_ENOMEM or -ICQ_EIO. */
int net_new(struct net **out, const struct addr *server);
void net_free(struct net **n);

int net_fd(const struct net *n);
/* Queues a copy of at most 1024 bytes; a full queue is flushed. */
void net_send(struct net *n, uint32_t user, const void *p, size_t len);
void net_flush(struct net *n);
/* Hands over what has come from the server, a batch at most. Returns their number. */
size_t net_receive(struct net *n, net_input_fn *input, void *ctx);

#endif
