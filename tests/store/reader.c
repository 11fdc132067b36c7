/* SPDX-License-Identifier: MIT */
/* The second way into the durable store: it sees what is stable, changes nothing, and waits for
 * nobody. */
#include "harness.h"

#include "base/err.h"
#include "subject.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static struct store_sqlite *open_reader(const struct subject *t)
{
	struct store_sqlite *s;
	const char *why = NULL;

	if (store_sqlite_open_reader(&s, subject_file(t), &why))
		fail_msg("%s: %s", subject_file(t), why);
	return s;
}

static int read_one(struct store_sqlite *s, struct job *j)
{
	store_sqlite_run(s, &j, 1);
	return j->err;
}

static uint32_t count_nick(struct store_sqlite *s, const char *nick)
{
	struct job j = job_of(JOB_SEARCH);

	strcpy(j.search.nick, nick);
	assert_int_equal(read_one(s, &j), 0);
	return j.search.count;
}

static void rename_to(struct subject *t, uint32_t uin, const char *nick)
{
	struct profile p = { 0 };

	strcpy(p.nick, nick);
	struct job j = job_profile_set(uin, PROFILE_NAMES, &p);

	assert_int_equal(subject_do(t, &j), 0);
}

TEST(a_reader_sees_what_is_stable)
{
	struct subject *t = subject_sqlite();
	struct store_sqlite *s = open_reader(t);
	uint32_t uin = subject_account(t, 1);
	struct job j = job_of(JOB_PROFILE);

	for (int i = 0; i < 3; i++) {
		const char nick[] = { (char)('x' + i), 0 };

		assert_int_equal(count_nick(s, nick), 0);
		rename_to(t, uin, nick);
		assert_int_equal(count_nick(s, nick), 1);
		j.profile.uin = uin;
		assert_int_equal(read_one(s, &j), 0);
		assert_string_equal(j.profile.profile.nick, nick);
	}
	j = job_of(JOB_ACCOUNT_LIST);
	assert_int_equal(read_one(s, &j), 0);
	assert_int_equal(j.account_list.uin, STORE_ECHO_UIN);
	j = job_of(JOB_STATS);
	assert_int_equal(read_one(s, &j), 0);
	assert_int_equal(j.stats.accounts, 2);
	assert_true(j.stats.bytes > 4096);
	store_sqlite_close(&s);
	subject_free(&t);
}

TEST(a_reader_follows_the_settings)
{
	struct subject *t = subject_sqlite();
	struct store_sqlite *s = open_reader(t);

	rename_to(t, subject_account(t, 1), "\xf0");
	assert_int_equal(count_nick(s, "\xd0"), 1);
	assert_int_equal(subject_set(t, "koi8-r", 1000), 0);
	assert_int_equal(count_nick(s, "\xd0"), 1);
	assert_int_equal(subject_set(t, "cp866", 1000), 0);
	assert_int_equal(count_nick(s, "\xd0"), 0);
	store_sqlite_close(&s);
	subject_free(&t);
}

TEST(a_reader_takes_only_jobs_that_read)
{
	struct subject *t = subject_sqlite();
	struct store_sqlite *s = open_reader(t);
	uint32_t uin = subject_account(t, 1);

	for (enum job_kind kind = 0; kind < JOB_COUNT; kind++) {
		struct job j = job_of(kind);
		int err = read_one(s, &j);

		if (!job_reads(kind))
			assert_int_equal(err, -ICQ_EUNKNOWN);
		else
			assert_true(err == 0 || err == -ICQ_ENOENT);
	}
	assert_int_equal(subject_session(t, uin), 1);
	store_sqlite_close(&s);
	subject_free(&t);
}

/* Another connection holds the lock of writers; a reader that waited for it would fail. */
TEST(a_reader_does_not_wait_for_the_writer)
{
	struct subject *t = subject_sqlite();
	struct store_sqlite *s = open_reader(t);
	sqlite3 *db;

	rename_to(t, subject_account(t, 1), "before");
	assert_int_equal(sqlite3_open(subject_file(t), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE; DELETE FROM names", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(count_nick(s, "before"), 1);
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(count_nick(s, "before"), 0);
	sqlite3_close(db);
	store_sqlite_close(&s);
	subject_free(&t);
}

TEST(a_reader_makes_no_database)
{
	char folder[PATH_LEN], file[PATH_LEN + 8];
	struct store_sqlite *s;
	const char *why = NULL;

	folder_new(folder);
	snprintf(file, sizeof(file), "%s/db", folder);
	assert_int_equal(store_sqlite_open_reader(&s, file, &why), -ICQ_EIO);
	assert_null(s);
	assert_non_null(why);
	folder_free(folder);
}
