/* SPDX-License-Identifier: MIT */
/* What the keys of the screen do. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/screen.h"
#include "cmd/icq/screen_cells.h"
#include "cmd/icq/screen_complete.h"
#include "cmd/icq/screen_terminal.h"

enum { CTRL = 0x1f, ESCAPE = 27, RUBOUT = 127, PAGE = 8 };

/* ---- completion ------------------------------------------------------------------------ */

/* The commands. */
static const char *command_word(void *ctx, size_t i)
{
	const char *name, *args, *help;

	(void)ctx;
	return phrase_help(i, &name, &args, &help) ? name : NULL;
}

static const char *nick_word(void *ctx, size_t i)
{
	const struct icq_client_contact *c = icq_client_contact_at(ctx, i);

	return c ? c->nick : NULL;
}

/* The letters between the beginning of the word and the cursor. */
static size_t begun_word(const struct input *in, char *out)
{
	size_t start = in->at, n = 0;

	while (start > 0 && in->text[start - 1] != ' ' && in->text[start - 1] != '\n' &&
	       in->at - start < COMPLETE_MAX / CELL_BYTES_MAX - 1)
		start--;
	for (size_t i = start; i < in->at; i++)
		n += cell_put(out + n, in->text[i]);
	out[n] = 0;
	return start;
}

/* There are several: tells which. */
static void tell_choice(struct screen *s, complete_word *word, const char *letters)
{
	char line[512] = " ";
	size_t len = 1, n = strlen(letters);
	const char *one;

	for (size_t i = 0; (one = word(app_client(s->app), i)); i++) {
		if (strncasecmp(one, letters, n) != 0 || len + strlen(one) + 2 > sizeof(line))
			continue;
		line[len++] = ' ';
		len += (size_t)(stpcpy(line + len, one) - (line + len));
	}
	screen_say(s, screen_shown(s), line);
}

static void put_word(struct input *in, size_t letters, const char *word, bool whole)
{
	bool quoted = whole && strchr(word, ' ');

	while (letters-- > 0)
		input_delete(in, INPUT_LEFT);
	if (quoted)
		input_insert(in, '"');
	input_insert_text(in, word);
	if (quoted)
		input_insert(in, '"');
	if (whole)
		input_insert(in, ' ');
}

static void on_tab(struct screen *s)
{
	char letters[COMPLETE_MAX + CELL_BYTES_MAX], common[COMPLETE_MAX], *word = letters;
	struct input *in = &s->input;
	size_t start = begun_word(in, letters), count;
	bool slash = start == 0 && *word == '/';
	bool words = window_takes_words(s->windows[s->current]);
	bool command = slash || (start == 0 && !words);
	complete_word *next = command ? command_word : nick_word;

	word += slash;
	count = *word ? complete(next, app_client(s->app), word, strlen(word), common) : 0;
	if (count == 0)
		return;
	if (count > 1 && strlen(common) == strlen(word))
		tell_choice(s, next, word);
	else
		put_word(in, in->at - start - slash, common, count == 1);
}

/* ---- lines and windows ----------------------------------------------------------------- */

