/* SPDX-License-Identifier: MIT */
/* What only a history in a file can do: outlive its process, fill the disk, be new or broken. */
#include "history_subject.h"

#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "folder.h"
#include "store/schema_sqlite.h"
#include "store/store.h"

TEST(everything_is_there_after_opening_again)
{
	struct history *h = history_on_sqlite();
	struct history_job in = job_in(ANN, "received"), out = job_out(ANN, "to be sent");

	in.add.match = HISTORY_SAME_ID;
	in.row.msgid = 7;
	assert_int_equal(history_do(h, &in), 0);
	assert_int_equal(history_do(h, &out), 0);
	history_close(h);
	history_open(h);
	assert_int_equal(history_do(h, &in), 0);
	assert_true(in.add.repeat && in.row.id == 1);
	assert_int_equal(history_next_id(h, (struct history_next){ .outbox = true }), 2);
	assert_int_equal(history_next_id(h, (struct history_next){ .find = "RECEIVED" }), 1);
	history_free(&h);
}

TEST(numbers_of_deleted_rows_are_not_given_again)
{
	struct history *h = history_on_sqlite();
	struct history_job job = job_in(ANN, "x");

	assert_int_equal(history_do(h, &job), 0);
	sql(history_file(h), "DELETE FROM message");
	job = job_in(ANN, "y");
	assert_int_equal(history_do(h, &job), 0);
	assert_int_equal(job.row.id, 2);
	history_free(&h);
}

TEST(the_text_stands_beside_the_raw_bytes)
{
	struct history *h = history_on_sqlite();
	struct history_job job = job_in(ANN, "\xcf\xf0");

	strcpy(job.row.charset, "cp1251");
	assert_int_equal(history_do(h, &job), 0);
	assert_int_equal(sql_number(history_file(h),
				    "SELECT count(*) FROM message WHERE text = 'Пр'"
				    " AND raw = x'cff0' AND charset = 'cp1251'"),
			 1);
	history_free(&h);
}

TEST(the_file_is_for_its_owner_alone)
{
	struct history *h = history_on_sqlite();
	struct stat st;

	assert_int_equal(stat(history_file(h), &st), 0);
	assert_int_equal(st.st_mode & 0077, 0);
	history_free(&h);
}

TEST(one_failure_undoes_the_whole_transaction)
{
	struct history *h = history_on_sqlite();
	struct history_job good = job_in(ANN, "good"), bad = job_in(ANN, "bad");
	struct history_job *jobs[] = { &good, &bad };
	struct history_sqlite *own;
	const char *why;

	history_close(h);
	sql(history_file(h), "CREATE TRIGGER bad BEFORE INSERT ON message WHEN new.text = 'bad'"
			     " BEGIN SELECT RAISE(ABORT, 'bad'); END");
	assert_int_equal(history_sqlite_open(&own, history_file(h), &why), 0);
	history_sqlite_run(own, jobs, 2);
	assert_int_equal(good.err, -ICQ_EIO);
	assert_int_equal(bad.err, -ICQ_EIO);
	history_sqlite_run(own, jobs, 1);
	assert_int_equal(good.err, 0);
	assert_int_equal(good.row.id, 1);
	history_sqlite_close(&own);
	history_free(&h);
}

/* ---- a disk that is full --------------------------------------------------------------- */

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int count_rows(struct history *h)
{
	int n = 0;

	for (uint64_t id = 0; (id = history_next_id(h, (struct history_next){ .from = id }));)
		n++;
	return n;
}

TEST(what_does_not_fit_is_refused_and_what_did_stays)
{
	struct history *h = history_on_sqlite();
	struct history_job job;
	int kept = -1;

	signal(SIGXFSZ, SIG_IGN); /* then a write fails, as on a full disk */
	limit_files(100000);
	do {
		job = job_in(ANN, "x");
		job.text_len = 4000;
		kept++;
	} while (history_do(h, &job) == 0);
	assert_true(job.err == -ICQ_EIO || job.err == -ICQ_EFULL);
	assert_true(kept > 0);
	assert_int_equal(count_rows(h), kept);
	limit_files(RLIM_INFINITY);
	assert_int_equal(history_do(h, &job), 0);
	assert_int_equal(count_rows(h), kept + 1);
	history_free(&h);
}

/* ---- kill -9 --------------------------------------------------------------------------- */

struct noting {
	const char *file;
	uint32_t number;
};

static struct history_job numbered(uint32_t number)
{
	struct history_job job = job_in(ANN, "x");

	job.add.match = HISTORY_SAME_ID;
	job.row.msgid = number;
	return job;
}

/* Adds message after message, and tells the number of each when it is kept. */
static void note_and_tell(void *ctx, int to)
{
	const struct noting *what = ctx;
	struct history_sqlite *own;
	const char *why;

	if (history_sqlite_open(&own, what->file, &why))
		_exit(1);
	for (uint32_t number = what->number + 1;; number++) {
		struct history_job job = numbered(number), *jobs[] = { &job };

		history_sqlite_run(own, jobs, 1);
		if (job.err || write(to, &number, sizeof(number)) != sizeof(number))
			_exit(1);
	}
}

