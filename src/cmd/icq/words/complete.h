/* SPDX-License-Identifier: MIT */
/* What a word that was begun may become. Knows no terminal. */
#ifndef ICQ_SCREEN_COMPLETE_H
#define ICQ_SCREEN_COMPLETE_H

#include <stddef.h>

enum { COMPLETE_MAX = 256 };

/* Word number i that may stand there; NULL beyond the last. */
typedef const char *complete_word(void *ctx, size_t i);

/* How many of the words begin with these n letters, in any case; in `out` what they have in
 * common, as the first of them spells it. */
size_t complete(complete_word *word, void *ctx, const char *letters, size_t n,
		char out[COMPLETE_MAX]);

#endif
