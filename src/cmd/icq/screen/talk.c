/* SPDX-License-Identifier: MIT */
/*
 * What is said on the screen, and where. Each command carries in its id the window it was given
 * in, and for a message the message: it is shown once it is in the outbox.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/icq/account.h"
#include "cmd/icq/member.h"
#include "cmd/icq/screen/screen.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

/* ---- events ---------------------------------------------------------------------------- */

static void say_rendered(struct screen *s, struct window *w, char *text)
{
	if (text)
		screen_say(s, w, text);
	free(text);
}

static void say_event(struct screen *s, struct window *w, const json_t *ev)
{
	say_rendered(s, w, render_event(app_client(s->app), ev));
}

/* A message with this number has been shown: the history may fill in what was before. */
static void note_live(struct window *w, const json_t *o)
{
	uint64_t msg = (uint64_t)json_integer_value(json_object_get(o, "msg"));

	if (msg && (!w->oldest || msg < w->oldest))
		w->oldest = msg;
}

static void on_message(struct screen *s, json_t *ev)
{
	struct window *w = screen_window(s, member_uin(ev, "from"));

	note_live(w, ev);
	if (w != s->windows[s->current] && w->unread++ == 0) {
		window_drop(w, window_tag(WINDOW_NEW, 0));
		screen_say_at(s, w, window_tag(WINDOW_NEW, 0), "* ---- new ----");
	}
	say_event(s, w, ev);
}

/* That all went well shows in the line of the message; the rest is told. */
static void on_sent(struct screen *s, json_t *ev)
{
	const char *state = member_text(ev, "state");
	struct window *w = screen_find(s, member_uin(ev, "to"));
	bool waits = strcmp(state, "queued") == 0 || strcmp(state, "sent") == 0;
	bool well = waits || strcmp(state, "accepted") == 0 || strcmp(state, "delivered") == 0;

	if (!waits)
		screen_outbox_left(s, member_uin(ev, "to"), member_number(ev, "msg"), state);
	if (!well || json_object_get(ev, "reason") || json_object_get(ev, "text"))
		say_event(s, w ? w : s->windows[0], ev);
}

/* Where one talks with him; who is spoken to nowhere is told about in the status window. */
static void on_person(struct screen *s, json_t *ev)
{
	struct window *w = screen_find(s, member_uin(ev, "uin"));

	say_event(s, w ? w : s->windows[0], ev);
}

/* Who is said to write in another code page may have been misread so far. */
static void read_anew(struct window *w, const char *charset)
{
	snprintf(w->charset, sizeof(w->charset), "%s", charset);
	w->reread = w->wants_history = true;
	w->complete = false;
	w->oldest = 0;
	window_clear(w);
}

/* Told where the command was given, nearly always. */
static void on_contact(struct screen *s, json_t *ev)
{
	const char *charset = member_text(ev, "charset");
	struct window *w = screen_find(s, member_uin(ev, "uin"));

	if (w && strcmp(w->charset, charset) != 0)
		read_anew(w, charset);
	say_event(s, s->windows[s->current], ev);
}

/* A warning must be seen. */
static void on_notice(struct screen *s, json_t *ev)
{
	const char *level = member_text(ev, "level");

	say_event(s, s->windows[strcmp(level, "info") == 0 ? 0 : s->current], ev);
}

/* Whose outbox it is may be known only now. */
static void on_state(struct screen *s, json_t *ev)
{
	s->wants_outbox = true;
	say_event(s, s->windows[0], ev);
}

/* One line for each transfer, which changes while it runs. */
static void on_transfer(struct screen *s, json_t *ev)
{
	struct window *w = screen_find(s, member_uin(ev, "uin"));
	char *text = render_event(app_client(s->app), ev);

	if (text)
		screen_say_at(s, w ? w : s->windows[0],
			      window_tag(WINDOW_TRANSFER, member_uin(ev, "transfer")), text);
	free(text);
}

static void on_packet(struct screen *s, json_t *ev)
{
	say_event(s, screen_packets(s), ev);
}

static void on_any(struct screen *s, json_t *ev)
{
	say_event(s, s->windows[0], ev);
}

/* ---- results --------------------------------------------------------------------------- */

static void put_before(struct screen *s, struct window *w, uint64_t msg, const json_t *row)
{
	char *text = render_row(app_client(s->app), row);
	char *safe = text ? texts_shown(text, true) : NULL;

	if (safe)
		window_put_before(w, window_tag(WINDOW_MESSAGE, msg), safe);
	w->oldest = msg;
	free(safe);
	free(text);
}

/* Newest first, so that each goes before the one behind it. */
static void take_history(struct screen *s, struct window *w, const json_t *messages)
{
	for (size_t i = json_array_size(messages); i > 0; i--) {
		const json_t *row = json_array_get(messages, i - 1);
		uint64_t msg = (uint64_t)json_integer_value(json_object_get(row, "msg"));

		if (!w->oldest || msg < w->oldest)
			put_before(s, w, msg, row);
	}
	w->complete = json_array_size(messages) == 0;
	s->dirty = true;
}

