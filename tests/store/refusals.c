/* SPDX-License-Identifier: MIT */
/* What store.h promises of quotas and of what is refused, asked of every store. */
#include "harness.h"

#include "base/err.h"
#include "store/rules.h"
#include "subject.h"

#include <stdlib.h>
#include <string.h>

static void expect_notice(struct subject *t, uint32_t uin, uint64_t g, const char *words)
{
	struct job n = job_next(uin, g - 1);

	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.g, g);
	assert_int_equal(n.next.from, STORE_SYSTEM_UIN);
	assert_int_equal(n.next.type, 1);
	assert_int_equal(n.next.accepted_s, NOW_S);
	assert_bytes(words, strlen(words), n.text, n.text_len);
}

CASE(message_to_nobody_becomes_a_notice)
{
	uint32_t a = subject_account(t, 1);

	for (uint32_t to = 0; to <= STORE_SYSTEM_UIN; to++) {
		struct job j = job_put(a, to, (uint16_t)to, "x");

		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(j.put.refused, REFUSED_UNKNOWN);
	}

	struct job j = job_put(a, 12345, 9, "x");

	assert_int_equal(subject_do(t, &j), 0);
	expect_notice(t, a, j.put.g,
		      "Your message to 12345 was not delivered: there is no such number.");
	assert_int_equal(subject_waiting(t, a), 3);

	j = job_put(a, 12345, 9, "x");
	assert_int_equal(subject_do(t, &j), 0);
	assert_true(j.put.repeat);
	assert_int_equal(subject_waiting(t, a), 3);
}

CASE(refusal_of_the_asker_becomes_a_notice)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);

	for (enum refusal why = REFUSED_UNKNOWN; why < REFUSED_COUNT; why++) {
		struct job j = job_put(a, b, (uint16_t)why, "");
		uint8_t words[NOTICE_MAX + 1] = { 0 };

		j.put.refused = why;
		j.put.type = 4;
		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(j.put.refused, why);
		refusal_text(why, b, words, NOTICE_MAX);
		expect_notice(t, a, j.put.g, (const char *)words);
	}
	assert_int_equal(subject_waiting(t, b), 0);
}

CASE(a_sender_without_account_gets_no_notice)
{
	uint32_t a = subject_account(t, 1);
	struct job j = job_put(a + 1, a + 1, 1, "x");

	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	subject_account(t, 2);
	j = job_put(a + 1, a + 1, 1, "x");
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.put.repeat); /* no key was left behind */
}

static struct job job_put_limited(uint32_t from, uint32_t to, uint16_t seq, const char *text)
{
	struct job j = job_put(from, to, seq, text);

	j.put.max_messages = 3;
	j.put.max_bytes = 10;
	j.put.max_from_one = 2;
	j.put.max_notices = 2;
	return j;
}

static enum refusal put_limited(struct subject *t, uint32_t from, uint32_t to, uint16_t seq,
				const char *text)
{
	struct job j = job_put_limited(from, to, seq, text);

	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.put.repeat);
	return j.put.refused;
}

static void drop_oldest(struct subject *t, uint32_t uin)
{
	struct job n = job_next(uin, 0);

	assert_int_equal(subject_do(t, &n), 0);
	struct job j = job_drop(uin, n.next.g, n.next.g);

	assert_int_equal(subject_do(t, &j), 0);
}

CASE(mailbox_is_full_by_messages)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2), c = subject_account(t, 3);

	assert_int_equal(put_limited(t, a, c, 1, "x"), REFUSED_NOT);
	assert_int_equal(put_limited(t, b, c, 1, "x"), REFUSED_NOT);
	assert_int_equal(put_limited(t, c, c, 1, "x"), REFUSED_NOT);
	assert_int_equal(put_limited(t, a, c, 2, "x"), REFUSED_FULL);
	assert_int_equal(subject_waiting(t, c), 3);
	drop_oldest(t, c);
	assert_int_equal(put_limited(t, a, c, 3, "x"), REFUSED_NOT);
}

CASE(mailbox_is_full_by_bytes)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);

	assert_int_equal(put_limited(t, a, b, 1, "12345"), REFUSED_NOT);
	assert_int_equal(put_limited(t, a, b, 2, "123456"), REFUSED_FULL);
	assert_int_equal(put_limited(t, b, b, 3, "12345"), REFUSED_NOT);
	assert_int_equal(put_limited(t, a, b, 4, "1"), REFUSED_FULL);
	assert_int_equal(put_limited(t, a, b, 5, ""), REFUSED_NOT);
	drop_oldest(t, b);
	assert_int_equal(put_limited(t, a, b, 6, "12345"), REFUSED_NOT);
}

CASE(mailbox_is_full_for_one_sender)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);

	assert_int_equal(put_limited(t, a, b, 1, "x"), REFUSED_NOT);
	assert_int_equal(put_limited(t, a, b, 2, "x"), REFUSED_NOT);
	assert_int_equal(put_limited(t, a, b, 3, "x"), REFUSED_FULL);
	assert_int_equal(put_limited(t, b, b, 1, "x"), REFUSED_NOT);
	drop_oldest(t, b);
	assert_int_equal(put_limited(t, a, b, 4, "x"), REFUSED_NOT);
}

CASE(limits_of_zero_are_none)
{
	enum { COUNT = 1100 };
	uint32_t a = subject_account(t, 1);
	struct job *j = calloc(COUNT, sizeof(*j)), *jobs[COUNT];

	assert_non_null(j);
	for (uint16_t i = 0; i < COUNT; i++) {
		j[i] = job_put(a, i % 2 ? a : 1, i, "x");
		jobs[i] = &j[i];
	}
	subject_run(t, jobs, COUNT);
	for (int i = 0; i < COUNT; i++)
		check(j[i].err == 0 && j[i].put.g > 0);
	assert_int_equal(subject_waiting(t, a), COUNT);
	free(j);
}

CASE(notices_have_their_own_quota)
{
	uint32_t a = subject_account(t, 1);

	for (uint16_t i = 1; i <= 3; i++) /* messages, and two of the sender's share */
		assert_int_equal(put_limited(t, a, a, i, ""), i < 3 ? REFUSED_NOT : REFUSED_FULL);
	assert_int_equal(put_limited(t, a, 1, 4, "x"), REFUSED_UNKNOWN);

	struct job j = job_put_limited(a, 1, 5, "x");

	assert_int_equal(subject_do(t, &j), -ICQ_EFULL);
	assert_int_equal(j.put.g, 0);
	assert_int_equal(subject_waiting(t, a), 4);

	drop_oldest(t, a);
	assert_int_equal(put_limited(t, a, a, 6, "x"), REFUSED_NOT); /* notices do not count */
	drop_oldest(t, a);
	drop_oldest(t, a);						 /* the first notice */
	assert_int_equal(put_limited(t, a, 1, 5, "x"), REFUSED_UNKNOWN); /* left no key */
}

TEST(refusals_are_said_in_plain_ascii)
{
	for (enum refusal why = REFUSED_UNKNOWN; why < REFUSED_COUNT; why++) {
		uint8_t text[NOTICE_MAX];
		size_t n = refusal_text(why, UINT32_MAX, text, sizeof(text));

		assert_true(n > 20 && text[n - 1] == '.');
		for (size_t i = 0; i < n; i++)
			assert_in_range(text[i], ' ', '~');
		assert_int_equal(refusal_text(why, UINT32_MAX, text, 5), 5);
	}
}
