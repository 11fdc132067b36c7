/* SPDX-License-Identifier: MIT */
#include "store/names.h"

#include "base/codepage.h"

#include <string.h>

void names_fold(struct names *to, const char *charset, const char *const texts[NAMES_COUNT])
{
	const struct codepage *cp = codepage_find(charset);

	if (!cp)
		cp = codepage_find(STORE_CHARSET);
	for (int i = 0; i < NAMES_COUNT; i++)
		to->len[i] = codepage_fold(cp, texts[i], strlen(texts[i]), to->at[i], NAMES_MAX);
}

bool names_empty(const struct names *n)
{
	size_t len = 0;

	for (int i = 0; i < NAMES_COUNT; i++)
		len += n->len[i];
	return len == 0;
}

uint64_t names_letters(const struct names *n)
{
	uint64_t letters = 0;

	for (int i = 0; i < NAMES_EMAIL; i++) {
		for (size_t k = 0; k < n->len[i]; k++)
			letters |= UINT64_C(1) << (uint8_t)n->at[i][k] % 63;
	}
	return letters;
}

static bool holds(const char *in, size_t n, const char *part, size_t len)
{
	for (size_t i = 0; i + len <= n; i++) {
		if (memcmp(in + i, part, len) == 0)
			return true;
	}
	return false;
}

bool names_match(const struct names *who, const struct names *wanted)
{
	size_t email = wanted->len[NAMES_EMAIL];

	for (int i = 0; i < NAMES_EMAIL; i++) {
		if (!holds(who->at[i], who->len[i], wanted->at[i], wanted->len[i]))
			return false;
	}
	return email == 0 || (email == who->len[NAMES_EMAIL] &&
			      memcmp(who->at[NAMES_EMAIL], wanted->at[NAMES_EMAIL], email) == 0);
}

bool names_hold(const struct names *who, const char *part, size_t len)
{
	for (int i = 0; i < NAMES_COUNT; i++) {
		if (holds(who->at[i], who->len[i], part, len))
			return true;
	}
	return false;
}

bool charset_known(const char *charset)
{
	return !*charset || codepage_find(charset);
}
