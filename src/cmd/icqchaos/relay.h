/* SPDX-License-Identifier: MIT */
/* The relay: sockets, clients and held datagrams around the faults. */
#ifndef ICQCHAOS_RELAY_H
#define ICQCHAOS_RELAY_H

#include "cmd/icqchaos/fault.h"
#include "cmd/icqchaos/tally.h"
#include "base/addr.h"

struct relay; /* owned by whoever called relay_open */

struct relay_conf {
	struct addr listen, to;
	uint64_t seed;
	struct fault_plan plan;
	int64_t idle_ms; /* after so long without a datagram a client loses its port */
	int64_t stop_ms; /* NEVER_MS: only a signal stops it */
	bool verbose;	 /* each datagram on stderr */
	bool progress;	 /* a line on stderr that is kept up to date */
};

/* Its time begins now. 0, -ICQ_ENOMEM, or the errors of port_open for conf->listen. */
int relay_open(struct relay **out, const struct relay_conf *conf, struct addr *bound_out);
void relay_close(struct relay **r);

/* Until SIGINT, SIGTERM, or the end of its time; returns for how many ms. */
int64_t relay_run(struct relay *r);
/* What was done so far. */
const struct tally *relay_tally(const struct relay *r);

#endif
