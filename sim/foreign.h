/* SPDX-License-Identifier: MIT */
/*
 * Somebody with an old client, after the habits of those that exist: it counts its packets from
 * 1 at each login, acknowledges whatever comes, sends again what is not acknowledged, and logs
 * in again, from a new port, when nothing helps. What differs between them is in their habits.
 */
#ifndef SIM_FOREIGN_H
#define SIM_FOREIGN_H

#include "sim/oracle.h"
#include "sim/world.h"

struct foreign_habits {
	enum memory memory;
	bool confirms;	/* stored messages, with 0442 */
	uint8_t copies; /* of everything it sends */
};

enum { FOREIGN_SENDING = 4, FOREIGN_PACKET = 2100, FOREIGN_SEEN = 1 << 16 };

enum foreign_state { FOREIGN_AWAY, FOREIGN_KNOCKING, FOREIGN_ONLINE };

/* A packet that waits for its acknowledgement. */
struct foreign_packet {
	bool busy;
	uint16_t seq;
	uint8_t tries;
	int64_t again_ms;
	size_t n;
	uint8_t p[FOREIGN_PACKET];
};

struct foreign {
	struct world *world;
	struct host host;
	struct addr server;
	struct oracle *oracle;
	struct foreign_habits habits;
	uint32_t uin, index; /* index: the oracle's */
	const char *password;
	enum foreign_state state;
	uint64_t login; /* the how-many-th */
	uint16_t seq;
	bool wanted; /* online, sooner or later */
	int64_t keep_alive_ms, back_ms;
	/* The login first, then what it asks and says. */
	struct foreign_packet sending[FOREIGN_SENDING];
	uint32_t last_seen;
	uint64_t seen[FOREIGN_SEEN / 64]; /* numbers, as bits */
};

/* Away at first. */
void foreign_init(struct foreign *f, struct world *w, struct addr self, struct addr server,
		  struct oracle *o, struct foreign_habits habits);
void foreign_free(struct foreign *f);

void foreign_login(struct foreign *f);
/* Says that it goes; or breaks off without a word. */
void foreign_logout(struct foreign *f);
void foreign_crash(struct foreign *f);
/* False: it has no room for it now, or is not online. */
bool foreign_say(struct foreign *f, uint32_t to, const char *text, size_t len);
bool foreign_is_idle(const struct foreign *f);

#endif
