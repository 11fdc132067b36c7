/* SPDX-License-Identifier: MIT */
/* Web addresses on the screen: one is chosen with a key and opened with another, never else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen/screen.h"

void screen_choose_url(struct screen *s)
{
	struct window *w = screen_shown(s);

	window_choose_url(w);
	if (!w->url.len)
		screen_complain(s, w, "no more web addresses here");
}

/* The children outlive the program; NULL: there are too many at once. */
static uv_process_t *free_process(struct screen *s)
{
	for (size_t i = 0; i < SCREEN_BROWSERS_MAX; i++) {
		uv_process_t *process = &s->browsers[i];

		if (!process->data) {
			process->data = s;
			return process;
		}
	}
	return NULL;
}

static void on_closed(uv_handle_t *process)
{
	process->data = NULL;
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
	struct screen *s = process->data;
	char why[64];

	snprintf(why, sizeof(why), "the browser ended with %d", (int)status);
	if (status != 0 && !signal)
		screen_complain(s, s->windows[s->current], why);
	uv_close((uv_handle_t *)process, on_closed);
	uv_async_send(&s->app->later); /* to be shown */
}

/* Without a shell: the address is one argument, and begins with http. */
static int start(struct screen *s, uv_process_t *process, char *url)
{
	char *words[] = { s->app->settings->browser, url, NULL };
	uv_process_options_t options = {
		.file = words[0], .args = words, .flags = UV_PROCESS_DETACHED, .exit_cb = on_exit_of
	};
	int err = uv_spawn(s->app->loop, process, &options);

	if (err < 0)
		uv_close((uv_handle_t *)process, on_closed);
	else
		uv_unref((uv_handle_t *)process);
	return err;
}

static void open_url(struct screen *s, struct window *w, char *url)
{
	uv_process_t *process = free_process(s);
	char line[SETTINGS_TEXT_MAX + 64];
	int err = process ? start(s, process, url) : UV_EAGAIN;

	if (err < 0) {
		snprintf(line, sizeof(line), "%s: %s", s->app->settings->browser, uv_strerror(err));
		screen_complain(s, w, line);
	} else {
		snprintf(line, sizeof(line), "* opened with %s", s->app->settings->browser);
		screen_say(s, w, line);
	}
}

bool screen_open_url(struct screen *s)
{
	struct window *w = screen_shown(s);
	const char *at = window_url(w);
	char *url = at ? strndup(at, w->url.len) : NULL;

	if (!at)
		return false;
	w->url.len = 0;
	if (url)
		open_url(s, w, url);
	free(url);
	return true;
}
