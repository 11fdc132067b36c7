/* SPDX-License-Identifier: MIT */
/* The options of a program as one table, from which its parser and its --help are made. */
#ifndef CMD_CMDLINE_H
#define CMD_CMDLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct flag {
	char letter;	   /* also the number of the option; 0 ends the table */
	const char *name;  /* without the dashes */
	const char *value; /* what it takes, as --help calls it; NULL: nothing */
	const char *meaning;
};

struct cmdline {
	const char *program;
	const struct flag *table;
	int argc;
	char **argv;
};

enum { CMDLINE_END = -1, CMDLINE_BAD = '?' };

/* The letter of the next option and its value (NULL if it takes none); CMDLINE_END; or CMDLINE_BAD
 * after it has told on stderr what is wrong and what would be right. */
int cmdline_next(struct cmdline *a, const char **value_out);
/* Arguments that are no option, after CMDLINE_END; NULL behind the last. */
const char *cmdline_rest(struct cmdline *a);

/* A complaint about the command line on stderr; returns EXIT_USAGE. */
int cmdline_complain(const struct cmdline *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A decimal number from least to most, of an option or of an argument that is none; false after
 * it has told that it must be one. */
bool cmdline_number(const struct cmdline *a, const char *option, const char *text, int64_t least,
		    int64_t most, int64_t *out);
bool cmdline_argument(const struct cmdline *a, const char *name, const char *text, int64_t least,
		      int64_t most, int64_t *out);

/* The table, one option a line. */
void cmdline_help(const struct flag *table, FILE *out);

#endif
