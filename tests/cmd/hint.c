/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "cmd/hint.h"

TEST(distance_counts_slips_of_the_fingers)
{
	assert_int_equal(hint_distance("", ""), 0);
	assert_int_equal(hint_distance("listen", "listen"), 0);
	assert_int_equal(hint_distance("listen", "lsten"), 1);
	assert_int_equal(hint_distance("listen", "lissten"), 1);
	assert_int_equal(hint_distance("listen", "lixten"), 1);
	assert_int_equal(hint_distance("listen", "lisetn"), 1);
	assert_int_equal(hint_distance("ab", "ba"), 1);
	assert_int_equal(hint_distance("", "abc"), 3);
	assert_int_equal(hint_distance("kitten", "sitting"), 3);
}

static const char *nearest(const char *word)
{
	struct hint h = hint_for(word);

	hint_offer(&h, "registration");
	hint_offer(&h, "retry");
	hint_offer(&h, "retries");
	return h.best ? h.best : "(none)";
}

TEST(nearest_word_is_found_or_none)
{
	assert_string_equal(nearest("rety"), "retry");
	assert_string_equal(nearest("retrys"), "retry");
	assert_string_equal(nearest("registrations"), "registration");
	assert_string_equal(nearest("mailbox"), "(none)");
	assert_string_equal(nearest(""), "(none)");
}

TEST(endless_words_are_harmless)
{
	char word[1000];

	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = 0;
	assert_string_equal(nearest(word), "(none)");
	assert_int_equal(hint_distance(word, word), 0);
}
