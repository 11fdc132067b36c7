/* SPDX-License-Identifier: MIT */
/* The windows of the screen: one for each conversation, and the first for all the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen/screen.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

enum { INDENT_LEN = sizeof(RENDER_INDENT) - 1 };

struct window *screen_shown(struct screen *s)
{
	return s->helping ? &s->help : s->windows[s->current];
}

const char *screen_name(const struct screen *s, const struct window *w, char number[16])
{
	const struct icq_client_contact *c = icq_client_contact(app_client(s->app), w->uin);

	if (!w->uin)
		return w->kind ? w->name : "icq";
	snprintf(number, 16, "%u", w->uin);
	return c && *c->nick ? c->nick : number;
}

static size_t number_of(const struct screen *s, uint32_t uin)
{
	size_t i = 0;

	while (i < s->count && s->windows[i]->uin != uin)
		i++;
	return i;
}

struct window *screen_find(struct screen *s, uint32_t uin)
{
	size_t i = number_of(s, uin);

	return i < s->count ? s->windows[i] : NULL;
}

struct window *screen_by_id(struct screen *s, unsigned id)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->windows[i]->id == id)
			return s->windows[i];
	return NULL;
}

/* NULL: there are too many. */
static struct window *open_window(struct screen *s)
{
	struct window *w = s->count < SCREEN_WINDOWS_MAX ? calloc(1, sizeof(*w)) : NULL;

	if (!w)
		return NULL;
	w->id = ++s->last_id;
	s->windows[s->count++] = w;
	s->dirty = true;
	return w;
}

struct window *screen_window(struct screen *s, uint32_t uin)
{
	const struct icq_client_contact *contact;
	struct window *w = screen_find(s, uin);

	if (w)
		return w;
	if (uin == ICQ_CLIENT_SERVER_UIN || !(w = open_window(s)))
		return s->windows[0];
	w->uin = uin;
	w->wants_history = true;
	contact = icq_client_contact(app_client(s->app), uin);
	if (contact && contact->charset)
		snprintf(w->charset, sizeof(w->charset), "%s", codepage_name(contact->charset));
	return w;
}

struct window *screen_side(struct screen *s, const struct window_kind *kind, uint64_t session,
			   const char *name)
{
	struct window *w;

	for (size_t i = 0; i < s->count; i++)
		if (s->windows[i]->kind == kind && s->windows[i]->session == session)
			return s->windows[i];
	if (!(w = open_window(s)))
		return s->windows[0];
	w->kind = kind;
	w->session = session;
	snprintf(w->name, sizeof(w->name), "%s", name);
	return w;
}

struct window *screen_packets(struct screen *s)
{
	static const struct window_kind kind = { 0 };

	return screen_side(s, &kind, 0, "packets");
}

void screen_close_window(struct screen *s, struct window *w)
{
	size_t i = 1;

	while (i < s->count && s->windows[i] != w)
		i++;
	if (i >= s->count)
		return;
	if (i == s->current)
		screen_switch(s, i - 1);
	if (s->current > i)
		s->current--;
	memmove(s->windows + i, s->windows + i + 1, (--s->count - i) * sizeof(*s->windows));
	window_free(w);
	free(w);
	s->dirty = true;
}

void screen_switch(struct screen *s, size_t i)
{
	struct window *from = s->windows[s->current];

	s->helping = false;
	s->dirty = true;
	if (i >= s->count || i == s->current)
		return;
	free(from->draft);
	from->draft = input_text(&s->input);
	s->current = i;
	s->windows[i]->unread = 0;
	input_set(&s->input, s->windows[i]->draft);
}

void screen_switch_to(struct screen *s, uint32_t uin)
{
	screen_window(s, uin);
	screen_switch(s, number_of(s, uin));
}

void screen_scroll(struct screen *s, int rows)
{
	struct window *w = screen_shown(s);

	window_scroll(w, rows);
	w->wants_history = rows > 0 && w->top && w->uin;
}

static void say_windows(struct screen *s, struct window *w)
{
	char line[WINDOW_NAME_MAX + ICQ_CLIENT_NAME_MAX + 64], number[16], unread[24] = "";

	for (size_t i = 0; i < s->count; i++) {
		if (s->windows[i]->unread)
			snprintf(unread, sizeof(unread), " *%u", s->windows[i]->unread);
		snprintf(line, sizeof(line), "%3zu %s%s", i + 1,
			 screen_name(s, s->windows[i], number), unread);
		screen_say(s, w, line);
		*unread = 0;
	}
}

void screen_go(struct screen *s, struct window *from, uint32_t where)
{
	if (!where)
		say_windows(s, from);
	else if (where > SCREEN_WINDOWS_MAX)
		screen_switch_to(s, where);
	else if (where <= s->count)
		screen_switch(s, where - 1);
	else
		screen_complain(s, from, "window: there is none with this number");
}

void screen_next_unread(struct screen *s)
{
	for (size_t n = 1; n < s->count; n++) {
		size_t i = (s->current + n) % s->count;

		if (s->windows[i]->unread) {
			screen_switch(s, i);
			return;
		}
	}
}

static void say(struct screen *s, struct window *w, uint64_t tag, const char *safe)
{
	if (!*safe)
		return;
	window_put(w, tag, safe);
	s->dirty = true;
	if (!s->open)
		puts(safe);
}

/* Where the paragraph ends: at a line feed without the indent that foreign text has behind it. */
static size_t paragraph_len(const char *text)
{
	const char *end = text;

	while ((end = strchr(end, '\n')) && strncmp(end + 1, RENDER_INDENT, INDENT_LEN) == 0)
		end++;
	return end ? (size_t)(end - text) : strlen(text);
}

void screen_say(struct screen *s, struct window *w, const char *text)
{
	char *safe = texts_shown(text, true), *at = safe;

	while (at && *at) {
		size_t n = paragraph_len(at);
		bool last = !at[n];

		at[n] = 0;
		say(s, w, 0, at);
		at += n + !last;
	}
	free(safe);
}

void screen_say_at(struct screen *s, struct window *w, uint64_t tag, const char *text)
{
	char *safe = texts_shown(text, true);

	if (safe)
		say(s, w, tag, safe);
	free(safe);
}

void screen_complain(struct screen *s, struct window *w, const char *why)
{
	char line[PHRASE_ERROR_MAX + 8];

	snprintf(line, sizeof(line), "! %s", why);
	screen_say(s, w, line);
}

void screen_show_help(struct screen *s)
{
	const char *name, *args, *help;
	char line[160];

	window_clear(&s->help);
	window_add(&s->help, "Enter sends the line to the other side of the window.");
	window_add(&s->help, "With a slash before it, it is a command; in window 1");
	window_add(&s->help, "every line is one. q or Esc leaves this help.");
	window_add(&s->help, " ");
	screen_say_keys(s, &s->help);
	window_add(&s->help, " ");
	for (size_t i = 0; phrase_help(i, &name, &args, &help); i++) {
		snprintf(line, sizeof(line), "/%s%s%s: %s", name, *args ? " " : "", args, help);
		window_add(&s->help, line);
	}
	window_scroll(&s->help, WINDOW_LINES_MAX * 8); /* begins at its beginning */
	s->helping = s->dirty = true;
}
