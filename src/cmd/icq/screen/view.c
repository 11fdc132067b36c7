/* SPDX-License-Identifier: MIT */
/* The picture of the screen: panel, window, status line, input line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen/cells.h"
#include "cmd/icq/screen/screen.h"
#include "cmd/icq/screen/terminal.h"
#include "cmd/icq/screen/text.h"
#include "cmd/texts.h"

enum { PANEL_FROM = 60, LABEL_MAX = 32 };

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
	l.lines = l.lines < TEXT_ROWS_MAX ? l.lines : TEXT_ROWS_MAX;
	l.panel = (int)settings_number(s->app->settings->panel_width);
	l.panel = l.panel < l.cols / 2 ? l.panel : l.cols / 2;
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

/* ---- panel ----------------------------------------------------------------------------- */

static void add_contact(struct screen *s, const struct icq_client_contact *c)
{
	const struct window *w = screen_find(s, c->uin);
	struct person person = { .uin = c->uin,
				 .nick = c->nick,
				 .group = *c->group ? c->group : "contacts",
				 .status = icq_status_plain(c->status),
				 .list = c->list,
				 .unread = w ? w->unread : 0,
				 .waiting = screen_outbox_count(s, c->uin) };

	panel_add(&s->panel, &person);
}

static void add_stranger(struct screen *s, uint32_t uin)
{
	const struct window *w = screen_find(s, uin);

	panel_add(&s->panel, &(struct person){ .uin = uin,
					       .nick = "",
					       .group = "not listed",
					       .status = ICQ_STATUS_offline,
					       .unknown = true,
					       .unread = w ? w->unread : 0,
					       .waiting = screen_outbox_count(s, uin) });
}

/* Who is no contact, but has a window, or a message on its way to him. */
static void add_strangers(struct screen *s)
{
	const struct icq_client *client = app_client(s->app);
	const char *key;
	json_t *rows;

	for (size_t i = 1; i < s->count; i++) {
		uint32_t uin = s->windows[i]->uin;

		if (uin && !icq_client_contact(client, uin))
			add_stranger(s, uin);
	}
	json_object_foreach(s->outbox, key, rows)
	{
		uint32_t uin = (uint32_t)strtoul(key, NULL, 10);

		if (!screen_find(s, uin) && !icq_client_contact(client, uin))
			add_stranger(s, uin);
	}
}

void screen_fill_panel(struct screen *s)
{
	const struct icq_client *client = app_client(s->app);
	const struct icq_client_contact *c;

	panel_begin(&s->panel);
	for (size_t i = 0; (c = icq_client_contact_at(client, i)); i++)
		add_contact(s, c);
	add_strangers(s);
	panel_end(&s->panel);
}

static enum style style_of(const struct panel_row *row)
{
	if (!row->person)
		return STYLE_HEAD;
	if (row->person->unread)
		return STYLE_NEW;
	if (row->person->unknown)
		return STYLE_TEXT;
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
	size_t lines = (size_t)l->lines;
	char text[2 * ICQ_CLIENT_NAME_MAX];

	s->panel_top = p->at >= lines ? p->at - lines + 1 : 0;

	for (int i = 0; i < l->lines; i++) {
		size_t n = s->panel_top + (size_t)i;
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
	text_draw_window(screen_shown(s), l->panel, l->cols - l->panel, l->lines);
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

	fprintf(to, " | %zu %s", s->current + 1, s->helping ? "help" : screen_name(s, w, number));
	if (c && !s->helping)
		fprintf(to, " %s", icq_status_name(icq_status_plain(c->status)));
	if (screen_outbox_count(s, w->uin))
		fprintf(to, " ~%zu", screen_outbox_count(s, w->uin));
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

/* What the input line begins with: whom it goes to, or what is searched for. */
static void write_label(struct screen *s, char *out, size_t cap)
{
	const struct input *in = &s->input;
	char number[16];
	size_t n;

	if (!in->searching) {
		snprintf(out, cap, "%s", screen_name(s, s->windows[s->current], number));
		return;
	}
	n = (size_t)snprintf(out, cap, "%s: ", in->found ? "search" : "not found");
	for (size_t i = 0; i < in->wanted_n && n + CELL_BYTES_MAX < cap; i++)
		n += cell_put(out + n, in->wanted[i]);
	out[n] = 0;
}

static int draw_input(struct screen *s, const struct layout *l)
{
	char label[CELL_BYTES_MAX * LABEL_MAX + 1];
	int used, width = l->cols / 3 < LABEL_MAX ? l->cols / 3 : LABEL_MAX;

	write_label(s, label, sizeof(label));
	used = put(l->rows - 1, 0, width, label, STYLE_NEW);
	used += terminal_put(l->rows - 1, used, 2, "> ", 2, STYLE_TEXT);
	return text_draw_input(&s->input, l->rows - 1, used, l->cols - used);
}

void screen_draw(struct screen *s)
{
	struct layout l = layout_of(s);
	int cursor;

	s->dirty = false;
	s->lines = l.lines;
	s->panel_columns = l.panel;
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
