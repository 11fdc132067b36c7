/* SPDX-License-Identifier: MIT */
/*
 * The texts of a history as people read and search them. Both histories use this, so that they
 * find the same: a word is found wherever its letters stand in a row, in whatever case.
 */
#ifndef HISTORY_TEXT_H
#define HISTORY_TEXT_H

#include "store/history.h"

enum {
	HISTORY_UTF8_MAX = 3 * HISTORY_TEXT_MAX,
	HISTORY_WORDS_MAX = 3 * HISTORY_FIND_MAX, /* with NUL */
};

/* The text in UTF-8; its parts, where a type has them, on lines of their own. */
size_t history_text_utf8(const struct history_row *row, const uint8_t *text, size_t n,
			 char out[HISTORY_UTF8_MAX]);
/* That in lower case. */
size_t history_text_fold(const char *utf8, size_t n, char out[HISTORY_UTF8_MAX]);
/* The words of history_next.find in lower case; returns their length. */
size_t history_text_words(const char *find, char out[HISTORY_WORDS_MAX]);
/* The first of these words, and *words_inout behind it; NULL when none is left. */
const char *history_text_word(const char **words_inout, size_t *n_out);
/* Does the text in lower case hold all of these words? */
bool history_text_holds(const char *folded, size_t n, const char *words);

#endif
