/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/addr.h"
#include "base/cursor.h"
#include "base/err.h"

#include <inttypes.h>
#include <stdio.h>

/* Byte for byte, so that a line too long is cut exactly at the end of the room. */
static void put_text(struct wr *w, const char *text)
{
	for (; *text; text++)
		wr_u8(w, (uint8_t)*text);
}

static void put_number(struct wr *w, const char *key, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	put_text(w, key);
	put_text(w, text);
}

static bool is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '=';
}

static void put_escaped(struct wr *w, char c)
{
	char text[8];

	if (c == '"' || c == '\\')
		snprintf(text, sizeof(text), "\\%c", c);
	else if (c >= ' ' && c <= '~')
		snprintf(text, sizeof(text), "%c", c);
	else
		snprintf(text, sizeof(text), "\\x%02x", (unsigned char)c);
	put_text(w, text);
}

static void put_value(struct wr *w, const char *key, const char *value)
{
	const char *p = value;

	put_text(w, key);
	while (is_plain(*p))
		p++;
	if (*value && !*p) {
		put_text(w, value);
		return;
	}
	wr_u8(w, '"');
	for (p = value; *p; p++)
		put_escaped(w, *p);
	wr_u8(w, '"');
}

size_t log_format(const struct log_event *ev, char *out, size_t cap)
{
	char addr[ADDR_TEXT_MAX];

	if (cap == 0)
		return 0;

	struct wr w = wr_to(out, cap - 1);

	put_text(&w, ev->name);
	if (ev->uin)
		put_number(&w, " uin=", ev->uin);
	if (ev->addr)
		put_value(&w, " addr=", addr_text(ev->addr, addr));
	if (ev->why)
		put_value(&w, " why=", ev->why);
	if (ev->err)
		put_value(&w, " err=", icq_err_text(ev->err));
	if (ev->number)
		put_number(&w, " number=", ev->number);
	out[w.len] = 0;
	return w.len;
}
