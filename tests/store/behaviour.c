/* SPDX-License-Identifier: MIT */
/* What store.h promises, asked of every store. */
#include "harness.h"

#include "base/err.h"
#include "store/rules.h"
#include "subject.h"

#include <string.h>

/* ---- accounts -------------------------------------------------------------------------- */

CASE(uins_rise_from_the_first)
{
	assert_int_equal(subject_account(t, 1), STORE_FIRST_UIN);
	assert_int_equal(subject_account(t, 2), STORE_FIRST_UIN + 1);
	assert_int_equal(subject_account(t, 3), STORE_FIRST_UIN + 2);
}

CASE(account_gives_back_the_hash)
{
	uint32_t uin = subject_account(t, 1);
	struct job j = job_of(JOB_ACCOUNT);

	j.account.uin = uin;
	j.account.blocked = true;
	assert_int_equal(subject_do(t, &j), 0);
	assert_string_equal(j.account.hash, "$hash$");
	assert_false(j.account.blocked);
	assert_int_equal(j.cookie, 77);
}

CASE(unknown_account_has_no_hash)
{
	static const uint32_t unknown[] = { 0, 1, STORE_FIRST_UIN - 1, STORE_FIRST_UIN + 1,
					    UINT32_MAX };

	subject_account(t, 1);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		struct job j = job_of(JOB_ACCOUNT);

		j.account.uin = unknown[i];
		strcpy(j.account.hash, "left over");
		assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
		assert_string_equal(j.account.hash, "");
	}
}

CASE(repeated_registration_gives_the_same_uin)
{
	uint32_t uin = subject_account(t, 1);
	struct job j = job_register(1);

	j.reg.now_s = NOW_S + REGISTER_REPEAT_S - 1;
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.reg.uin, uin);

	j = job_register(1);
	j.reg.now_s = NOW_S + REGISTER_REPEAT_S;
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.reg.uin, uin + 1);
}

CASE(registrations_differ_by_every_part_of_the_key)
{
	uint32_t uin = subject_account(t, 1);
	struct job other[] = { job_register(2), job_register(1), job_register(1), job_register(1),
			       job_register(1) };

	other[1].reg.addr.port++;
	other[2].reg.addr.ip[15]++;
	other[3].reg.tag ^= 1;
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(subject_do(t, &other[i]), 0);
		assert_int_equal(other[i].reg.uin, uin + 1 + i);
	}
	other[4].reg.addr.door = 3; /* no part of it */
	assert_int_equal(subject_do(t, &other[4]), 0);
	assert_int_equal(other[4].reg.uin, uin);
}

static struct job with_invite(uint16_t seq, const char *code)
{
	struct job j = job_register(seq);

	j.reg.want_invite = true;
	strcpy(j.reg.invite, code);
	return j;
}

CASE(invite_is_good_for_one_account)
{
	struct job j = with_invite(1, "abcd2345");

	assert_int_equal(subject_do(t, &j), -ICQ_EDENIED);
	assert_int_equal(subject_add_invite(t, "abcd2345"), 0);
	j = with_invite(1, "abcd2344");
	assert_int_equal(subject_do(t, &j), -ICQ_EDENIED);
	j = with_invite(1, "abcd2345");
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.reg.uin, STORE_FIRST_UIN);

	j = with_invite(1, "abcd2345"); /* its repeat */
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.reg.uin, STORE_FIRST_UIN);
	j = with_invite(2, "abcd2345");
	assert_int_equal(subject_do(t, &j), -ICQ_EDENIED);
	assert_int_equal(subject_account(t, 3), STORE_FIRST_UIN + 1); /* none was lost */
}

CASE(invites_are_made_once_and_short)
{
	assert_int_equal(subject_add_invite(t, "a"), 0);
	assert_int_equal(subject_add_invite(t, "a"), -ICQ_EEXIST);
	assert_int_equal(subject_add_invite(t, ""), -ICQ_ERANGE);
	assert_int_equal(subject_add_invite(t, "123456789"), -ICQ_ERANGE);
	struct job j = with_invite(1, "a");

	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_add_invite(t, "a"), -ICQ_EEXIST);
}

/* ---- sessions -------------------------------------------------------------------------- */

CASE(epochs_grow_over_all_sessions)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t first = subject_session(t, a);

	assert_true(first > 0);
	assert_int_equal(subject_session(t, b), first + 1);
	assert_int_equal(subject_session(t, a), first + 2);

	for (uint64_t epoch = first; epoch < first + 4; epoch++) {
		struct job j = job_of(JOB_SESSION_END);

		j.session.uin = a;
		j.session.epoch = epoch;
		assert_int_equal(subject_do(t, &j), 0);
	}
	assert_int_equal(subject_session(t, a), first + 3);
}

