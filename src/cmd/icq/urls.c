/* SPDX-License-Identifier: MIT */
#include "cmd/icq/urls.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The length of "https://", if that stands here. */
static size_t scheme_at(const char *text)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
			return strlen(schemes[i]);
	return 0;
}

static bool may_be_in(char c)
{
	return isascii(c) &&
	       (isalnum((unsigned char)c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c)));
}

/* Closing brackets stay when they have been opened. */
static size_t without_end(const char *url, size_t n)
{
	size_t open = 0, closed = 0;

	for (size_t i = 0; i < n; i++) {
		open += url[i] == '(';
		closed += url[i] == ')';
	}
	while (n > 0 && (strchr(".,;:!?'", url[n - 1]) || (url[n - 1] == ')' && closed > open))) {
		closed -= url[n - 1] == ')';
		n--;
	}
	return n;
}

size_t url_find(const char *text, size_t *from)
{
	for (; text[*from]; ++*from) {
		const char *at = text + *from;
		size_t scheme = scheme_at(at), n = scheme;

		while (scheme && may_be_in(at[n]))
			n++;
		n = without_end(at, n);
		if (scheme && n > scheme)
			return n;
	}
	return 0;
}
