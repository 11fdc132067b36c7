/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "harness.h"
#include "wire/icqwire.h"

#define FE "\xFE"

static void assert_str(const char *expected, struct icq_str s)
{
	assert_bytes(expected, strlen(expected), s.p ? (const void *)s.p : "", s.len);
}

static int split(enum icq_form form, const char *text, union icq_text *out)
{
	return icq_text_split(form, icq_str_of(text), out);
}

static void assert_joined(const char *expected, enum icq_form form, const union icq_text *t)
{
	uint8_t out[256];
	int n = icq_text_join(form, t, out, sizeof(out));

	assert_true(n >= 0);
	assert_bytes(expected, strlen(expected), out, (size_t)n);
}

TEST(types_have_forms_with_and_without_the_flag)
{
	assert_int_equal(icq_form_of(4), F_url);
	assert_int_equal(icq_form_of(0x8004), F_url);
	assert_int_equal(icq_form_of(0x7777), F_NONE);
	assert_string_equal(icq_form_name(F_url), "URL");
	assert_string_equal(icq_form_name(F_NONE), "unknown");
}

TEST(only_these_types_are_relayed)
{
	const uint16_t relayed[] = { 1, 4, 6, 7, 8, 0xC, 0x13 };
	size_t next = 0;

	for (uint16_t type = 0; type < ICQ_TYPE_MANY; type++) {
		if (!icq_form_relayed(icq_form_of(type)))
			continue;
		assert_true(next < sizeof(relayed) / sizeof(relayed[0]));
		assert_int_equal(type, relayed[next++]);
	}
	assert_int_equal(next, sizeof(relayed) / sizeof(relayed[0]));
}

TEST(url_splits_and_joins)
{
	union icq_text t;

	assert_int_equal(split(F_url, "Project page" FE "http://example.org/", &t), 1);
	assert_str("Project page", t.url.description);
	assert_str("http://example.org/", t.url.url);
	assert_joined("Project page" FE "http://example.org/", F_url, &t);
}

TEST(missing_parts_are_empty)
{
	union icq_text t;

	assert_int_equal(split(F_url, "no address", &t), 0);
	assert_str("no address", t.url.description);
	assert_str("", t.url.url);
	assert_joined("no address" FE, F_url, &t);
	assert_int_equal(split(F_url, "", &t), 0);
	assert_joined(FE, F_url, &t);
}

TEST(last_part_keeps_further_separators_which_joining_blanks)
{
	union icq_text t;

	assert_int_equal(split(F_url, "a" FE "b" FE "c", &t), 1);
	assert_str("b" FE "c", t.url.url);
	assert_joined("a" FE "b c", F_url, &t);
}

TEST(plain_text_may_hold_separators)
{
	union icq_text t;

	assert_int_equal(split(F_text, "a" FE "b", &t), 0);
	assert_str("a" FE "b", t.text.text);
	assert_joined("a" FE "b", F_text, &t);
	assert_true(icq_text_complete(F_text, icq_str_of("a" FE "b")));
}

TEST(fifth_of_five_parts_of_a_request_is_the_reason)
{
	union icq_text t;

	split(F_auth_request, "n" FE "f" FE "l" FE "e" FE "why not", &t);
	assert_str("", t.auth_request.auth);
	assert_str("why not", t.auth_request.reason);
	assert_joined("n" FE "f" FE "l" FE "e" FE FE "why not", F_auth_request, &t);

	split(F_auth_request_2, "n" FE "f" FE "l" FE "e" FE "10", &t);
	assert_str("10", t.auth_request_2.reason);
}

TEST(fifth_of_five_parts_is_auth_when_it_is_one_bit)
{
	union icq_text t;

	split(F_auth_request, "n" FE "f" FE "l" FE "e" FE "1", &t);
	assert_str("1", t.auth_request.auth);
	assert_str("", t.auth_request.reason);
	split(F_added, "n" FE "f" FE "l" FE "e" FE "hello", &t);
	assert_str("hello", t.added.auth);
}

TEST(completeness_counts_separators)
{
	assert_true(icq_text_complete(F_url, icq_str_of("a" FE "b")));
	assert_false(icq_text_complete(F_url, icq_str_of("a")));
	assert_false(icq_text_complete(F_url, icq_str_of("a" FE "b" FE "c")));
	assert_true(icq_text_complete(F_contacts, icq_str_of("1" FE "7" FE "x" FE)));
	assert_false(icq_text_complete(F_contacts, icq_str_of("1" FE "7" FE "x")));
	assert_false(icq_text_complete(F_contacts, icq_str_of("")));
}

