/* SPDX-License-Identifier: MIT */
/* The picture of the screen: panel, window, status line, input line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen.h"
#include "cmd/icq/screen_cells.h"
#include "cmd/icq/screen_terminal.h"
#include "cmd/texts.h"

enum { ROWS_MAX = 400, PANEL_COLUMNS = 22, PANEL_FROM = 60, LABEL_MAX = 32 };

/* What belongs into the picture where. */
struct layout {
	int rows, cols;
	int panel; /* its columns; 0: none */
	int lines; /* the rows of panel and window */
};

/* A small screen has a panel only while it is used. */
static struct layout layout_of(const struct screen *s)
{
	struct layout l;

	terminal_size(&l.rows, &l.cols);
	l.lines = l.rows > 2 ? l.rows - 2 : 0;
	l.lines = l.lines < ROWS_MAX ? l.lines : ROWS_MAX;
	l.panel = PANEL_COLUMNS < l.cols / 2 ? PANEL_COLUMNS : l.cols / 2;
	if (!s->panel_shown || (l.cols < PANEL_FROM && !s->panel_focus))
		l.panel = 0;
	return l;
}

/* Puts text of anybody. Returns the columns used. */
static int put(int row, int col, int width, const char *text, enum style style)
{
	char *safe = texts_shown(text, false);
	int used = safe ? terminal_put(row, col, width, safe, strlen(safe), style) : 0;

	free(safe);
	return used;
}

/* How a window is called: as the other side is here, or by its own name. */
static const char *name_of(const struct screen *s, const struct window *w, char number[16])
{
	const struct icq_client_contact *c = icq_client_contact(app_client(s->app), w->uin);

	if (!w->uin)
		return w->kind ? w->name : "icq";
	snprintf(number, 16, "%u", w->uin);
	return c && *c->nick ? c->nick : number;
}

/* ---- panel ----------------------------------------------------------------------------- */

static void add_contact(struct screen *s, const struct icq_client_contact *c)
{
	const struct window *w = screen_find(s, c->uin);
	struct person person = { .uin = c->uin,
				 .nick = *c->nick ? c->nick : "?",
				 .group = *c->group ? c->group : "contacts",
				 .status = icq_status_plain(c->status),
				 .list = c->list,
				 .unread = w ? w->unread : 0,
				 .waiting = w ? w->waiting : 0 };

	panel_add(&s->panel, &person);
}

void screen_fill_panel(struct screen *s)
{
	static char numbers[SCREEN_WINDOWS_MAX][16];
	const struct icq_client *client = app_client(s->app);
	const struct icq_client_contact *c;

	panel_begin(&s->panel);
	for (size_t i = 0; (c = icq_client_contact_at(client, i)); i++)
		add_contact(s, c);
	for (size_t i = 1; i < s->count; i++) {
		const struct window *w = s->windows[i];

		if (!w->uin || icq_client_contact(client, w->uin))
			continue;
		panel_add(&s->panel, &(struct person){ .uin = w->uin,
						       .nick = name_of(s, w, numbers[i]),
						       .group = "not listed",
						       .status = ICQ_STATUS_offline,
						       .unread = w->unread,
						       .waiting = w->waiting });
	}
	panel_end(&s->panel);
}

static enum style style_of(const struct panel_row *row)
{
	if (!row->person)
		return STYLE_HEAD;
	if (row->person->unread)
		return STYLE_NEW;
	switch (row->person->status) {
	case ICQ_STATUS_online:
	case ICQ_STATUS_ffc:
		return STYLE_HERE;
	case ICQ_STATUS_away:
	case ICQ_STATUS_na:
		return STYLE_AWAY;
	case ICQ_STATUS_occupied:
	case ICQ_STATUS_dnd:
		return STYLE_BUSY;
	default:
		return STYLE_GONE;
	}
}

static void draw_panel(struct screen *s, const struct layout *l)
{
	const struct panel *p = &s->panel;
	size_t lines = (size_t)l->lines, top = p->at >= lines ? p->at - lines + 1 : 0;
	char text[2 * ICQ_CLIENT_NAME_MAX];

	for (int i = 0; i < l->lines; i++) {
		size_t n = top + (size_t)i;
		bool here = s->panel_focus && n == p->at;

		terminal_put(i, l->panel - 1, 1, "|", 1, STYLE_TEXT);
		if (n >= p->row_count)
			continue;
		panel_text(&p->rows[n], text, sizeof(text));
		if (here)
			terminal_fill(i, 0, l->panel - 1, STYLE_BAR);
		put(i, 0, l->panel - 1, text, here ? STYLE_BAR : style_of(&p->rows[n]));
	}
}

