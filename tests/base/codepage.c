/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/codepage.h"

#include <string.h>

static void assert_utf8(const char *page, const char *bytes, const char *utf8)
{
	char out[64];
	size_t n = codepage_to_utf8(codepage_find(page), bytes, strlen(bytes), out, sizeof(out));

	assert_bytes(utf8, strlen(utf8), out, n);
}

static void assert_from(const char *utf8, size_t utf8_n, const char *bytes, size_t expected_lost)
{
	char out[64];
	size_t lost;
	size_t n = codepage_from_utf8(codepage_find("cp1252"), utf8, utf8_n, out, sizeof(out),
				      &lost);

	assert_bytes(bytes, strlen(bytes), out, n);
	assert_int_equal(lost, expected_lost);
}

TEST(every_page_round_trips_all_bytes)
{
	uint8_t all[256], back[256];
	char utf8[3 * 256];

	for (int i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	for (size_t i = 0; codepage_at(i); i++) {
		size_t lost;
		size_t n = codepage_to_utf8(codepage_at(i), all, sizeof(all), utf8, sizeof(utf8));
		size_t m = codepage_from_utf8(codepage_at(i), utf8, n, back, sizeof(back), &lost);

		assert_int_equal(lost, 0);
		assert_bytes(all, sizeof(all), back, m);
	}
}

TEST(names_are_found_however_spelt)
{
	assert_ptr_equal(codepage_find("CP1251"), codepage_find("cp-1251"));
	assert_ptr_equal(codepage_find("KOI8_R"), codepage_find("koi8-r"));
	assert_string_equal(codepage_name(codepage_find("ISO8859-1")), "iso-8859-1");
	assert_null(codepage_find("cp125"));
	assert_null(codepage_find("cp12522"));
	assert_null(codepage_find(""));
	for (size_t i = 0; codepage_at(i); i++)
		assert_ptr_equal(codepage_find(codepage_name(codepage_at(i))), codepage_at(i));
}

TEST(known_letters_come_out_right)
{
	assert_utf8("cp1250", "\xb3", "\xc5\x82");	       /* l with stroke */
	assert_utf8("cp1251", "\xcf\xf0", "\xd0\x9f\xd1\x80"); /* Pr */
	assert_utf8("cp1252", "a\x80\xff", "a\xe2\x82\xac\xc3\xbf");
	assert_utf8("cp1253", "\xe1", "\xce\xb1");
	assert_utf8("cp1255", "\xe0", "\xd7\x90");
	assert_utf8("cp866", "\x8f", "\xd0\x9f");
	assert_utf8("koi8-r", "\xf0", "\xd0\x9f");
	assert_utf8("iso-8859-1", "\x80\xe9", "\xc2\x80\xc3\xa9");
}

TEST(undefined_bytes_keep_their_number)
{
	assert_utf8("cp1252", "\x81", "\xc2\x81");
	assert_utf8("cp1255", "\xd9", "\xc3\x99");
}

TEST(foreign_characters_are_counted)
{
	assert_from("a\xd0\x9f"
		    "b",
		    4, "a?b", 1);
	assert_from("\xf0\x9f\x98\x80", 4, "?", 1);
}

TEST(invalid_utf8_is_counted)
{
	assert_from("\xc0\x80", 2, "??", 2);	       /* overlong NUL */
	assert_from("\xe0\x80\xaf", 3, "???", 3);      /* overlong */
	assert_from("\xed\xa0\x80", 3, "???", 3);      /* surrogate */
	assert_from("\xf4\x90\x80\x80", 4, "????", 4); /* beyond Unicode */
	assert_from("x\xe2\x82", 3, "x??", 2);	       /* cut short */
	assert_from("\x80z", 2, "?z", 1);
}

TEST(only_whole_characters_are_written)
{
	const struct codepage *cp = codepage_find("cp1252");
	char out[8];

	assert_int_equal(codepage_to_utf8(cp, "a\x80", 2, out, 3), 1);
	assert_int_equal(codepage_to_utf8(cp, "a\x80", 2, out, 4), 4);
	assert_int_equal(codepage_to_utf8(cp, "a", 1, out, 0), 0);
}

TEST(random_bytes_never_overflow)
{
	struct rng rng = harness_rng();

	for (int i = 0; i < 20000; i++) {
		const struct codepage *cp = codepage_at(rng_below(&rng, 12));
		char in[32], out[32];
		size_t n = rng_below(&rng, sizeof(in) + 1), cap = rng_below(&rng, sizeof(out));
		size_t lost;

		rng_bytes(&rng, in, n);
		memset(out, 0x55, sizeof(out));
		check(codepage_from_utf8(cp, in, n, out, cap, &lost) <= cap);
		check(lost <= cap && out[cap] == 0x55);
		check(codepage_to_utf8(cp, in, n, out, cap) <= cap && out[cap] == 0x55);
	}
}
