/* SPDX-License-Identifier: MIT */
#include "cmd/icq/screen/screen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/account.h"
#include "cmd/icq/screen/terminal.h"

/* The password is asked for below the picture, as if there were none. */
static const char *get_password(void *ctx, json_t *command, const char *field,
				enum phrase_password wish)
{
	struct screen *s = ctx;
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	const char *why;

	if (!s->open)
		return account_password(s->app, command, field, wish);
	terminal_pause();
	sigaction(SIGINT, &ignore, &before); /* Ctrl+C leaves the question, not icq */
	why = account_password(s->app, command, field, wish);
	sigaction(SIGINT, &before, NULL);
	terminal_resume();
	return why;
}

/* ---- the loop -------------------------------------------------------------------------- */

static void apply_settings(struct screen *s)
{
	const struct settings *settings = s->app->settings;

	if (s->mouse != (strcmp(settings->mouse, "on") == 0))
		terminal_mouse_on(s->mouse = !s->mouse);
	window_wrap_words(strcmp(settings->word_wrap, "yes") == 0);
	if (s->colours != (strcmp(settings->colours, "on") == 0))
		terminal_colours_on(s->colours = !s->colours);
}

static void show_changes(struct screen *s)
{
	if (!s->open || s->app->leaving)
		return;
	screen_load_history(s);
	apply_settings(s);
	if (s->dirty)
		screen_draw(s);
}

static void on_quiet(struct face *f)
{
	show_changes((struct screen *)f);
}

static void on_log(struct face *f, const char *line)
{
	struct screen *s = (struct screen *)f;

	screen_say(s, screen_packets(s), line);
}

static void on_keys(uv_poll_t *poll, int status, int events)
{
	struct screen *s = poll->data;
	uint32_t key;

	if (status < 0 || events & UV_DISCONNECT) {
		app_leave(s->app, "eof", EXIT_OK);
		return;
	}
	while (!s->app->leaving && terminal_key(&key))
		screen_press(s, key);
	if (!s->app->leaving)
		screen_chat_typing(s);
	attend_key(s->app);
	show_changes(s);
}

static void on_resized(uv_signal_t *signal, int number)
{
	struct screen *s = signal->data;

	(void)number;
	terminal_resized();
	s->dirty = true;
	show_changes(s);
}

/* ---- life ------------------------------------------------------------------------------ */

struct screen *screen_new(struct app *a)
{
	struct screen *s = calloc(1, sizeof(*s));
	struct window *first = calloc(1, sizeof(*first));

	if (!s || !first) {
		free(s);
		free(first);
		return NULL;
	}
	s->face = (struct face){
		.event = screen_event, .quiet = on_quiet, .log = on_log, .watches = true
	};
	s->app = a;
	s->speaker = (struct speaker){ .client = app_client(a),
				       .password = get_password,
				       .ctx = s };
	s->windows[s->count++] = first;
	s->panel_shown = true;
	return s;
}

int screen_start(struct screen *s)
{
	uv_loop_t *loop = s->app->loop;

	s->keys.data = s->resized.data = s;
	screen_speak(s, s->windows[0], "login");
	if (uv_poll_init(loop, &s->keys, STDIN_FILENO) < 0 || terminal_open() < 0) {
		fputs("icq: the terminal cannot be used; try --plain\n", stderr);
		return EXIT_FAILED;
	}
	s->open = s->app->notifier.terminal = true;
	screen_greet(s);
	uv_signal_init(loop, &s->resized);
	uv_signal_start(&s->resized, on_resized, SIGWINCH);
	uv_poll_start(&s->keys, UV_READABLE | UV_DISCONNECT, on_keys);
	show_changes(s);
	return EXIT_OK;
}

void screen_close(struct screen *s)
{
	if (!s->open)
		return;
	s->open = false;
	terminal_close();
	uv_close((uv_handle_t *)&s->keys, NULL);
	uv_close((uv_handle_t *)&s->resized, NULL);
}

void screen_free(struct screen **at)
{
	struct screen *s = *at;

	*at = NULL;
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++) {
		window_free(s->windows[i]);
		free(s->windows[i]);
	}
	window_free(&s->help);
	json_decref(s->outbox);
	input_free(&s->input);
	free(s);
}
