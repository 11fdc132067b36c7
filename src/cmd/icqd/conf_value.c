/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/conf_value.h"

#include "base/err.h"
#include "cmd/hint.h"
#include "cmd/icqd/conf_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 8, CHOICE_MAX = 32, RATE_MOST = 1000000 };

static void *field_of(struct conf *c, const struct conf_row *row)
{
	return (char *)c + row->offset;
}

static const void *field_in(const struct conf *c, const struct conf_row *row)
{
	return (const char *)c + row->offset;
}

static const char *choice_text(const char *choices, int index, char *out, size_t cap)
{
	for (; index > 0; index--)
		choices += strcspn(choices, "|") + 1;
	snprintf(out, cap, "%.*s", (int)strcspn(choices, "|"), choices);
	return out;
}

/* "open, invite or closed" */
static void list_choices(const char *choices, char *out, size_t cap)
{
	size_t n = 0;

	while (*choices && n < cap) {
		int len = (int)strcspn(choices, "|");
		const char *rest = choices + len + (choices[len] == '|');
		const char *joint = !*rest ? "" : strchr(rest, '|') ? ", " : " or ";

		n += (size_t)snprintf(out + n, cap - n, "%.*s%s", len, choices, joint);
		choices = rest;
	}
}

const char *conf_value_range(const struct conf_row *row, char *out, size_t cap)
{
	switch (row->kind) {
	case CONF_INT:
		snprintf(out, cap, "%" PRId64 " to %" PRId64 " %s", row->least, row->most,
			 row->unit);
		break;
	case CONF_BOOL:
		snprintf(out, cap, "yes or no");
		break;
	case CONF_ENUM:
		list_choices(row->choices, out, cap);
		break;
	case CONF_LIST:
		snprintf(out, cap, "up to %" PRId64 " values, one a line", row->most);
		break;
	case CONF_TEXT:
		snprintf(out, cap, "text of up to %d bytes", CONF_VALUE_MAX);
		break;
	case CONF_RATE:
		snprintf(out, cap, "AT-ONCE then COUNT/SECONDSs, like \"20 then 1/2s\"");
		break;
	}
	return out;
}

/* ---- from text ------------------------------------------------------------------------- */

static int set_int(int64_t *field, const struct conf_row *row, const char *value, char *why,
		   size_t cap)
{
	char range[64], *end;
	const char *wrong;
	long long number;

	errno = 0;
	number = strtoll(value, &end, 10);
	if (!strchr("-+0123456789", *value) || end == value || *end)
		wrong = "is no whole number";
	else if (errno || number < row->least || number > row->most)
		wrong = "is out of range";
	else {
		*field = number;
		return 0;
	}
	snprintf(why, cap, "\"%s\" %s; right would be %s", value, wrong,
		 conf_value_range(row, range, sizeof(range)));
	return -ICQ_ERANGE;
}

static int set_bool(bool *field, const char *value, char *why, size_t cap)
{
	static const char words[] = "no|yes|off|on|false|true"; /* odd is yes */
	int i = conf_choice(words, value);

	if (i < 0) {
		snprintf(why, cap, "\"%s\" is neither yes nor no", value);
		return -ICQ_ERANGE;
	}
	*field = i % 2;
	return 0;
}

static int choice_count(const char *choices)
{
	int n = 1;

	for (; *choices; choices++)
		n += *choices == '|';
	return n;
}

static int set_enum(int *field, const struct conf_row *row, const char *value, char *why,
		    size_t cap)
{
	struct hint hint = hint_for(value);
	char range[96], words[CHOICES_MAX][CHOICE_MAX];
	int i = conf_choice(row->choices, value), n;

	if (i >= 0) {
		*field = i;
		return 0;
	}
	for (i = 0; i < choice_count(row->choices) && i < CHOICES_MAX; i++)
		hint_offer(&hint, choice_text(row->choices, i, words[i], sizeof(words[i])));
	n = snprintf(why, cap, "\"%s\" is not %s", value,
		     conf_value_range(row, range, sizeof(range)));
	if (hint.best && n >= 0 && (size_t)n < cap)
		snprintf(why + n, cap - (size_t)n, "; did you mean \"%s\"?", hint.best);
	return -ICQ_ERANGE;
}

