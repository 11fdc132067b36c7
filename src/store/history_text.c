/* SPDX-License-Identifier: MIT */
#include "store/history_text.h"

#include <string.h>

#include "base/codepage.h"

enum { SEPARATOR = 0xFE }; /* between the parts of a compound text */

/* The byte as it is read: nothing that would end a text, or glue its parts together. */
static uint8_t readable(const struct history_row *row, uint8_t byte)
{
	if (byte == SEPARATOR && (row->type & ~HISTORY_TYPE_MANY) != HISTORY_TYPE_TEXT)
		return '\n';
	return byte ? byte : ' ';
}

size_t history_text_utf8(const struct history_row *row, const uint8_t *text, size_t n,
			 char out[HISTORY_UTF8_MAX])
{
	const struct codepage *page = codepage_find(row->charset);
	uint8_t bytes[HISTORY_TEXT_MAX];

	if (!page)
		page = codepage_find("cp1252");
	for (size_t i = 0; i < n; i++)
		bytes[i] = readable(row, text[i]);
	return codepage_to_utf8(page, bytes, n, out, HISTORY_UTF8_MAX);
}

size_t history_text_fold(const char *utf8, size_t n, char out[HISTORY_UTF8_MAX])
{
	return codepage_fold_utf8(utf8, n, out, HISTORY_UTF8_MAX);
}

size_t history_text_words(const char *find, char out[HISTORY_WORDS_MAX])
{
	size_t n = codepage_fold_utf8(find, strlen(find), out, HISTORY_WORDS_MAX - 1);

	out[n] = 0;
	return n;
}

const char *history_text_word(const char **words_inout, size_t *n_out)
{
	const char *word = *words_inout + strspn(*words_inout, " ");

	*n_out = strcspn(word, " ");
	*words_inout = word + *n_out;
	return *n_out ? word : NULL;
}

static bool holds_word(const char *text, size_t n, const char *word, size_t len)
{
	const char *end = text + n, *p = text;

	while ((size_t)(end - p) >= len && (p = memchr(p, *word, (size_t)(end - p) - len + 1))) {
		if (memcmp(p, word, len) == 0)
			return true;
		p++;
	}
	return false;
}

bool history_text_holds(const char *folded, size_t n, const char *words)
{
	const char *word;
	size_t len;

	while ((word = history_text_word(&words, &len)))
		if (!holds_word(folded, n, word, len))
			return false;
	return true;
}
