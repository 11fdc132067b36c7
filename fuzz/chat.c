/* SPDX-License-Identifier: MIT */
/* The bytes of a chat: they mean the same wherever they are cut. */
#include "fuzz.h"

#include <string.h>

#include "base/rng.h"
#include "link/chat.h"

enum { INPUT_MAX = 1 << 16 };

/* What was read: for each event its kind, for text each of its bytes behind one. */
struct story {
	size_t len;
	uint8_t bytes[2 * INPUT_MAX];
};

static void note_text(struct story *s, const uint8_t *text, size_t n)
{
	must(n > 0);
	for (size_t i = 0; i < n; i++) {
		must(text[i] >= ' ');
		s->bytes[s->len++] = CHAT_TEXT;
		s->bytes[s->len++] = text[i];
	}
}

static void read_part(struct chat_reader *r, const uint8_t *p, size_t n, struct story *out)
{
	const uint8_t *end = p + n, *text = p;
	enum chat_kind kind;
	size_t text_n = 0;

	while ((kind = chat_take(r, &p, &n, &text, &text_n)) != CHAT_NOTHING) {
		must(p + n == end);
		if (kind == CHAT_TEXT)
			note_text(out, text, text_n);
		else
			out->bytes[out->len++] = (uint8_t)kind;
	}
	must(n == 0);
}

/* Nothing that we write is a command of a window. */
static void write_and_read(const uint8_t *data, size_t size)
{
	static uint8_t out[INPUT_MAX];
	static struct story s;
	struct chat_reader r = { 0 };
	size_t n = chat_write(data, size, out);

	must(n <= size);
	s.len = 0;
	read_part(&r, out, n, &s);
	must(r.skip == 0 && r.width == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct story whole, cut;
	struct chat_reader at_once = { 0 }, in_parts = { 0 };
	size_t n = size < INPUT_MAX ? size : INPUT_MAX, part;
	struct rng rng = { size };

	whole.len = cut.len = 0;
	read_part(&at_once, data, n, &whole);
	for (size_t i = 0; i < n; i += part) {
		part = 1 + rng_below(&rng, (uint32_t)(n - i));
		read_part(&in_parts, data + i, part, &cut);
	}
	must(whole.len == cut.len && memcmp(whole.bytes, cut.bytes, cut.len) == 0);
	write_and_read(data, n);
	return 0;
}
