/* SPDX-License-Identifier: MIT */
/*
 * The table of conversations: the .txt files of a folder, one theme a file.
 *
 *   # a comment
 *   does 042E Acknowledges; the session lives on.     what the server does with a command
 *
 *   good: a keep-alive is acknowledged                a conversation; or bad: or borderline:
 *   shows 042E 051E                                   whose commands it exercises
 *   set session.keep-alive=60                         settings that it needs, one a line
 *   	ann logs in                                    steps: server/script.h or client/talk.h
 *
 * A conversation ends where the next begins. Limits are off unless it sets limits.enabled=yes.
 * 03F2-1 is the command 03F2 of version 1.
 */
#ifndef TESTS_CONFORMANCE_TABLE_H
#define TESTS_CONFORMANCE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/icqwire.h"

enum { TABLE_FILES = 40, TABLE_ROWS = 600, TABLE_DEEDS = 80, TABLE_SETTINGS = 4, TABLE_NAME = 120 };

enum conversation_kind { GOOD, BAD, BORDERLINE, CONVERSATION_KINDS };

struct conversation {
	char name[TABLE_NAME]; /* "theme: title" */
	enum conversation_kind kind;
	const char *shows; /* codes and blanks */
	const char *settings[TABLE_SETTINGS];
	size_t setting_count;
	const char *steps;
};

/* What the server does with a command. */
struct deed {
	unsigned code, version;
	const char *text;
};

/* Owned by whoever called table_read. */
struct table {
	char *files[TABLE_FILES];
	struct conversation rows[TABLE_ROWS];
	struct deed deeds[TABLE_DEEDS];
	size_t file_count, count, deed_count;
};

/* NULL after it has told on stderr what is wrong. */
struct table *table_read(const char *folder);
void table_free(struct table **t);

/* "010E" or "03F2-1" at the front of a text, which is moved behind it. False: there is none. */
bool table_next_code(const char **text, unsigned *code_out, unsigned *version_out);
/* Does it show this command? version 2 also stands for commands of both versions. */
bool conversation_shows(const struct conversation *c, const struct icq_message *m);
/* NULL: the table does not say. */
const char *table_deed(const struct table *t, const struct icq_message *m);

#endif
