/* SPDX-License-Identifier: MIT */
/* The table of commands. */
#ifndef ICQCTL_COMMANDS_H
#define ICQCTL_COMMANDS_H

#include "cmd/icqctl/call.h"

enum { COMMAND_ANY = 99 };

struct command {
	const char *name;    /* one word or two */
	const char *args;    /* as help calls them */
	const char *options; /* letters of those that mean something to it */
	int least, most;     /* arguments */
	bool user;	     /* the first argument is a UIN */
	const char *verb;    /* of the server; doc/control.md */
	/* Adds what was typed to the request; EXIT_OK, or what to end with after a complaint.
	 * NULL: there is nothing to add. */
	int (*ask)(struct call *c, json_t *request);
	/* For people; NULL: nothing is shown. */
	void (*row)(struct call *c, const json_t *row);
	void (*done)(struct call *c, const json_t *result);
	bool decodes;	  /* row also serves --json */
	bool waits;	  /* until the server has ended */
	const char *help; /* a sentence */
	const char *more; /* further ones, or NULL */
};

extern const struct command commands[]; /* ends with a name that is NULL */

/*
 * The command whose words begin as those given, of which *taken are its own. NULL after a
 * complaint that tells what would be right.
 */
const struct command *command_find(const struct cmdline *line, int argc, char **argv, int *taken);
/* All of them in short; one in full. */
void commands_list(FILE *out);
void command_help(const struct command *command, FILE *out);

#endif
