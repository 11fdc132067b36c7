/* SPDX-License-Identifier: MIT */
/*
 * Profiles: looking them up, searching, changing them, and the password. Answers come from the
 * store; results of changes and first search results leave no sooner than 250 ms after the
 * ACK, because a known client fails when they overtake it.
 */
#ifndef SERVER_DIRECTORY_H
#define SERVER_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"
#include "wire/icqwire.h"

struct server;
struct session;
struct caller;

enum { RESULT_DELAY_MS = 250 };

/* What a result answers, when the same rule serves several commands. */
enum directory_reply {
	REPLY_NEW_USER, /* names, first form */
	REPLY_NAMES,
	REPLY_MORE,
	REPLY_AUTH,
	REPLY_PASSWORD,
	REPLY_COUNT,
};

enum profile_view { VIEW_NAMES, VIEW_MORE };

/* A search under way, from the link's pool: one result at a time, the next after the ACK. */
struct search {
	uint16_t number;
	bool more;
	uint16_t next, count;
	uint32_t uins[ICQ_MAX_hits];
};

void directory_info(struct server *srv, struct session *s, uint16_t number, uint32_t uin,
		    enum profile_view view);
void directory_search_uin(struct server *srv, struct session *s, uint16_t number, uint32_t uin);
/* The texts of `wanted` count; all empty finds nobody. */
void directory_search(struct server *srv, struct session *s, uint16_t number,
		      const struct job_search *wanted);
/* The client has acknowledged a search result. */
void directory_result_acked(struct server *srv, struct session *s);
/* The session ends. */
void directory_forget(struct server *srv, struct session *s);

/* Changes parts of the caller's profile; s is NULL right after a registration. */
void directory_update(struct server *srv, struct session *s, const struct caller *from,
		      enum directory_reply reply, const struct job_profile *change);
/* Whose password was changed is told so by a notice; the operator can undo it for some days. */
void directory_password(struct server *srv, struct session *s, uint16_t number,
			const uint8_t *password, size_t len);

#endif
