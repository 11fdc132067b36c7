/* SPDX-License-Identifier: MIT */
#include "cmd/icq/settings.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/hint.h"

/* ---- the table of settings ------------------------------------------------------------- */

static bool is_number(const char *value)
{
	return *value && strspn(value, "0123456789") == strlen(value) && strlen(value) < 10;
}

static bool is_uin(const char *value)
{
	return is_number(value) && atol(value) > 0;
}

static bool is_port(const char *value)
{
	return is_number(value) && atol(value) > 0 && atol(value) <= UINT16_MAX;
}

static bool is_charset(const char *value)
{
	return codepage_find(value) != NULL;
}

static bool is_status(const char *value)
{
	enum icq_status status;

	return icq_status_parse(value, &status) == 0 && status != ICQ_STATUS_offline;
}

static bool is_text(const char *value)
{
	return *value;
}

static bool is_direct(const char *value)
{
	return strcmp(value, "off") == 0 || strcmp(value, "out") == 0 || strcmp(value, "on") == 0;
}

static bool is_route(const char *value)
{
	return strcmp(value, "server") == 0 || strcmp(value, "peer") == 0;
}

static bool is_address(const char *value)
{
	struct addr at;

	return addr_parse(value, &at) == 0;
}

/* Also none at all. */
static bool is_away_text(const char *value)
{
	return strlen(value) < SETTINGS_TEXT_MAX;
}

