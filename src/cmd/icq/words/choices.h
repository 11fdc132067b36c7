/* SPDX-License-Identifier: MIT */
/* What may stand at a place of a line: commands, nicks, paths and other words, as the table of
 * phrases says. */
#ifndef ICQ_CHOICES_H
#define ICQ_CHOICES_H

#include <stdbool.h>

#include "client/client.h"
#include "cmd/icq/words/complete.h"

/* Borrows what it was made from. */
struct choice {
	complete_word *word;
	void *ctx;
};

/* The files of a folder as they would be typed. Owned by its holder; all zeros: none. */
struct choices {
	char **at;
	size_t count;
};

/* line: up to the word that was begun, without the quote before that. slash: commands have one. */
struct choice choice_here(struct choices *paths, const struct icq_client *client, bool slash,
			  const char *line, const char *begun);
void choices_free(struct choices *paths);
/* All that go on from what was begun, on one line, or as many as fit. */
void choice_list(const struct choice *choice, const char *begun, char *out, size_t cap);

#endif
