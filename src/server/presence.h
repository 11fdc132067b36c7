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
	uint32_t belief;    /* the status that the watcher was told, or that there is none */
	bool shown, hidden; /* the watcher is on the user's visible list, on his invisible one */
};

/* The lists of a session. Only contacts hang in the audience of those listed. */
enum listing { LIST_CONTACTS, LIST_VISIBLE, LIST_INVISIBLE, LIST_COUNT };

enum { LATE_PLACES = 1024 };

/* Users whose watchers have not all been told how things are: no user may cause more than
 * limits.presence-rate packets. All wait equally long, so they form a ring; when it is full, all
 * watchers are told at once. */
struct lates {
	uint32_t first, count;
	struct late {
		int64_t due_ms;
		uint32_t uin;
	} at[LATE_PLACES];
};

/* Owned by the server. */
struct watches {
	struct watch *at;	 /* 0 is never used */
	struct uintab *of_user;	 /* UIN -> first watch of the audience */
	struct uintab *audience; /* UIN -> its size */
	uint32_t cap, fresh, free;
	struct lates lates;
};

/* One list of a session; its lines are in the server's watches. */
struct uin_list {
	uint32_t first, count;
};

/* 0 or -ICQ_ENOMEM. */
int watches_init(struct watches *w, uint32_t sessions);
void watches_free(struct watches *w);

/* Adds a user to a contact list, and tells the watcher if that user is online. Users that are
 * listed already, and what exceeds the list's limit, are passed over. */
void presence_watch(struct server *srv, struct session *s, uint32_t uin);
/* Adds users to the visible or invisible list, or takes one out. presence_changed tells the
 * watchers what has become of it. */
void presence_list(struct server *srv, struct session *s, enum listing which, uint32_t uin);
void presence_unlist(struct server *srv, struct session *s, enum listing which, uint32_t uin);
void presence_clear(struct server *srv, struct session *s, enum listing which);
/* Is this user on that list? */
bool presence_lists(const struct server *srv, const struct session *s, enum listing which,
		    uint32_t uin);
/* All lists of the session are over. */
void presence_forget(struct server *srv, struct session *s);

/* May this user see that the session is there? */
bool presence_visible(const struct server *srv, const struct session *s, uint32_t viewer);

/* All sessions of an earlier process are back. Their watchers are taken to know how things are:
 * those who were still to be told when it ended hear of it with the next change. */
void presence_restored(struct server *srv);
/* The user has come, perhaps in place of an older session of his own. */
void presence_came(struct server *srv, struct session *s);
void presence_left(struct server *srv, struct session *s);
void presence_status(struct server *srv, struct session *s, uint32_t status);
/* The lists have changed: whoever sees more or less than before is told. */
void presence_changed(struct server *srv, struct session *s);

/* Tells more watchers of users who have many. */
void presence_run(struct server *srv);
/* When there is somebody to be told; NEVER_MS: all know. */
int64_t presence_deadline(const struct server *srv);

#endif
