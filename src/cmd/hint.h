/* SPDX-License-Identifier: MIT */
/* "Did you mean": the known word nearest to a misspelt one. */
#ifndef CMD_HINT_H
#define CMD_HINT_H

#include <stddef.h>

/* Letters to insert, remove, replace or swap with their neighbour to make b from a. */
unsigned hint_distance(const char *a, const char *b);

/* The search: offer each known word, then look at best, which is NULL if none was near. */
struct hint {
	const char *word;
	const char *best;
	unsigned distance;
};

struct hint hint_for(const char *word);
void hint_offer(struct hint *h, const char *known);

#endif
