/* SPDX-License-Identifier: MIT */
/* What store.h promises of accounts, sessions and transactions, asked of every store. */
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
	static const uint32_t unknown[] = { 0, 1, STORE_ECHO_UIN - 1, STORE_FIRST_UIN + 1,
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

CASE(invites_are_made_once)
{
	assert_int_equal(subject_add_invite(t, "a"), 0);
	assert_int_equal(subject_add_invite(t, "a"), -ICQ_EEXIST);
	assert_int_equal(subject_add_invite(t, ""), -ICQ_ERANGE);
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
