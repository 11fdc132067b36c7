/* SPDX-License-Identifier: MIT */
/*
 * The face towards people on a whole screen: contacts at the left, one window for each
 * conversation, a status line and the line being typed. Like plain it turns phrases into commands
 * and events into lines (render); every text passes texts_shown on its way into a window.
 *
 * What is no conversation has a window of its own by screen_side: the packets, a chat. What
 * changes while it is shown, as the progress of a transfer, is said by screen_say_at under a tag;
 * said again, it changes in its place.
 */
#ifndef ICQ_SCREEN_H
#define ICQ_SCREEN_H

#include "cmd/icq/app.h"
#include "cmd/icq/keys.h"
#include "cmd/icq/screen/input.h"
#include "cmd/icq/screen/panel.h"
#include "cmd/icq/screen/window.h"
#include "cmd/icq/words/phrase.h"

enum { SCREEN_WINDOWS_MAX = 64, SCREEN_HISTORY_ROWS = 50, SCREEN_BROWSERS_MAX = 8 };

/* Owned by whoever called screen_new. */
struct screen {
	struct face face;
	struct app *app;
	struct speaker speaker;
	uv_poll_t keys;
	uv_signal_t resized;
	bool open;  /* has the terminal; before, lines also go to standard output */
	bool dirty; /* the picture is not what is there */
	struct window *windows[SCREEN_WINDOWS_MAX]; /* owned; the first is the status window */
	size_t count, current;
	unsigned last_id;		 /* of a window */
	json_t *outbox;			 /* see screen/outbox.c */
	bool wants_outbox, asked_outbox; /* it is to be asked for; the answer is due */
	struct window help;
	bool helping; /* the help is shown instead of a window */
	struct panel panel;
	bool panel_shown, panel_focus;
	size_t panel_top;	  /* its first row that is shown */
	int panel_columns, lines; /* of panel and window, in the picture that is shown */
	struct input input;
	bool mouse, colours;			    /* as the settings say */
	bool pasting;				    /* what comes was not typed */
	uv_process_t browsers[SCREEN_BROWSERS_MAX]; /* data: NULL when it is free */
};

/* NULL: out of memory. */
struct screen *screen_new(struct app *a);
/* Logs in when it is known as whom, and takes the terminal. 0 or an exit code. */
int screen_start(struct screen *s);
/* The loop must still run once. */
void screen_close(struct screen *s);
void screen_free(struct screen **at);

/* ---- windows (screen/windows.c) -------------------------------------------------------- */

/* The window that is shown. */
struct window *screen_shown(struct screen *s);
/* Of a conversation; NULL: there is none. */
struct window *screen_find(struct screen *s, uint32_t uin);
/* The same, opened if need be; the status window when there are too many. */
struct window *screen_window(struct screen *s, uint32_t uin);
/* One that is no conversation: that of this kind and session, opened under this name if need be;
 * the status window when there are too many. */
struct window *screen_side(struct screen *s, const struct window_kind *kind, uint64_t session,
			   const char *name);
/* The window of the packets, and of what the engine notes. */
struct window *screen_packets(struct screen *s);
/* By its id; NULL: it has been closed. */
struct window *screen_by_id(struct screen *s, unsigned id);
/* Forgets a window and what it shows; the status window stays. */
void screen_close_window(struct screen *s, struct window *w);
/* How a window is called: as the other side is here, or by its own name. number: room for it. */
const char *screen_name(const struct screen *s, const struct window *w, char number[16]);
/* Shows window number i, with the line that was begun there. Nothing happens beyond the last. */
void screen_switch(struct screen *s, size_t i);
void screen_switch_to(struct screen *s, uint32_t uin);
/* The command window: to the window of this number, or the conversation with this UIN, which is
 * never as small; 0: tells in `from` which windows there are. */
void screen_go(struct screen *s, struct window *from, uint32_t where);
void screen_next_unread(struct screen *s);
/* Text of anybody, a paragraph for each line of ours. "" is none. */
void screen_say(struct screen *s, struct window *w, const char *text);
/* One paragraph under a tag (window_tag): takes the place of what was said there under it. */
void screen_say_at(struct screen *s, struct window *w, uint64_t tag, const char *text);
/* "! why" */
void screen_complain(struct screen *s, struct window *w, const char *why);
void screen_show_help(struct screen *s);

/* ---- outbox (screen/outbox.c) ---------------------------------------------------------- */

/* Messages to somebody that no server has yet. */
size_t screen_outbox_count(const struct screen *s, uint32_t uin);
/* One more (messages[] in doc/json.md); or all there are. The rows are shared. */
void screen_outbox_add(struct screen *s, json_int_t msg, json_t *row);
void screen_outbox_take(struct screen *s, const json_t *messages);
/* It has left, with this state; its line tells. Nothing happens when it was not there. */
void screen_outbox_left(struct screen *s, json_int_t uin, json_int_t msg, const char *state);
/* A row of the history as a line under its tag. */
void screen_say_row(struct screen *s, struct window *w, json_int_t msg, const json_t *row);

/* ---- talk (screen/talk.c) -------------------------------------------------------------- */

void screen_event(struct face *f, json_t *ev);
/* A line from the keyboard: a phrase, or words for the other side of the window. */
void screen_take_line(struct screen *s, const char *line);
/* Runs a phrase in the name of a window. */
void screen_speak(struct screen *s, struct window *w, const char *line);
/* Asks for what windows want of the history, and for the outbox. */
void screen_load_history(struct screen *s);

/* ---- chats (screen/chat.c) ------------------------------------------------------------- */

void screen_chat_event(struct screen *s, json_t *ev);
/* Shows its window, opened if need be. */
void screen_chat_enter(struct screen *s, uint64_t session);
/* The line may be another: whoever may watch is told. */
void screen_chat_typing(struct screen *s);
/* The line has been sent. */
void screen_chat_said(struct window *w);

/* ---- web addresses (screen/url.c) ------------------------------------------------------ */

/* Chooses the newest in the window that is shown, then the one before. */
void screen_choose_url(struct screen *s);
/* Opens the chosen one in the browser. Returns whether there was one. */
bool screen_open_url(struct screen *s);

/* ---- what keys do (screen/bind.c) ------------------------------------------------------ */

/* ACTIONS: nothing. */
enum action screen_action(const struct screen *s, uint32_t key);
/* The command bind: of a key by its name or of all (NULL), tells or changes what it does; what:
 * the name of an action, "none", or NULL to be told. */
void screen_bind(struct screen *s, struct window *w, const char *name, const char *what);
/* The first thing to know, in the status window. */
void screen_greet(struct screen *s);
/* All keys and what they do. */
void screen_say_keys(struct screen *s, struct window *w);

/* ---- keys and picture (screen/actions.c, screen/view.c) ----------------------------------- */

void screen_press(struct screen *s, uint32_t key);
/* Moves what the window shows by rows, up is positive; at its beginning more of the history is
 * asked for. */
void screen_scroll(struct screen *s, int rows);
/* Completes the word before the cursor (screen/tab.c). */
void screen_complete(struct screen *s);
void screen_draw(struct screen *s);
/* Puts all contacts, and strangers with a window, into the panel. */
void screen_fill_panel(struct screen *s);

#endif
