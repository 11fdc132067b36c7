/* SPDX-License-Identifier: MIT */
#include "cmd/icq/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lines {
	struct lines_calls calls;
	uv_poll_t poll;
	uv_idle_t idle; /* instead of poll where the kernel cannot wait: files */
	bool is_file, skipping;
	size_t n;
	char line[LINE_MAX_BYTES + 1];
};

static void give_line(struct lines *l)
{
	bool too_long = l->skipping;

	l->skipping = false;
	if (l->n && l->line[l->n - 1] == '\r')
		l->n--;
	l->line[l->n] = 0;

	size_t n = l->n;

	l->n = 0;
	l->calls.line(l->calls.ctx, l->line, n, too_long);
	explicit_bzero(l->line, n); /* there may have been a password in it */
}

static void stop(struct lines *l)
{
	if (l->is_file)
		uv_idle_stop(&l->idle);
	else
		uv_poll_stop(&l->poll);
}

static void take_bytes(struct lines *l, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			give_line(l);
		else if (l->n < LINE_MAX_BYTES)
			l->line[l->n++] = p[i];
		else
			l->skipping = true;
	}
}

static void read_some(struct lines *l)
{
	char bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n > 0) {
		take_bytes(l, bytes, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		stop(l);
		if (l->n)
			give_line(l);
		l->calls.end(l->calls.ctx);
	}
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	read_some(poll->data);
}

static void on_idle(uv_idle_t *idle)
{
	read_some(idle->data);
}

/* Also what std_streams_open has put there cannot be read. */
static bool can_read(void)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) != O_WRONLY;
}

struct lines *lines_open(uv_loop_t *loop, const struct lines_calls *calls)
{
	struct lines *l = calloc(1, sizeof(*l));
	uv_handle_type type = uv_guess_handle(STDIN_FILENO);

	if (!l)
		return NULL;
	l->calls = *calls;
	l->is_file = type == UV_FILE;
	l->poll.data = l->idle.data = l;
	if (type == UV_UNKNOWN_HANDLE || !can_read() ||
	    (l->is_file ? uv_idle_init(loop, &l->idle)
			: uv_poll_init(loop, &l->poll, STDIN_FILENO)) < 0) {
		free(l);
		return NULL;
	}
	if (l->is_file)
		uv_idle_start(&l->idle, on_idle);
	else
		uv_poll_start(&l->poll, UV_READABLE, on_readable);
	return l;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void lines_close(struct lines **at)
{
	struct lines *l = *at;

	*at = NULL;
	if (!l)
		return;
	stop(l);
	uv_close(l->is_file ? (uv_handle_t *)&l->idle : (uv_handle_t *)&l->poll, on_closed);
}
