/* SPDX-License-Identifier: MIT */
/* The bytes of a chat, cut anywhere. */
#include "link/chat.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

enum { STREAM_MAX = 512, STORY_MAX = 4 * STREAM_MAX };

/* What came out: text as it is, a letter in angle brackets for everything else. */
struct story {
	size_t len;
	uint8_t bytes[STORY_MAX];
};

static void note(struct story *s, const void *p, size_t n)
{
	check(s->len + n <= STORY_MAX);
	memcpy(s->bytes + s->len, p, n);
	s->len += n;
}

static void read_part(struct chat_reader *r, const uint8_t *p, size_t n, struct story *out)
{
	static const char *const marks[] = {
		[CHAT_LINE] = "<n>",
		[CHAT_BACKSPACE] = "<b>",
		[CHAT_BEEP] = "<g>",
		[CHAT_LEAVE] = "<l>",
	};
	const uint8_t *end = p + n, *text;
	enum chat_kind kind;
	size_t text_n;

	while ((kind = chat_take(r, &p, &n, &text, &text_n)) != CHAT_NOTHING) {
		check(p + n == end);
		if (kind == CHAT_TEXT)
			note(out, text, text_n);
		else
			note(out, marks[kind], 3);
	}
	check(p == end && n == 0);
}

static void assert_story(const char *hex, const char *expected)
{
	struct hex h = hex_bytes(hex);

	for (size_t a = 0; a <= h.n; a++) {
		for (size_t b = a; b <= h.n; b++) {
			struct chat_reader r = { 0 };
			struct story s = { 0 };

			read_part(&r, h.b, a, &s);
			read_part(&r, h.b + a, b - a, &s);
			read_part(&r, h.b + b, h.n - b, &s);
			assert_bytes(expected, strlen(expected), s.bytes, s.len);
		}
	}
}

TEST(keystrokes_become_text)
{
	assert_story("68 65 6C 6D 08 6C 6F 0D", "helm<b>lo<n>");
	assert_story("07 61 0B", "<g>a<l>");
	assert_story("0C", "<l>");
}

TEST(line_feed_belongs_to_the_return_before_it)
{
	assert_story("61 0D 0A 62 0D 0D 0A 0A 63 0D 64 0A", "a<n>b<n><n>c<n>d");
}

/* Their arguments may look like anything. */
TEST(commands_of_other_windows_are_skipped_whole)
{
	assert_story("61 00 41 42 43 00 62", "ab");
	assert_story("61 01 07 0D 08 00 62", "ab");
	assert_story("61 11 05 00 00 00 62 12 0C 00 00 00 63", "abc");
	assert_story("61 10 08 00 43 6F 75 72 69 65 72 00 02 00 62", "ab");
	assert_story("61 10 00 00 41 41 62", "ab");
	assert_story("61 03 04 16 17 1A 02 05 06 09 0E 0F 13 1F 62", "ab");
}

TEST(longest_name_of_a_font_is_skipped)
{
	static uint8_t stream[3 + 0xFFFF + 2 + 1] = { 0x10, 0xFF, 0xFF };
	struct chat_reader r = { 0 };
	struct story s = { 0 };

	stream[sizeof(stream) - 1] = 'x';
	for (size_t i = 0; i < sizeof(stream); i++)
		read_part(&r, stream + i, 1, &s);
	assert_bytes("x", 1, s.bytes, s.len);
}

/* Commands are made more likely than they would be in noise. */
static void make_noise(struct rng *rng, uint8_t *p, size_t n)
{
	rng_bytes(rng, p, n);
	for (size_t i = 0; i < n; i++)
		if (rng_below(rng, 2))
			p[i] &= 0x1F;
}

TEST(cuts_change_nothing_in_any_bytes)
{
	struct rng rng = harness_rng();
	uint8_t stream[STREAM_MAX];

	for (int round = 0; round < 2000; round++) {
		struct chat_reader whole = { 0 }, cut = { 0 };
		struct story at_once = { 0 }, in_parts = { 0 };
		size_t n = rng_below(&rng, STREAM_MAX), part;

		make_noise(&rng, stream, n);
		read_part(&whole, stream, n, &at_once);
		for (size_t i = 0; i < n; i += part) {
			part = 1 + rng_below(&rng, (uint32_t)(n - i));
			read_part(&cut, stream + i, part, &in_parts);
		}
		assert_bytes(at_once.bytes, at_once.len, in_parts.bytes, in_parts.len);
	}
}

TEST(what_is_written_is_read_as_it_was_meant)
{
	static const uint8_t typed[] = "ab\b\tc\r\n\a\x1b[31m\x00\x7f\xff";
	uint8_t bytes[sizeof(typed)];
	struct chat_reader r = { 0 };
	struct story s = { 0 };
	size_t n = chat_write(typed, sizeof(typed) - 1, bytes);

	read_part(&r, bytes, n, &s);
	assert_bytes("ab<b> c<n><g>[31m\x7f\xff", 19, s.bytes, s.len);
}
