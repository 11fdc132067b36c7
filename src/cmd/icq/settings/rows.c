/* SPDX-License-Identifier: MIT */
/* The table of settings: what each may be, and where it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/hint.h"
#include "cmd/icq/keys.h"
#include "cmd/icq/notify.h"
#include "cmd/icq/settings/parts.h"
#include "cmd/texts.h"

/* ---- kinds ----------------------------------------------------------------------------- */

enum kind { NUMBER, WORD, TEXT, LINES, CHARSET, STATUS, ADDRESS, KEYS, RULES };

enum { LINES_MAX = 255 };

static bool is_number(const char *value, const char *range)
{
	char *end;
	unsigned long long least = strtoull(range, &end, 10), n = strtoull(value, NULL, 10);

	return strspn(value, "0123456789") == strlen(value) && strlen(value) <= 10 && n >= least &&
	       n <= strtoull(end, NULL, 10);
}

static bool is_word(const char *value, const char *words)
{
	size_t n = strlen(value);

	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (len == n && memcmp(at, value, n) == 0)
			return true;
		at += len;
	}
	return false;
}

static bool is_line(const char *value, const char *choice)
{
	(void)choice;
	return texts_is_line(value);
}

static bool is_lines(const char *value, const char *choice)
{
	(void)choice;
	return strlen(value) <= LINES_MAX && texts_are_lines(value);
}

static bool is_charset(const char *value, const char *choice)
{
	(void)choice;
	return codepage_find(value) != NULL;
}

static bool is_status(const char *value, const char *choice)
{
	enum icq_status status;

	(void)choice;
	return icq_status_parse(value, &status) == 0 && status != ICQ_STATUS_offline;
}

/* Where others connect to: the protocol has no room for another address than IPv4. */
static bool is_address(const char *value, const char *choice)
{
	struct addr at;

	(void)choice;
	return addr_parse(value, &at) == 0 && addr_is_v4(&at);
}

static bool is_keys(const char *value, const char *choice)
{
	(void)choice;
	return key_list_valid(value);
}

static bool is_rules(const char *value, const char *choice)
{
	(void)choice;
	return notify_rules_valid(value);
}

static const struct {
	bool (*valid)(const char *value, const char *choice);
	const char *wanted; /* NULL: the choice tells */
} kinds[] = {
	[NUMBER] = { is_number, NULL },
	[WORD] = { is_word, NULL },
	[TEXT] = { is_line, "one line" },
	[LINES] = { is_lines, "at most 255 bytes" },
	[CHARSET] = { is_charset, "a code page, as cp1252 or koi8-r" },
	[STATUS] = { is_status, "a status, as online or away" },
	[KEYS] = { is_keys, "keys with blanks between them, as Ctrl+R or Alt+F1, or none" },
	[ADDRESS] = { is_address, "ADDR:PORT, IPv4" },
	[RULES] = { is_rules, "EVENT[/UIN] ACTION..., ..." },
};

/* ---- rows ------------------------------------------------------------------------------ */

static const struct {
	const char *key;
	size_t offset;
	enum kind kind;
	const char *choice, *preset, *help;
} rows[SETTINGS] = {
#define SETTING(key, field, kind, choice, preset, help)                                            \
	{ key, offsetof(struct settings, field), kind, choice, preset, help },
#include "cmd/icq/settings/settings.def"
#undef SETTING
};

enum setting settings_find(const char *key)
{
	enum setting i = 0;

	while (i < SETTINGS && strcmp(rows[i].key, key) != 0)
		i++;
	return i;
}

bool settings_has_lines(enum setting which)
{
	return rows[which].kind == LINES;
}

char *settings_at(struct settings *s, enum setting which)
{
	return (char *)s + rows[which].offset;
}

void settings_preset(struct settings *s)
{
	*s = (struct settings){ 0 };
	for (enum setting i = 0; i < SETTINGS; i++)
		strcpy(settings_at(s, i), rows[i].preset);
}

const char *settings_key(size_t i)
{
	return i < SETTINGS ? rows[i].key : NULL;
}

const char *settings_like(const char *key)
{
	struct hint hint = hint_for(key);

	for (size_t i = 0; i < SETTINGS; i++)
		hint_offer(&hint, rows[i].key);
	return hint.best;
}

const char *settings_help(const char *key)
{
	return rows[settings_find(key)].help;
}

/* "off out on" as "off, out or on", "1 9" as "a number from 1 to 9". */
const char *settings_wanted(const char *key, char out[SETTINGS_TEXT_MAX])
{
	enum setting i = settings_find(key);
	const char *at = rows[i].choice;
	size_t n = 0;

	if (kinds[rows[i].kind].wanted)
		return kinds[rows[i].kind].wanted;
	if (rows[i].kind == NUMBER) {
		snprintf(out, SETTINGS_TEXT_MAX, "a number from %.*s to %s", (int)strcspn(at, " "),
			 at, strchr(at, ' ') + 1);
		return out;
	}
	while (*at) {
		size_t len = strcspn(at, " ");
		const char *rest = at + len + strspn(at + len, " ");
		const char *between = !*rest ? "" : strchr(rest, ' ') ? ", " : " or ";

		n += (size_t)snprintf(out + n, SETTINGS_TEXT_MAX - n, "%.*s%s", (int)len, at,
				      between);
		at = rest;
	}
	return out;
}

const char *settings_get(const struct settings *s, const char *key)
{
	enum setting i = settings_find(key);

	return i < SETTINGS ? (const char *)s + rows[i].offset : NULL;
}

int settings_set(struct settings *s, const char *key, const char *value)
{
	enum setting i = settings_find(key);

	if (i == SETTINGS)
		return -ICQ_ENOENT;
	if (!*value)
		value = rows[i].preset;
	else if (strlen(value) >= SETTINGS_TEXT_MAX ||
		 !kinds[rows[i].kind].valid(value, rows[i].choice))
		return -ICQ_ERANGE;
	memcpy(settings_at(s, i), value, strlen(value) + 1);
	s->changed[i] = true;
	return 0;
}

int settings_keep(struct settings *s, const char *key)
{
	enum setting i = settings_find(key);
	const char *value = settings_at(s, i);
	char *copy = strdup(strcmp(value, rows[i].preset) == 0 ? "" : value);

	if (!copy)
		return -ICQ_ENOMEM;
	free(s->keep[i]);
	s->keep[i] = copy;
	return 0;
}

int settings_keep_all(struct settings *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < SETTINGS; i++)
		if (s->changed[i])
			err = settings_keep(s, rows[i].key);
	return err;
}

void settings_forget(struct settings *s)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		free(s->keep[i]);
		s->keep[i] = NULL;
	}
}

uint32_t settings_number(const char *value)
{
	return (uint32_t)strtoul(value, NULL, 10);
}
