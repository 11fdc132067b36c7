/* SPDX-License-Identifier: MIT */
/* What store.h promises the operator, asked of every store. */
#include "harness.h"

#include "base/err.h"
#include "store/rules.h"
#include "subject.h"

#include <string.h>

static struct job job_list(uint32_t after, const char *text)
{
	struct job j = job_of(JOB_ACCOUNT_LIST);

	j.account_list.after = after;
	j.text_len = (uint16_t)strlen(text);
	memcpy(j.text, text, j.text_len);
	return j;
}

static struct job job_add(uint32_t uin)
{
	struct job j = job_of(JOB_ACCOUNT_ADD);

	j.account_add.uin = uin;
	j.account_add.now_s = NOW_S;
	strcpy(j.account_add.hash, "$added$");
	return j;
}

static struct job job_password(enum job_kind kind, uint32_t uin, const char *hash, int64_t now_s)
{
	struct job j = job_of(kind);

	j.password_set.uin = uin;
	j.password_set.now_s = now_s;
	strcpy(j.password_set.hash, hash);
	return j;
}

static struct job job_system(uint32_t to, const char *text)
{
	struct job j = job_of(JOB_MESSAGE_SYSTEM);

	j.message_system.to = to;
	j.message_system.type = 1;
	j.message_system.now_s = NOW_S;
	j.text_len = (uint16_t)strlen(text);
	memcpy(j.text, text, j.text_len);
	return j;
}

/* A job with nothing but a UIN to say. */
static int do_delete(struct subject *t, uint32_t uin)
{
	struct job j = job_of(JOB_ACCOUNT_DELETE);

	j.account_delete.uin = uin;
	return subject_do(t, &j);
}

static void expect_hash(struct subject *t, uint32_t uin, const char *hash)
{
	struct job j = job_of(JOB_ACCOUNT);

	j.account.uin = uin;
	assert_int_equal(subject_do(t, &j), 0);
	assert_string_equal(j.account.hash, hash);
}

static uint64_t put(struct subject *t, uint32_t from, uint32_t to, uint16_t seq)
{
	struct job j = job_put(from, to, seq, "x");

	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.put.refused, REFUSED_NOT);
	return j.put.g;
}

/* ---- the echo account ------------------------------------------------------------------ */

CASE(echo_takes_messages_and_has_no_password)
{
	uint32_t a = subject_account(t, 1);

	expect_hash(t, STORE_ECHO_UIN, NO_PASSWORD);
	put(t, a, STORE_ECHO_UIN, 1);
	put(t, STORE_ECHO_UIN, a, 1);
	assert_int_equal(subject_waiting(t, STORE_ECHO_UIN), 1);
	assert_int_equal(a, STORE_FIRST_UIN);
}

/* ---- lists ----------------------------------------------------------------------------- */

CASE(accounts_are_listed_one_behind_the_other)
{
	static const uint32_t uins[] = { STORE_ECHO_UIN, STORE_FIRST_UIN, STORE_FIRST_UIN + 1 };
	struct job j = job_list(0, "");

	subject_account(t, 1);
	subject_account(t, 2);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(j.account_list.uin, uins[i]);
		j.account_list.after = j.account_list.uin;
	}
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	j = job_list(UINT32_MAX, "");
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
}

CASE(a_list_says_what_an_account_is)
{
	uint32_t a = subject_account(t, 1);
	struct job j = job_list(a - 1, ""), set;

	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.account_list.created_s, NOW_S);
	assert_int_equal(j.account_list.last_login_s, 0);
	assert_int_equal(j.account_list.waiting, 0);
	assert_false(j.account_list.blocked);
	assert_string_equal(j.account_list.nick, "");
	assert_string_equal(j.account_list.charset, "cp1252");

	set = job_profile_set(a, PROFILE_NAMES | PROFILE_CHARSET,
			      &(struct profile){ .nick = "Ann", .charset = "koi8-r" });
	assert_int_equal(subject_do(t, &set), 0);
	subject_session(t, a);
	subject_block(t, a, true);
	put(t, a, a, 1);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.account_list.last_login_s, NOW_S);
	assert_int_equal(j.account_list.waiting, 1);
	assert_true(j.account_list.blocked);
	assert_string_equal(j.account_list.nick, "Ann");
	assert_string_equal(j.account_list.charset, "koi8-r");
}

