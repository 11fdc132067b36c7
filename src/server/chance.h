/* SPDX-License-Identifier: MIT */
/* Random chat: users who want to be found by chance, by group. */
#ifndef SERVER_CHANCE_H
#define SERVER_CHANCE_H

#include <stdint.h>

struct server;
struct session;

enum {
	CHANCE_GROUPS = 12,   /* 1-11 are used */
	CHANCE_MEMBERS = 256, /* of a group; who comes later is not found */
};

/* Owned by the server. */
struct chances {
	struct {
		uint32_t count;
		uint32_t place[CHANCE_MEMBERS]; /* of sessions */
	} groups[CHANCE_GROUPS];
};

/* The user may be found in this group and in no other; 0, or a group that is none: nowhere. */
void chance_join(struct server *srv, struct session *s, uint32_t group);
/* Somebody else of the group whom the user may see, or NULL. */
struct session *chance_find(struct server *srv, const struct session *s, uint32_t group);

#endif
