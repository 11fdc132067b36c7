/* SPDX-License-Identifier: MIT */
/* The command line. */
#ifndef ICQD_ARGS_H
#define ICQD_ARGS_H

#include <stdio.h>

#define SETTINGS_FILE "/etc/icqd.conf" /* read without -c, if it is there */

enum { ARGS_SETTINGS_MAX = 128 };

enum action { SERVE, TEST_SETTINGS, DUMP_SETTINGS, SHOW_VERSION, SHOW_HELP };

/* -o, or a flag that is short for a setting: then key says for which one of [server]. */
struct arg_setting {
	const char *flag, *key, *value;
};

struct args {
	const char *program; /* argv[0] */
	enum action action;
	const char *file; /* -c, NULL without */
	int setting_count;
	struct arg_setting settings[ARGS_SETTINGS_MAX]; /* in the order given */
};

/* Points into argv. 0, or -ICQ_ESYNTAX after a complaint on stderr. */
int args_read(struct args *a, int argc, char **argv);
void args_help(FILE *out);

#endif
