/* SPDX-License-Identifier: MIT */
/* The line being typed: editing, and the lines typed before. Knows no terminal. */
#ifndef ICQ_SCREEN_INPUT_H
#define ICQ_SCREEN_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

enum { INPUT_MAX = 4000, INPUT_RECALL_MAX = 200, INPUT_WANTED_MAX = 100 };

/* Owned by its holder; all zeros is an empty one. */
struct input {
	wchar_t text[INPUT_MAX + 1]; /* always ends with 0 */
	size_t n, at;		     /* its length, and where the cursor is */
	char *recall[INPUT_RECALL_MAX];
	size_t recall_count, recall_at; /* recall_at == recall_count: the line being typed */
	char *unsent;			/* what was typed before going back; owned */
	char *cut;			/* what was deleted last, more than a character; owned */
	bool searching, found;
	wchar_t wanted[INPUT_WANTED_MAX + 1]; /* what is searched for */
	size_t wanted_n;
};

enum input_move {
	INPUT_LEFT,
	INPUT_RIGHT,
	INPUT_HOME,
	INPUT_END,
	INPUT_WORD_LEFT,
	INPUT_WORD_RIGHT,
};

void input_free(struct input *in);

/* Before the cursor. What does not fit, and control characters but the line feed, are left out. */
void input_insert(struct input *in, wchar_t c);
void input_insert_text(struct input *in, const char *utf8);
void input_move(struct input *in, enum input_move move);
/* Deletes what lies between the cursor and where it would go. */
void input_delete(struct input *in, enum input_move move);
/* Inserts what was deleted last, if it was more than a character. */
void input_put_back(struct input *in);

/* The lines before, and back again. */
void input_older(struct input *in);
void input_newer(struct input *in);

/* A search in the lines before, letter by letter. While it goes on (in->searching), the line is
 * the newest that holds what is wanted; in->found tells whether there is one. */
void input_search(struct input *in);
void input_search_more(struct input *in, wchar_t c);
void input_search_less(struct input *in);
/* The next older one. */
void input_search_older(struct input *in);
/* It is over; without `take` the line is again what it was before. */
void input_search_end(struct input *in, bool take);

/* The text in UTF-8, to be freed; NULL: out of memory. */
char *input_text(const struct input *in);
/* From one character up to another, likewise. */
char *input_text_between(const struct input *in, size_t from, size_t to);
/* Is it a line from before, or made of one? */
bool input_is_recalled(const struct input *in);
/* Another line is being typed. NULL: an empty one. */
void input_set(struct input *in, const char *utf8);
/* The line is done: remembers it unless it is empty or the same as the last, and empties it. */
void input_commit(struct input *in);

#endif
