/* SPDX-License-Identifier: MIT */
/*
 * Somebody at a computer with our client: the client engine, a history whose writes take
 * time, and a diary of all that he got to know.
 */
#ifndef SIM_USER_H
#define SIM_USER_H

#include "client/client.h"
#include "sim/errands.h"
#include "sim/streams.h"
#include "sim/world.h"

enum { USER_DIARY = 1 << 16 };

struct user {
	struct world *world;
	struct host host;
	struct addr server;
	const char *password;
	uint32_t uin; /* known once he has registered */
	uint64_t requests;
	int64_t write_ms, file_ms; /* how long his history takes, and his files */
	/* To be set before user_start; without streams (NULL) he has no direct connections. */
	struct streams *streams;
	uint16_t listen_port; /* 0: behind a wall: nobody connects to him */
	bool peer_first;      /* his texts go directly if they can */
	/* Does a job for a file, with room for what is read; gets watch_ctx. NULL: he has none. */
	void (*file)(void *ctx, struct user *u, struct icq_client_file_job *job, uint8_t *bytes);
	/* Owned. client is NULL while his computer is off. */
	struct icq_client *client;
	struct history_mem *history;
	struct errands writing, files;
	struct outlet outlet;
	/* Gets every event instead of the diary; NULL: the diary is kept. */
	void (*watch)(void *ctx, struct user *u, const struct icq_client_event *ev);
	void *watch_ctx;
	/*
	 * A line for each event, without its time: "message 10001 1 hello",
	 * "presence 10001 away", "state online", "sent 1 accepted", "result 3 ok", and for the
	 * halves of a profile "names 10001 ann", "more 10001 Oslo".
	 */
	size_t diary_len;
	char diary[USER_DIARY];
};

/* Switched off, with an empty history. */
void user_init(struct user *u, struct world *w, struct addr self, struct addr server,
	       const char *password);
void user_free(struct user *u);

/* From a new port, if it was on before. */
void user_start(struct user *u);
/* The client is gone without a word; the history stays. */
void user_crash(struct user *u);

/* The commands. */
void user_register(struct user *u);
void user_login(struct user *u, uint32_t status);
void user_logout(struct user *u);
void user_status(struct user *u, uint32_t status);
void user_list(struct user *u, uint32_t uin);
void user_say(struct user *u, uint32_t to, const char *text);
void user_ping(struct user *u);
void user_search(struct user *u, uint32_t uin);
void user_info(struct user *u, uint32_t uin);
void user_describe(struct user *u, const char *nick, const char *city);
/* From now on he logs in with this one, whatever comes of it. */
void user_change_password(struct user *u, const char *password);
void user_ask(struct user *u, uint32_t to, const char *reason);

/* A row of his history, which is there. */
void user_read(const struct user *u, uint64_t row, struct history_job *out);
/* Does a message of his wait in his outbox? */
bool user_has_outbox(const struct user *u);

#endif
