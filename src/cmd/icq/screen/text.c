/* SPDX-License-Identifier: MIT */
#include "cmd/icq/screen/text.h"

#include <string.h>

#include "cmd/icq/screen/cells.h"
#include "cmd/icq/screen/terminal.h"
#include "cmd/icq/urls.h"

/* ---- windows --------------------------------------------------------------------------- */

/* Our own first characters tell what a paragraph is. */
static enum style style_of_paragraph(const char *text)
{
	const char *behind_time = *text == '[' ? strstr(text, "] ") : NULL;

	if (*text == '!')
		return STYLE_WARN;
	if (*text == '*')
		return STYLE_NOTE;
	return behind_time && strchr(">~", behind_time[2]) && behind_time[3] == ' ' ? STYLE_OWN
										    : STYLE_TEXT;
}

/* Bytes of a paragraph. Returns the columns used. */
static int put_bytes(int row, int col, int width, const char *paragraph, size_t from, size_t to,
		     enum style style)
{
	return from < to ? terminal_put(row, col, width, paragraph + from, to - from, style) : 0;
}

/* With the addresses marked, and more so the chosen one. */
static void draw_row(const struct window *w, const struct window_row *r, int row, int col,
		     int width)
{
	enum style style = style_of_paragraph(r->paragraph);
	size_t at = r->offset, end = at + r->n, from = 0, len;
	int used = terminal_put(row, col, width, r->indent, strlen(r->indent), style);

	for (; (len = url_find(r->paragraph, &from)) && from < end; from += len) {
		bool chosen = w->url.len && w->url.line == r->line && w->url.from == from;
		size_t to = from + len < end ? from + len : end, start = from > at ? from : at;

		if (to <= at)
			continue;
		used += put_bytes(row, col + used, width - used, r->paragraph, at, start, style);
		used += put_bytes(row, col + used, width - used, r->paragraph, start, to,
				  chosen ? STYLE_BAR : STYLE_LINK);
		at = to;
	}
	if (r->offset + r->n > strlen(r->paragraph))
		return;
	put_bytes(row, col + used, width - used, r->paragraph, at, end, style);
}

static void draw_rows(struct window *w, int row, int col, int width, int lines)
{
	static struct window_row rows[TEXT_ROWS_MAX];
	int n = window_rows(w, width, lines, rows);

	for (int i = 0; i < n; i++)
		draw_row(w, &rows[i], row + i, col, width);
}

void text_draw_window(struct window *w, int col, int width, int lines)
{
	int live = w->live ? (int)w->live->count : 0;

	live = live < lines / 3 ? live : lines / 3;
	if (live) {
		lines -= live + 1;
		for (int i = 0; i < width; i++)
			terminal_put(lines, col + i, 1, "-", 1, STYLE_TEXT);
		draw_rows(w->live, lines + 1, col, width, live);
	}
	draw_rows(w, 0, col, width, lines);
}

/* ---- the input line -------------------------------------------------------------------- */

/* Where the shown part begins, so that the cursor is in it. */
static size_t input_from(const struct input *in, int width)
{
	size_t from = in->at;
	int used = 0;

	while (from > 0 && (used += cell_width(in->text[from - 1])) < width)
		from--;
	return from;
}

/* A character with the marks above and below it. Returns where the next one begins. */
static size_t put_character(const struct input *in, size_t i, int row, int col, int width)
{
	enum { MARKS_MAX = 8 };
	char text[CELL_BYTES_MAX * (1 + MARKS_MAX)];
	bool line_end = in->text[i] == '\n';
	size_t n = cell_put(text, line_end ? '|' : in->text[i]), end = i + 1;

	for (; end < in->n && cell_width(in->text[end]) == 0; end++)
		if (end - i <= MARKS_MAX)
			n += cell_put(text + n, in->text[end]);
	terminal_put(row, col, width, text, n, line_end ? STYLE_BAR : STYLE_TEXT);
	return end;
}

int text_draw_input(const struct input *in, int row, int col, int width)
{
	int used = 0, cursor = 0;

	for (size_t i = input_from(in, width), next; i <= in->n && used < width; i = next) {
		if (i <= in->at)
			cursor = used;
		if (i == in->n)
			break;
		next = put_character(in, i, row, col + used, width - used);
		used += cell_width(in->text[i]);
	}
	return col + cursor;
}
