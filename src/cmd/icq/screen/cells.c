/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* wcwidth */
#include "cmd/icq/screen/cells.h"

#include "cmd/texts.h"

wchar_t cell_next(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	size_t n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;
	wchar_t c = n == 1 ? (wchar_t)*p : (wchar_t)(*p & (0x7f >> n));

	if (!*p)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) { /* also at the end */
			++*at;
			return CELL_STRANGE;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*at += n;
	return c ? c : CELL_STRANGE;
}

size_t cell_put(char out[CELL_BYTES_MAX], wchar_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(n == 1 ? c : (0xf00 >> n & 0xff) | c);
	return n;
}

int cell_width(wchar_t c)
{
	int width = wcwidth(c);

	return width < 0 || texts_is_dangerous((uint32_t)c) ? 1 : width;
}
