/* SPDX-License-Identifier: MIT */
#include "cmd/icq/screen/window.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen/cells.h"
#include "cmd/icq/urls.h"
#include "cmd/icq/words/render.h"

/* ---- rows ------------------------------------------------------------------------------ */

/* How far a paragraph has been cut into rows. */
struct cursor {
	const char *at;
	bool begun, message;
};

static struct cursor cursor_at(const char *paragraph)
{
	return (struct cursor){ .at = paragraph, .message = *paragraph == '[' };
}

/* Every row but the first of a paragraph begins with an indent of ours, so that no text can
 * look like a paragraph of its own; a narrow window has a short one. */
static const char *indent_for(const struct cursor *c, int width)
{
	enum { NARROW = 30 };

	if (!c->begun)
		return "";
	if (!c->message)
		return width < NARROW ? "  " : "    ";
	return width < NARROW ? "| " : RENDER_INDENT;
}

static bool whole_words = true;

void window_wrap_words(bool on)
{
	whole_words = on;
}

/* How many bytes of a line fit into these columns, one character at least. */
static size_t bytes_that_fit(const char *text, int columns)
{
	const char *at = text, *before = text, *blank = NULL;
	int used = 0;
	wchar_t c;

	for (; (c = cell_next(&at)) && c != '\n'; before = at) {
		used += cell_width(c);
		if (used > columns && before > text)
			return (size_t)((blank && whole_words ? blank : before) - text);
		if (c == ' ')
			blank = at;
	}
	return (size_t)(before - text);
}

/* The render has put its indent behind line feeds already; here it may get another one. */
static const char *skip_indent(const char *text)
{
	size_t n = strlen(RENDER_INDENT);

	return strncmp(text, RENDER_INDENT, n) == 0 ? text + n : text;
}

/* What an empty last line is shown as. */
static const char blank[] = " ";

/* The next row of at most `width` columns; false behind the last. */
static bool next_row(struct cursor *c, int width, struct window_row *out)
{
	const char *indent = indent_for(c, width);
	int columns = width - (int)strlen(indent);

	if (c->begun && !*c->at)
		return false;
	c->begun = true;
	out->indent = indent;
	out->text = c->at;
	out->n = bytes_that_fit(c->at, columns > 1 ? columns : 1);
	c->at += out->n;
	if (*c->at == '\n') {
		c->at = skip_indent(c->at + 1);
		if (!*c->at) /* an empty last line is a row, too */
			c->at = blank;
	}
	return true;
}

static size_t rows_of(const char *paragraph, int width)
{
	struct cursor c = cursor_at(paragraph);
	struct window_row row;
	size_t n = 0;

	while (next_row(&c, width, &row))
		n++;
	return n;
}

/* ---- paragraphs ------------------------------------------------------------------------ */

static struct window_line *line_at(struct window *w, size_t i)
{
	return &w->lines[(w->first + i) % WINDOW_LINES_MAX];
}

static void drop_oldest(struct window *w)
{
	struct window_line *line = line_at(w, 0);

	w->bytes -= strlen(line->text);
	free(line->text);
	*line = (struct window_line){ 0 };
	w->first = (w->first + 1) % WINDOW_LINES_MAX;
	w->base++;
	w->count--;
}

void window_clear(struct window *w)
{
	while (w->count)
		drop_oldest(w);
	w->scroll = 0;
}

bool window_takes_words(const struct window *w)
{
	return w->uin || (w->kind && w->kind->command);
}

void window_free(struct window *w)
{
	window_clear(w);
	free(w->draft);
	free(w->typed);
	if (w->live)
		window_free(w->live);
	free(w->live);
	w->draft = w->typed = NULL;
	w->live = NULL;
}

static void add(struct window *w, uint64_t tag, char *text)
{
	while (w->count == WINDOW_LINES_MAX ||
	       (w->count && w->bytes + strlen(text) > WINDOW_BYTES_MAX))
		drop_oldest(w);
	*line_at(w, w->count++) = (struct window_line){ text, tag };
	w->bytes += strlen(text);
	if (w->scroll) /* who reads further up goes on reading there */
		w->scroll += rows_of(text, w->width);
}

