/* SPDX-License-Identifier: MIT */
/*
 * Settings from files and from the command line. Every complaint says where, what is wrong,
 * and what would be right; reading goes on, so that one run shows them all.
 */
#ifndef ICQD_CONF_READ_H
#define ICQD_CONF_READ_H

#include <stdio.h>

#include "cmd/icqd/conf_row.h"

/* A value longer than this could not be read from a file. */
enum { CONF_VALUE_MAX = 180 };

struct conf_reader {
	struct conf *conf;
	void (*tell)(void *ctx, const char *complaint);
	void *ctx;
	unsigned complaints;
	bool begun[CONF_ROW_COUNT]; /* lists that this source has given a value */
};

/* Starts with all presets. */
struct conf_reader conf_reader(struct conf *c, void (*tell)(void *ctx, const char *complaint),
			       void *ctx);
/* From here on the first value of a list replaces what an earlier source gave. */
void conf_next_source(struct conf_reader *r);
/* name is what complaints call the file. */
void conf_read_file(struct conf_reader *r, FILE *f, const char *name);
/* "SECTION.KEY=VALUE" */
void conf_read_option(struct conf_reader *r, const char *option);
void conf_assign(struct conf_reader *r, const char *where, const char *section, const char *key,
		 const char *value);
/* One more complaint, from whoever looks at values more closely. */
void conf_complain(struct conf_reader *r, const char *where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