static int set_list(struct conf_list *list, const struct conf_row *row, const char *value,
		    char *why, size_t cap)
{
	if (list->count >= row->most || list->count >= CONF_LIST_MAX) {
		snprintf(why, cap, "\"%s\" is one too many; right would be up to %" PRId64, value,
			 row->most);
		return -ICQ_ERANGE;
	}
	if (!*value || strlen(value) >= sizeof(list->at[0])) {
		snprintf(why, cap, "\"%s\" is %s", value, *value ? "too long" : "empty");
		return -ICQ_ERANGE;
	}
	snprintf(list->at[list->count++], sizeof(list->at[0]), "%s", value);
	return 0;
}

/* What a file could not hold is refused on the command line, too. */
static int set_text(char *field, const char *value, char *why, size_t cap)
{
	size_t len = strlen(value);

	if (len > CONF_VALUE_MAX)
		snprintf(why, cap, "is longer than %d bytes", CONF_VALUE_MAX);
	else if (len > 0 && (value[0] == ' ' || value[len - 1] == ' '))
		snprintf(why, cap, "\"%s\" begins or ends with a space", value);
	else if (strstr(value, " ;"))
		snprintf(why, cap, "\"%s\" holds \" ;\", which begins a comment", value);
	else {
		memcpy(field, value, len + 1);
		return 0;
	}
	return -ICQ_ERANGE;
}

static bool rate_number(int64_t number)
{
	return number >= 1 && number <= RATE_MOST;
}

static int set_rate(struct conf_rate *field, const struct conf_row *row, const char *value,
		    char *why, size_t cap)
{
	struct conf_rate r = { 0 };
	char range[64];
	int end = 0;

	sscanf(value, "%7" SCNd64 " then %7" SCNd64 "/%7" SCNd64 "s%n", &r.burst, &r.count,
	       &r.seconds, &end);
	if (end && !value[end] && rate_number(r.burst) && rate_number(r.count) &&
	    rate_number(r.seconds)) {
		*field = r;
		return 0;
	}
	snprintf(why, cap, "\"%s\" is no rate; right would be %s, with numbers from 1 to %d", value,
		 conf_value_range(row, range, sizeof(range)), RATE_MOST);
	return -ICQ_ERANGE;
}

static bool has_control_bytes(const char *value)
{
	while (*value && (unsigned char)*value >= ' ' && *value != 0x7f)
		value++;
	return *value;
}

int conf_value_set(struct conf *c, const struct conf_row *row, const char *value, char *why,
		   size_t cap)
{
	void *field = field_of(c, row);

	if (has_control_bytes(value)) {
		snprintf(why, cap, "holds control characters");
		return -ICQ_ERANGE;
	}
	switch (row->kind) {
	case CONF_INT:
		return set_int(field, row, value, why, cap);
	case CONF_BOOL:
		return set_bool(field, value, why, cap);
	case CONF_ENUM:
		return set_enum(field, row, value, why, cap);
	case CONF_LIST:
		return set_list(field, row, value, why, cap);
	case CONF_TEXT:
		return set_text(field, value, why, cap);
	case CONF_RATE:
		return set_rate(field, row, value, why, cap);
	}
	return -ICQ_ERANGE;
}

void conf_value_clear(struct conf *c, const struct conf_row *row)
{
	struct conf_list *list = field_of(c, row);

	list->count = 0;
}

/* ---- to text --------------------------------------------------------------------------- */

int conf_value_count(const struct conf *c, const struct conf_row *row)
{
	const struct conf_list *list = field_in(c, row);

	return row->kind == CONF_LIST ? list->count : 1;
}

const char *conf_value_text(const struct conf *c, const struct conf_row *row, int i, char *out,
			    size_t cap)
{
	const void *field = field_in(c, row);
	const struct conf_list *list = field;
	const struct conf_rate *rate = field;

	switch (row->kind) {
	case CONF_INT:
		snprintf(out, cap, "%" PRId64, *(const int64_t *)field);
		break;
	case CONF_BOOL:
		snprintf(out, cap, "%s", *(const bool *)field ? "yes" : "no");
		break;
	case CONF_ENUM:
		choice_text(row->choices, *(const int *)field, out, cap);
		break;
	case CONF_LIST:
		snprintf(out, cap, "%s", list->at[i]);
		break;
	case CONF_TEXT:
		snprintf(out, cap, "%s", (const char *)field);
		break;
	case CONF_RATE:
		snprintf(out, cap, "%" PRId64 " then %" PRId64 "/%" PRId64 "s", rate->burst,
			 rate->count, rate->seconds);
		break;
	}
	return out;
}
