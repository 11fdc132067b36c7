/* SPDX-License-Identifier: MIT */
/* From a captured frame to what UDP or TCP carries in it. */
#ifndef ICQDUMP_IP_H
#define ICQDUMP_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct segment {
	struct addr from, to;
	const uint8_t *p; /* borrowed from the frame */
	size_t n;
	bool is_tcp;
	bool begins, breaks; /* TCP: SYN, RST */
	uint32_t seq;	     /* TCP: number of the first byte */
};

/* Can frames of this link type (DLT_...) be read? */
bool ip_knows_link(int link_type);
/* False when it is neither UDP nor TCP, or a fragment, or cut inside the headers. */
bool ip_read(int link_type, const void *frame, size_t len, struct segment *out);

#endif