CASE(a_list_takes_a_part_of_a_text)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job set = job_profile_set(
		b, PROFILE_NAMES | PROFILE_CHARSET,
		&(struct profile){ .last = "\xcf\xf0\xe8", .email = "B@x", .charset = "cp1251" });
	static const char *const parts[] = { "при", "ПР", "b@X" };

	assert_int_equal(subject_do(t, &set), 0);
	for (int i = 0; i < 3; i++) {
		struct job j = job_list(0, parts[i]);

		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(j.account_list.uin, b);
		j.account_list.after = b;
		assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	}
	subject_block(t, b, true); /* the operator sees them all the same */
	set = job_list(a, "@");
	assert_int_equal(subject_do(t, &set), 0);
}

CASE(stats_count)
{
	uint32_t a = subject_account(t, 1);
	struct job j = job_of(JOB_STATS);

	put(t, a, a, 1);
	put(t, a, STORE_ECHO_UIN, 2);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.stats.accounts, 2);
	assert_int_equal(j.stats.messages, 2);
}

/* ---- accounts -------------------------------------------------------------------------- */

CASE(the_operator_makes_accounts)
{
	struct job j = job_add(0);

	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.account_add.uin, STORE_FIRST_UIN);
	expect_hash(t, STORE_FIRST_UIN, "$added$");
	assert_int_equal(subject_account(t, 1), STORE_FIRST_UIN + 1);
}

CASE(the_operator_chooses_free_numbers_only)
{
	uint32_t a = subject_account(t, 1);
	const struct {
		uint32_t uin;
		int err;
	} tries[] = {
		{ 1, -ICQ_ERANGE },
		{ STORE_ECHO_UIN - 1, -ICQ_ERANGE },
		{ STORE_ECHO_UIN, -ICQ_EEXIST },
		{ a, -ICQ_EEXIST },
		{ a + 2, 0 },
		{ a + 2, -ICQ_EEXIST },
		{ 12345678, 0 },
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct job j = job_add(tries[i].uin);

		assert_int_equal(subject_do(t, &j), tries[i].err);
		assert_int_equal(j.account_add.uin, tries[i].uin);
	}
	assert_int_equal(subject_account(t, 2), a + 1);
	assert_int_equal(subject_account(t, 3), a + 3); /* past the chosen one */
	expect_hash(t, 12345678, "$added$");
}

CASE(a_blocked_account_is_told_as_such)
{
	uint32_t a = subject_account(t, 1);
	struct job j = job_of(JOB_ACCOUNT);

	j.account.uin = a;
	subject_block(t, a, true);
	assert_int_equal(subject_do(t, &j), 0);
	assert_true(j.account.blocked);
	subject_block(t, a, false);
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.account.blocked);
	j = job_of(JOB_ACCOUNT_BLOCK);
	j.account_block.uin = a + 1;
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
}

CASE(of_a_deleted_account_only_what_others_got_is_left)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t to_b = put(t, a, b, 1), to_a = put(t, b, a, 1);
	struct job j, list = job_list(a - 1, "");

	assert_true(to_a > to_b);
	assert_int_equal(do_delete(t, a), 0);
	assert_int_equal(do_delete(t, a), -ICQ_ENOENT);
	assert_int_equal(subject_waiting(t, a), 0);
	j = job_next(b, 0);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.next.from, a);
	assert_int_equal(subject_do(t, &list), 0);
	assert_int_equal(list.account_list.uin, b);

	j = job_of(JOB_ACCOUNT);
	j.account.uin = a;
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	j = job_put(b, a, 2, "x");
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.put.refused, REFUSED_UNKNOWN);
	j = job_put(a, b, 1, "x"); /* its keys are gone too */
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.put.repeat);
}

