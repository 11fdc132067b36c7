/* SPDX-License-Identifier: MIT */
#include "conformance/table.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[CONVERSATION_KINDS] = { "good: ", "bad: ", "borderline: " };

/* ---- codes ----------------------------------------------------------------------------- */

bool table_next_code(const char **text, unsigned *code_out, unsigned *version_out)
{
	int len = 0;

	*version_out = 2;
	if (sscanf(*text, " %4x%n", code_out, &len) != 1)
		return false;
	*text += len;
	if (sscanf(*text, "-%1u%n", version_out, &len) == 1)
		*text += len;
	return true;
}

/* The version by which a command is named: two of them share a code. */
static unsigned version_of(const struct icq_message *m)
{
	return m->versions & 1 << 2 ? 2 : 1;
}

bool conversation_shows(const struct conversation *c, const struct icq_message *m)
{
	const char *text = c->shows;
	unsigned code, version;

	while (table_next_code(&text, &code, &version))
		if (code == m->code && version == version_of(m))
			return true;
	return false;
}

const char *table_deed(const struct table *t, const struct icq_message *m)
{
	for (size_t i = 0; i < t->deed_count; i++)
		if (t->deeds[i].code == m->code && t->deeds[i].version == version_of(m))
			return t->deeds[i].text;
	return NULL;
}

/* ---- lines ----------------------------------------------------------------------------- */

/* A file as it is read. */
struct reading {
	struct table *table;
	struct conversation *open; /* NULL before the first */
	const char *theme;
};

static bool complain(const struct reading *r, const char *what, const char *line)
{
	fprintf(stderr, "%s: %s: %s\n", r->theme, what, line);
	return false;
}

static bool begin(struct reading *r, enum conversation_kind kind, const char *title)
{
	struct conversation *c = &r->table->rows[r->table->count];
	size_t theme_len = strcspn(r->theme, ".");

	if (r->table->count == TABLE_ROWS)
		return complain(r, "too many conversations", title);
	r->table->count++;
	*c = (struct conversation){ .kind = kind, .shows = "", .steps = "" };
	snprintf(c->name, sizeof(c->name), "%.*s: %s", (int)theme_len, r->theme, title);
	r->open = c;
	return true;
}

static bool add_deed(struct reading *r, const char *text)
{
	struct deed *d = &r->table->deeds[r->table->deed_count];

	if (r->table->deed_count == TABLE_DEEDS || !table_next_code(&text, &d->code, &d->version))
		return complain(r, "no code", text);
	d->text = text + strspn(text, " ");
	r->table->deed_count++;
	return true;
}

static bool add_setting(struct reading *r, const char *text)
{
	if (r->open->setting_count == TABLE_SETTINGS)
		return complain(r, "too many settings", text);
	r->open->settings[r->open->setting_count++] = text;
	return true;
}

/* What stands behind a word at the front of a line, NULL if it does not begin so. */
static const char *behind(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 ? line + len : NULL;
}

static bool read_head(struct reading *r, const char *line)
{
	const char *rest;

	for (enum conversation_kind k = 0; k < CONVERSATION_KINDS; k++)
		if ((rest = behind(line, kinds[k])))
			return begin(r, k, rest);
	if ((rest = behind(line, "does ")))
		return add_deed(r, rest);
	if (r->open && (rest = behind(line, "shows "))) {
		r->open->shows = rest;
		return true;
	}
	if (r->open && (rest = behind(line, "set ")))
		return add_setting(r, rest);
	return complain(r, "no such line", line);
}

/* Steps are indented. They stay as they are, up to the next line that is none. */
static bool read_text(struct reading *r, char *text)
{
	bool in_steps = false, good = true;

	for (char *line = text, *next; *line && good; line = next) {
		size_t len = strcspn(line, "\n");
		bool step = *line == '\t' || len == 0 || *line == '#';

		next = line + len + (line[len] == '\n');
		if (step && !in_steps && *line == '\t' && r->open) {
			r->open->steps = line;
			in_steps = true;
		} else if (!step) {
			if (in_steps)
				line[-1] = 0;
			in_steps = false;
			line[len] = 0;
			good = read_head(r, line);
		}
	}
	return good;
}

/* ---- files ----------------------------------------------------------------------------- */

/* To be freed by the caller, as a string; NULL: it cannot be read. */
static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t cap = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &cap, 0, f) < 0)
		perror(path);
	fclose(f);
	return text;
}

static int is_theme(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0;
}

static bool read_theme(struct table *t, const char *folder, const char *name)
{
	char path[512];
	char *text;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	text = read_file(path);
	if (!text || t->file_count == TABLE_FILES) {
		free(text);
		return false;
	}
	t->files[t->file_count++] = text;
	return read_text(&(struct reading){ .table = t, .theme = name }, text);
}

struct table *table_read(const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_theme, alphasort);
	struct table *t = n > 0 ? calloc(1, sizeof(*t)) : NULL;
	bool good = t != NULL;

	if (n < 0)
		perror(folder);
	for (int i = 0; i < n; i++) {
		good = good && read_theme(t, folder, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	if (!good)
		table_free(&t);
	return t;
}

void table_free(struct table **t)
{
	for (size_t i = 0; *t && i < (*t)->file_count; i++)
		free((*t)->files[i]);
	free(*t);
	*t = NULL;
}
