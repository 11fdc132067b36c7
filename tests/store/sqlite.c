/* SPDX-License-Identifier: MIT */
/* What only a file can do: outlive its process, be old, new, foreign or broken. */
#define _GNU_SOURCE /* memmem() */
#include "harness.h"

#include "base/err.h"
#include "store/schema_sqlite.h"
#include "subject.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what lasts ------------------------------------------------------------------------ */

TEST(everything_is_there_after_opening_again)
{
	struct subject *t = subject_sqlite();
	uint32_t a = subject_account(t, 1);
	uint64_t epoch = subject_session(t, a);
	struct job put = job_put(a, a, 1, "x"), second = job_put(a, a, 2, "y");

	assert_int_equal(subject_do(t, &put), 0);
	assert_int_equal(subject_do(t, &second), 0);
	struct job drop = job_drop(a, second.put.g, second.put.g);

	assert_int_equal(subject_do(t, &drop), 0);
	subject_close(t);
	subject_open(t);

	assert_int_equal(subject_account(t, 1), a); /* the repeat key */
	assert_int_equal(subject_account(t, 2), a + 1);
	assert_int_equal(subject_session(t, a), epoch + 1);
	assert_int_equal(subject_waiting(t, a), 1);
	struct job again = job_put(a, a, 2, "y");

	assert_int_equal(subject_do(t, &again), 0);
	assert_true(again.put.repeat);
	again = job_put(a, a, 3, "z");
	assert_int_equal(subject_do(t, &again), 0);
	assert_true(again.put.g > second.put.g); /* though that was the last and is gone */
	subject_free(&t);
}

TEST(sessions_outlive_their_process)
{
	struct subject *t = subject_sqlite();
	uint32_t a = subject_account(t, 1);
	uint64_t epoch = subject_session(t, a);
	struct job put = job_put(a, a, 1, "x"), n = job_flight(a, 0, epoch, 9);

	assert_int_equal(subject_list(t, a, epoch, 2, 0, UINS(7, 8)), 0);
	assert_int_equal(subject_do(t, &put), 0);
	assert_int_equal(subject_do(t, &n), 0);
	struct saved before = subject_saved(t, a);

	assert_int_equal(before.of.flight, put.put.g);
	for (int i = 0; i < 2; i++) {
		subject_close(t);
		subject_open(t);
		struct saved after = subject_saved(t, a);

		expect_saved(&before, &after);
	}
	subject_free(&t);
}

/* An operator's tool beside a running server changes nothing about its sessions. */
TEST(a_second_opening_leaves_sessions_alone)
{
	struct subject *t = subject_sqlite();
	struct store_sqlite *other;
	const char *why;
	uint32_t a = subject_account(t, 1);

	subject_session(t, a);
	assert_int_equal(store_sqlite_open(&other, subject_file(t), &why), 0);
	store_sqlite_close(&other);
	assert_int_equal(subject_saved(t, a).of.session.uin, a);
	subject_free(&t);
}

TEST(the_secret_is_made_once)
{
	char folder[PATH_LEN], file[PATH_LEN + 8];
	uint8_t secret[2][32] = { { 0 } }, none[32] = { 0 };
	struct store_sqlite *s;
	const char *why;

	folder_new(folder);
	snprintf(file, sizeof(file), "%s/db", folder);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(store_sqlite_open(&s, file, &why), 0);
		assert_int_equal(store_sqlite_secret(s, secret[i]), 0);
		store_sqlite_close(&s);
	}
	assert_memory_equal(secret[0], secret[1], 32);
	assert_true(memcmp(secret[0], none, 32) != 0);
	folder_free(folder);
}