CASE(no_session_without_an_account)
{
	struct job j = job_of(JOB_SESSION_BEGIN);

	j.session.uin = STORE_FIRST_UIN;
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	j = job_of(JOB_SESSION_END);
	j.session.uin = STORE_FIRST_UIN;
	assert_int_equal(subject_do(t, &j), 0);
}

/* ---- messages -------------------------------------------------------------------------- */

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
		j.put.now_s = NOW_S + KEY_SEQ_S - 1;
		assert_int_equal(subject_do(t, &j), 0);
		assert_true(j.put.repeat);
		assert_int_equal(j.put.g, 0);
	}
	assert_int_equal(subject_waiting(t, b), 0);

	j = job_put(a, b, 1, "y"); /* the numbers have come round */
	j.put.now_s = NOW_S + KEY_SEQ_S;
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.put.repeat);
	j = job_put(a, b, 1, "y");
	j.put.now_s = NOW_S + 2 * KEY_SEQ_S - 1;
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
	again.put.now_s = NOW_S + KEY_MSGID_S - 1;
	assert_int_equal(subject_do(t, &first), 0);
	assert_false(first.put.repeat);
	assert_int_equal(subject_do(t, &again), 0);
	assert_true(again.put.repeat);

	again.put.now_s++;
	assert_int_equal(subject_do(t, &again), 0);
	assert_false(again.put.repeat);
	first.put.msgid = 5; /* another id in the same packet */
	assert_int_equal(subject_do(t, &first), 0);
	assert_false(first.put.repeat);
	first.put.from = b; /* another sender's same id */
	assert_int_equal(subject_do(t, &first), 0);
	assert_false(first.put.repeat);
}

/* ---- refusals -------------------------------------------------------------------------- */

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
	uint32_t a = subject_account(t, 1);

	for (uint16_t i = 0; i < 2000; i++) {
		struct job j = job_put(a, i % 2 ? a : 1, i, "x");

		check(subject_do(t, &j) == 0);
	}
	assert_int_equal(subject_waiting(t, a), 2000);
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

/* ---- transactions ---------------------------------------------------------------------- */

CASE(jobs_of_a_transaction_see_one_another)
{
	uint32_t a = STORE_FIRST_UIN;
	struct job j[] = {
		job_register(1),	job_put(a, a, 1, "x"), job_put(a, a, 1, "x"),
		job_put(a, 99, 2, "x"), job_next(a, 0),	       job_of(JOB_ACCOUNT),
	};
	struct job *jobs[] = { &j[0], &j[1], &j[2], &j[3], &j[4], &j[5] };

	j[5].account.uin = a + 1;
	subject_run(t, jobs, 6);
	for (int i = 0; i < 5; i++)
		assert_int_equal(j[i].err, 0);
	assert_true(j[2].put.repeat);
	assert_int_equal(j[4].next.g, j[1].put.g);
	assert_int_equal(j[5].err, -ICQ_ENOENT); /* a "no" spoils nothing */
	assert_int_equal(subject_waiting(t, a), 2);
	subject_run(t, NULL, 0);
}

CASE(passwords_are_not_for_the_store)
{
	struct job hash = job_of(JOB_HASH), verify = job_of(JOB_VERIFY);

	assert_int_equal(subject_do(t, &hash), -ICQ_EUNKNOWN);
	assert_int_equal(subject_do(t, &verify), -ICQ_EUNKNOWN);
}

TEST(mem_failed_transaction_changes_nothing)
{
	struct store_mem *s = store_mem_new();
	struct job reg = job_register(1), put = job_put(STORE_FIRST_UIN, STORE_FIRST_UIN, 1, "x");
	struct job *jobs[] = { &reg, &put };

	assert_non_null(s);
	store_mem_fail(s, 2);
	for (int i = 0; i < 3; i++) {
		store_mem_run(s, jobs, 2);
		assert_int_equal(reg.err, i < 2 ? -ICQ_EIO : 0);
		assert_int_equal(put.err, i < 2 ? -ICQ_EIO : 0);
	}
	assert_int_equal(reg.reg.uin, STORE_FIRST_UIN);
	assert_int_equal(put.put.g, 1);
	store_mem_free(&s);
	assert_null(s);
	store_mem_free(&s);
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
