/* SPDX-License-Identifier: MIT */
/* What reading and writing the settings have in common; nobody else includes it. */
#ifndef ICQ_SETTINGS_PARTS_H
#define ICQ_SETTINGS_PARTS_H

#include <stdio.h>

#include "cmd/icq/settings/settings.h"

/* ---- lines (settings/line.c) ----------------------------------------------------------- */

enum line_kind { LINE_EMPTY, LINE_COMMENT, LINE_SECTION, LINE_KEY, LINE_BAD };

struct settings_line {
	enum line_kind kind;
	char *name, *value; /* of the section; of the key, and what it is set to */
};

/* Cuts a line, with or without its end, into pieces; they point into it. */
struct settings_line settings_line(char *line);
/* Line breaks as \n and backslashes as two of them; and back, in place. */
void settings_put_lines(FILE *to, const char *text);
void settings_take_lines(char *text);

/* ---- contacts (settings/contact.c) ----------------------------------------------------- */

/* The UIN in "contact 10002"; 0: this is no such section. */
uint32_t settings_contact_section(const char *section);

/* The name in "group friends"; NULL: this is no such section. */
const char *settings_group_section(const char *section);

enum contact_key {
	CONTACT_NICK,
	CONTACT_GROUP,
	CONTACT_CHARSET,
	CONTACT_LIST,
	CONTACT_AWAY_TEXT,
	CONTACT_KEYS
};

const char *settings_contact_key(enum contact_key key);
/* CONTACT_KEYS: there is none of this name. */
enum contact_key settings_contact_find(const char *name);
/* False: it cannot be this. */
bool settings_contact_set(struct icq_client_contact *c, enum contact_key key, const char *value);
/* "" when it is as for anybody. */
const char *settings_contact_get(const struct icq_client_contact *c, enum contact_key key);

/* ---- rows (settings/rows.c) ------------------------------------------------------------ */

/* SETTINGS: there is none of this name. */
enum setting settings_find(const char *key);
/* May its text have line breaks? */
bool settings_has_lines(enum setting which);
/* Where its text is. */
char *settings_at(struct settings *s, enum setting which);
/* There is nothing to be written any more. */
void settings_forget(struct settings *s);
/* Everything as preset. */
void settings_preset(struct settings *s);

#endif
