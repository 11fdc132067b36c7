/* SPDX-License-Identifier: MIT */
/* A conversation on the screen: its paragraphs, and the rows they take. Knows no terminal. */
#ifndef ICQ_SCREEN_WINDOW_H
#define ICQ_SCREEN_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WINDOW_LINES_MAX = 512, WINDOW_BYTES_MAX = 256 * 1024 };

/* Owned by the list of windows; all zeros is an empty one. */
struct window {
	uint32_t uin;		       /* of the other side; 0: none, the status window */
	char *lines[WINDOW_LINES_MAX]; /* a ring; owned */
	size_t first, count, bytes;
	size_t scroll;		  /* rows below the last one shown */
	int width;		  /* as it was shown last */
	unsigned unread, waiting; /* messages: to be read; in the outbox */
	uint64_t oldest;	  /* the first message that came live; 0: none */
	bool wants_history;	  /* it has not been asked for */
	char *draft;		  /* the line that was not sent; owned */
};

/* One row: our own indent, then n bytes of text. */
struct window_row {
	const char *indent, *text;
	size_t n;
};

void window_free(struct window *w);
/* A paragraph at the end, which may have line feeds; the oldest make room. */
void window_add(struct window *w, const char *text);
/* At the beginning, if there is room: what happened before. */
void window_add_before(struct window *w, const char *text);
void window_clear(struct window *w);
/* Moves what is shown by rows: up is positive. Stops at the end now, at the beginning when shown.
 */
void window_scroll(struct window *w, int rows);

/* The next row of a paragraph of at most `width` columns; false beyond its last. *at begins as
 * the paragraph, start as true. */
bool window_row(const char **at, bool *start, int width, struct window_row *out);
/* The rows that a window of this size shows, at most `height`; returns how many. */
int window_rows(struct window *w, int width, int height, struct window_row *out);

#endif