/* ---- window ---------------------------------------------------------------------------- */

static void draw_window(struct screen *s, const struct layout *l)
{
	static struct window_row rows[ROWS_MAX];
	int width = l->cols - l->panel;
	int n = window_rows(screen_shown(s), width, l->lines, rows);

	for (int i = 0; i < n; i++) {
		const char *indent = rows[i].indent;
		int used = terminal_put(i, l->panel, width, indent, strlen(indent), STYLE_TEXT);

		terminal_put(i, l->panel + used, width - used, rows[i].text, rows[i].n, STYLE_TEXT);
	}
}

/* ---- status line ----------------------------------------------------------------------- */

static void print_who(const struct screen *s, FILE *to)
{
	const struct icq_client *client = app_client(s->app);
	enum icq_client_state state = icq_client_get_state(client);

	if (icq_client_uin(client))
		fprintf(to, "%u ", icq_client_uin(client));
	fputs(state == ICQ_CLIENT_ONLINE ? texts_status(icq_client_get_status(client))
					 : icq_client_state_name(state),
	      to);
}

static void print_window(const struct screen *s, FILE *to)
{
	const struct window *w = s->windows[s->current];
	const struct icq_client_contact *c = icq_client_contact(app_client(s->app), w->uin);
	char number[16];

	fprintf(to, " | %zu %s", s->current + 1, s->helping ? "help" : name_of(s, w, number));
	if (c && !s->helping)
		fprintf(to, " %s", icq_status_name(icq_status_plain(c->status)));
	if (w->waiting)
		fprintf(to, " ~%u", w->waiting);
}

static void print_unread(const struct screen *s, FILE *to)
{
	const char *between = " | ";

	for (size_t i = 0; i < s->count; i++) {
		if (!s->windows[i]->unread)
			continue;
		fprintf(to, "%s%zu*%u", between, i + 1, s->windows[i]->unread);
		between = " ";
	}
}

static void draw_status(struct screen *s, const struct layout *l)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	if (!to)
		return;
	fputs(screen_shown(s)->scroll ? "(more below) " : " ", to);
	print_who(s, to);
	print_window(s, to);
	print_unread(s, to);
	fclose(to);
	terminal_fill(l->rows - 2, 0, l->cols, STYLE_BAR);
	put(l->rows - 2, 0, l->cols, text, STYLE_BAR);
	free(text);
}

/* ---- input line ------------------------------------------------------------------------ */

/* Where the shown part begins, so that the cursor is in it. */
static size_t input_from(const struct input *in, int width)
{
	size_t from = in->at;
	int used = 0;

	while (from > 0 && (used += cell_width(in->text[from - 1])) < width)
		from--;
	return from;
}

/* Returns the column of the cursor. */
static int draw_text(const struct input *in, int row, int col, int width)
{
	int used = 0, cursor = 0;

	for (size_t i = input_from(in, width); i <= in->n && used < width; i++) {
		wchar_t c = in->text[i];

		if (i == in->at)
			cursor = used;
		if (i < in->n && cell_width(c) > 0)
			terminal_put_char(row, col + used, c == '\n' ? '|' : c,
					  c == '\n' ? STYLE_BAR : STYLE_TEXT);
		used += i < in->n ? cell_width(c) : 0;
	}
	return col + cursor;
}

static int draw_input(struct screen *s, const struct layout *l)
{
	const struct window *w = s->windows[s->current];
	char number[16], label[ICQ_CLIENT_NAME_MAX + 8];
	int used, width = l->cols / 3 < LABEL_MAX ? l->cols / 3 : LABEL_MAX;

	snprintf(label, sizeof(label), "%s", name_of(s, w, number));
	used = put(l->rows - 1, 0, width, label, STYLE_NEW);
	used += terminal_put(l->rows - 1, used, 2, "> ", 2, STYLE_TEXT);
	return draw_text(&s->input, l->rows - 1, used, l->cols - used);
}

void screen_draw(struct screen *s)
{
	struct layout l = layout_of(s);
	int cursor;

	s->dirty = false;
	screen_fill_panel(s);
	terminal_erase();
	if (l.panel)
		draw_panel(s, &l);
	draw_window(s, &l);
	if (l.rows > 1)
		draw_status(s, &l);
	cursor = draw_input(s, &l);
	terminal_show(l.rows - 1, cursor < l.cols ? cursor : l.cols - 1);
}