/* A message of ours is in the outbox. */
static void take_sent(struct screen *s, json_int_t msg, json_t *row)
{
	json_object_set_new(row, "state", json_string("queued"));
	screen_outbox_add(s, msg, row);
	screen_say_row(s, screen_window(s, member_uin(row, "uin")), msg, row);
}

/* The same to several: shown where one talks with them. Some may have been accepted meanwhile. */
static void take_sent_to_all(struct screen *s, const json_t *msgs, json_t *row)
{
	const json_t *one;
	size_t i;

	json_array_foreach(msgs, i, one)
	{
		struct window *w = screen_find(s, member_uin(one, "to"));

		json_object_set(row, "uin", json_object_get(one, "to"));
		if (w)
			screen_say_row(s, w, json_integer_value(json_object_get(one, "msg")), row);
	}
	s->wants_outbox = true;
}

/* A text that cannot be sent as it is: told where it should have gone, and there to be changed. */
static void give_back(struct screen *s, struct window *w, const json_t *ev, const json_t *row)
{
	const char *text = json_string_value(json_object_get(row, "text"));
	const char *type = json_string_value(json_object_get(row, "type"));
	uint32_t uin = member_uin(row, "uin"); /* 0: several */
	struct window *to = uin ? screen_find(s, uin) : NULL;

	w = to ? to : w;
	say_event(s, w ? w : s->windows[0], ev);
	if (w == s->windows[s->current] && !s->input.n && strcmp(type, "text") == 0 && *text != '/')
		input_set(&s->input, text);
}

static void take_result(struct screen *s, json_t *ev, const json_t *id)
{
	struct window *w = screen_by_id(s, member_uin(id, "window"));
	json_t *row = json_object_get(id, "row"), *name = json_object_get(id, "name");
	json_t *named = json_copy(ev);
	bool ok = json_is_true(json_object_get(ev, "ok"));
	const char *why;

	json_object_set(named, "id", name);
	if (json_object_get(ev, "msgs"))
		take_sent_to_all(s, json_object_get(ev, "msgs"), row);
	if (ok && row && !json_object_get(ev, "msgs")) {
		take_sent(s, member_number(ev, "msg"), row);
		w = screen_window(s, member_uin(row, "uin"));
		note_live(w, ev);
	} else if (!ok && row) {
		give_back(s, w, named, row);
	} else if (json_object_get(ev, "session")) {
		screen_chat_enter(s, member_uin(ev, "session"));
	} else {
		say_event(s, w ? w : s->windows[0], named);
	}
	/* A message may have been taken out. */
	s->wants_outbox |= strcmp(json_string_value(name), "outbox") == 0;
	why = ok ? account_result(s->app, json_string_value(name), ev) : NULL;
	if (why)
		screen_complain(s, w ? w : s->windows[0], why);
	json_decref(named);
}

static void on_result(struct screen *s, json_t *ev)
{
	const json_t *id = json_object_get(ev, "id"), *history = json_object_get(id, "history");
	struct window *w = screen_find(s, (uint32_t)json_integer_value(history));

	if (json_object_get(id, "outbox"))
		screen_outbox_take(s, json_object_get(ev, "messages"));
	else if (history && w)
		take_history(s, w, json_object_get(ev, "messages"));
	else if (json_object_get(id, "name"))
		take_result(s, ev, id);
}

void screen_event(struct face *f, json_t *ev)
{
	static const struct {
		const char *name;
		void (*take)(struct screen *s, json_t *ev);
	} kinds[] = {
		{ "message", on_message },   { "request", on_message },
		{ "sent", on_sent },	     { "presence", on_person },
		{ "peer", on_person },	     { "away_read", on_person },
		{ "notice", on_notice },     { "result", on_result },
		{ "packet", on_packet },     { "state", on_state },
		{ "transfer", on_transfer }, { "chat", screen_chat_event },
		{ "contact", on_contact },
	};
	struct screen *s = (struct screen *)f;
	const char *name = member_text(ev, "ev");

	s->dirty = true;
	phrase_heard(&s->speaker, ev);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			kinds[i].take(s, ev);
			return;
		}
	}
	on_any(s, ev);
}

/* ---- commands -------------------------------------------------------------------------- */

/* The message as the history will have it. */
static json_t *row_of(json_t *command)
{
	json_t *row = json_copy(command);

	json_object_set(row, "uin", json_object_get(command, "to"));
	json_object_set_new(row, "dir", json_string("out"));
	json_object_set_new(row, "time", json_integer((json_int_t)time(NULL) * 1000));
	if (!json_object_get(row, "type"))
		json_object_set_new(row, "type", json_string("text"));
	return row;
}

