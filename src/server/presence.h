/* SPDX-License-Identifier: MIT */
/*
 * Who watches whom, and who may see it. A watch is one line of somebody's contact list; it
 * hangs in two chains, the watcher's list and the watched user's audience.
 */
#ifndef SERVER_PRESENCE_H
#define SERVER_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/uintab.h"

struct server;
struct session;

struct watch {
	uint32_t watcher; /* place of the session */
	uint32_t uin;	  /* the watched user */
	uint32_t next_of_watcher;
	uint32_t next_of_user, before_of_user;
};

/* Owned by the server. */
struct watches {
	struct watch *at; /* 0 is never used */
	struct uintab *of_user;
	uint32_t cap, fresh, free;
};

/* 0 or -ICQ_ENOMEM. */
int watches_init(struct watches *w, uint32_t sessions);
void watches_free(struct watches *w);

/* Adds a user to a contact list, and tells the watcher if that user is online. Users that are
 * listed already, and what exceeds the list's limit, are passed over. */
void presence_watch(struct server *srv, struct session *s, uint32_t uin);
/* The session's list is over. */
void presence_forget(struct server *srv, struct session *s);

/* The user has come; instead_of is the status of the session it replaces, or NULL. */
void presence_came(struct server *srv, struct session *s, const uint32_t *instead_of);
void presence_left(struct server *srv, struct session *s);
void presence_status(struct server *srv, struct session *s, uint32_t status);

#endif
