/* SPDX-License-Identifier: MIT */
/* The rows of proto/conf.def as a table, for all that treats settings alike. */
#ifndef ICQD_CONF_ROW_H
#define ICQD_CONF_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "server/conf.h"

enum conf_kind { CONF_INT, CONF_BOOL, CONF_ENUM, CONF_LIST, CONF_TEXT, CONF_RATE };

struct conf_row {
	enum conf_kind kind;
	const char *section, *key;
	size_t offset;	     /* of its field in struct conf */
	int64_t least, most; /* INT; LIST: most values */
	const char *choices; /* ENUM: "open|invite|closed" */
	const char *unit;    /* INT */
	const char *meaning; /* a sentence */
};

enum {
#define INT(section, key, field, ...) CONF_ROW_##field,
#define BOOL(section, key, field, ...) CONF_ROW_##field,
#define ENUM(section, key, field, ...) CONF_ROW_##field,
#define LIST(section, key, field, ...) CONF_ROW_##field,
#define TEXT(section, key, field, ...) CONF_ROW_##field,
#define RATE(section, key, field, ...) CONF_ROW_##field,
#include "conf.def"
	CONF_ROW_COUNT,
};

/* In the order of conf.def, so that a section's rows stand together. */
extern const struct conf_row conf_rows[CONF_ROW_COUNT];

#endif
