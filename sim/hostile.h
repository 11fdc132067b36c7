/* SPDX-License-Identifier: MIT */
/*
 * Somebody who wants others to lose messages, from addresses of his own: forges their
 * acknowledgements, confirmations, logouts and messages, floods, and sends noise.
 */
#ifndef SIM_HOSTILE_H
#define SIM_HOSTILE_H

#include "sim/world.h"

struct hostile {
	struct world *world;
	struct host host;
	struct addr server;
	uint32_t first_uin, victims;
};

void hostile_init(struct hostile *h, struct world *w, struct addr self, struct addr server,
		  uint32_t first_uin, uint32_t victims);
void hostile_free(struct hostile *h);

/* One mischief, by chance. */
void hostile_act(struct hostile *h);

#endif
