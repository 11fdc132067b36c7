/* SPDX-License-Identifier: MIT */
#include "base/codepage.h"

#include "base/codepage_tables.h"
#include "base/cursor.h"

#include <stdbool.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The next letter or digit, in lower case; 0 at the end. */
static char next_significant(const char **s)
{
	while (**s == '-' || **s == '_' || **s == ' ')
		++*s;
	if (!**s)
		return 0;

	char c = *(*s)++;

	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool same_name(const char *a, const char *b)
{
	char c;

	do {
		c = next_significant(&a);
		if (c != next_significant(&b))
			return false;
	} while (c);
	return true;
}

const struct codepage *codepage_find(const char *name)
{
	for (size_t i = 0; i < COUNT(pages); i++)
		if (same_name(pages[i].name, name))
			return &pages[i];
	return NULL;
}

const char *codepage_name(const struct codepage *cp)
{
	return cp->name;
}

const struct codepage *codepage_at(size_t i)
{
	return i < COUNT(pages) ? &pages[i] : NULL;
}

static uint32_t to_unicode(const struct codepage *cp, uint8_t byte)
{
	return byte < 0x80 ? byte : cp->high[byte - 0x80];
}

/* -1 when the page lacks the character. */
static int to_byte(const struct codepage *cp, uint32_t c)
{
	if (c < 0x80)
		return (int)c;
	for (int i = 0; i < 128; i++)
		if (cp->high[i] == c)
			return 0x80 + i;
	return -1;
}

/* The pages hold nothing beyond the Basic Multilingual Plane, so three bytes are enough. */
static void put_utf8(struct wr *w, uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
	uint8_t *to = wr_room(w, n);

	if (!to)
		return;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		to[i] = (uint8_t)(0x80 | (c & 0x3f));
	to[0] = (uint8_t)(n == 1 ? c : n == 2 ? 0xc0 | c : 0xe0 | c);
}

size_t codepage_to_utf8(const struct codepage *cp, const void *in, size_t n, char *out, size_t cap)
{
	const uint8_t *p = in;
	struct wr w = wr_to(out, cap);

	for (size_t i = 0; i < n && !w.bad; i++)
		put_utf8(&w, to_unicode(cp, p[i]));
	return w.len;
}

/* The length of the sequence that this byte opens; 0: it opens none. */
static size_t utf8_length(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Takes one character; false, with one byte taken, for anything that is not valid UTF-8. */
static bool next_utf8(struct rd *r, uint32_t *c_out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t lead = rd_u8(r);
	size_t n = utf8_length(lead);

	if (n == 0 || rd_left(r) < n - 1)
		return false;

	uint32_t c = n == 1 ? lead : lead & (0x7fu >> n);

	for (size_t i = 0; i + 1 < n; i++) {
		uint8_t b = r->p[r->pos + i];

		if ((b & 0xc0) != 0x80)
			return false;
		c = c << 6 | (b & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return false;
	rd_bytes(r, n - 1);
	*c_out = c;
	return true;
}

size_t codepage_from_utf8(const struct codepage *cp, const char *in, size_t n, void *out,
			  size_t cap, size_t *lost)
{
	struct rd r = rd_from(in, n);
	struct wr w = wr_to(out, cap);

	*lost = 0;
	while (rd_left(&r) && w.len < cap) {
		uint32_t c;
		int byte = next_utf8(&r, &c) ? to_byte(cp, c) : -1;

		*lost += byte < 0;
		wr_u8(&w, byte < 0 ? '?' : (uint8_t)byte);
	}
	return w.len;
}
