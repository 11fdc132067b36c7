/* SPDX-License-Identifier: MIT */
#include "cmd/hint.h"

#include <string.h>

enum { WORD_MAX = 63 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Row by row through the table of distances between all beginnings of a and of b; swapping two
 * neighbours looks two rows back. Longer words are compared by their beginnings. */
unsigned hint_distance(const char *a, const char *b)
{
	size_t a_len = strnlen(a, WORD_MAX), b_len = strnlen(b, WORD_MAX);
	unsigned rows[3][WORD_MAX + 1] = { 0 };

	for (unsigned j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		const unsigned *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
		unsigned *row = rows[i % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = least(row[j], least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], above2[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

struct hint hint_for(const char *word)
{
	/* A quarter of the letters may be wrong, and one more, so that short words get hints. */
	return (struct hint){ .word = word, .distance = 2 + (unsigned)strnlen(word, WORD_MAX) / 4 };
}

void hint_offer(struct hint *h, const char *known)
{
	unsigned d = hint_distance(h->word, known);

	if (d < h->distance) {
		h->distance = d;
		h->best = known;
	}
}
