/* SPDX-License-Identifier: MIT */
/* A client without an engine: sends the bytes it is given and keeps what it gets. */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "sim/world.h"

enum { SCRIPT_INBOX = 64, SCRIPT_PACKET = 1500 };

struct script {
	struct world *world;
	struct host host;
	struct addr server;
	size_t count; /* of datagrams that came since script_forget */
	struct {
		size_t n;
		uint8_t p[SCRIPT_PACKET];
	} inbox[SCRIPT_INBOX];
};

/* Lives at this address from now on. */
void script_init(struct script *s, struct world *w, struct addr self, struct addr server);
void script_free(struct script *s);

void script_send(struct script *s, const void *p, size_t n);
/* The first datagram in the inbox with this command, NULL if none has come. */
const uint8_t *script_got(const struct script *s, uint16_t command, size_t *n_out);
void script_forget(struct script *s);

#endif
