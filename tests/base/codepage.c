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

/* Both become the same, which is the second as UTF-8. */
static void assert_folds(const char *page, const char *capitals, const char *smalls)
{
	const struct codepage *cp = codepage_find(page);
	char one[64], other[64], utf8[64], again[64];
	size_t n = codepage_fold(cp, capitals, strlen(capitals), one, sizeof(one));
	size_t m = codepage_fold(cp, smalls, strlen(smalls), other, sizeof(other));

	assert_bytes(other, m, one, n);
	m = codepage_to_utf8(cp, smalls, strlen(smalls), utf8, sizeof(utf8));
	assert_bytes(utf8, m, one, n);
	m = codepage_to_utf8(cp, capitals, strlen(capitals), utf8, sizeof(utf8));
	m = codepage_fold_utf8(utf8, m, again, sizeof(again));
	assert_bytes(one, n, again, m);
}

TEST(capitals_fold_to_small_letters)
{
	assert_folds("cp1252", "AZ[@", "az[@");
	assert_folds("cp1252", "\xc0\xd6\xd8\xde\x8a\x9f", "\xe0\xf6\xf8\xfe\x9a\xff");
	assert_folds("iso-8859-1", "\xc4\xd6\xdc", "\xe4\xf6\xfc");
	assert_folds("cp1250", "\xa3\xaa\xc5\xd0\xd1\xaf", "\xb3\xba\xe5\xf0\xf1\xbf");
	assert_folds("cp1251", "\xcf\xd0\xc8\xa8\xaa\xa5", "\xef\xf0\xe8\xb8\xba\xb4");
	assert_folds("koi8-r", "\xf0\xf2\xb3", "\xd0\xd2\xa3");
	assert_folds("cp866", "\x80\x9f\xf0", "\xa0\xef\xf1");
	assert_folds("cp1253", "\xc1\xd3\xa2\xb8\xbc\xbe\xbf", "\xe1\xf3\xdc\xdd\xfc\xfd\xfe");
	assert_folds("cp1254", "\xd0\xde\xdd", "\xf0\xfei");
	assert_folds("cp1257", "\xa8\xc2\xde", "\xb8\xe2\xfe");
	assert_folds("cp1258", "\xd5\xdd\xd0", "\xf5\xfd\xf0");
}

TEST(a_final_sigma_is_a_sigma)
{
	const struct codepage *cp = codepage_find("cp1253");
	char one[8], other[8];
	size_t n = codepage_fold(cp, "\xf2", 1, one, sizeof(one));
	size_t m = codepage_fold(cp, "\xd3", 1, other, sizeof(other));

	assert_bytes(one, n, other, m);
}

TEST(what_is_no_capital_stays)
{
	assert_folds("cp1252", "\xd7\xdf\xf7\x80\x81", "\xd7\xdf\xf7\x80\x81");
	assert_folds("cp1255", "\xe0\xfa", "\xe0\xfa");
	assert_folds("cp1254", "\xfd", "\xfd"); /* the small i without dot */
}

TEST(folding_twice_changes_nothing)
{
	for (size_t i = 0; codepage_at(i); i++) {
		for (int c = 0; c < 256; c++) {
			char one[4], other[4];
			uint8_t byte = (uint8_t)c;
			size_t n = codepage_fold(codepage_at(i), &byte, 1, one, sizeof(one));
			size_t m = codepage_fold_utf8(one, n, other, sizeof(other));

			assert_bytes(one, n, other, m);
		}
	}
}

TEST(folded_utf8_is_valid)
{
	char out[8];

	assert_int_equal(codepage_fold_utf8("\xc0X", 2, out, sizeof(out)), 2);
	assert_memory_equal(out, "?x", 2);
	assert_int_equal(codepage_fold_utf8("\xf0\x9f\x98\x80", 4, out, sizeof(out)), 4);
	assert_memory_equal(out, "\xf0\x9f\x98\x80", 4);
	assert_int_equal(codepage_fold_utf8("A\xc3\x84", 3, out, 2), 1); /* whole ones only */
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
		check(codepage_fold(cp, in, n, out, cap) <= cap && out[cap] == 0x55);
		check(codepage_fold_utf8(in, n, out, cap) <= cap && out[cap] == 0x55);
	}
}

TEST(a_telephone_prefix_guesses_a_page)
{
	assert_string_equal(codepage_name(codepage_of_prefix(7)), "cp1251");
	assert_string_equal(codepage_name(codepage_of_prefix(48)), "cp1250");
	assert_string_equal(codepage_name(codepage_of_prefix(974)), "cp1256");
	assert_null(codepage_of_prefix(46));
	assert_null(codepage_of_prefix(0xFFFF));
	assert_null(codepage_of_prefix(0));
}
