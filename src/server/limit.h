/* SPDX-License-Identifier: MIT */
/*
 * What anybody may cost: so much at once, then so much in so much time. A session has its own
 * allowances; strangers share tables of fixed size by address, by network and by UIN, where two
 * that fall on one place share its allowance.
 */
#ifndef SERVER_LIMIT_H
#define SERVER_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "server/conf.h"

struct server;
struct session;

/* The allowance of one user or place: when it would be full again. */
struct allowance {
	int64_t full_us;
};

/* Commands of one session that share an allowance. */
enum rate_class {
	CLASS_NONE,
	CLASS_PACKET, /* all of them */
	CLASS_SEND,
	CLASS_SEND_STRANGER,
	CLASS_ADD,
	CLASS_RECEIVE,
	CLASS_SEARCH,
	CLASS_INFO,
	CLASS_PASSWORD,
	CLASS_RUBBISH,
	CLASS_COUNT,
};

/* What strangers are counted by. */
enum limit_table {
	LIMIT_ADDRESS,	    /* packets */
	LIMIT_STRAY,	    /* answers to them */
	LIMIT_REGISTER,	    /* registrations from an address */
	LIMIT_REGISTER_NET, /* from a /24 */
	LIMIT_WRONG,	    /* wrong passwords for a UIN */
	LIMIT_WRONG_HOUR,
	LIMIT_WRONG_NET, /* from a /24 */
	LIMIT_PRESENCE,	 /* news of a user to his watchers */
	LIMIT_BUSY,	 /* TRY_AGAIN for a UIN under attack */
	LIMIT_TABLES,
};

enum { LIMIT_PLACES = 4096, LIMIT_PAIRS = 4096 };

/* Somebody has been asked or told by somebody whether he may be listed. */
struct add_pair {
	uint32_t from, to;
	uint16_t type;
	int64_t until_ms; /* not once more before */
};

struct limits {
	uint64_t key; /* of the hash, so that nobody can aim at another's place */
	struct allowance at[LIMIT_TABLES][LIMIT_PLACES];
	struct allowance strays, registrations; /* of everybody together */
	/* By hash: what falls on the same place is forgotten for the newer one. */
	struct add_pair pairs[LIMIT_PAIRS];
};

/* May this session do one thing of this class now? Counts as done if so. */
bool limit_session(struct server *srv, struct session *s, enum rate_class what);
/* When it may again: now, or later; in monotonic ms. */
int64_t limit_session_until(const struct server *srv, const struct session *s,
			    enum rate_class what);

/* A packet from an address without a session. */
bool limit_address(struct server *srv, const struct addr *from);
/* May an address without a session be answered now? */
bool limit_stray(struct server *srv, const struct addr *to);
/* A message of this type that asks or tells `to` about being listed: one a day is enough. */
bool limit_add_pair(struct server *srv, uint32_t from, uint32_t to, uint16_t type);
bool limit_register(struct server *srv, const struct addr *from);
/* May another watcher hear now how this user is? */
bool limit_presence(struct server *srv, uint32_t uin);
/* May this password be checked? Only a wrong one is counted, by limit_wrong_password. */
bool limit_may_guess(struct server *srv, uint32_t uin, const struct addr *from);
/* May somebody be told that there were too many? */
bool limit_may_say_busy(struct server *srv, uint32_t uin);
void limit_wrong_password(struct server *srv, uint32_t uin, const struct addr *from);

#endif
