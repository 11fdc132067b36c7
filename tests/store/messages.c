/* SPDX-License-Identifier: MIT */
/* What store.h promises of messages, asked of every store. */
#include "harness.h"

#include "base/err.h"
#include "store/rules.h"
#include "subject.h"

#include <string.h>

CASE(message_comes_out_as_it_went_in)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job j = job_put(a, b, 1, "");

	j.put.type = 0x8004;
	j.text_len = JOB_TEXT_MAX;
	for (size_t i = 0; i < JOB_TEXT_MAX; i++)
		j.text[i] = (uint8_t)(i * 7 + i / 256);
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.put.repeat);
	assert_int_equal(j.put.refused, REFUSED_NOT);
	assert_true(j.put.g > 0);

	struct job n = job_next(b, 0);

	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.g, j.put.g);
	assert_int_equal(n.next.from, a);
	assert_int_equal(n.next.type, 0x8004);
	assert_int_equal(n.next.accepted_s, NOW_S);
	assert_bytes(j.text, j.text_len, n.text, n.text_len);
}

CASE(messages_come_in_order_each_behind_its_g)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t g[3];

	for (uint16_t i = 0; i < 3; i++) {
		struct job j = job_put(a, i == 1 ? a : b, i, i == 0 ? "first" : "");

		assert_int_equal(subject_do(t, &j), 0);
		g[i] = j.put.g;
	}
	assert_true(g[0] < g[1] && g[1] < g[2]);

	struct job n = job_next(b, 0);

	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.g, g[0]);
	n.next.after = g[0]; /* the same job again: what was there is replaced */
	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.g, g[2]);
	assert_int_equal(n.text_len, 0);
	n = job_next(b, g[2]);
	assert_int_equal(subject_do(t, &n), -ICQ_ENOENT);
	n = job_next(STORE_FIRST_UIN + 9, 0);
	assert_int_equal(subject_do(t, &n), -ICQ_ENOENT);
}

CASE(dropped_messages_are_gone_and_their_numbers_too)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job j = job_put(a, b, 1, "x");

	assert_int_equal(subject_do(t, &j), 0);
	uint64_t g = j.put.g;

	j = job_drop(a, g, g); /* not the receiver */
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_waiting(t, b), 1);
	for (int i = 0; i < 2; i++) {
		j = job_drop(b, g, g);
		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(subject_waiting(t, b), 0);
	}
	j = job_drop(STORE_FIRST_UIN + 9, g, g);
	assert_int_equal(subject_do(t, &j), 0);
	j = job_put(a, b, 2, "x");
	assert_int_equal(subject_do(t, &j), 0);
	assert_true(j.put.g > g);
}

CASE(a_range_of_messages_is_dropped_at_once)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t g[6];

	for (uint16_t i = 0; i < 6; i++) {
		struct job j = job_put(a, i == 2 ? a : b, i, "x");

		assert_int_equal(subject_do(t, &j), 0);
		g[i] = j.put.g;
	}

	struct job j = job_drop(b, g[4], g[1]); /* an empty range */

	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_waiting(t, b), 5);
	j = job_drop(b, g[1], g[4]);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_waiting(t, b), 2);
	assert_int_equal(subject_waiting(t, a), 1); /* amid them, but another's */
	j = job_drop(b, 0, UINT64_MAX);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_waiting(t, b), 0);
}

CASE(session_learns_how_much_waits)
{
	uint32_t a = subject_account(t, 1);
	struct job put[] = { job_put(a, a, 1, "x"), job_put(a, a, 2, "x"), job_put(a, 99, 3, "x") };

	for (uint32_t i = 0; i <= 3; i++) {
		struct job j = job_of(JOB_SESSION_BEGIN);

		j.session.uin = a;
		j.session.waiting = 9;
		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(j.session.waiting, i); /* notices too */
		if (i < 3)
			assert_int_equal(subject_do(t, &put[i]), 0);
	}
}

CASE(a_key_lets_one_message_in)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job j = job_put(a, b, 1, "x");

	assert_int_equal(subject_do(t, &j), 0);
	struct job drop = job_drop(b, j.put.g, j.put.g);

	assert_int_equal(subject_do(t, &drop), 0);
	for (int i = 0; i < 2; i++) { /* delivered or not, it was here */
		j = job_put(a, b, 1, "y");
		j.put.steady_s = NOW_S + KEY_SEQ_S - 1;
		assert_int_equal(subject_do(t, &j), 0);
		assert_true(j.put.repeat);
		assert_int_equal(j.put.g, 0);
	}
	assert_int_equal(subject_waiting(t, b), 0);

	j = job_put(a, b, 1, "y"); /* the numbers have come round */
	j.put.steady_s = NOW_S + KEY_SEQ_S;
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.put.repeat);
	j = job_put(a, b, 1, "y");
	j.put.steady_s = NOW_S + 2 * KEY_SEQ_S - 1;
	assert_int_equal(subject_do(t, &j), 0);
	assert_true(j.put.repeat);
}

CASE(every_part_of_a_key_counts)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job j[6];

	for (int i = 0; i < 6; i++)
		j[i] = job_put(a, b, 1, "x");
	j[1].put.epoch++;
	j[2].put.seq++;
	j[3].put.command = 0x0456;
	j[4].put.body_len++;
	j[5].put.from = b;
	for (int i = 0; i < 6; i++) {
		assert_int_equal(subject_do(t, &j[i]), 0);
		assert_false(j[i].put.repeat);
	}
	assert_int_equal(subject_waiting(t, b), 6);
}

CASE(a_message_id_holds_across_logins_for_30_days)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job first = job_put(a, b, 1, "x"), again = job_put(a, b, 2, "y");

	first.put.msgid = again.put.msgid = UINT64_MAX;
	again.put.epoch++;
	again.put.steady_s = NOW_S + KEY_MSGID_S - 1;
	assert_int_equal(subject_do(t, &first), 0);
	assert_false(first.put.repeat);
	assert_int_equal(subject_do(t, &again), 0);
	assert_true(again.put.repeat);

	again.put.steady_s++;
	assert_int_equal(subject_do(t, &again), 0);
	assert_false(again.put.repeat);
	first.put.msgid = 5; /* another id in the same packet */
	assert_int_equal(subject_do(t, &first), 0);
	assert_false(first.put.repeat);
	first.put.from = b; /* another sender's same id */
	assert_int_equal(subject_do(t, &first), 0);
	assert_false(first.put.repeat);
}
