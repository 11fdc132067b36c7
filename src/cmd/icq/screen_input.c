/* SPDX-License-Identifier: MIT */
#include "cmd/icq/screen_input.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen_cells.h"

void input_free(struct input *in)
{
	for (size_t i = 0; i < in->recall_count; i++)
		free(in->recall[i]);
	free(in->unsent);
	memset(in, 0, sizeof(*in));
}

/* ---- editing --------------------------------------------------------------------------- */

/* Control characters, and what is no character. */
static bool is_refused(wchar_t c)
{
	return (c < ' ' && c != '\n') || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) ||
	       c > 0x10ffff;
}

void input_insert(struct input *in, wchar_t c)
{
	if (in->n == INPUT_MAX || is_refused(c))
		return;
	wmemmove(in->text + in->at + 1, in->text + in->at, in->n - in->at + 1);
	in->text[in->at++] = c;
	in->n++;
}

void input_insert_text(struct input *in, const char *utf8)
{
	wchar_t c;

	while ((c = cell_next(&utf8)))
		input_insert(in, c);
}

static size_t word_left(const struct input *in)
{
	size_t at = in->at;

	while (at > 0 && in->text[at - 1] == ' ')
		at--;
	while (at > 0 && in->text[at - 1] != ' ')
		at--;
	return at;
}

static size_t word_right(const struct input *in)
{
	size_t at = in->at;

	while (at < in->n && in->text[at] == ' ')
		at++;
	while (at < in->n && in->text[at] != ' ')
		at++;
	return at;
}

/* One character with the marks above and below it. */
static size_t left(const struct input *in)
{
	size_t at = in->at;

	while (at > 0 && cell_width(in->text[--at]) == 0)
		;
	return at;
}

static size_t right(const struct input *in)
{
	size_t at = in->at;

	if (at < in->n)
		at++;
	while (at < in->n && cell_width(in->text[at]) == 0)
		at++;
	return at;
}

static size_t target(const struct input *in, enum input_move move)
{
	switch (move) {
	case INPUT_LEFT:
		return left(in);
	case INPUT_RIGHT:
		return right(in);
	case INPUT_HOME:
		return 0;
	case INPUT_WORD_LEFT:
		return word_left(in);
	case INPUT_WORD_RIGHT:
		return word_right(in);
	default:
		return in->n;
	}
}

void input_move(struct input *in, enum input_move move)
{
	in->at = target(in, move);
}

void input_delete(struct input *in, enum input_move move)
{
	size_t to = target(in, move), from = in->at;

	if (to < from) {
		size_t swap = to;

		to = from;
		from = swap;
	}
	wmemmove(in->text + from, in->text + to, in->n - to + 1);
	in->n -= to - from;
	in->at = from;
}

/* ---- the lines before ------------------------------------------------------------------ */

static void show_recalled(struct input *in)
{
	if (in->recall_at < in->recall_count)
		input_set(in, in->recall[in->recall_at]);
	else
		input_set(in, in->unsent);
}

static void keep_unsent(struct input *in)
{
	if (in->recall_at != in->recall_count)
		return;
	free(in->unsent);
	in->unsent = input_text(in);
}

void input_older(struct input *in)
{
	if (in->recall_at == 0)
		return;
	keep_unsent(in);
	in->recall_at--;
	show_recalled(in);
}

void input_newer(struct input *in)
{
	if (in->recall_at == in->recall_count)
		return;
	in->recall_at++;
	show_recalled(in);
}

void input_search(struct input *in)
{
	keep_unsent(in);
	for (size_t i = in->recall_at; i > 0; i--) {
		if (!in->unsent || !strstr(in->recall[i - 1], in->unsent))
			continue;
		in->recall_at = i - 1;
		show_recalled(in);
		return;
	}
}

/* ---- the whole line -------------------------------------------------------------------- */

char *input_text(const struct input *in)
{
	char *out = malloc(CELL_BYTES_MAX * in->n + 1), *to = out;

	for (size_t i = 0; out && i < in->n; i++)
		to += cell_put(to, in->text[i]);
	if (out)
		*to = 0;
	return out;
}

void input_set(struct input *in, const char *utf8)
{
	in->n = in->at = 0;
	in->text[0] = 0;
	if (utf8)
		input_insert_text(in, utf8);
}

static void remember(struct input *in, char *line)
{
	if (in->recall_count == INPUT_RECALL_MAX) {
		free(in->recall[0]);
		memmove(in->recall, in->recall + 1, sizeof(in->recall) - sizeof(*in->recall));
		in->recall_count--;
	}
	in->recall[in->recall_count++] = line;
}

void input_commit(struct input *in)
{
	char *line = in->n ? input_text(in) : NULL;

	if (line && (!in->recall_count || strcmp(in->recall[in->recall_count - 1], line) != 0))
		remember(in, line);
	else
		free(line);
	in->recall_at = in->recall_count;
	input_set(in, NULL);
}
