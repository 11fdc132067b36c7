/* SPDX-License-Identifier: MIT */
/*
 * The operator's commands, over the socket `control` in the data folder. A request is a JSON
 * object on one line: {"verb":"user.show","uin":10001}. The answer is any number of lines
 * {"row":{...}}, then {"ok":true,"result":{...}} or {"ok":false,"code":5,"error":"..."}, whose
 * code is what a program should end with (cmd/exit_codes.h). A peer has one request under way
 * at a time. The verbs are a table in control_verbs.c; doc/control.md describes them.
 */
#ifndef ICQD_CONTROL_H
#define ICQD_CONTROL_H

#include "base/log.h"
#include "base/now.h"
#include "io/loop.h"
#include "server/server.h"

struct control; /* owned by whoever called control_open */

/* What it asks of the daemon. */
struct control_env {
	void *ctx;
	struct server *server;
	struct now (*now)(void *ctx);
	/* A change, to be logged whatever else is suppressed. */
	void (*audit)(void *ctx, const struct log_event *ev);
	/* Reads the settings again, and tells what is wrong with them. 0 or -ICQ_ERANGE. */
	int (*reload)(void *ctx, void (*tell)(void *ctx, const char *complaint), void *tell_ctx);
	/* Ends the server after this turn. */
	void (*stop)(void *ctx);
	struct now started;
	const char *data; /* the folder */
	const struct addr *listen;
	unsigned listen_count;
};

/* env is copied. The errors of local_listen. */
int control_open(struct control **out, struct loop *loop, const char *path,
		 const struct control_env *env);
void control_free(struct control **c);

/* The server's effects. */
void control_answer(struct control *c, const struct job *job);
void control_trace(struct control *c, uint32_t uin, bool out, const struct addr *peer,
		   const void *p, size_t n);

#endif
