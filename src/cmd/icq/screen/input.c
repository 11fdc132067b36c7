/* SPDX-License-Identifier: MIT */
#include "cmd/icq/screen/input.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen/cells.h"

void input_free(struct input *in)
{
	for (size_t i = 0; i < in->recall_count; i++)
		free(in->recall[i]);
	free(in->unsent);
	free(in->cut);
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

char *input_text_between(const struct input *in, size_t from, size_t to)
{
	char *out = malloc(CELL_BYTES_MAX * (to - from) + 1), *at = out;

	for (size_t i = from; out && i < to; i++)
		at += cell_put(at, in->text[i]);
	if (out)
		*at = 0;
	return out;
}

static void keep_cut(struct input *in, size_t from, size_t to)
{
	free(in->cut);
	in->cut = input_text_between(in, from, to);
}

void input_delete(struct input *in, enum input_move move)
{
	size_t to = target(in, move), from = in->at;

	if (to < from) {
		size_t swap = to;

		to = from;
		from = swap;
	}
	if (move != INPUT_LEFT && move != INPUT_RIGHT && to > from)
		keep_cut(in, from, to);
	wmemmove(in->text + from, in->text + to, in->n - to + 1);
	in->n -= to - from;
	in->at = from;
}

void input_put_back(struct input *in)
{
	if (in->cut)
		input_insert_text(in, in->cut);
}

/* ---- the lines before ------------------------------------------------------------------ */

static void set_text(struct input *in, const char *utf8)
{
	in->n = in->at = 0;
	in->text[0] = 0;
	if (utf8)
		input_insert_text(in, utf8);
}

static void show_recalled(struct input *in)
{
	set_text(in, in->recall_at < in->recall_count ? in->recall[in->recall_at] : in->unsent);
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

/* ---- search ---------------------------------------------------------------------------- */

static bool is_wanted(struct input *in, size_t i)
{
	char wanted[CELL_BYTES_MAX * INPUT_WANTED_MAX + 1];
	size_t n = 0;

	for (size_t w = 0; w < in->wanted_n; w++)
		n += cell_put(wanted + n, in->wanted[w]);
	wanted[n] = 0;
	return strstr(in->recall[i], wanted);
}

/* The newest that is wanted, from before `from` on. When there is none the line stays. */
static void search_from(struct input *in, size_t from)
{
	in->found = in->wanted_n == 0;
	for (size_t i = from; i > 0 && !in->found; i--) {
		if (!is_wanted(in, i - 1))
			continue;
		in->recall_at = i - 1;
		in->found = true;
		show_recalled(in);
	}
}

void input_search(struct input *in)
{
	keep_unsent(in);
	in->searching = in->found = true;
	in->wanted_n = 0;
}

void input_search_more(struct input *in, wchar_t c)
{
	if (in->wanted_n == INPUT_WANTED_MAX || is_refused(c))
		return;
	in->wanted[in->wanted_n++] = c;
	search_from(in, in->recall_at < in->recall_count ? in->recall_at + 1 : in->recall_count);
}

void input_search_less(struct input *in)
{
	if (in->wanted_n == 0)
		return;
	in->wanted_n--;
	in->recall_at = in->recall_count;
	show_recalled(in);
	search_from(in, in->recall_count);
}

void input_search_older(struct input *in)
{
	if (in->wanted_n > 0)
		search_from(in, in->recall_at);
}

void input_search_end(struct input *in, bool take)
{
	in->searching = false;
	if (take)
		return;
	in->recall_at = in->recall_count;
	show_recalled(in);
}

/* ---- the whole line -------------------------------------------------------------------- */

char *input_text(const struct input *in)
{
	return input_text_between(in, 0, in->n);
}

void input_set(struct input *in, const char *utf8)
{
	in->recall_at = in->recall_count;
	set_text(in, utf8);
}

bool input_is_recalled(const struct input *in)
{
	return in->searching || in->recall_at < in->recall_count;
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
	input_set(in, NULL);
}
