/* SPDX-License-Identifier: MIT */
/* A UDP socket on libuv's loop that speaks our addresses. */
#ifndef ICQCHAOS_PORT_H
#define ICQCHAOS_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/addr.h"

struct port; /* owned by whoever called port_open */

/* The datagram dies with the call. The port may be closed from within. */
typedef void port_input_fn(void *ctx, const struct addr *from, const void *p, size_t n);

/* 0; -ICQ_EBUSY: address in use; -ICQ_EDENIED; -ICQ_ENOENT: no such local address;
 * -ICQ_EFULL: no descriptor or memory left; -ICQ_EIO. */
int port_open(struct port **out, uv_loop_t *loop, const struct addr *at, port_input_fn *input,
	      void *ctx);
/* The loop frees it in its next turn. NULL is fine. */
void port_close(struct port **p);

/* Where it is bound. 0 or -ICQ_EIO. */
int port_addr(const struct port *p, struct addr *out);
/* False: the kernel would not take it. */
bool port_send(struct port *p, const struct addr *to, const void *bytes, size_t n);

#endif
