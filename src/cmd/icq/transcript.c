/* SPDX-License-Identifier: MIT */
#include "cmd/icq/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd/icq/member.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML };

const char *const transcript_formats[] = { "text", "json", "html", NULL };

struct transcript {
	FILE *to;
	char *path;
	enum format format;
	uint64_t count;
	int why; /* errno of the first failure */
};

/* ---- parts of a row -------------------------------------------------------------------- */

static bool is_incoming(const json_t *row)
{
	return strcmp(member_text(row, "dir"), "in") == 0;
}

static void put_time(FILE *to, const json_t *row)
{
	time_t s = (time_t)(member_number(row, "time") / 1000);
	char text[40] = "";
	struct tm tm;

	if (localtime_r(&s, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z", &tm);
	fputs(text, to);
}

/* What was said, in one piece. To be freed. */
static char *body_of(const json_t *row)
{
	const json_t *pair;
	char *body = NULL, *safe;
	size_t n, i;
	FILE *to = open_memstream(&body, &n);

	if (!to)
		return NULL;
	json_array_foreach(json_object_get(row, "contacts"), i, pair)
		fprintf(to, "%s%lld %s", i ? ", " : "", (long long)member_number(pair, "uin"),
			member_text(pair, "nick"));
	if (*member_text(row, "url"))
		fprintf(to, "%s  ", member_text(row, "url"));
	fputs(member_text(row, "text"), to);
	fclose(to);
	safe = body ? texts_shown(body, true) : NULL;
	free(body);
	return safe;
}

/* ---- formats --------------------------------------------------------------------------- */

/* None of the lines of others may look like the beginning of a message. */
static void put_indented(FILE *to, const char *text)
{
	for (; *text; text++) {
		fputc(*text, to);
		if (*text == '\n')
			fputs("    ", to);
	}
}

static void put_text(FILE *to, const json_t *row, const char *name, const char *body)
{
	put_time(to, row);
	fprintf(to, " %s ", is_incoming(row) ? "from" : "to");
	put_indented(to, name);
	fprintf(to, "%s%s: ", render_doubt(row), render_fate(row));
	put_indented(to, body);
	fputc('\n', to);
}

static void put_escaped(FILE *to, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '&':
			fputs("&amp;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			fputc(*text, to);
		}
	}
}

static void put_html(FILE *to, const json_t *row, const char *name, const char *body)
{
	fprintf(to, "<p class=\"%s\"><time>", is_incoming(row) ? "in" : "out");
	put_time(to, row);
	fprintf(to, "</time> %s <b>", is_incoming(row) ? "from" : "to");
	put_escaped(to, name);
	fprintf(to, "</b>%s%s <span>", render_doubt(row), render_fate(row));
	put_escaped(to, body);
	fputs("</span></p>\n", to);
}

static void put_json(FILE *to, const json_t *row)
{
	json_dumpf(row, to, JSON_COMPACT);
	fputc('\n', to);
}

/* A page that runs nothing and fetches nothing, whatever strangers have written. */
static void put_beginning(const struct transcript *t)
{
	if (t->format != FORMAT_HTML)
		return;
	fputs("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<title>ICQ history</title>\n"
	      "<style>span { white-space: pre-wrap } time { color: gray } "
	      ".out b { color: green } .in b { color: blue }</style>\n"
	      "</head><body>\n",
	      t->to);
}

void transcript_row(struct transcript *t, const json_t *row, const char *name)
{
	char *body = body_of(row), *safe_name = texts_shown(name, false);

	errno = 0;
	if (!body || !safe_name)
		t->why = ENOMEM;
	else if (t->format == FORMAT_JSON)
		put_json(t->to, row);
	else if (t->format == FORMAT_HTML)
		put_html(t->to, row, safe_name, body);
	else
		put_text(t->to, row, safe_name, body);
	if (ferror(t->to) && !t->why)
		t->why = errno ? errno : EIO;
	t->count++;
	free(body);
	free(safe_name);
}

/* ---- the file -------------------------------------------------------------------------- */

static int open_new(struct transcript *t, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return -ICQ_EIO;
	t->path = strdup(path);
	t->to = fdopen(fd, "w");
	if (!t->to)
		close(fd);
	return t->to && t->path ? 0 : -ICQ_EIO;
}

int transcript_open(struct transcript **out, const char *path, int format)
{
	struct transcript *t = calloc(1, sizeof(*t));
	int err;

	*out = NULL;
	if (!t)
		return -ICQ_EIO;
	t->format = (enum format)format;
	err = open_new(t, path);
	if (err < 0) {
		transcript_drop(&t);
		return err;
	}
	put_beginning(t);
	*out = t;
	return 0;
}

static void transcript_free(struct transcript *t)
{
	free(t->path);
	free(t);
}

int transcript_finish(struct transcript **at, uint64_t *count_out)
{
	struct transcript *t = *at;
	int why;

	*at = NULL;
	if (t->format == FORMAT_HTML)
		fputs("</body></html>\n", t->to);
	if (fclose(t->to) != 0 && !t->why)
		t->why = errno;
	if (t->why)
		unlink(t->path);
	*count_out = t->count;
	why = t->why;
	transcript_free(t);
	errno = why;
	return why ? -ICQ_EIO : 0;
}

void transcript_drop(struct transcript **at)
{
	struct transcript *t = *at;

	*at = NULL;
	if (!t)
		return;
	if (t->to)
		fclose(t->to);
	if (t->path)
		unlink(t->path);
	transcript_free(t);
}
