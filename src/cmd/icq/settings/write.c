/* SPDX-License-Identifier: MIT */
/* The settings file written anew, line by line beside the old one. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/folders.h"
#include "cmd/icq/settings/parts.h"

/* The old file on its way into the new one. */
struct pass {
	const struct settings *s;
	const struct icq_client *client;
	FILE *to;
	char section[SETTINGS_TEXT_MAX];
	const struct icq_client_contact *contact; /* the section is his */
	bool gone;				  /* he is listed no more: so is the section */
	unsigned blank_lines;			  /* held back, so that new keys come before them */
	bool groups[ICQ_CLIENT_GROUPS_MAX];	  /* written */
	bool rows[SETTINGS];			  /* likewise */
	bool keys[CONTACT_KEYS];		  /* of this contact; likewise */
	uint32_t contacts[ICQ_CLIENT_CONTACTS_MAX]; /* likewise */
	size_t contact_count;
};

static void put_blank_lines(struct pass *p)
{
	for (; p->blank_lines > 0; p->blank_lines--)
		fputc('\n', p->to);
}

static void put_key(struct pass *p, const char *name, const char *value, bool lines)
{
	fprintf(p->to, "%s = ", name);
	if (lines)
		settings_put_lines(p->to, value);
	else
		fputs(value, p->to);
	fputc('\n', p->to);
}

/* ---- contacts -------------------------------------------------------------------------- */

static void put_contact_key(struct pass *p, enum contact_key key)
{
	const char *value = settings_contact_get(p->contact, key);

	if (*value && !p->keys[key])
		put_key(p, settings_contact_key(key), value, key == CONTACT_AWAY_TEXT);
	p->keys[key] = true;
}

static bool has_contact(const struct pass *p, uint32_t uin)
{
	size_t i = 0;

	while (i < p->contact_count && p->contacts[i] != uin)
		i++;
	return i < p->contact_count;
}

static void begin_contact(struct pass *p, const struct icq_client_contact *contact)
{
	p->contact = contact;
	memset(p->keys, 0, sizeof(p->keys));
	if (!has_contact(p, contact->uin))
		p->contacts[p->contact_count++] = contact->uin;
}

static void end_contact(struct pass *p)
{
	for (enum contact_key key = 0; p->contact && key < CONTACT_KEYS; key++)
		put_contact_key(p, key);
	p->contact = NULL;
}

static void put_new_contacts(struct pass *p)
{
	const struct icq_client_contact *c;

	for (size_t i = 0; (c = icq_client_contact_at(p->client, i)); i++) {
		if (has_contact(p, c->uin))
			continue;
		begin_contact(p, c);
		fprintf(p->to, "\n[contact %u]\n", c->uin);
		end_contact(p);
	}
}

/* ---- groups ---------------------------------------------------------------------------- */

static void put_group(struct pass *p, const char *name, bool section)
{
	const struct codepage *page;
	const char *group;

	for (size_t i = 0; (group = icq_client_group_at(p->client, i, &page)); i++) {
		if (p->groups[i] || (name && strcmp(group, name) != 0))
			continue;
		p->groups[i] = true;
		if (section)
			fprintf(p->to, "\n[group %s]\n", group);
		put_key(p, "charset", codepage_name(page), false);
	}
}

/* ---- rows ------------------------------------------------------------------------------ */

/* The name of its section, without the dot, and where its own name begins. */
static const char *split_key(enum setting which, size_t *section_len)
{
	const char *key = settings_key(which);

	*section_len = strcspn(key, ".");
	return key + *section_len + 1;
}

static bool is_in_section(enum setting which, const char *section)
{
	size_t n;

	split_key(which, &n);
	return strlen(section) == n && memcmp(settings_key(which), section, n) == 0;
}

static void put_row(struct pass *p, enum setting which)
{
	size_t n;
	const char *name = split_key(which, &n);

	if (p->s->keep[which] && *p->s->keep[which] && !p->rows[which])
		put_key(p, name, p->s->keep[which], settings_has_lines(which));
	p->rows[which] = true;
}

static void put_rows(struct pass *p, const char *section)
{
	for (enum setting i = 0; i < SETTINGS; i++)
		if (is_in_section(i, section))
			put_row(p, i);
}

static void put_new_rows(struct pass *p)
{
	char section[SETTINGS_TEXT_MAX];
	size_t n;

	for (enum setting i = 0; i < SETTINGS; i++) {
		if (!p->s->keep[i] || !*p->s->keep[i] || p->rows[i])
			continue;
		split_key(i, &n);
		snprintf(section, sizeof(section), "%.*s", (int)n, settings_key(i));
		fprintf(p->to, "%s[%s]\n", ftell(p->to) > 0 ? "\n" : "", section);
		put_rows(p, section);
	}
}

/* ---- lines of the old file ------------------------------------------------------------- */