static void on_enter(struct screen *s)
{
	char *line = input_text(&s->input);

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

/* Leaves what was entered last: the panel, the help, the place further up, the conversation. */
static void on_escape(struct screen *s)
{
	struct window *w = screen_shown(s);

	if (s->panel_focus)
		s->panel_focus = false;
	else if (s->helping)
		s->helping = false;
	else if (w->scroll)
		w->scroll = 0;
	else
		screen_switch(s, 0);
}

static void on_end_key(struct screen *s)
{
	if (s->input.n)
		input_delete(&s->input, INPUT_RIGHT);
	else
		app_leave(s->app, "eof", EXIT_OK);
}

static void on_next(struct screen *s)
{
	screen_switch(s, (s->current + 1) % s->count);
}

static void on_previous(struct screen *s)
{
	screen_switch(s, (s->current + s->count - 1) % s->count);
}

static void on_page_up(struct screen *s)
{
	window_scroll(screen_shown(s), PAGE);
}

static void on_page_down(struct screen *s)
{
	window_scroll(screen_shown(s), -PAGE);
}

static void on_help(struct screen *s)
{
	if (s->helping)
		s->helping = false;
	else
		screen_show_help(s);
}

/* Into the panel; from there it goes, or comes back for good. */
static void on_panel(struct screen *s)
{
	s->panel_shown = !s->panel_focus;
	s->panel_focus = !s->panel_focus;
}

static void on_redraw(struct screen *s)
{
	(void)s;
	terminal_redraw();
}

/* ---- editing --------------------------------------------------------------------------- */

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

static void on_clear(struct screen *s)
{
	input_set(&s->input, NULL);
}

static const struct {
	uint32_t key;
	void (*press)(struct screen *s);
} keys[] = {
	{ '\r', on_enter },
	{ '\n', on_enter },
	{ '\t', on_tab },
	{ PRESS_ALT | '\r', on_line_break },
	{ PRESS_ALT | '\n', on_line_break },
	{ PRESS_ALT | 'a', screen_next_unread },
	{ ESCAPE, on_escape },
	{ 'D' & CTRL, on_end_key },
	{ 'N' & CTRL, on_next },
	{ 'P' & CTRL, on_previous },
	{ PRESS_PAGE_UP, on_page_up },
	{ PRESS_PAGE_DOWN, on_page_down },
	{ PRESS_F1, on_help },
	{ PRESS_F2, on_panel },
	{ 'L' & CTRL, on_redraw },
	{ PRESS_UP, on_older },
	{ PRESS_DOWN, on_newer },
	{ 'R' & CTRL, on_search },
	{ 'C' & CTRL, on_clear },
};

static const struct {
	uint32_t key;
	bool deletes;
	enum input_move move;
} edits[] = {
	{ PRESS_LEFT, false, INPUT_LEFT },
	{ 'B' & CTRL, false, INPUT_LEFT },
	{ PRESS_RIGHT, false, INPUT_RIGHT },
	{ 'F' & CTRL, false, INPUT_RIGHT },
	{ PRESS_HOME, false, INPUT_HOME },
	{ 'A' & CTRL, false, INPUT_HOME },
	{ PRESS_END, false, INPUT_END },
	{ 'E' & CTRL, false, INPUT_END },
	{ PRESS_ALT | 'b', false, INPUT_WORD_LEFT },
	{ PRESS_ALT | 'f', false, INPUT_WORD_RIGHT },
	{ PRESS_BACKSPACE, true, INPUT_LEFT },
	{ RUBOUT, true, INPUT_LEFT },
	{ 'H' & CTRL, true, INPUT_LEFT },
	{ PRESS_DELETE, true, INPUT_RIGHT },
	{ 'W' & CTRL, true, INPUT_WORD_LEFT },
	{ PRESS_ALT | 'd', true, INPUT_WORD_RIGHT },
	{ 'U' & CTRL, true, INPUT_HOME },
	{ 'K' & CTRL, true, INPUT_END },
};

/* ---- the panel ------------------------------------------------------------------------- */

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
static bool press_in_panel(struct screen *s, uint32_t key)
{
	switch (key) {
	case PRESS_UP:
		panel_move(&s->panel, -1);
		return true;
	case PRESS_DOWN:
		panel_move(&s->panel, 1);
		return true;
	case PRESS_PAGE_UP:
		panel_move(&s->panel, -PAGE);
		return true;
	case PRESS_PAGE_DOWN:
		panel_move(&s->panel, PAGE);
		return true;
	case '\r':
	case '\n':
		panel_enter(s);
		return true;
	default:
		return false;
	}
}

/* ---- all of them ----------------------------------------------------------------------- */

/* Alt+1 to Alt+9, and Alt+0 for the tenth. */
static bool press_number(struct screen *s, uint32_t key)
{
	uint32_t digit = (key ^ PRESS_ALT) - '0';

	if (!(key & PRESS_ALT) || digit > 9)
		return false;
	screen_switch(s, digit ? digit - 1 : 9);
	return true;
}

static bool press_edit(struct screen *s, uint32_t key)
{
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
		if (edits[i].key != key)
			continue;
		if (edits[i].deletes)
			input_delete(&s->input, edits[i].move);
		else
			input_move(&s->input, edits[i].move);
		return true;
	}
	return false;
}

void screen_press(struct screen *s, uint32_t key)
{
	s->dirty = true;
	if (s->panel_focus && press_in_panel(s, key))
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (keys[i].key == key) {
			keys[i].press(s);
			return;
		}
	}
	if (press_number(s, key) || press_edit(s, key) || key >= PRESS_UP)
		return;
	s->panel_focus = false; /* who types means the line */
	input_insert(&s->input, (wchar_t)key);
}
