/* SPDX-License-Identifier: MIT */
#include "cmd/icq/settings/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/hint.h"
#include "cmd/icq/settings/parts.h"

/* A file being read. */
struct reader {
	struct settings *s;
	unsigned line;
	char section[SETTINGS_TEXT_MAX];
	uint32_t contact; /* the section is his; 0: nobody's */
};

static int complain(const struct reader *r, const char *name, const char *why, const char *what)
{
	fprintf(stderr, "icq: %s:%u: %s%s%s%s%s\n", r->s->path, r->line, r->section,
		*name ? "." : "", name, why, what);
	return -ICQ_ESYNTAX;
}

/* ---- contacts -------------------------------------------------------------------------- */

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

static int unknown_contact_key(const struct reader *r, const char *name)
{
	struct hint hint = hint_for(name);

	for (enum contact_key i = 0; i < CONTACT_KEYS; i++)
		hint_offer(&hint, settings_contact_key(i));
	return complain(r, name, hint.best ? " is no setting; did you mean " : " is no setting",
			hint.best ? hint.best : "");
}

static int read_contact(struct reader *r, const char *name, char *value)
{
	struct icq_client_contact *c = contact_at(r->s, r->contact);
	enum contact_key key = settings_contact_find(name);

	if (!c)
		return complain(r, name, ": ", "out of memory");
	if (key == CONTACT_KEYS)
		return unknown_contact_key(r, name);
	if (key == CONTACT_AWAY_TEXT)
		settings_take_lines(value);
	return settings_contact_set(c, key, value) ? 0 : complain(r, name, " cannot be ", value);
}

/* The only thing that a group has. */
static int read_group(struct reader *r, const char *group, const char *name, const char *value)
{
	struct settings_group *g = &r->s->groups[r->s->group_count];
	const struct codepage *charset = codepage_find(value);

	if (strcmp(name, "charset") != 0)
		return complain(r, name, " is no setting; did you mean ", "charset");
	if (!charset)
		return complain(r, name, " cannot be ", value);
	if (r->s->group_count == ICQ_CLIENT_GROUPS_MAX || strlen(group) >= sizeof(g->name))
		return complain(r, "", ": one group too many, or its name is too long", "");
	snprintf(g->name, sizeof(g->name), "%s", group);
	g->charset = charset;
	r->s->group_count++;
	return 0;
}

/* ---- rows ------------------------------------------------------------------------------ */

static int unknown(const struct reader *r, const char *name, const char *full)
{
	const char *like = settings_like(full);

	return complain(r, name, like ? " is no setting; did you mean " : " is no setting",
			like ? like : "");
}

static int read_row(struct reader *r, const char *name, char *value)
{
	char full[2 * SETTINGS_TEXT_MAX], wanted[SETTINGS_TEXT_MAX];
	enum setting which;

	snprintf(full, sizeof(full), "%s.%s", r->section, name);
	which = settings_find(full);
	if (which == SETTINGS)
		return unknown(r, name, full);
	if (settings_has_lines(which))
		settings_take_lines(value);
	if (settings_set(r->s, full, value) < 0 || (!*value && !settings_has_lines(which)))
		return complain(r, name, " wants ", settings_wanted(full, wanted));
	return 0;
}

/* ---- the file -------------------------------------------------------------------------- */

static int read_section(struct reader *r, const char *name)
{
	snprintf(r->section, sizeof(r->section), "%s", name);
	r->contact = settings_contact_section(name);
	if (!r->contact && strncmp(name, "contact ", 8) == 0)
		return complain(r, "", ": the section names no UIN", "");
	return r->contact && !contact_at(r->s, r->contact) ? complain(r, "", ": ", "out of memory")
							   : 0;
}

static int read_key(struct reader *r, const char *name, char *value)
{
	const char *group = settings_group_section(r->section);

	if (group)
		return read_group(r, group, name, value);
	return r->contact ? read_contact(r, name, value) : read_row(r, name, value);
}

static int read_line(struct reader *r, char *text)
{
	struct settings_line line = settings_line(text);

	switch (line.kind) {
	case LINE_SECTION:
		return read_section(r, line.name);
	case LINE_KEY:
		return read_key(r, line.name, line.value);
	case LINE_BAD:
		return complain(r, "", "this is neither a section nor a setting", "");
	default:
		return 0;
	}
}

static int read_all(struct settings *s, FILE *f)
{
	struct reader r = { .s = s };
	char *text = NULL;
	size_t cap = 0;
	int err = 0;

	while (!err && getline(&text, &cap, f) > 0) {
		r.line++;
		err = read_line(&r, text);
	}
	free(text);
	return err;
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
	FILE *f;
	int err;

	settings_preset(s);
	find_path(s, file, profile);
	f = fopen(s->path, "re");
	if (!f && errno == ENOENT)
		return 0;
	if (!f) {
		fprintf(stderr, "icq: %s: %s\n", s->path, strerror(errno));
		return -ICQ_ESYNTAX;
	}
	s->found = true;
	err = read_all(s, f);
	memset(s->changed, 0, sizeof(s->changed));
	fclose(f);
	if (err < 0)
		settings_free(s);
	return err;
}

void settings_free(struct settings *s)
{
	settings_forget(s);
	free(s->contacts);
	s->contacts = NULL;
	s->contact_count = 0;
}