CASE(numbers_of_deleted_accounts_are_never_given_again)
{
	uint32_t a = subject_account(t, 1);
	struct job add = job_add(a), ahead = job_add(a + 2);

	assert_int_equal(subject_do(t, &ahead), 0);
	assert_int_equal(do_delete(t, a), 0);
	assert_int_equal(do_delete(t, a + 2), 0);
	assert_int_equal(do_delete(t, STORE_ECHO_UIN), 0);
	assert_int_equal(subject_do(t, &add), -ICQ_EDENIED);
	assert_int_equal(subject_account(t, 1),
			 a + 1); /* the same key: no repeat of what is gone */
	assert_int_equal(subject_account(t, 2), a + 3);
	add = job_add(STORE_ECHO_UIN);
	assert_int_equal(subject_do(t, &add), -ICQ_EDENIED);
}

/* ---- passwords and registrations ------------------------------------------------------- */

CASE(a_changed_password_can_be_taken_back_for_72_hours)
{
	uint32_t a = subject_account(t, 1);
	struct job set = job_password(JOB_PASSWORD_SET, a, "$new$", NOW_S);
	struct job back = job_password(JOB_PASSWORD_BACK, a, "", NOW_S + OLD_HASH_S - 1);

	assert_int_equal(subject_do(t, &back), -ICQ_ENOENT);
	assert_int_equal(subject_do(t, &set), 0);
	expect_hash(t, a, "$new$");
	assert_int_equal(subject_do(t, &back), 0);
	expect_hash(t, a, "$hash$");
	assert_int_equal(subject_do(t, &back), -ICQ_ENOENT);

	set.password_set.now_s = NOW_S + OLD_HASH_S;
	back.password_set.now_s = NOW_S + 2 * OLD_HASH_S;
	assert_int_equal(subject_do(t, &set), 0);
	assert_int_equal(subject_do(t, &back), -ICQ_ENOENT);
	expect_hash(t, a, "$new$");
}

CASE(a_thief_who_changes_the_password_twice_gains_nothing)
{
	uint32_t a = subject_account(t, 1);
	struct job one = job_password(JOB_PASSWORD_SET, a, "$one$", NOW_S);
	struct job two = job_password(JOB_PASSWORD_SET, a, "$two$", NOW_S + 1);
	struct job back = job_password(JOB_PASSWORD_BACK, a, "", NOW_S + 2);

	assert_int_equal(subject_do(t, &one), 0);
	assert_int_equal(subject_do(t, &two), 0);
	expect_hash(t, a, "$two$");
	assert_int_equal(subject_do(t, &back), 0);
	expect_hash(t, a, "$hash$");
}

CASE(no_password_without_an_account)
{
	struct job j = job_password(JOB_PASSWORD_SET, STORE_FIRST_UIN, "$new$", NOW_S);

	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	j = job_password(JOB_PASSWORD_BACK, STORE_FIRST_UIN, "", NOW_S);
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
}

/* ---- messages of the operator ---------------------------------------------------------- */

CASE(the_operator_writes_as_the_system)
{
	uint32_t a = subject_account(t, 1);
	struct job j = job_system(a, "hello"), n = job_next(a, 0);

	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.g, j.message_system.g);
	assert_int_equal(n.next.from, STORE_SYSTEM_UIN);
	assert_int_equal(n.next.type, 1);
	assert_int_equal(n.next.accepted_s, NOW_S);
	assert_bytes("hello", 5, n.text, n.text_len);
	j = job_system(a + 1, "hello");
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
}

