/* SPDX-License-Identifier: MIT */
#include "link/chat.h"

enum {
	FOREGROUND = 0x00,
	BACKGROUND = 0x01,
	BEEP = 0x07,
	BACKSPACE = 0x08,
	LEAVING = 0x0B,
	KICKED = 0x0C,
	RETURN = 0x0D,
	FONT_NAME = 0x10,
	FONT_FACE = 0x11,
	FONT_SIZE = 0x12,
	TEXT_MIN = 0x20,
	ARGUMENT = 4,	  /* bytes behind a colour, a face or a size */
	CHARSET = 2,	  /* behind the name of a font */
	LENGTH_WIDTH = 2, /* before it */
	LINE_FEED = 0x0A,
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A command, or its beginning. CHAT_NOTHING: it does not concern us. */
static enum chat_kind command(struct chat_reader *r, uint8_t byte)
{
	switch (byte) {
	case FOREGROUND:
	case BACKGROUND:
	case FONT_FACE:
	case FONT_SIZE:
		r->skip = ARGUMENT;
		return CHAT_NOTHING;
	case FONT_NAME:
		r->width = LENGTH_WIDTH;
		return CHAT_NOTHING;
	case BEEP:
		return CHAT_BEEP;
	case BACKSPACE:
		return CHAT_BACKSPACE;
	case RETURN:
		r->returned = true;
		return CHAT_LINE;
	case LEAVING:
	case KICKED:
		return CHAT_LEAVE;
	default:
		return CHAT_NOTHING;
	}
}

/* A byte of a name's length; the name itself is then skipped. */
static void measure(struct chat_reader *r, uint8_t byte)
{
	if (r->width-- == LENGTH_WIDTH)
		r->length_low = byte;
	else
		r->skip = (uint32_t)(byte << 8 | r->length_low) + CHARSET;
}

/* One byte that is no text. */
static enum chat_kind take_byte(struct chat_reader *r, uint8_t byte)
{
	bool returned = r->returned;

	r->returned = false;
	if (r->width > 0) {
		measure(r, byte);
		return CHAT_NOTHING;
	}
	return returned && byte == LINE_FEED ? CHAT_NOTHING : command(r, byte);
}

static size_t text_length(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= TEXT_MIN)
		i++;
	return i;
}

enum chat_kind chat_take(struct chat_reader *r, const uint8_t **p, size_t *n, const uint8_t **text,
			 size_t *text_n)
{
	enum chat_kind kind = CHAT_NOTHING;

	while (*n > 0 && kind == CHAT_NOTHING) {
		size_t taken = smaller(r->skip, *n);

		if (taken > 0) {
			r->skip -= (uint32_t)taken;
		} else if (r->width == 0 && **p >= TEXT_MIN) {
			kind = CHAT_TEXT;
			r->returned = false;
			*text = *p;
			*text_n = taken = text_length(*p, *n);
		} else {
			kind = take_byte(r, **p);
			taken = 1;
		}
		*p += taken;
		*n -= taken;
	}
	return kind;
}

size_t chat_write(const uint8_t *in, size_t n, uint8_t *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (in[i] >= TEXT_MIN || in[i] == BEEP || in[i] == BACKSPACE)
			out[len++] = in[i];
		else if (in[i] == '\n')
			out[len++] = RETURN;
		else if (in[i] == '\t')
			out[len++] = ' ';
	}
	return len;
}
