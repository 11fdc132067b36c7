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

const struct codepage *codepage_of_prefix(uint16_t prefix)
{
	static const struct {
		const char *page;
		uint16_t prefixes[20];
	} guesses[] = {
		{ "cp1250", { 36, 40, 42, 48, 355, 381, 385, 386, 387, 4201 } },
		{ "cp1251", { 7, 359, 373, 375, 380, 389, 705, 706, 708, 709, 711 } },
		{ "cp1253", { 30, 357 } },
		{ "cp1254", { 90 } },
		{ "cp1255", { 972 } },
		{ "cp1256",
		  { 20, 212, 213, 216, 218, 961, 962, 963, 964, 965, 966, 967, 968, 971, 973,
		    974 } },
		{ "cp1257", { 370, 371, 372 } },
		{ "cp1258", { 84 } },
	};

	for (size_t i = 0; i < COUNT(guesses); i++)
		for (size_t n = 0; guesses[i].prefixes[n]; n++)
			if (guesses[i].prefixes[n] == prefix)
				return codepage_find(guesses[i].page);
	return NULL;
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

static void put_utf8(struct wr *w, uint32_t c)
{
	static const uint8_t leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	uint8_t *to = wr_room(w, n);

	if (!to)
		return;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		to[i] = (uint8_t)(0x80 | (c & 0x3f));
	to[0] = (uint8_t)(leads[n] | c);
}

size_t codepage_to_utf8(const struct codepage *cp, const void *in, size_t n, char *out, size_t cap)
{
	const uint8_t *p = in;
	struct wr w = wr_to(out, cap);

	for (size_t i = 0; i < n && !w.bad; i++)
		put_utf8(&w, to_unicode(cp, p[i]));
	return w.len;
}

/*
 * The capitals of all pages: every step-th character from first to last, and how far behind it
 * its small letter is.
 */
static const struct {
	uint32_t first, last, step;
	int32_t to_small;
} capitals[] = {
	{ 'A', 'Z', 1, 32 },
	{ 0x00c0, 0x00d6, 1, 32 },
	{ 0x00d8, 0x00de, 1, 32 },
	{ 0x0100, 0x012e, 2, 1 },
	{ 0x0130, 0x0130, 1, 'i' - 0x0130 },
	{ 0x0132, 0x0136, 2, 1 },
	{ 0x0139, 0x0147, 2, 1 },
	{ 0x014a, 0x0176, 2, 1 },
	{ 0x0178, 0x0178, 1, -121 },
	{ 0x0179, 0x017d, 2, 1 },
	{ 0x01a0, 0x01a4, 2, 1 },
	{ 0x01af, 0x01af, 1, 1 },
	{ 0x0386, 0x0386, 1, 38 },
	{ 0x0388, 0x038a, 1, 37 },
	{ 0x038c, 0x038c, 1, 64 },
	{ 0x038e, 0x038f, 1, 63 },
	{ 0x0391, 0x03a1, 1, 32 },
	{ 0x03a3, 0x03ab, 1, 32 },
	{ 0x03c2, 0x03c2, 1, 1 }, /* the final sigma */
	{ 0x0400, 0x040f, 1, 80 },
	{ 0x0410, 0x042f, 1, 32 },
	{ 0x0490, 0x0490, 1, 1 },
};

static uint32_t to_small(uint32_t c)
{
	for (size_t i = 0; i < COUNT(capitals); i++)
		if (c >= capitals[i].first && c <= capitals[i].last &&
		    (c - capitals[i].first) % capitals[i].step == 0)
			return c + (uint32_t)capitals[i].to_small;
	return c;
}

size_t codepage_fold(const struct codepage *cp, const void *in, size_t n, char *out, size_t cap)
{
	const uint8_t *p = in;
	struct wr w = wr_to(out, cap);

	for (size_t i = 0; i < n && !w.bad; i++)
		put_utf8(&w, to_small(to_unicode(cp, p[i])));
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

size_t codepage_fold_utf8(const char *in, size_t n, char *out, size_t cap)
{
	struct rd r = rd_from(in, n);
	struct wr w = wr_to(out, cap);

	while (rd_left(&r) && !w.bad) {
		uint32_t c;

		put_utf8(&w, next_utf8(&r, &c) ? to_small(c) : '?');
	}
	return w.len;
}
