/* SPDX-License-Identifier: MIT */
/* What a packet says, row by row, for every form of output: icq_show and what it leaves open. */
#ifndef ICQDUMP_EXPLAIN_H
#define ICQDUMP_EXPLAIN_H

#include "cmd/icqdump/packet.h"
#include "wire/icqwire.h"

struct explained {
	enum icq_id id;	   /* M_NONE: unknown, or not decoded */
	unsigned version;  /* of the UDP header; 0: none */
	const char *note;  /* what is to be said beside: not decoded yet, a chat; or NULL */
	const char *error; /* why the packet breaks; NULL: it does not */
};

/* bytes: those of this row; NULL when they are not to be shown. */
typedef void explain_fn(void *ctx, const struct icq_shown *shown, const uint8_t *bytes);

/* Calls `each`, unless it is NULL, for every row. Packets of versions 3 to 5 are not decoded yet,
 * and the bytes of a chat are no packets: they come as header and rest, with a note that says so.
 */
struct explained explain(const struct packet *packet, bool secrets, explain_fn *each, void *ctx);

#endif
