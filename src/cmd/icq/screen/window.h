/* SPDX-License-Identifier: MIT */
/* A window of the screen: its paragraphs, and the rows they take. Knows no terminal. */
#ifndef ICQ_SCREEN_WINDOW_H
#define ICQ_SCREEN_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "store/history.h"

enum { WINDOW_LINES_MAX = 512, WINDOW_BYTES_MAX = 256 * 1024, WINDOW_NAME_MAX = 32 };

struct window;

/* What is special about windows that are no conversation, in a static table of their owner. */
struct window_kind {
	/* A line typed there, without a slash, as a new command; NULL: every line is a phrase. */
	json_t *(*command)(const struct window *w, const char *line);
	/* The command given when the user closes it; NULL: none. */
	json_t *(*closing)(const struct window *w);
};

/* What a paragraph tells of, so that it can be told anew in the same place. */
enum window_topic { WINDOW_MESSAGE = 1, WINDOW_TRANSFER, WINDOW_NEW };

/* n: the number of the message, transfer or request. */
static inline uint64_t window_tag(enum window_topic topic, uint64_t n)
{
	return (uint64_t)topic << 56 | n;
}

/* A web address in a paragraph; all zeros: none. */
struct window_url {
	int64_t line;	  /* number of the paragraph, which stays when others come or go */
	size_t from, len; /* bytes */
};

struct window_line {
	char *text;   /* owned */
	uint64_t tag; /* window_tag; 0: none */
};

/* Owned by the list of windows; all zeros is an empty one. */
struct window {
	unsigned id;			/* never given twice; 0: the status window */
	uint32_t uin;			/* of the other side of a conversation; else 0 */
	char name[WINDOW_NAME_MAX];	/* of one that is no conversation */
	const struct window_kind *kind; /* likewise; NULL: a conversation, or the status window */
	uint64_t session;		/* the kind's own: which chat it is */
	struct window_line lines[WINDOW_LINES_MAX]; /* a ring */
	size_t first, count, bytes;
	int64_t base;			   /* number of the oldest paragraph */
	struct window_url url;		   /* that was chosen */
	size_t scroll;			   /* rows below the last one shown */
	int width;			   /* as it was shown last */
	bool top;			   /* its beginning was shown */
	unsigned unread;		   /* messages to be read */
	uint64_t oldest;		   /* the oldest message that is here; 0: none */
	bool wants_history;		   /* what was before that is to be asked for */
	bool complete;			   /* nothing was */
	char charset[HISTORY_CHARSET_MAX]; /* that he is listed with; "": none */
	bool reread;	     /* old messages are read in that one, whatever they came in */
	char *draft;	     /* the line that was not sent; owned */
	char *typed;	     /* what others have seen of it; owned; NULL: nothing */
	struct window *live; /* what is not said yet, shown below; owned; NULL: nothing */
};

/* One row: our own indent, then n bytes of text. */
struct window_row {
	const char *indent, *text;
	size_t n;
	/* By window_rows: */
	const char *paragraph; /* the whole one */
	size_t offset;	       /* where in it the text begins */
	int64_t line;	       /* its number */
};

/* Is a line typed there meant for others, unless a slash makes it a command? */
bool window_takes_words(const struct window *w);
void window_free(struct window *w);
/* A paragraph at the end, which may have line feeds; the oldest make room. */
void window_add(struct window *w, const char *text);
/* The same under a tag: takes the place of the paragraph that has it already. */
void window_put(struct window *w, uint64_t tag, const char *text);
/* Takes away the paragraph with this tag, if there is one. */
void window_drop(struct window *w, uint64_t tag);
/* At the beginning, if there is room: what happened before. */
void window_put_before(struct window *w, uint64_t tag, const char *text);
void window_clear(struct window *w);
/* Chooses the newest web address, and then the one before that; behind the oldest: none. */
void window_choose_url(struct window *w);
/* The chosen one, of w->url.len bytes; NULL: none. Borrowed until something is added. */
const char *window_url(const struct window *w);
/* Moves what is shown by rows: up is positive. Stops at the end now, at the beginning when shown.
 */
void window_scroll(struct window *w, int rows);

/* Whether rows end between words where they can, as text.word-wrap has it. */
void window_wrap_words(bool on);
/* The rows that a window of this size shows, at most `height`; returns how many. */
int window_rows(struct window *w, int width, int height, struct window_row *out);

#endif
