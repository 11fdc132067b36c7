/* SPDX-License-Identifier: MIT */
/* Both stores answer the same, byte for byte, whatever they are asked. */
#include "harness.h"

#include "base/err.h"
#include "store/rules.h"
#include "subject.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TRANSACTIONS = 1500,
	GROUP_MAX = 8,
	UINS = 6, /* few, so that everything meets everything */
};

struct trial {
	struct rng rng;
	int64_t now_s;
	uint64_t g; /* of the last message seen */
};

static uint32_t any_uin(struct trial *t)
{
	return STORE_FIRST_UIN + rng_below(&t->rng, UINS);
}

static uint64_t any_g(struct trial *t)
{
	switch (rng_below(&t->rng, 8)) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	default:
		return t->g + rng_below(&t->rng, 8) - 6;
	}
}

static struct job any_register(struct trial *t)
{
	struct job j = job_register((uint16_t)rng_below(&t->rng, 20));

	j.reg.now_s = t->now_s;
	j.reg.want_invite = rng_below(&t->rng, 2) == 0;
	snprintf(j.reg.invite, sizeof(j.reg.invite), "code%u", rng_below(&t->rng, 4));
	snprintf(j.reg.hash, sizeof(j.reg.hash), "%u", rng_below(&t->rng, 1000));
	return j;
}

static struct job any_put(struct trial *t)
{
	struct job j = job_put(any_uin(t), any_uin(t), (uint16_t)rng_below(&t->rng, 200), "");

	j.put.epoch = 1 + rng_below(&t->rng, 2);
	j.put.msgid = rng_below(&t->rng, 4) ? 0 : rng_next(&t->rng) | 1;
	if (j.put.msgid && rng_below(&t->rng, 2))
		j.put.msgid = 1 + rng_below(&t->rng, 20);
	j.put.type = (uint16_t)rng_next(&t->rng);
	j.put.now_s = t->now_s;
	j.put.max_messages = rng_below(&t->rng, 20);
	j.put.max_bytes = rng_below(&t->rng, 2000);
	j.put.max_from_one = rng_below(&t->rng, 6);
	j.put.max_notices = rng_below(&t->rng, 6);
	if (rng_below(&t->rng, 10) == 0)
		j.put.refused = rng_below(&t->rng, REFUSED_COUNT);
	j.text_len = (uint16_t)rng_below(&t->rng, 200);
	rng_bytes(&t->rng, j.text, j.text_len);
	return j;
}

static struct job any_session(struct trial *t, enum job_kind kind)
{
	struct job j = job_of(kind);

	j.session.uin = any_uin(t);
	j.session.epoch = rng_below(&t->rng, 20);
	j.session.addr = addr_v4((uint32_t)rng_next(&t->rng), 4000);
	j.session.status = (uint32_t)rng_next(&t->rng);
	j.session.now_s = t->now_s;
	return j;
}

static struct job any_job(struct trial *t)
{
	struct job j;

	switch (rng_below(&t->rng, 12)) {
	case 0:
		return any_register(t);
	case 1:
		j = job_of(JOB_ACCOUNT);
		j.account.uin = any_uin(t);
		return j;
	case 2:
		return any_session(t, JOB_SESSION_BEGIN);
	case 3:
		return any_session(t, JOB_SESSION_END);
	case 4:
	case 5:
		return job_next(any_uin(t), any_g(t));
	case 6:
		return job_drop(any_uin(t), any_g(t), any_g(t));
	default:
		return any_put(t);
	}
}

/* Now and then beyond the life of what lives for a time. */
static void pass_time(struct trial *t)
{
	static const int64_t steps_s[] = { 0, 0, 1, 1, 60, REGISTER_REPEAT_S, KEY_SEQ_S };

	t->now_s += rng_below(&t->rng, 200) == 0
			    ? KEY_MSGID_S
			    : steps_s[rng_below(&t->rng, sizeof(steps_s) / sizeof(steps_s[0]))];
}

static void compare(struct trial *t, const struct job *mem, const struct job *sqlite)
{
	assert_bytes(mem, job_size(mem), sqlite, job_size(sqlite));
	if (mem->kind == JOB_MESSAGE_PUT && mem->put.g)
		t->g = mem->put.g;
}

static void run_both(struct trial *t, struct subject *mem, struct subject *sqlite)
{
	static struct job one[GROUP_MAX], other[GROUP_MAX];
	struct job *ones[GROUP_MAX], *others[GROUP_MAX];
	uint32_t n = 1 + rng_below(&t->rng, GROUP_MAX);

	for (uint32_t i = 0; i < n; i++) {
		one[i] = any_job(t);
		other[i] = one[i];
		ones[i] = &one[i];
		others[i] = &other[i];
	}
	subject_run(mem, ones, n);
	subject_run(sqlite, others, n);
	for (uint32_t i = 0; i < n; i++)
		compare(t, &one[i], &other[i]);
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
	struct trial t = { .rng = harness_rng(), .now_s = NOW_S };
	struct subject *mem = subject_mem(), *sqlite = subject_sqlite();

	for (int i = 0; i < TRANSACTIONS; i++) {
		if (rng_below(&t.rng, 100) == 0) {
			char code[8];

			snprintf(code, sizeof(code), "code%u", rng_below(&t.rng, 4));
			assert_int_equal(subject_add_invite(mem, code),
					 subject_add_invite(sqlite, code));
		}
		if (rng_below(&t.rng, 300) == 0) {
			subject_close(sqlite);
			subject_open(sqlite);
		}
		run_both(&t, mem, sqlite);
		pass_time(&t);
	}
	assert_true(t.g > 1000);
	expect_counters_to_equal_rows(subject_file(sqlite));
	subject_free(&mem);
	subject_free(&sqlite);
}
