/* SPDX-License-Identifier: MIT */
/* The command line. */
#ifndef ICQ_ARGS_H
#define ICQ_ARGS_H

#include <stdint.h>
#include <stdio.h>

enum { ARGS_COMMANDS_MAX = 64 };

/* MODE_NONE: none was asked for. */
enum mode { MODE_NONE, MODE_SCREEN, MODE_PLAIN, MODE_JSON, MODE_ONCE, MODE_VERSION, MODE_HELP };

struct args {
	enum mode mode;
	uint32_t uin;	  /* 0: not given */
	const char *host; /* HOST[:PORT]; NULL: not given, as all below */
	const char *status;
	const char *file;    /* of settings */
	const char *profile; /* never NULL */
	int command_count;
	const char *commands[ARGS_COMMANDS_MAX]; /* -e, in the order given */
};

/* Points into argv. 0, or -ICQ_ESYNTAX after a complaint on stderr. */
int args_read(struct args *a, int argc, char **argv);
void args_help(FILE *out);

#endif
