/* SPDX-License-Identifier: MIT */
/* One command of the operator: what was typed, and the conversation with the server about it. */
#ifndef ICQCTL_CALL_H
#define ICQCTL_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cmd/cmdline.h"

struct command;

/* Owned by main. */
struct call {
	const struct cmdline *line;
	const struct command *command;
	int argc; /* what stands behind the command's words */
	char **argv;
	bool json, online, secrets, verbose;
	bool given[128];  /* options, by their letter */
	uint32_t uin;	  /* of --uin, or the command's UIN */
	const char *path; /* of the server's socket */
	unsigned rows;	  /* that have come */
};

/* Sends the request and shows what comes. Takes the request over. Returns the exit code. */
int call_make(struct call *c, json_t *request);

#endif
