/* SPDX-License-Identifier: MIT */
/* One value of a setting: from text, to text. */
#ifndef ICQD_CONF_VALUE_H
#define ICQD_CONF_VALUE_H

#include <stddef.h>

#include "cmd/icqd/conf_row.h"

/* Sets the row's field in c; a list grows by one. On failure nothing changes, why holds what
 * is wrong and what would be right, and -ICQ_ERANGE is returned. */
int conf_value_set(struct conf *c, const struct conf_row *row, const char *value, char *why,
		   size_t cap);
/* Empties a list. */
void conf_value_clear(struct conf *c, const struct conf_row *row);
/* How many values the field has: 1, but for lists. */
int conf_value_count(const struct conf *c, const struct conf_row *row);
/* The i-th value as text; returns out. */
const char *conf_value_text(const struct conf *c, const struct conf_row *row, int i, char *out,
			    size_t cap);
/* What a value may be: "450 to 8000 bytes", "open, invite or closed"; returns out. */
const char *conf_value_range(const struct conf_row *row, char *out, size_t cap);

#endif