static void end_section(struct pass *p)
{
	const char *group = settings_group_section(p->section);

	end_contact(p);
	put_rows(p, p->section);
	if (group)
		put_group(p, group, false);
	if (p->gone)
		p->blank_lines = 0;
	p->gone = false;
}

static void begin_section(struct pass *p, const char *name)
{
	uint32_t uin = settings_contact_section(name);
	const struct icq_client_contact *contact = uin ? icq_client_contact(p->client, uin) : NULL;

	snprintf(p->section, sizeof(p->section), "%s", name);
	if (contact)
		begin_contact(p, contact);
	p->gone = uin && !contact;
}

/* Does the line still say what counts? Else what does is written in its place, or nothing. */
static bool contact_line_is_true(struct pass *p, const struct settings_line *line)
{
	enum contact_key key = settings_contact_find(line->name);

	if (key == CONTACT_AWAY_TEXT)
		settings_take_lines(line->value);
	if (strcmp(settings_contact_get(p->contact, key), line->value) != 0) {
		put_contact_key(p, key);
		return false;
	}
	p->keys[key] = true;
	return true;
}

/* The same for others; what did not change in this run is a person's own. */
static bool row_line_is_true(struct pass *p, const struct settings_line *line)
{
	char full[2 * SETTINGS_TEXT_MAX];
	enum setting which;

	snprintf(full, sizeof(full), "%s.%s", p->section, line->name);
	which = settings_find(full);
	if (which == SETTINGS || !p->s->keep[which])
		return true;
	if (settings_has_lines(which))
		settings_take_lines(line->value);
	if (strcmp(p->s->keep[which], line->value) != 0) {
		put_row(p, which);
		return false;
	}
	p->rows[which] = true;
	return true;
}

/* Does the group still have this code page? Else the other one is written in its place. */
static bool group_line_is_true(struct pass *p, const char *name, const struct settings_line *line)
{
	const struct codepage *page;
	const char *group;
	size_t i = 0;

	while ((group = icq_client_group_at(p->client, i, &page)) && strcmp(group, name) != 0)
		i++;
	if (group && page == codepage_find(line->value))
		return p->groups[i] = true;
	put_group(p, name, false);
	return false;
}

static bool is_true(struct pass *p, const struct settings_line *line)
{
	const char *group = settings_group_section(p->section);

	if (line->kind != LINE_KEY)
		return true;
	if (group)
		return group_line_is_true(p, group, line);
	return p->contact ? contact_line_is_true(p, line) : row_line_is_true(p, line);
}

static void take_line(struct pass *p, const char *text, struct settings_line *line)
{
	if (line->kind == LINE_EMPTY) {
		p->blank_lines++;
		return;
	}
	if (line->kind == LINE_SECTION) {
		end_section(p);
		begin_section(p, line->name);
	}
	if (p->gone)
		return;
	put_blank_lines(p);
	if (is_true(p, line))
		fprintf(p->to, "%s%s", text, strchr(text, '\n') ? "" : "\n");
}

/* False: it could not be read to its end. */
static bool copy_lines(struct pass *p, FILE *from)
{
	char *text = NULL, *copy = NULL;
	size_t cap = 0;
	bool good;

	while (getline(&text, &cap, from) > 0 && (copy = strdup(text))) {
		struct settings_line line = settings_line(copy);

		take_line(p, text, &line);
		free(copy);
	}
	good = feof(from) && !ferror(from);
	end_section(p);
	put_blank_lines(p);
	free(text);
	return good;
}

static bool write_all(const struct settings *s, const struct icq_client *client, FILE *to)
{
	struct pass p = { .s = s, .client = client, .to = to };
	FILE *from = fopen(s->path, "re");
	bool good = from || errno == ENOENT;

	if (from) {
		good = copy_lines(&p, from);
		fclose(from);
	}
	put_new_rows(&p);
	put_group(&p, NULL, true);
	put_new_contacts(&p);
	return good;
}

/* ---- the file -------------------------------------------------------------------------- */

/* The folder it is in; what is wrong with that shows when the file is made. */
static void make_folder(const char *path)
{
	char copy[SETTINGS_PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	folders_make(dirname(copy));
}

/* A rename is stable only when the folder is. */
static void sync_folder(const char *path)
{
	char copy[SETTINGS_PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

static FILE *open_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (fd >= 0 && !f)
		close(fd);
	return f;
}

int settings_write(struct settings *s, const struct icq_client *client)
{
	char fresh[SETTINGS_PATH_MAX + 8];
	FILE *f;
	bool good;

	snprintf(fresh, sizeof(fresh), "%s.new", s->path);
	make_folder(s->path);
	f = open_new(fresh);
	if (!f)
		return -ICQ_EIO;
	good = write_all(s, client, f) && fflush(f) == 0 && !ferror(f) && fsync(fileno(f)) == 0;
	good = fclose(f) == 0 && good;
	if (!good || rename(fresh, s->path) < 0) {
		unlink(fresh);
		return -ICQ_EIO;
	}
	sync_folder(s->path);
	settings_forget(s);
	return 0;
}
