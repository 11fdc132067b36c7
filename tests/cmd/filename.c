/* SPDX-License-Identifier: MIT */
#include "cmd/icq/filename.h"

#include <stdio.h>
#include <string.h>

#include "cmd/texts.h"
#include "base/rng.h"
#include "harness.h"

static void assert_made(const char *said, const char *expected)
{
	char name[FILENAME_SAFE_MAX];

	assert_true(filename_make(name, said));
	assert_string_equal(name, expected);
}

TEST(names_lose_folders_and_drives)
{
	assert_made("photo.jpg", "photo.jpg");
	assert_made("two words.tar.gz", "two words.tar.gz");
	assert_made("/etc/passwd", "passwd");
	assert_made("../../../.ssh/authorized_keys", "authorized_keys");
	assert_made("C:\\WINDOWS\\win.ini", "win.ini");
	assert_made("C:autoexec.bat", "autoexec.bat");
	assert_made("..\\../mixed\\up", "up");
	assert_made("\\\\server\\share\\file", "file");
}

TEST(names_are_not_hidden_nor_options)
{
	assert_made(".bashrc", "_bashrc");
	assert_made("...x", "___x");
	assert_made("-rf", "_rf");
	assert_made("~root", "_root");
	assert_made(" x", "_x");
	assert_made("x. . ", "x");
}

TEST(names_are_no_devices)
{
	assert_made("con", "_con");
	assert_made("NUL.txt", "_NUL.txt");
	assert_made("Com1", "_Com1");
	assert_made("lpt9.tar.gz", "_lpt9.tar.gz");
	assert_made("com", "com");
	assert_made("console", "console");
}

TEST(names_are_no_partial_files)
{
	assert_made("x.10001-5.part", "x.10001-5.part_");
	assert_made("x.PART. ", "x.PART_");
	assert_made("part", "part");
}

TEST(names_hold_nothing_that_a_terminal_obeys)
{
	assert_made("a\x1b[2Jb", "a_[2Jb");
	assert_made("a\nb\x7f", "a_b_");
	assert_made("gpj.\xe2\x80\xae"
		    "exe",
		    "gpj._exe");
	assert_made("a\xff"
		    "b",
		    "a_b");
	assert_made("\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac");
}

TEST(nothing_is_refused)
{
	static const char *const names[] = { "",   ".",	    "..", "...", "/",
					     "a/", "a\\..", "C:", " ",	 ". ." };
	char name[FILENAME_SAFE_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_false(filename_make(name, names[i]));
}

TEST(long_names_are_cut_and_keep_their_ending)
{
	char said[1000], name[FILENAME_SAFE_MAX];

	memset(said, 'x', sizeof(said));
	memcpy(said + sizeof(said) - 5, ".jpg", 5);
	assert_true(filename_make(name, said));
	assert_true(strlen(name) < FILENAME_SAFE_MAX);
	assert_string_equal(name + strlen(name) - 5, "x.jpg");
}

TEST(numbers_stand_before_the_ending)
{
	char name[FILENAME_FULL_MAX];

	filename_numbered(name, "a.jpg", 1);
	assert_string_equal(name, "a.jpg");
	filename_numbered(name, "a.jpg", 2);
	assert_string_equal(name, "a (2).jpg");
	filename_numbered(name, "README", 12);
	assert_string_equal(name, "README (12)");
}

/* Whatever is said, what comes of it is one plain part of a path. */
TEST(no_bytes_get_through)
{
	static const char alphabet[] = "ab./\\:~- \x1b\x80\xc3\xe2\x80\xae\n";
	struct rng rng = { harness_seed() };
	char said[300], name[FILENAME_SAFE_MAX];
	uint32_t c;
	bool valid;

	for (int i = 0; i < 20000; i++) {
		size_t n = rng_below(&rng, sizeof(said));

		for (size_t k = 0; k < n; k++)
			said[k] = i % 2 ? alphabet[rng_below(&rng, sizeof(alphabet) - 1)]
					: (char)(1 + rng_below(&rng, 255));
		said[n] = 0;
		if (!filename_make(name, said))
			continue;
		check(*name && strlen(name) < FILENAME_SAFE_MAX && !strpbrk(name, "/\\"));
		check(!strchr(".-~ ", *name) && !strchr(". ", name[strlen(name) - 1]));
		for (const char *at = name; *at;) {
			at += texts_next(at, &c, &valid);
			check(valid && !texts_is_dangerous(c));
		}
	}
}
