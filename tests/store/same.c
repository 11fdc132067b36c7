/* SPDX-License-Identifier: MIT */
/* Both stores answer the same, byte for byte, whatever they are asked. */
#include "harness.h"

#include "any.h"

#include <sqlite3.h>

enum {
	TRANSACTIONS = 1500,
	GROUP_MAX = 8,
};

struct trial {
	struct any any;
	int flights, reads; /* seen */
};

/* Both are told: what has just been opened has the presettings. */
static void set_both(struct trial *t, struct subject *mem, struct subject *sqlite)
{
	char charset[PROFILE_CHARSET_MAX];
	int64_t retention_s = 1 + rng_below(&t->any.rng, 100000);

	do
		any_charset(&t->any, charset);
	while (subject_set(mem, charset, retention_s) < 0);
	assert_int_equal(subject_set(sqlite, charset, retention_s), 0);
}

static void compare_session(struct trial *t, struct subject *mem, struct subject *sqlite)
{
	uint32_t uin = any_uin(&t->any);
	struct saved one = subject_saved(mem, uin), other = subject_saved(sqlite, uin);

	expect_saved(&one, &other);
	t->flights += one.of.flight != 0;
	t->reads += one.of.read != 0;
}

static void run_both(struct trial *t, struct subject *mem, struct subject *sqlite)
{
	static struct job one[GROUP_MAX], other[GROUP_MAX];
	struct job *ones[GROUP_MAX], *others[GROUP_MAX];
	uint32_t n = 1 + rng_below(&t->any.rng, GROUP_MAX);

	for (uint32_t i = 0; i < n; i++) {
		one[i] = any_job(&t->any);
		other[i] = one[i];
		ones[i] = &one[i];
		others[i] = &other[i];
	}
	subject_run(mem, ones, n);
	subject_run(sqlite, others, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_bytes(&one[i], job_size(&one[i]), &other[i], job_size(&other[i]));
		any_seen(&t->any, &one[i]);
	}
}

/* I8: a row of the counters for each pair of receiver and sender, and equal to the rows. */
static void expect_counters_to_equal_rows(const char *file)
{
	static const char sql[] =
		"SELECT count(*) FROM (SELECT receiver, sender, messages, bytes FROM mailbox"
		"  EXCEPT SELECT receiver, sender, count(*), sum(length(text)) FROM message"
		"  GROUP BY receiver, sender) UNION ALL "
		"SELECT count(*) FROM (SELECT receiver, sender, count(*), sum(length(text))"
		"  FROM message GROUP BY receiver, sender"
		"  EXCEPT SELECT receiver, sender, messages, bytes FROM mailbox)";
	sqlite3 *db;
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sqlite3_step(st), SQLITE_ROW);
		assert_int_equal(sqlite3_column_int(st, 0), 0);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
}

TEST(stores_answer_the_same)
{
	struct trial t = { .any = any_new(harness_rng()) };
	struct subject *mem = subject_mem(), *sqlite = subject_sqlite();

	for (int i = 0; i < TRANSACTIONS; i++) {
		if (rng_below(&t.any.rng, 100) == 0) {
			subject_close(sqlite);
			subject_open(sqlite);
			set_both(&t, mem, sqlite);
		}
		run_both(&t, mem, sqlite);
		compare_session(&t, mem, sqlite);
		any_pass_time(&t.any);
	}
	assert_true(t.any.g > 1000);
	assert_true(t.flights > 50 && t.reads > 5);
	expect_counters_to_equal_rows(subject_file(sqlite));
	subject_free(&mem);
	subject_free(&sqlite);
}
