/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/conf_read.h"

#include "cmd/hint.h"
#include "cmd/icqd/conf_value.h"

#include <ini.h>
#include <stdarg.h>
#include <string.h>

enum { COMPLAINT_MAX = 512, WHERE_MAX = 200 };

struct conf_reader conf_reader(struct conf *c, void (*tell)(void *ctx, const char *complaint),
			       void *ctx)
{
	conf_preset(c);
	return (struct conf_reader){ .conf = c, .tell = tell, .ctx = ctx };
}

void conf_next_source(struct conf_reader *r)
{
	memset(r->begun, 0, sizeof(r->begun));
}

void conf_complain(struct conf_reader *r, const char *where, const char *format, ...)
{
	char text[COMPLAINT_MAX];
	int n = snprintf(text, sizeof(text), "%.*s: ", WHERE_MAX, where);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + n, sizeof(text) - (size_t)n, format, ap);
	va_end(ap);
	r->complaints++;
	r->tell(r->ctx, text);
}

/* ---- one setting ----------------------------------------------------------------------- */

static int find_row(const char *section, const char *key)
{
	for (int i = 0; i < CONF_ROW_COUNT; i++) {
		if (strcmp(conf_rows[i].section, section) == 0 &&
		    strcmp(conf_rows[i].key, key) == 0)
			return i;
	}
	return -1;
}

static bool section_exists(const char *section)
{
	for (int i = 0; i < CONF_ROW_COUNT; i++) {
		if (strcmp(conf_rows[i].section, section) == 0)
			return true;
	}
	return false;
}

static void complain_section(struct conf_reader *r, const char *where, const char *section)
{
	struct hint hint = hint_for(section);

	for (int i = 0; i < CONF_ROW_COUNT; i++)
		hint_offer(&hint, conf_rows[i].section);
	if (hint.best)
		conf_complain(r, where, "there is no section \"%.60s\"; did you mean \"%s\"?",
			      section, hint.best);
	else
		conf_complain(r, where, "there is no section \"%.60s\"", section);
}

/* The same key of another section, or else the nearest of this one. */
static void complain_key(struct conf_reader *r, const char *where, const char *section,
			 const char *key)
{
	struct hint hint = hint_for(key);
	const char *home = section;

	for (int i = 0; i < CONF_ROW_COUNT; i++) {
		if (strcmp(conf_rows[i].key, key) == 0)
			home = conf_rows[i].section;
		if (home != section || strcmp(conf_rows[i].section, section) == 0)
			hint_offer(&hint, conf_rows[i].key);
		if (home != section)
			break;
	}
	if (hint.best)
		conf_complain(r, where, "there is no setting \"%s.%.60s\"; did you mean \"%s.%s\"?",
			      section, key, home, hint.best);
	else
		conf_complain(r, where, "there is no setting \"%s.%.60s\"", section, key);
}

static void assign_row(struct conf_reader *r, const char *where, int i, const char *value)
{
	const struct conf_row *row = &conf_rows[i];
	char why[COMPLAINT_MAX];

	if (row->kind == CONF_LIST && !r->begun[i])
		conf_value_clear(r->conf, row);
	r->begun[i] = true;
	if (conf_value_set(r->conf, row, value, why, sizeof(why)) < 0)
		conf_complain(r, where, "%s.%s: %s", row->section, row->key, why);
}

void conf_assign(struct conf_reader *r, const char *where, const char *section, const char *key,
		 const char *value)
{
	int i = find_row(section, key);

	if (i >= 0)
		assign_row(r, where, i, value);
	else if (section_exists(section))
		complain_key(r, where, section, key);
	else
		complain_section(r, where, section);
}

void conf_read_option(struct conf_reader *r, const char *option)
{
	const char *dot = strchr(option, '.'), *equals = strchr(option, '=');
	char section[64], key[64], where[WHERE_MAX];

	snprintf(where, sizeof(where), "-o %s", option);
	if (!dot || !equals || dot > equals || dot - option >= (int)sizeof(section) ||
	    equals - dot > (int)sizeof(key)) {
		conf_complain(r, where, "right would be -o SECTION.KEY=VALUE");
		return;
	}
	snprintf(section, sizeof(section), "%.*s", (int)(dot - option), option);
	snprintf(key, sizeof(key), "%.*s", (int)(equals - dot - 1), dot + 1);
	conf_assign(r, where, section, key, equals + 1);
}

/* ---- a file ---------------------------------------------------------------------------- */

struct file {
	struct conf_reader *reader;
	FILE *f;
	const char *name;
	int line;
};

static const char *place(const struct file *file, int line, char out[WHERE_MAX])
{
	snprintf(out, WHERE_MAX, "%s:%d", file->name, line);
	return out;
}

static void skip_line(FILE *f)
{
	int c;

	do {
		c = getc(f);
	} while (c != EOF && c != '\n');
}

/*
 * inih's source of lines. inih would cut a long line and take its rest for the next one, and an
 * indented line for more of the value before it: long lines are refused here, and the
 * indentation is taken away.
 */
static char *next_line(char *out, int cap, void *stream)
{
	struct file *file = stream;
	char where[WHERE_MAX], *text;

	if (!fgets(out, cap, file->f))
		return NULL;
	file->line++;
	text = out + strspn(out, " \t");
	if (!strchr(out, '\n') && !feof(file->f)) {
		skip_line(file->f);
		if (*text != '#' && *text != ';')
			conf_complain(file->reader, place(file, file->line, where),
				      "the line is longer than %d bytes", cap - 2);
		text = out + strlen(out);
	}
	memmove(out, text, strlen(text) + 1);
	return out;
}

static int on_setting(void *user, const char *section, const char *key, const char *value)
{
	struct file *file = user;
	char where[WHERE_MAX];

	place(file, file->line, where);
	if (*section)
		conf_assign(file->reader, where, section, key, value);
	else
		conf_complain(file->reader, where,
			      "\"%.60s\" stands before the first section; \"[server]\", for "
			      "example, begins one",
			      key);
	return 1;
}

void conf_read_file(struct conf_reader *r, FILE *f, const char *name)
{
	struct file file = { .reader = r, .f = f, .name = name };
	char where[WHERE_MAX];
	int bad_line;

	conf_next_source(r);
	bad_line = ini_parse_stream(next_line, &file, on_setting, &file);
	if (bad_line > 0)
		conf_complain(
			r, place(&file, bad_line, where),
			"cannot be understood; right would be \"KEY = VALUE\" or \"[SECTION]\"");
	if (ferror(f))
		conf_complain(r, name, "cannot be read");
}
