/* SPDX-License-Identifier: MIT */
/*
 * The face towards people on a whole screen: contacts at the left, one window for each
 * conversation, a status line and the line being typed. Like plain it turns phrases into commands
 * and events into lines (render); every text passes texts_shown on its way into a window.
 */
#ifndef ICQ_SCREEN_H
#define ICQ_SCREEN_H

#include "cmd/icq/app.h"
#include "cmd/icq/phrase.h"
#include "cmd/icq/screen_input.h"
#include "cmd/icq/screen_panel.h"
#include "cmd/icq/screen_window.h"

enum { SCREEN_WINDOWS_MAX = 64, SCREEN_HISTORY_ROWS = 50 };

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
	struct window help;
	bool helping; /* the help is shown instead of a window */
	struct panel panel;
	bool panel_shown, panel_focus;
	struct input input;
};

/* NULL: out of memory. */
struct screen *screen_new(struct app *a);
/* Logs in when it is known as whom, and takes the terminal. 0 or an exit code. */
int screen_start(struct screen *s);
/* The loop must still run once. */
void screen_close(struct screen *s);
void screen_free(struct screen **at);

/* ---- windows (screen_windows.c) -------------------------------------------------------- */

/* The window that is shown. */
struct window *screen_shown(struct screen *s);
/* Of a conversation; NULL: there is none. */
struct window *screen_find(struct screen *s, uint32_t uin);
/* The same, opened if need be; the status window when there are too many. */
struct window *screen_window(struct screen *s, uint32_t uin);
/* Shows window number i, with the line that was begun there. Nothing happens beyond the last. */
void screen_switch(struct screen *s, size_t i);
void screen_switch_to(struct screen *s, uint32_t uin);
void screen_next_unread(struct screen *s);
/* Text of anybody as a paragraph. "" is none. */
void screen_say(struct screen *s, struct window *w, const char *text);
/* "! why" */
void screen_complain(struct screen *s, struct window *w, const char *why);
void screen_show_help(struct screen *s);

/* ---- talk (screen_talk.c) -------------------------------------------------------------- */

void screen_event(struct face *f, json_t *ev);
/* A line from the keyboard: a phrase, or words for the other side of the window. */
void screen_take_line(struct screen *s, const char *line);
/* Runs a phrase in the name of a window. */
void screen_speak(struct screen *s, struct window *w, const char *line);
/* Asks for what was said before, in windows that are new. */
void screen_load_history(struct screen *s);

/* ---- keys and picture (screen_keys.c, screen_view.c) ----------------------------------- */

void screen_press(struct screen *s, uint32_t key);
void screen_draw(struct screen *s);
/* Puts all contacts, and strangers with a window, into the panel. */
void screen_fill_panel(struct screen *s);

#endif