static const struct row {
	const char *name;
	size_t offset;
	bool (*valid)(const char *value);
	const char *wanted;
} rows[] = {
#define ROW(name, field, valid, wanted)                                                            \
	{                                                                                          \
		name, offsetof(struct settings, field), valid, wanted                              \
	}
	ROW("account.uin", uin, is_uin, "a UIN"),
	ROW("account.host", host, is_text, "a host name or address"),
	ROW("account.port", port, is_port, "a port"),
	ROW("account.password-file", password_file, is_text, "a file name"),
	ROW("net.keepalive", keepalive, is_uin, "seconds"),
	ROW("net.timeout", timeout, is_uin, "seconds"),
	ROW("net.direct", direct, is_direct, "off, out or on"),
	ROW("net.text-route", text_route, is_route, "server or peer"),
	ROW("net.listen", listen, is_address, "ADDR:PORT"),
	ROW("text.charset", charset, is_charset, "a code page, as cp1252 or koi8-r"),
	ROW("status.initial", initial, is_status, "a status, as online or away"),
	ROW("status.away-text", away_text, is_away_text, "at most 255 bytes"),
	ROW("status.na-text", na_text, is_away_text, "at most 255 bytes"),
	ROW("status.occupied-text", occupied_text, is_away_text, "at most 255 bytes"),
	ROW("status.dnd-text", dnd_text, is_away_text, "at most 255 bytes"),
	ROW("status.ffc-text", ffc_text, is_away_text, "at most 255 bytes"),
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct row *row_find(const char *name)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

const char *settings_get(const struct settings *s, const char *name)
{
	const struct row *row = row_find(name);

	return row ? (const char *)s + row->offset : NULL;
}

int settings_set(struct settings *s, const char *name, const char *value)
{
	const struct row *row = row_find(name);

	if (!row)
		return -ICQ_ENOENT;
	if (!row->valid(value) || strlen(value) >= SETTINGS_TEXT_MAX)
		return -ICQ_ERANGE;
	memcpy((char *)s + row->offset, value, strlen(value) + 1);
	return 0;
}

uint32_t settings_number(const char *value, uint32_t preset)
{
	return *value ? (uint32_t)strtoul(value, NULL, 10) : preset;
}

/* ---- reading --------------------------------------------------------------------------- */

/* The first complaint counts; inih tells its line. */
struct reader {
	struct settings *s;
	char complaint[512];
};

static int complain(struct reader *r, const char *section, const char *name, const char *why,
		    const char *what)
{
	if (!*r->complaint)
		snprintf(r->complaint, sizeof(r->complaint), "%s.%s%s%s", section, name, why, what);
	return 0;
}

static struct icq_client_contact *contact_at(struct settings *s, uint32_t uin)
{
	struct icq_client_contact *at;

	for (size_t i = 0; i < s->contact_count; i++)
		if (s->contacts[i].uin == uin)
			return &s->contacts[i];
	at = realloc(s->contacts, (s->contact_count + 1) * sizeof(*at));
	if (!at)
		return NULL;
	s->contacts = at;
	at[s->contact_count] = (struct icq_client_contact){ .uin = uin };
	return &at[s->contact_count++];
}

static bool set_name(char to[ICQ_CLIENT_NAME_MAX], const char *value)
{
	if (strlen(value) >= ICQ_CLIENT_NAME_MAX)
		return false;
	memcpy(to, value, strlen(value) + 1);
	return true;
}

static bool set_charset(struct icq_client_contact *c, const char *value)
{
	c->charset = codepage_find(value);
	return c->charset;
}

static int read_contact(struct reader *r, const char *section, const char *uin, const char *name,
			const char *value)
{
	struct icq_client_contact *c = is_uin(uin) ? contact_at(r->s, settings_number(uin, 0))
						   : NULL;
	bool good;

	if (!c)
		return complain(r, section, name, ": the section names no UIN", "");
	if (strcmp(name, "nick") == 0)
		good = set_name(c->nick, value);
	else if (strcmp(name, "group") == 0)
		good = set_name(c->group, value);
	else if (strcmp(name, "charset") == 0)
		good = set_charset(c, value);
	else if (strcmp(name, "list") == 0)
		good = icq_client_list_parse(value, &c->list) == 0;
	else
		return complain(r, section, name, " is no setting", "");
	return good ? 1 : complain(r, section, name, " cannot be ", value);
}

static int unknown(struct reader *r, const char *section, const char *name, const char *full)
{
	struct hint hint = hint_for(full);

	for (size_t i = 0; i < COUNT(rows); i++)
		hint_offer(&hint, rows[i].name);
	return complain(r, section, name,
			hint.best ? " is no setting; did you mean " : " is no setting",
			hint.best ? hint.best : "");
}

static int read_row(void *ctx, const char *section, const char *name, const char *value)
{
	struct reader *r = ctx;
	char full[SETTINGS_TEXT_MAX];

	if (strncmp(section, "contact ", 8) == 0)
		return read_contact(r, section, section + 8, name, value);
	snprintf(full, sizeof(full), "%s.%s", section, name);
	switch (settings_set(r->s, full, value)) {
	case 0:
		return 1;
	case -ICQ_ENOENT:
		return unknown(r, section, name, full);
	default:
		return complain(r, section, name, " wants ", row_find(full)->wanted);
	}
}

static void find_path(struct settings *s, const char *file, const char *profile)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (file)
		snprintf(s->path, sizeof(s->path), "%s", file);
	else if (config && *config == '/')
		snprintf(s->path, sizeof(s->path), "%s/icq/%s.conf", config, profile);
	else
		snprintf(s->path, sizeof(s->path), "%s/.config/icq/%s.conf", home ? home : "",
			 profile);
}

int settings_read(struct settings *s, const char *file, const char *profile)
{
	struct reader r = { .s = s };
	FILE *f;
	int line;

	*s = (struct settings){ 0 };
	find_path(s, file, profile);
	f = fopen(s->path, "re");
	if (!f && errno == ENOENT)
		return 0;
	if (!f) {
		fprintf(stderr, "icq: %s: %s\n", s->path, strerror(errno));
		return -ICQ_ESYNTAX;
	}
	ini_allow_inline_comments = false; /* a nick may hold a semicolon */
	line = ini_parse_file(f, read_row, &r);
	fclose(f);
	if (line == 0)
		return 0;
	fprintf(stderr, "icq: %s:%d: %s\n", s->path, line,
		*r.complaint ? r.complaint : "this is neither a section nor a setting");
	settings_free(s);
	return -ICQ_ESYNTAX;
}

void settings_free(struct settings *s)
{
	free(s->contacts);
	s->contacts = NULL;
	s->contact_count = 0;
}
