/* SPDX-License-Identifier: MIT */
/* What the actions of the screen do, and what a key means when. */
#include <stdlib.h>
#include <string.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/screen/screen.h"
#include "cmd/icq/screen/terminal.h"

enum { WHEEL_ROWS = 3, ALL_ROWS = PANEL_PEOPLE_MAX };

static int page_of(const struct screen *s)
{
	return s->lines > 2 ? s->lines - 2 : 1;
}

/* ---- lines ----------------------------------------------------------------------------- */

static void on_send(struct screen *s)
{
	char *line;

	if (screen_open_url(s))
		return;
	line = input_text(&s->input);
	input_commit(&s->input);
	s->helping = false;
	s->windows[s->current]->scroll = 0;
	if (line && line[strspn(line, " \t\n")])
		screen_take_line(s, line);
	free(line);
}

static void on_line_break(struct screen *s)
{
	input_insert(&s->input, '\n');
}

static void on_older(struct screen *s)
{
	input_older(&s->input);
}

static void on_newer(struct screen *s)
{
	input_newer(&s->input);
}

static void on_search(struct screen *s)
{
	input_search(&s->input);
}

static void on_put_back(struct screen *s)
{
	input_put_back(&s->input);
}

static void on_discard(struct screen *s)
{
	if (!s->input.n)
		screen_say(s, s->windows[s->current], "* /quit leaves icq");
	input_move(&s->input, INPUT_END);
	input_delete(&s->input, INPUT_HOME);
}

static void on_quit(struct screen *s)
{
	if (s->input.n)
		input_delete(&s->input, INPUT_RIGHT);
	else
		app_leave(s->app, "eof", EXIT_OK);
}

/* ---- windows --------------------------------------------------------------------------- */

static void on_next_window(struct screen *s)
{
	screen_switch(s, (s->current + 1) % s->count);
}

static void on_previous_window(struct screen *s)
{
	screen_switch(s, (s->current + s->count - 1) % s->count);
}

static void on_page_up(struct screen *s)
{
	screen_scroll(s, page_of(s));
}

static void on_page_down(struct screen *s)
{
	screen_scroll(s, -page_of(s));
}

static void on_bottom(struct screen *s)
{
	screen_shown(s)->scroll = 0;
}

static void on_help(struct screen *s)
{
	if (s->helping)
		s->helping = false;
	else
		screen_show_help(s);
}

/* Into the panel; from there it goes, or comes back for good. */
static void on_contacts(struct screen *s)
{
	s->panel_shown = !s->panel_focus;
	s->panel_focus = !s->panel_focus;
	if (s->panel_focus)
		panel_move_to(&s->panel, s->windows[s->current]->uin);
}

static void on_redraw(struct screen *s)
{
	(void)s;
	terminal_redraw();
}

/* Leaves what was entered last. */
static void on_leave(struct screen *s)
{
	struct window *w = screen_shown(s);

	if (w->url.len)
		w->url.len = 0;
	else if (s->panel_focus)
		s->panel_focus = false;
	else if (s->helping)
		s->helping = false;
	else if (w->scroll)
		w->scroll = 0;
	else
		screen_switch(s, 0);
}

/* ---- the tables ------------------------------------------------------------------------ */

static void (*const handlers[ACTIONS])(struct screen *s) = {
	[ACTION_send] = on_send,
	[ACTION_line_break] = on_line_break,
	[ACTION_complete] = screen_complete,
	[ACTION_older] = on_older,
	[ACTION_newer] = on_newer,
	[ACTION_search] = on_search,
	[ACTION_put_back] = on_put_back,
	[ACTION_discard] = on_discard,
	[ACTION_quit] = on_quit,
	[ACTION_next_unread] = screen_next_unread,
	[ACTION_next_window] = on_next_window,
	[ACTION_previous_window] = on_previous_window,
	[ACTION_page_up] = on_page_up,
	[ACTION_page_down] = on_page_down,
	[ACTION_bottom] = on_bottom,
	[ACTION_url] = screen_choose_url,
	[ACTION_contacts] = on_contacts,
	[ACTION_help] = on_help,
	[ACTION_redraw] = on_redraw,
	[ACTION_leave] = on_leave,
};

static const struct {
	enum action action;
	bool deletes;
	enum input_move move;
} edits[] = {
	{ ACTION_left, false, INPUT_LEFT },
	{ ACTION_right, false, INPUT_RIGHT },
	{ ACTION_word_left, false, INPUT_WORD_LEFT },
	{ ACTION_word_right, false, INPUT_WORD_RIGHT },
	{ ACTION_home, false, INPUT_HOME },
	{ ACTION_end, false, INPUT_END },
	{ ACTION_delete_left, true, INPUT_LEFT },
	{ ACTION_delete_right, true, INPUT_RIGHT },
	{ ACTION_delete_word_left, true, INPUT_WORD_LEFT },
	{ ACTION_delete_word_right, true, INPUT_WORD_RIGHT },
	{ ACTION_delete_to_home, true, INPUT_HOME },
	{ ACTION_delete_to_end, true, INPUT_END },
};

