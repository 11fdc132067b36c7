/* SPDX-License-Identifier: MIT */
#include "wire/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct print print_to(char *p, size_t cap)
{
	p[0] = '\0';
	return (struct print){ .p = p, .cap = cap };
}

void print(struct print *out, const char *format, ...)
{
	size_t room = out->cap - out->len;
	va_list ap;

	va_start(ap, format);
	int n = vsnprintf(out->p + out->len, room, format, ap);

	va_end(ap);
	if (n > 0)
		out->len += (size_t)n < room ? (size_t)n : room - 1;
}

/* All of it or nothing, so that no escape is cut in two. */
static void put(struct print *out, const char *text, size_t n)
{
	if (out->cap - out->len <= n)
		return;
	memcpy(out->p + out->len, text, n);
	out->len += n;
	out->p[out->len] = '\0';
}

static const char digits[] = "0123456789ABCDEF";

static void put_escaped(struct print *out, uint8_t c)
{
	static const char named[] = "\"\\\r\n\t", names[] = "\"\\rnt";
	const char *at = c ? strchr(named, c) : NULL;

	if (at)
		put(out, (char[]){ '\\', names[at - named] }, 2);
	else if (c >= ' ' && c <= '~')
		put(out, (char[]){ (char)c }, 1);
	else
		put(out, (char[]){ '\\', 'x', digits[c >> 4], digits[c & 0xF] }, 4);
}

void print_escaped(struct print *out, struct icq_str text)
{
	for (size_t i = 0; i < text.len; i++)
		put_escaped(out, text.p[i]);
}

void print_hex(struct print *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(out, (char[]){ digits[p[i] >> 4], digits[p[i] & 0xF] }, 2);
}