TEST(joining_respects_the_room)
{
	union icq_text t;
	uint8_t out[2];

	split(F_url, "ab" FE, &t);
	assert_int_equal(icq_text_join(F_url, &t, out, sizeof(out)), -ICQ_ESPACE);
}

TEST(contact_list_of_a_capture)
{
	const char *text = "2" FE "7000001" FE "Walrus" FE "7000002" FE "Owl" FE;
	struct icq_contacts c;
	uint8_t out[64];

	icq_contacts_split(icq_str_of(text), &c);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.at[0].uin, 7000001);
	assert_str("Walrus", c.at[0].nick);
	assert_int_equal(c.at[1].uin, 7000002);
	assert_str("Owl", c.at[1].nick);

	int n = icq_contacts_join(&c, out, sizeof(out));

	assert_bytes(text, strlen(text), out, (size_t)n);
	assert_int_equal(icq_contacts_join(&c, out, 10), -ICQ_ESPACE);
}

TEST(contact_list_stops_where_it_should)
{
	struct icq_contacts c;

	icq_contacts_split(icq_str_of("9" FE "1" FE "a" FE "2" FE "b"), &c);
	assert_int_equal(c.count, 2);
	icq_contacts_split(icq_str_of("1" FE "1" FE "a" FE "2" FE "b" FE), &c);
	assert_int_equal(c.count, 1);
	icq_contacts_split(icq_str_of("3" FE "x1" FE "a" FE "4294967296" FE "b" FE "3"), &c);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.at[0].uin, 3);
	assert_str("", c.at[0].nick);
	icq_contacts_split(icq_str_of("many" FE "1" FE "a" FE), &c);
	assert_int_equal(c.count, 0);
	icq_contacts_split(icq_str_of("1" FE "18446744073709551617" FE "a" FE), &c);
	assert_int_equal(c.count, 0);
	icq_contacts_split(icq_str_of(""), &c);
	assert_int_equal(c.count, 0);
}

TEST(contact_list_has_at_most_a_hundred_pairs)
{
	char text[2048] = "300";
	size_t n = strlen(text);
	struct icq_contacts c;

	for (int i = 0; i < 300; i++) {
		memcpy(text + n, FE "7" FE "x", 4);
		n += 4;
	}
	icq_contacts_split((struct icq_str){ (const uint8_t *)text, (uint16_t)n }, &c);
	assert_int_equal(c.count, ICQ_MAX_pairs);
}

/* Whatever the parts are, joining makes a complete text that splits into the same parts. */
TEST(joined_texts_are_complete_and_split_back)
{
	struct rng rng = harness_rng();

	for (int round = 0; round < 20000; round++) {
		enum icq_form form = F_NONE + 1 + rng_below(&rng, F_COUNT - 1);
		uint8_t bytes[40], first[64], second[64];
		union icq_text t;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = rng_below(&rng, 4) ? (uint8_t)('0' + rng_below(&rng, 4)) : 0xFE;
		if (form == F_contacts)
			continue;
		icq_text_split(form, (struct icq_str){ bytes, sizeof(bytes) }, &t);

		int n = icq_text_join(form, &t, first, sizeof(first));

		check(n >= 0);
		check(icq_text_complete(form, (struct icq_str){ first, (uint16_t)n }));
		icq_text_split(form, (struct icq_str){ first, (uint16_t)n }, &t);
		assert_bytes(first, (size_t)n, second,
			     (size_t)icq_text_join(form, &t, second, sizeof(second)));
	}
}

TEST(commands_in_words_are_matched_by_their_beginning)
{
	assert_int_equal(icq_text_code_of(icq_str_of("B_USER_DISCONNECTED")), C_log_out);
	assert_int_equal(icq_text_code_of(icq_str_of("B_MESSAGE_ACK\x05")), C_answer);
	assert_int_equal(icq_text_code_of(icq_str_of("B_MESSAGE_IDS")), C_msgids);
	assert_int_equal(icq_text_code_of(icq_str_of("B_MESSAGE_")), C_NONE);
	assert_int_equal(icq_text_code_of((struct icq_str){ 0 }), C_NONE);
	assert_string_equal(icq_text_code_text(C_log_out), "B_USER_DISCONNECTED");
	assert_string_equal(icq_text_code_text(C_NONE), "");
}