static void edit(struct screen *s, enum action action)
{
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
		if (edits[i].action != action)
			continue;
		if (edits[i].deletes)
			input_delete(&s->input, edits[i].move);
		else
			input_move(&s->input, edits[i].move);
	}
}

static void act(struct screen *s, enum action action)
{
	if (action >= ACTION_window_1 && action <= ACTION_window_10)
		screen_switch(s, (size_t)(action - ACTION_window_1));
	else if (handlers[action])
		handlers[action](s);
	else
		edit(s, action);
}

/* ---- where a key means something else -------------------------------------------------- */

static bool is_text(uint32_t key)
{
	return key >= ' ' && key < PRESS_UP;
}

/* Returns whether that was all. */
static bool press_in_search(struct screen *s, uint32_t key, enum action action)
{
	struct input *in = &s->input;

	if (action == ACTIONS && is_text(key))
		input_search_more(in, (wchar_t)key);
	else if (action == ACTION_search)
		input_search_older(in);
	else if (action == ACTION_delete_left)
		input_search_less(in);
	else
		input_search_end(in, action != ACTION_leave && action != ACTION_discard);
	return in->searching || action == ACTION_send || action == ACTION_leave ||
	       action == ACTION_discard;
}

static void panel_enter(struct screen *s)
{
	const struct panel_row *row = panel_row(&s->panel);

	if (!row)
		return;
	if (!row->person) {
		panel_fold(&s->panel);
		return;
	}
	s->panel_focus = false;
	screen_switch_to(s, row->person->uin);
}

/* Returns whether the key belongs to the panel. */
static bool press_in_panel(struct screen *s, enum action action)
{
	switch (action) {
	case ACTION_older:
		panel_move(&s->panel, -1);
		return true;
	case ACTION_newer:
		panel_move(&s->panel, 1);
		return true;
	case ACTION_page_up:
		panel_move(&s->panel, -page_of(s));
		return true;
	case ACTION_page_down:
		panel_move(&s->panel, page_of(s));
		return true;
	case ACTION_home:
		panel_move(&s->panel, -ALL_ROWS);
		return true;
	case ACTION_end:
		panel_move(&s->panel, ALL_ROWS);
		return true;
	case ACTION_send:
		panel_enter(s);
		return true;
	default:
		return false;
	}
}

/* The line ends of what is pasted are part of the text, so that nothing is sent unread. Esc is for
 * a terminal that does not tell the end. */
static void press_in_paste(struct screen *s, uint32_t key)
{
	if (key == PRESS_PASTE_END || key == PRESS_ESCAPE)
		s->pasting = false;
	else if (key == '\r' || key == '\n')
		input_insert(&s->input, '\n');
	else if (key == '\t')
		input_insert(&s->input, ' ');
	else if (is_text(key))
		input_insert(&s->input, (wchar_t)key);
}

/* A click in the panel opens or folds, the wheel scrolls what it is over. */
static void on_mouse(struct screen *s)
{
	int row, col, rows = 0;
	enum mouse what = terminal_mouse(&row, &col);

	if (what == MOUSE_OTHER)
		return;
	if (what == MOUSE_UP || what == MOUSE_DOWN)
		rows = what == MOUSE_UP ? WHEEL_ROWS : -WHEEL_ROWS;
	if (col >= s->panel_columns) {
		screen_scroll(s, rows);
	} else if (rows) {
		panel_move(&s->panel, -rows);
	} else if (row < s->lines && s->panel_top + (size_t)row < s->panel.row_count) {
		panel_move(&s->panel, row + (int)s->panel_top - (int)s->panel.at);
		panel_enter(s);
	}
}

static void type(struct screen *s, uint32_t key)
{
	s->panel_focus = false; /* who types means the line */
	screen_shown(s)->url.len = 0;
	input_insert(&s->input, (wchar_t)key);
}

void screen_press(struct screen *s, uint32_t key)
{
	enum action action = screen_action(s, key);

	s->dirty = true;
	if (s->pasting)
		press_in_paste(s, key);
	else if (key == PRESS_PASTE_BEGIN)
		s->pasting = true;
	else if (key == PRESS_MOUSE)
		on_mouse(s);
	else if (s->input.searching && press_in_search(s, key, action))
		return;
	else if (s->panel_focus && press_in_panel(s, action))
		return;
	else if (s->helping && key == 'q' && !s->input.n) /* as readers of pages are used to */
		s->helping = false;
	else if (action != ACTIONS)
		act(s, action);
	else if (is_text(key))
		type(s, key);
}
