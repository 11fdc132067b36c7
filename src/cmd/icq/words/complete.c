/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/complete.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Cuts `common` where the word goes on otherwise, never inside a character. */
static void keep_common(char *common, const char *word)
{
	size_t n = 0;

	while (common[n] && tolower((unsigned char)common[n]) == tolower((unsigned char)word[n]))
		n++;
	while (n > 0 && ((unsigned char)common[n] & 0xc0) == 0x80)
		n--;
	common[n] = 0;
}

size_t complete(complete_word *word, void *ctx, const char *letters, size_t n,
		char out[COMPLETE_MAX])
{
	const char *one;
	size_t count = 0;

	*out = 0;
	for (size_t i = 0; (one = word(ctx, i)); i++) {
		if (strncasecmp(one, letters, n) != 0)
			continue;
		if (count++ == 0)
			snprintf(out, COMPLETE_MAX, "%s", one);
		else
			keep_common(out, one);
	}
	return count;
}