CASE(the_operator_has_a_quota_of_his_own)
{
	uint32_t a = subject_account(t, 1);

	for (int i = 0; i < 3; i++) {
		struct job j = job_system(a, "hello");

		j.message_system.max_notices = 2;
		assert_int_equal(subject_do(t, &j), i < 2 ? 0 : -ICQ_EFULL);
		assert_int_equal(j.message_system.g > 0, i < 2);
	}
	struct job j = job_put(a, a, 1, "x");

	j.put.max_messages = 1;
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(j.put.refused, REFUSED_NOT);
}

/* ---- retention ------------------------------------------------------------------------- */

enum { DAY_S = 24 * 3600 };

/* Time passes: the store learns of it by any job that has it. */
static void at(struct subject *t, int64_t now_s)
{
	struct job j = job_password(JOB_PASSWORD_BACK, 0, "", now_s);

	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
}

static void put_at(struct subject *t, uint32_t from, uint32_t to, uint16_t seq, int64_t now_s)
{
	struct job j = job_put(from, to, seq, "x");

	j.put.now_s = now_s;
	assert_int_equal(subject_do(t, &j), 0);
}

static void expect_last(struct subject *t, uint32_t uin, uint32_t count, const char *text)
{
	struct job n = job_next(uin, 0);

	assert_int_equal(subject_waiting(t, uin), count);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(subject_do(t, &n), 0);
		n.next.after = n.next.g;
	}
	assert_int_equal(n.next.from, STORE_SYSTEM_UIN);
	assert_bytes(text, strlen(text), n.text, n.text_len);
}

CASE(messages_that_wait_too_long_go_and_the_receiver_is_told)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);

	put_at(t, a, b, 1, NOW_S);
	put_at(t, a, b, 2, NOW_S);
	put_at(t, b, a, 3, NOW_S + 1);
	at(t, NOW_S + RETENTION_S - 1);
	assert_int_equal(subject_waiting(t, b), 2);
	at(t, NOW_S + RETENTION_S);
	expect_last(t, b, 1, "2 messages waited for you longer than 180 days and were removed.");
	assert_int_equal(subject_waiting(t, a), 1);
}

CASE(one_notice_tells_of_all_that_expired)
{
	uint32_t a = subject_account(t, 1);

	assert_int_equal(subject_set(t, "cp1252", 30 * DAY_S), 0);
	for (int i = 0; i < 3; i++)
		put_at(t, a, a, (uint16_t)i, NOW_S + i * DAY_S);
	at(t, NOW_S + 30 * DAY_S);
	expect_last(t, a, 3, "1 message waited for you longer than 30 days and was removed.");
	at(t, NOW_S + 32 * DAY_S);
	expect_last(t, a, 1, "3 messages waited for you longer than 30 days and were removed.");

	struct job all = job_drop(a, 0, UINT64_MAX); /* read; it counts anew */

	assert_int_equal(subject_do(t, &all), 0);
	put_at(t, a, a, 9, NOW_S + 33 * DAY_S);
	at(t, NOW_S + 63 * DAY_S);
	expect_last(t, a, 1, "1 message waited for you longer than 30 days and was removed.");
	at(t, NOW_S + 99 * DAY_S);
	assert_int_equal(subject_waiting(t, a), 0); /* the notice itself goes silently */
}

CASE(many_mailboxes_expire_one_purge_after_the_other)
{
	enum { USERS = EXPIRE_MOST + 20 };

	for (uint16_t i = 0; i < USERS; i++)
		subject_account(t, i);
	for (uint32_t i = 0; i < USERS; i++)
		put(t, STORE_FIRST_UIN, STORE_FIRST_UIN + i, (uint16_t)i);
	at(t, NOW_S + RETENTION_S);
	expect_last(t, STORE_FIRST_UIN, 1,
		    "1 message waited for you longer than 180 days and was removed.");
	struct job n = job_next(STORE_FIRST_UIN + USERS - 1, 0);

	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.from, STORE_FIRST_UIN);
	at(t, NOW_S + RETENTION_S + 1);
	n.next.after = 0;
	assert_int_equal(subject_do(t, &n), 0);
	assert_int_equal(n.next.from, STORE_SYSTEM_UIN);
}
