/* SPDX-License-Identifier: MIT */
#include "cmd/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- code pages ------------------------------------------------------------------------ */

/* Puts a CR before each LF that has none; what no longer fits falls off the end. */
static size_t add_returns(uint8_t *text, size_t n, size_t cap)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] != '\n' || (i > 0 && text[i - 1] == '\r'))
			continue;
		if (n < cap)
			n++;
		memmove(text + i + 1, text + i, n - i - 1);
		text[i++] = '\r';
	}
	return n;
}

size_t texts_encode(const struct codepage *page, const char *text, uint8_t *out, size_t cap,
		    size_t *lost)
{
	size_t n = codepage_from_utf8(page, text, strlen(text), out, cap, lost);

	return add_returns(out, n, cap);
}

char *texts_decode(const struct codepage *page, struct icq_str text)
{
	size_t cap = 3u * text.len;
	char *out = malloc(cap + 1);

	if (out)
		out[codepage_to_utf8(page, text.p, text.len, out, cap)] = 0;
	return out;
}

bool texts_is_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

bool texts_are_lines(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || *text == 0x7f)
			return false;
	return true;
}

const char *texts_status(uint32_t status)
{
	if (status & ICQ_STATUS_invisible)
		return "invisible";
	return icq_status_name(icq_status_plain(status));
}

/* ---- the filter before the terminal ---------------------------------------------------- */

size_t texts_next(const char *text, uint32_t *c, bool *valid)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = *p < 0x80 ? 1 : *p >= 0xf0 && *p < 0xf5 ? 4 : *p >= 0xe0 ? 3 : 2;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	*c = n == 1 ? *p : *p & (0x7fu >> n);
	*valid = n == 1 || (*p >= 0xc2 && *p < 0xf5);
	for (size_t i = 1; i < n && *valid; i++) {
		*valid = (p[i] & 0xc0) == 0x80; /* also stops at the end */
		*c = *c << 6 | (p[i] & 0x3f);
	}
	*valid = *valid && *c >= least[n] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff);
	if (*valid)
		return n;
	*c = *p;
	return 1;
}

bool texts_is_dangerous(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },	    { 0x7f, 0x9f },	{ 0x61c, 0x61c },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

static size_t escape(char *out, uint32_t c)
{
	enum { ESCAPE_MAX = 12 };

	return (size_t)snprintf(out, ESCAPE_MAX, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
}

char *texts_shown(const char *text, bool lines)
{
	/* The longest escape is ten bytes, and stands for at least two. */
	char *out = malloc(6 * strlen(text) + 16), *to = out;
	uint32_t c;
	bool valid;

	for (size_t n; out && *text; text += n) {
		n = texts_next(text, &c, &valid);
		if (lines && strncmp(text, "\r\n", 2) == 0)
			continue;
		if (valid && (!texts_is_dangerous(c) || (lines && c == '\n'))) {
			memcpy(to, text, n);
			to += n;
		} else {
			to += escape(to, c);
		}
	}
	if (out)
		*to = 0;
	return out;
}