TEST(the_file_is_for_its_owner_alone)
{
	struct subject *t = subject_sqlite();
	struct stat st;
	mode_t before = umask(0);

	umask(before);
	assert_int_equal(stat(subject_file(t), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600 & ~before);
	subject_free(&t);
}

TEST(only_the_end_of_the_live_epoch_ends_a_session)
{
	struct subject *t = subject_sqlite();
	struct job end = job_of(JOB_SESSION_END);

	end.session.uin = subject_account(t, 1);
	uint64_t old = subject_session(t, end.session.uin);
	uint64_t live = subject_session(t, end.session.uin);

	end.session.epoch = old;
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(sql_number(subject_file(t), "SELECT count(*) FROM session"), 1);
	end.session.epoch = live;
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(sql_number(subject_file(t), "SELECT count(*) FROM session"), 0);
	subject_free(&t);
}

static void put_many(struct subject *t, uint32_t uin, uint16_t seq, int64_t now_s)
{
	enum { MANY = 300 };
	static struct job j[MANY];
	struct job *jobs[MANY];

	for (uint16_t i = 0; i < MANY; i++) {
		j[i] = job_put(uin, uin, seq++, "x");
		j[i].put.now_s = j[i].put.steady_s = now_s;
		jobs[i] = &j[i];
	}
	subject_run(t, jobs, MANY);
	assert_int_equal(j[MANY - 1].err, 0);
}

TEST(old_keys_and_registrations_are_purged_as_fast_as_new_ones_come)
{
	struct subject *t = subject_sqlite();
	uint32_t a = subject_account(t, 1);

	put_many(t, a, 0, NOW_S);
	assert_int_equal(sql_number(subject_file(t), "SELECT count(*) FROM message_key"), 300);
	assert_int_equal(sql_number(subject_file(t), "SELECT count(*) FROM registration"), 1);
	put_many(t, a, 1000, NOW_S + 3600);
	assert_int_equal(sql_number(subject_file(t), "SELECT count(*) FROM message_key"), 300);
	assert_int_equal(sql_number(subject_file(t), "SELECT count(*) FROM registration"), 0);
	subject_free(&t);
}

TEST(one_failure_undoes_the_whole_transaction)
{
	struct subject *t = subject_sqlite();
	uint32_t a = subject_account(t, 1);
	struct job j[] = { job_put(a, a, 1, "good"), job_register(2), job_put(a, a, 3, "bad") };
	struct job *jobs[] = { &j[0], &j[1], &j[2] };

	sql(subject_file(t), "CREATE TRIGGER bad BEFORE INSERT ON message WHEN new.text = x'626164'"
			     " BEGIN SELECT RAISE(ABORT, 'bad'); END");
	subject_run(t, jobs, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(j[i].err, -ICQ_EIO);
	assert_int_equal(subject_waiting(t, a), 0);

	subject_run(t, jobs, 2); /* nothing is left behind, and it goes on */
	assert_int_equal(j[0].err, 0);
	assert_false(j[0].put.repeat);
	assert_int_equal(j[0].put.g, 1);
	assert_int_equal(j[1].reg.uin, a + 1);
	subject_free(&t);
}

/* All that a file holds, with what has not been moved into the database yet. */
static bool file_holds(const struct subject *t, const char *text)
{
	static char bytes[1 << 20];
	FILE *f = fopen(subject_file(t), "rb");

	assert_non_null(f);
	size_t n = fread(bytes, 1, sizeof(bytes), f);

	fclose(f);
	assert_true(n < sizeof(bytes));
	return memmem(bytes, n, text, strlen(text));
}

TEST(a_deleted_account_leaves_no_bytes_in_the_file)
{
	static const char *const words[] = { "a-secret-hash", "nick-of-one", "text-to-one" };
	struct subject *t = subject_sqlite();
	struct job reg = job_register(1), put, del = job_of(JOB_ACCOUNT_DELETE), set;

	strcpy(reg.reg.hash, words[0]);
	assert_int_equal(subject_do(t, &reg), 0);
	set = job_profile_set(reg.reg.uin, PROFILE_NAMES,
			      &(struct profile){ .nick = "nick-of-one" });
	put = job_put(STORE_ECHO_UIN, reg.reg.uin, 1, words[2]);
	assert_int_equal(subject_do(t, &set), 0);
	assert_int_equal(subject_do(t, &put), 0);
	subject_close(t); /* moves all into the database */
	for (int i = 0; i < 3; i++)
		assert_true(file_holds(t, words[i]));

	subject_open(t);
	del.account_delete.uin = reg.reg.uin;
	assert_int_equal(subject_do(t, &del), 0);
	subject_close(t);
	for (int i = 0; i < 3; i++)
		assert_false(file_holds(t, words[i]));
	subject_free(&t);
}

/* ---- versions and damage --------------------------------------------------------------- */

/* Opens a file that must be refused. */
static void expect_refused(const char *file, int err, const char *word)
{
	struct store_sqlite *s;
	const char *why = NULL;

	assert_int_equal(store_sqlite_open(&s, file, &why), err);
	assert_null(s);
	assert_non_null(why);
	if (!strstr(why, word))
		fail_msg("\"%s\" lacks \"%s\"", why, word);
}

TEST(a_newer_database_is_refused)
{
	struct subject *t = subject_sqlite();

	subject_close(t);
	sql(subject_file(t), "PRAGMA user_version = 9999");
	expect_refused(subject_file(t), -ICQ_ENEWER, "newer");
	assert_int_equal(sql_number(subject_file(t), "PRAGMA user_version"), 9999);
	subject_free(&t);
}

TEST(a_foreign_database_is_refused_and_left_alone)
{
	char folder[PATH_LEN], file[PATH_LEN + 8];

	folder_new(folder);
	snprintf(file, sizeof(file), "%s/db", folder);
	sql(file, "CREATE TABLE recipes (name TEXT)");
	expect_refused(file, -ICQ_ECORRUPT, "something else");
	assert_int_equal(sql_number(file, "SELECT count(*) FROM sqlite_schema"), 1);
	folder_free(folder);
}

TEST(a_damaged_database_is_refused)
{
	struct subject *t = subject_sqlite();
	char junk[4096];
	struct rng rng = harness_rng();

	subject_close(t);
	assert_int_equal(truncate(subject_file(t), 4096), 0);
	expect_refused(subject_file(t), -ICQ_ECORRUPT, "damaged");
	rng_bytes(&rng, junk, sizeof(junk));
	write_file(subject_file(t), junk, sizeof(junk));
	expect_refused(subject_file(t), -ICQ_ECORRUPT, "damaged");
	subject_free(&t);
}

TEST(a_database_that_cannot_be_reached_is_refused)
{
	char folder[PATH_LEN], file[PATH_LEN + 16];

	folder_new(folder);
	expect_refused(folder, -ICQ_EIO, "cannot be made");
	snprintf(file, sizeof(file), "%s/none/db", folder);
	expect_refused(file, -ICQ_EIO, "folder");
	folder_free(folder);
}

TEST(a_database_of_somebody_else_is_refused)
{
	struct subject *t = subject_sqlite();

	if (geteuid() == 0) {
		subject_free(&t);
		harness_skip("root may read everything");
	}
	subject_close(t);
	assert_int_equal(chmod(subject_file(t), 0), 0);
	expect_refused(subject_file(t), -ICQ_EDENIED, "permission");
	subject_free(&t);
}

TEST(an_empty_file_becomes_a_database)
{
	struct subject *t = subject_sqlite();

	subject_close(t);
	write_file(subject_file(t), "", 0);
	subject_open(t);
	assert_int_equal(subject_account(t, 1), STORE_FIRST_UIN);
	assert_int_equal(sql_number(subject_file(t), "PRAGMA user_version"), store_schema.version);
	subject_free(&t);
}

/* Two releases of a small schema, the second with a step that goes wrong for some data. */
static const char *const steps[] = {
	"CREATE TABLE pet (name TEXT); INSERT INTO pet VALUES ('cat')",
	"ALTER TABLE pet ADD COLUMN legs INTEGER; UPDATE pet SET legs = 4",
	"CREATE TABLE owner (name TEXT); CREATE UNIQUE INDEX legs ON pet (legs)",
};

static int upgrade(const char *file, int version)
{
	const struct schema to = { version, steps, 0x70657473 };
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	int rc = schema_upgrade(db, file, &to);

	sqlite3_close(db);
	return rc;
}

TEST(an_older_database_is_copied_and_upgraded)
{
	char folder[PATH_LEN], file[PATH_LEN + 8], copy[PATH_LEN + 32];

	folder_new(folder);
	snprintf(file, sizeof(file), "%s/db", folder);
	snprintf(copy, sizeof(copy), "%s.before-2", file);
	assert_int_equal(upgrade(file, 1), SQLITE_OK);
	assert_int_equal(upgrade(file, 1), SQLITE_OK); /* nothing to do */
	sql(file, "INSERT INTO pet VALUES ('hen')");
	assert_int_equal(access(copy, F_OK), -1);

	assert_int_equal(upgrade(file, 2), SQLITE_OK);
	assert_int_equal(sql_number(file, "PRAGMA user_version"), 2);
	assert_int_equal(sql_number(file, "SELECT sum(legs) FROM pet"), 8);
	assert_int_equal(sql_number(copy, "PRAGMA user_version"), 1);
	assert_int_equal(sql_number(copy, "SELECT count(*) FROM pet"), 2);
	assert_int_equal(upgrade(file, 1), SQLITE_MISMATCH);
	assert_int_equal(upgrade(copy, 2), SQLITE_OK); /* the copy is a database like any */
	folder_free(folder);
}

TEST(a_failed_upgrade_changes_nothing)
{
	char folder[PATH_LEN], file[PATH_LEN + 8];

	folder_new(folder);
	snprintf(file, sizeof(file), "%s/db", folder);
	assert_int_equal(upgrade(file, 1), SQLITE_OK);
	sql(file, "INSERT INTO pet VALUES ('hen')"); /* as many legs as the cat: not unique */
	assert_int_equal(upgrade(file, 3), SQLITE_CONSTRAINT);
	assert_int_equal(sql_number(file, "PRAGMA user_version"), 1);
	assert_int_equal(sql_number(file, "SELECT count(*) FROM sqlite_schema"), 1);
	sql(file, "DELETE FROM pet WHERE name = 'hen'");
	assert_int_equal(upgrade(file, 3), SQLITE_OK);
	folder_free(folder);
}
