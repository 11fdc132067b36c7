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

struct conf {
#define INT(section, key, field, ...) int64_t field;
#define BOOL(section, key, field, ...) bool field;
#define ENUM(section, key, field, ...) int field; /* index of the choice */
#define LIST(section, key, field, ...) struct conf_list field;
#define TEXT(section, key, field, ...) char field[CONF_TEXT_MAX];
#include "conf.def"
};

enum { REGISTRATION_OPEN, REGISTRATION_INVITE, REGISTRATION_CLOSED };
enum { PASSWORD_COST_LOW, PASSWORD_COST_MEDIUM, PASSWORD_COST_HIGH };

/* Sets every setting to its preset. */
void conf_preset(struct conf *c);
/* The index of a word in a list of choices ("open|invite|closed"), -1 if it is none. */
int conf_choice(const char *choices, const char *word);

#endif
