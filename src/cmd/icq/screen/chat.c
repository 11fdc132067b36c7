/* SPDX-License-Identifier: MIT */
/*
 * Chats on the screen: a window for each, whose lower part shows what the others have typed of
 * their next lines. Those who set ui.chat to keys let the others watch them, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/member.h"
#include "cmd/icq/screen/screen.h"
#include "cmd/icq/words/render.h"

/* ---- what is typed here ---------------------------------------------------------------- */

static bool within_character(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Bytes that two texts begin with, whole characters only. */
static size_t common_beginning(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	while (n > 0 && (within_character(a[n]) || within_character(b[n])))
		n--;
	return n;
}

/* The keystrokes that make one text of another, and an end; to be freed. NULL: out of memory. */
static char *keystrokes(const char *from, const char *to, const char *end)
{
	size_t same = common_beginning(from, to), n = 0;
	char *keys = malloc(strlen(from) + strlen(to) + strlen(end) + 1);

	if (!keys)
		return NULL;
	for (const char *old = from + same; *old; old++)
		if (!within_character(*old))
			keys[n++] = '\b';
	stpcpy(stpcpy(keys + n, to + same), end);
	return keys;
}

static json_t *type_command(const struct window *w, const char *line, const char *end)
{
	char *keys = keystrokes(w->typed ? w->typed : "", line, end);
	json_t *command = json_pack("{s:s,s:I,s:s,s:s}", "cmd", "chat_text", "session",
				    (json_int_t)w->session, "as", "keys", "text", keys ? keys : "");

	free(keys);
	return command;
}

/* A whole line: what the others have not seen of it, and its end. */
static json_t *line_command(const struct window *w, const char *line)
{
	return w->session ? type_command(w, line, "\n") : NULL;
}

static json_t *closing_command(const struct window *w)
{
	return w->session
		       ? json_pack("{s:s,s:I}", "cmd", "cancel", "session", (json_int_t)w->session)
		       : NULL;
}

static const struct window_kind chat_kind = { line_command, closing_command };

void screen_chat_said(struct window *w)
{
	free(w->typed);
	w->typed = NULL;
}

/* Commands are nobody else's business, nor are lines of several lines until they are whole; nor is
 * what was said to others and is looked through again. */
static const char *to_be_seen(const char *line)
{
	bool hidden = (line[0] == '/' && line[1] != '/') || strchr(line, '\n');

	return hidden ? "" : line + (*line == '/');
}

void screen_chat_typing(struct screen *s)
{
	struct window *w = s->windows[s->current];
	const char *way = settings_get(s->app->settings, "ui.chat");
	char *line, *seen;
	json_t *command;

	if (w->kind != &chat_kind || !w->session || strcmp(way, "keys") != 0)
		return;
	line = input_text(&s->input);
	seen = strdup(line && !input_is_recalled(&s->input) ? to_be_seen(line) : "");
	free(line);
	if (seen && strcmp(seen, w->typed ? w->typed : "") != 0) {
		command = type_command(w, seen, "");
		app_command(s->app, command);
		json_decref(command);
		free(w->typed);
		w->typed = seen;
		return;
	}
	free(seen);
}

/* ---- what others do -------------------------------------------------------------------- */

static struct window *find(struct screen *s, uint64_t session)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->windows[i]->kind == &chat_kind && s->windows[i]->session == session)
			return s->windows[i];
	return NULL;
}

static struct window *open_chat(struct screen *s, uint64_t session)
{
	char name[WINDOW_NAME_MAX];

	snprintf(name, sizeof(name), "chat %llu", (unsigned long long)session);
	return screen_side(s, &chat_kind, session, name);
}

void screen_chat_enter(struct screen *s, uint64_t session)
{
	struct window *w = open_chat(s, session);

	for (size_t i = 1; i < s->count; i++)
		if (s->windows[i] == w)
			screen_switch(s, i);
}

static void say(struct screen *s, struct window *w, uint64_t tag, const json_t *ev)
{
	char *text = render_event(app_client(s->app), ev);

	if (text)
		screen_say_at(s, w, tag, text);
	free(text);
}

/* The line that somebody has not ended, in the lower part. */
static void show_typing(struct screen *s, struct window *w, const json_t *ev)
{
	const char *text = member_text(ev, "text");
	uint64_t uin = (uint64_t)member_number(ev, "uin");

	if (!w->live)
		w->live = calloc(1, sizeof(*w->live));
	if (w->live && text && *text)
		say(s, w->live, uin, ev);
	else if (w->live)
		window_drop(w->live, uin);
	s->dirty = true;
}

static void show_event(struct screen *s, struct window *w, const json_t *ev, const char *what)
{
	uint64_t uin = (uint64_t)member_number(ev, "uin");

	if (w->live)
		window_drop(w->live, uin);
	say(s, w, 0, ev);
	if (w != s->windows[s->current])
		w->unread++;
	if (strcmp(what, "close") == 0 && !uin) { /* it is over */
		w->session = 0;
		screen_chat_said(w);
	}
}

void screen_chat_event(struct screen *s, json_t *ev)
{
	uint64_t session = (uint64_t)member_number(ev, "session");
	const char *what = member_text(ev, "event");
	struct window *w = find(s, session);

	if (!w && strcmp(what, "open") == 0)
		w = open_chat(s, session);
	if (!w || w->kind != &chat_kind) { /* a request that came to nothing; too many windows */
		say(s, s->windows[0], 0, ev);
		return;
	}
	json_object_del(ev, "session"); /* the window tells which one */
	if (strcmp(what, "typing") == 0)
		show_typing(s, w, ev);
	else
		show_event(s, w, ev, what);
}
