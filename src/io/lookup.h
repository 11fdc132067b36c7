/* SPDX-License-Identifier: MIT */
/* Names of hosts, asked of the system; this may take seconds. */
#ifndef IO_LOOKUP_H
#define IO_LOOKUP_H

#include <stdint.h>

#include "base/addr.h"

/* A name or an address in digits. 0, or -ICQ_ENOENT: no such host, or of a family that is not
 * served. */
int lookup_host(const char *host, uint16_t port, struct addr *out);

#endif