TEST(nothing_reported_is_lost_or_doubled_by_kill_9)
{
	enum { ROUNDS = 5 };
	struct rng rng = harness_rng();
	struct history *h = history_on_sqlite();
	uint32_t told = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct noting what = { history_file(h), told };

		history_close(h);
		told = kill_while(note_and_tell, &what, told, 1 + rng_below(&rng, 30));
		history_open(h);
		for (uint32_t n = 1; n <= told + 1; n++) { /* as if all came again */
			struct history_job job = numbered(n);

			assert_int_equal(history_do(h, &job), 0);
			assert_int_equal(job.row.id, n);
			assert_true(job.add.repeat || n == told + 1);
		}
		told = (uint32_t)count_rows(h);
	}
	history_free(&h);
}

/* ---- versions and damage --------------------------------------------------------------- */

/* Opens a file that must be refused. */
static void expect_refused(const char *file, int err, const char *word)
{
	struct history_sqlite *own;
	const char *why = NULL;

	assert_int_equal(history_sqlite_open(&own, file, &why), err);
	assert_null(own);
	assert_non_null(why);
	if (!strstr(why, word))
		fail_msg("\"%s\" lacks \"%s\"", why, word);
}

TEST(a_newer_history_is_refused_and_left_alone)
{
	struct history *h = history_on_sqlite();

	history_close(h);
	sql(history_file(h), "PRAGMA user_version = 9999");
	expect_refused(history_file(h), -ICQ_ENEWER, "newer");
	assert_int_equal(sql_number(history_file(h), "PRAGMA user_version"), 9999);
	history_free(&h);
}

TEST(a_damaged_history_is_refused)
{
	struct history *h = history_on_sqlite();
	struct rng rng = harness_rng();
	char junk[4096];

	history_close(h);
	assert_int_equal(truncate(history_file(h), 4096), 0);
	expect_refused(history_file(h), -ICQ_ECORRUPT, "damaged");
	rng_bytes(&rng, junk, sizeof(junk));
	write_file(history_file(h), junk, sizeof(junk));
	expect_refused(history_file(h), -ICQ_ECORRUPT, "damaged");
	history_free(&h);
}

/* A history of the first release, with a message that came directly and one of the outbox. */
static void make_old(const char *file)
{
	const struct schema old = { 1, history_schema.steps, history_schema.application_id };
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(schema_upgrade(db, file, &old), SQLITE_OK);
	sqlite3_close(db);
	sql(file, "INSERT INTO message (self, peer, way, type, via, state, msgid, sent_s, noted_s,"
		  " charset, raw, text) VALUES"
		  " (1001, 1002, 0, 1, 2, 0, 0, 0, 5, 'cp1252', x'6FE9', 'oé'),"
		  " (1001, 1002, 1, 1, 0, 1, 7, 0, 6, 'cp1252', x'68', 'h');"
		  "INSERT INTO words (rowid, folded) VALUES (1, 'oé'), (2, 'h')");
}

TEST(an_old_history_is_copied_and_goes_on)
{
	struct history *h = history_on_sqlite();
	struct history_job job = job_next((struct history_next){ .find = "O\xc3\x89" });
	char copy[FILE_LEN];

	history_close(h);
	unlink(history_file(h));
	make_old(history_file(h));
	history_open(h);
	assert_int_equal(history_do(h, &job), 0);
	assert_int_equal(job.row.id, 1);
	assert_bytes(job.text, job.text_len, "o\xe9", 2);
	assert_false(job.row.matches); /* nobody knows, so it is not believed */
	assert_int_equal(history_next_id(h, (struct history_next){ .outbox = true }), 2);
	job = job_in(ANN, "new");
	job.row.matches = true;
	assert_int_equal(history_do(h, &job), 0);
	job = job_next((struct history_next){ .backwards = true });
	assert_int_equal(history_do(h, &job), 0);
	assert_true(job.row.id == 3 && job.row.matches);
	snprintf(copy, sizeof(copy), "%s.before-2", history_file(h));
	assert_int_equal(sql_number(copy, "PRAGMA user_version"), 1);
	assert_int_equal(sql_number(copy, "SELECT count(*) FROM message"), 2);
	history_free(&h);
}

TEST(the_database_of_a_server_is_no_history)
{
	char folder[PATH_LEN], file[FILE_LEN];
	struct store_sqlite *store;
	const char *why;

	folder_new(folder);
	snprintf(file, sizeof(file), "%s/db", folder);
	assert_int_equal(store_sqlite_open(&store, file, &why), 0);
	store_sqlite_close(&store);
	expect_refused(file, -ICQ_ECORRUPT, "something else");
	folder_free(folder);
}

TEST(a_history_that_cannot_be_reached_is_refused)
{
	char folder[PATH_LEN], file[FILE_LEN];

	folder_new(folder);
	expect_refused(folder, -ICQ_EIO, "cannot be made");
	snprintf(file, sizeof(file), "%s/none/db", folder);
	expect_refused(file, -ICQ_EIO, "folder");
	folder_free(folder);
}
