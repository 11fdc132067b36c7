/* SPDX-License-Identifier: MIT */
/*
 * Clients and their ports: each address that speaks to the relay gets a socket of its own, from
 * which its datagrams reach the server, as a router does it that hides a network.
 */
#ifndef ICQCHAOS_NAT_H
#define ICQCHAOS_NAT_H

#include "cmd/icqchaos/fault.h"
#include "cmd/icqchaos/port.h"

struct nat; /* owned by whoever called nat_new */

/* Owned by the table; gone after nat_close_idle. */
struct nat_client {
	struct nat_client *next;
	struct nat *nat;
	struct port *port;
	struct addr addr;
	uint32_t number; /* from 1 on, in the order of arrival; not used again */
	int64_t heard_ms;
	struct fault_lane lanes[FAULT_WAYS];
	uint64_t came[FAULT_WAYS];     /* datagrams so far */
	uint64_t furthest[FAULT_WAYS]; /* the latest of them that has left */
};

/* Something came to the client's port. */
typedef void nat_input_fn(void *ctx, struct nat_client *c, const struct addr *from, const void *p,
			  size_t n);

/* NULL: out of memory. */
struct nat *nat_new(uv_loop_t *loop, nat_input_fn *input, void *ctx);
/* Closes all ports. */
void nat_free(struct nat **n);

/* NULL if the address has no port. */
struct nat_client *nat_find(const struct nat *n, const struct addr *addr);
/* Gives it one. NULL: the system has none left. */
struct nat_client *nat_add(struct nat *n, const struct addr *addr);
/* Gives it another one. False: none left, the old one stays. */
bool nat_rebind(struct nat_client *c);
/* Forgets those of whom nothing was heard since then. */
void nat_close_idle(struct nat *n, int64_t since_ms);
/* How many were added, ever. */
uint32_t nat_count(const struct nat *n);

#endif
