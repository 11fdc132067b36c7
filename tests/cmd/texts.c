/* SPDX-License-Identifier: MIT */
/* Texts between people, code pages and the terminal. */
#include "cmd/texts.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define assert_shown(text, lines, expected)                                                        \
	do {                                                                                       \
		char *shown = texts_shown(text, lines);                                            \
		assert_string_equal(shown, expected);                                              \
		free(shown);                                                                       \
	} while (0)

/* What a terminal would obey: C0 but line feed, DEL, and C1, also as UTF-8. */
static bool is_obeyed(const char *p)
{
	unsigned char c = (unsigned char)p[0], next = (unsigned char)p[1];

	return (c < ' ' && c != '\n') || c == 0x7f || (c == 0xc2 && next < 0xa0);
}

static void check_harmless(const char *text)
{
	char *shown = texts_shown(text, true);

	check(shown);
	for (const char *p = shown; *p; p++)
		check(!is_obeyed(p));
	free(shown);
}

TEST(filter_stops_every_byte_of_every_code_page)
{
	const struct codepage *page;

	for (size_t i = 0; (page = codepage_at(i)); i++) {
		for (unsigned b = 1; b < 256; b++) {
			uint8_t byte = (uint8_t)b;
			char *text = texts_decode(page, (struct icq_str){ &byte, 1 });

			check_harmless(text);
			free(text);
		}
	}
}

TEST(filter_stops_every_pair_of_bytes)
{
	char text[3] = "";

	for (unsigned a = 1; a < 256; a++) {
		for (unsigned b = 1; b < 256; b++) {
			text[0] = (char)a;
			text[1] = (char)b;
			check_harmless(text);
		}
	}
}

TEST(filter_stops_random_bytes)
{
	struct rng rng = harness_rng();
	char text[64];

	for (int i = 0; i < 100000; i++) {
		size_t n = rng_below(&rng, sizeof(text));

		for (size_t k = 0; k < n; k++)
			text[k] = (char)(1 + rng_below(&rng, 255));
		text[n] = 0;
		check_harmless(text);
	}
}

TEST(filter_shows_what_it_stops)
{
	assert_shown("plain, caf\xc3\xa9, \xe2\x82\xac, \xf0\x9f\x90\xb1", true,
		     "plain, caf\xc3\xa9, \xe2\x82\xac, \xf0\x9f\x90\xb1");
	assert_shown("\033[2J\x07", true, "\\x1b[2J\\x07");
	assert_shown("\xc2\x9b"
		     "31m\x7f",
		     true, "\\x9b31m\\x7f");
	assert_shown("a\xe2\x80\xae"
		     "b\xe2\x81\xa6\xd8\x9c",
		     true, "a\\u202eb\\u2066\\u061c");
	assert_shown("\xff\xc0\x80\xed\xa0\x80\xe2\x82", true,
		     "\\xff\\xc0\\x80\\xed\\xa0\\x80\\xe2\\x82");
}

TEST(filter_keeps_lines_only_where_they_are_wanted)
{
	assert_shown("one\r\ntwo\nthree\r", true, "one\ntwo\nthree\\x0d");
	assert_shown("one\r\ntwo", false, "one\\x0d\\x0atwo");
}

TEST(all_high_bytes_go_out_as_they_came_in)
{
	const struct codepage *page;
	uint8_t in[256], out[512];
	size_t lost;

	for (unsigned b = 0; b < 255; b++)
		in[b] = (uint8_t)(b + 1);
	for (size_t i = 0; (page = codepage_at(i)); i++) {
		/* without the lone line feed, which gets its CR */
		char *text = texts_decode(page, (struct icq_str){ in + 10, 245 });

		assert_int_equal(texts_encode(page, text, out, sizeof(out), &lost), 245);
		assert_memory_equal(out, in + 10, 245);
		assert_int_equal(lost, 0);
		free(text);
	}
}

TEST(line_feeds_get_their_cr_once)
{
	const struct codepage *page = codepage_find("cp1252");
	uint8_t out[16];
	size_t lost, n = texts_encode(page, "a\nb\r\nc\n", out, sizeof(out), &lost);

	assert_bytes("a\r\nb\r\nc\r\n", 9, out, n);
	/* What does not fit is cut. */
	assert_int_equal(texts_encode(page, "\n\n\n", out, 4, &lost), 4);
	assert_memory_equal(out, "\r\n\r\n", 4);
	texts_encode(page, "\xd0\xb6", out, sizeof(out), &lost);
	assert_int_equal(lost, 1);
}

TEST(names_stand_on_one_line)
{
	assert_true(texts_is_line("Ann O\xc3\xb6"));
	assert_false(texts_is_line("a\nb"));
	assert_false(texts_is_line("a\tb"));
	assert_false(texts_is_line("a\x7f"));
}

TEST(status_words_say_invisible_first)
{
	assert_string_equal(texts_status(0x105), "invisible");
	assert_string_equal(texts_status(0x05), "na");
}