static void run(struct screen *s, struct window *w, json_t *command, const char *name)
{
	json_t *id = json_pack("{s:s,s:I}", "name", name, "window", (json_int_t)w->id);

	if (json_object_get(command, "to"))
		json_object_set_new(id, "row", row_of(command));
	if (json_is_integer(json_object_get(command, "to")))
		screen_switch_to(s, member_uin(command, "to"));
	json_object_set_new(command, "id", id);
	app_command(s->app, command);
}

static void help_with(struct screen *s, struct window *w, const char *word)
{
	char error[PHRASE_ERROR_MAX];
	const struct phrase *phrase = phrase_find(word, strlen(word), error);
	char *page = phrase ? phrase_page(phrase) : NULL;

	if (!phrase)
		screen_complain(s, w, error);
	else if (page)
		screen_say(s, w, page);
	free(page);
}

static void close_window(struct screen *s, struct window *w)
{
	json_t *command = w->kind && w->kind->closing ? w->kind->closing(w) : NULL;

	if (command)
		run(s, s->windows[0], command, "close");
	json_decref(command);
	if (w == s->windows[0])
		screen_complain(s, w, "close: this window stays");
	else
		screen_close_window(s, w);
}

/* What concerns the screen alone. */
static void serve(struct screen *s, struct window *w, const char *name, const json_t *command)
{
	const char *word = json_string_value(json_object_get(command, "word"));

	if (strcmp(name, "clear") == 0)
		window_clear(w);
	else if (strcmp(name, "close") == 0)
		close_window(s, w);
	else if (strcmp(name, "window") == 0)
		screen_go(s, w, member_uin(command, "uin"));
	else if (strcmp(name, "bind") == 0)
		screen_bind(s, w, json_string_value(json_object_get(command, "key")),
			    json_string_value(json_object_get(command, "action")));
	else if (word)
		help_with(s, w, word);
	else
		screen_show_help(s);
}

void screen_speak(struct screen *s, struct window *w, const char *line)
{
	char error[PHRASE_ERROR_MAX];
	const struct phrase *phrase;
	json_t *command = phrase_parse(&s->speaker, line, &phrase, error);

	if (!command)
		screen_complain(s, w, error);
	else if (phrase_is_of_face(phrase))
		serve(s, w, phrase_name(phrase), command);
	else
		run(s, w, command, phrase_name(phrase));
	json_decref(command);
}

static json_t *words_for(struct screen *s, const struct window *w, const char *line)
{
	if (!w->uin)
		return w->kind->command(w, line);
	s->speaker.last_to = w->uin;
	return json_pack("{s:s,s:I,s:s}", "cmd", "send", "to", (json_int_t)w->uin, "text", line);
}

/* What no outbox holds is shown at once. */
static void say_own(struct screen *s, struct window *w, const char *line)
{
	json_t *row = json_pack("{s:s,s:s,s:s,s:I}", "dir", "out", "type", "text", "text", line,
				"time", (json_int_t)time(NULL) * 1000);
	char *text = render_row(app_client(s->app), row);

	screen_chat_said(w);
	if (text)
		screen_say(s, w, text);
	free(text);
	json_decref(row);
}

void screen_take_line(struct screen *s, const char *line)
{
	struct window *w = s->windows[s->current];
	json_t *command;

	if (!window_takes_words(w) || (line[0] == '/' && line[1] != '/')) {
		screen_speak(s, w, line);
		return;
	}
	line += *line == '/'; /* two of them are one that is meant */
	command = words_for(s, w, line);
	if (command)
		run(s, w, command, json_string_value(json_object_get(command, "cmd")));
	else
		screen_complain(s, w, "nobody is here any more; /close closes this window");
	if (command && w->kind)
		say_own(s, w, line);
	json_decref(command);
}

static void load_outbox(struct screen *s)
{
	json_t *command = json_pack("{s:s,s:{s:b}}", "cmd", "outbox", "id", "outbox", true);

	s->wants_outbox = false;
	s->asked_outbox = true;
	app_command(s->app, command);
	json_decref(command);
}

void screen_load_history(struct screen *s)
{
	if (s->wants_outbox)
		load_outbox(s);
	for (size_t i = 1; i < s->count; i++) {
		struct window *w = s->windows[i];
		json_t *command;

		if (!w->wants_history || w->complete)
			continue;
		w->wants_history = false;
		command = json_pack("{s:s,s:I,s:i,s:{s:I}}", "cmd", "history", "uin",
				    (json_int_t)w->uin, "limit", SCREEN_HISTORY_ROWS, "id",
				    "history", (json_int_t)w->uin);
		if (w->reread && *w->charset)
			json_object_set_new(command, "charset", json_string(w->charset));
		if (w->oldest)
			json_object_set_new(command, "before", json_integer((json_int_t)w->oldest));
		app_command(s->app, command);
		json_decref(command);
	}
}
