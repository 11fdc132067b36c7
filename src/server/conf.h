/* SPDX-License-Identifier: MIT */
/* The settings as values; proto/conf.def describes them, src/cmd/icqd reads them. */
#ifndef SERVER_CONF_H
#define SERVER_CONF_H

#include <stdbool.h>
#include <stdint.h>

enum {
	CONF_TEXT_MAX = 256,
	CONF_LIST_MAX = 8,
};

struct conf_list {
	int count;
	char at[CONF_LIST_MAX][64];
};

/* So many at once, then so many in so many seconds. */
struct conf_rate {
	int64_t burst, count, seconds;
};

struct conf {
#define INT(section, key, field, ...) int64_t field;
#define BOOL(section, key, field, ...) bool field;
#define ENUM(section, key, field, ...) int field; /* index of the choice */
#define LIST(section, key, field, ...) struct conf_list field;
#define TEXT(section, key, field, ...) char field[CONF_TEXT_MAX];
#define RATE(section, key, field, ...) struct conf_rate field;
#include "conf.def"
};

enum { REGISTRATION_OPEN, REGISTRATION_INVITE, REGISTRATION_CLOSED };
enum { HIDE_NOBODY, HIDE_WHO_ASKS, HIDE_EVERYBODY };
enum { PASSWORD_COST_LOW, PASSWORD_COST_MEDIUM, PASSWORD_COST_HIGH };

/* Sets every setting to its preset. */
void conf_preset(struct conf *c);
/* The index of a word in a list of choices ("open|invite|closed"), -1 if it is none. */
int conf_choice(const char *choices, const char *word);
/* Does a text like "2, 3, 26" hold this number? */
bool conf_lists_number(const char *text, long number);

#endif
