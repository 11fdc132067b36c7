/* SPDX-License-Identifier: MIT */
/* What Tab does on the screen. */
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/screen/screen.h"
#include "cmd/icq/words/choices.h"

/* There are several: tells which. */
static void tell_choice(struct screen *s, const struct choice *choice, const char *begun)
{
	char line[512];

	choice_list(choice, begun, line, sizeof(line));
	screen_say(s, screen_shown(s), line);
}

/* Instead of what was begun at `start`. A word is whole when nothing goes on from it. */
static void put_word(struct input *in, size_t start, const char *word, bool whole)
{
	bool quoted = strchr(word, ' ');

	while (in->at > start)
		input_delete(in, INPUT_LEFT);
	if (quoted)
		input_insert(in, '"');
	input_insert_text(in, word);
	if (quoted && whole)
		input_insert(in, '"');
	if (whole)
		input_insert(in, ' ');
}

/* Where the word begins that ends at the cursor; a quote there is part of it. */
static size_t word_start(const struct input *in)
{
	bool quoted = false;
	size_t start = 0;

	for (size_t i = 0; i < in->at; i++) {
		wchar_t c = in->text[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == ' ' || c == '\n'))
			start = i + 1;
	}
	if (start == 0 && in->at > 0 && in->text[0] == '/')
		start = 1;
	return start;
}

static void complete_with(struct screen *s, const struct choice *choice, size_t start,
			  const char *begun)
{
	char common[COMPLETE_MAX];
	size_t n = strlen(begun);
	size_t count = complete(choice->word, choice->ctx, begun, n, common);
	bool folder = count == 1 && common[strlen(common) - 1] == '/';

	if (count > 1 && strlen(common) == n)
		tell_choice(s, choice, begun);
	else if (count > 0)
		put_word(&s->input, start, common, count == 1 && !folder);
}

void screen_complete(struct screen *s)
{
	struct input *in = &s->input;
	size_t start = word_start(in);
	char *line = input_text_between(in, 0, start),
	     *begun = input_text_between(in, start, in->at);
	bool slash = window_takes_words(s->windows[s->current]);
	struct choices paths = { 0 };

	if (line && begun && (*begun || start > 1)) {
		const char *bare = begun + (*begun == '"');
		struct choice choice = choice_here(&paths, app_client(s->app), slash, line, bare);

		complete_with(s, &choice, start, bare);
	}
	choices_free(&paths);
	free(begun);
	free(line);
}