/* What is told anew takes as many rows, nearly always: the place of the reader stays. */
static void replace(struct window *w, struct window_line *line, char *text)
{
	w->bytes += strlen(text) - strlen(line->text);
	if (line_at(w, (size_t)(w->url.line - w->base)) == line)
		w->url.len = 0;
	free(line->text);
	line->text = text;
}

/* 1 for the oldest; 0: there is none with this tag. */
static size_t place_of(struct window *w, uint64_t tag)
{
	size_t i = tag ? w->count : 0;

	while (i > 0 && line_at(w, i - 1)->tag != tag)
		i--;
	return i;
}

void window_put(struct window *w, uint64_t tag, const char *text)
{
	char *copy = strdup(text);
	size_t place = place_of(w, tag);

	if (copy && place)
		replace(w, line_at(w, place - 1), copy);
	else if (copy)
		add(w, tag, copy);
}

/* What is older moves up by one, so that the newer keep their numbers. */
void window_drop(struct window *w, uint64_t tag)
{
	size_t i = place_of(w, tag);
	struct window_line line;

	if (!i)
		return;
	line = *line_at(w, i - 1);
	for (; i > 1; i--)
		*line_at(w, i - 1) = *line_at(w, i - 2);
	*line_at(w, 0) = line;
	w->url.len = 0;
	drop_oldest(w);
}

void window_add(struct window *w, const char *text)
{
	window_put(w, 0, text);
}

void window_put_before(struct window *w, uint64_t tag, const char *text)
{
	char *copy;

	if (w->count == WINDOW_LINES_MAX || w->bytes + strlen(text) > WINDOW_BYTES_MAX ||
	    !(copy = strdup(text)))
		return;
	w->first = (w->first + WINDOW_LINES_MAX - 1) % WINDOW_LINES_MAX;
	w->base--;
	w->count++;
	w->bytes += strlen(copy);
	*line_at(w, 0) = (struct window_line){ copy, tag };
}

/* The last address in a paragraph before byte `end`; len 0: none. */
static struct window_url last_url(const char *text, size_t end)
{
	struct window_url last = { 0 };
	size_t from = 0, len;

	while ((len = url_find(text, &from)) && from < end) {
		last.from = from;
		last.len = len;
		from += len;
	}
	return last;
}

void window_choose_url(struct window *w)
{
	bool chosen = window_url(w);
	size_t i = chosen ? (size_t)(w->url.line - w->base) + 1 : w->count;
	size_t end = chosen ? w->url.from : SIZE_MAX;

	w->url.len = 0;
	for (; i > 0 && !w->url.len; i--, end = SIZE_MAX) {
		w->url = last_url(line_at(w, i - 1)->text, end);
		w->url.line = w->base + (int64_t)i - 1;
	}
}

const char *window_url(const struct window *w)
{
	int64_t i = w->url.line - w->base;

	if (!w->url.len || i < 0 || i >= (int64_t)w->count)
		return NULL;
	return w->lines[(w->first + (size_t)i) % WINDOW_LINES_MAX].text + w->url.from;
}

void window_scroll(struct window *w, int rows)
{
	if (rows < 0 && w->scroll < (size_t)-rows)
		w->scroll = 0;
	else
		w->scroll += (size_t)rows;
}

/* ---- what is shown --------------------------------------------------------------------- */

int window_rows(struct window *w, int width, int height, struct window_row *out)
{
	size_t wanted = (size_t)height + w->scroll, total = 0, i = w->count, skip;
	int n = 0;

	w->width = width;
	while (i > 0 && total < wanted)
		total += rows_of(line_at(w, --i)->text, width);
	w->top = i == 0 && total <= wanted;
	if (total < wanted)
		w->scroll = total > (size_t)height ? total - (size_t)height : 0;
	skip = total > wanted ? total - wanted : 0;
	for (; i < w->count && n < height; i++) {
		const char *paragraph = line_at(w, i)->text;
		struct cursor c = cursor_at(paragraph);

		while (n < height && next_row(&c, width, &out[n])) {
			out[n].paragraph = paragraph;
			out[n].offset = out[n].text == blank ? strlen(paragraph)
							     : (size_t)(out[n].text - paragraph);
			out[n].line = w->base + (int64_t)i;
			if (skip > 0)
				skip--;
			else
				n++;
		}
	}
	return n;
}
