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
	EPOCHS = 16,
};

struct trial {
	struct rng rng;
	int64_t now_s;
	uint64_t g;			/* of the last message seen */
	uint32_t uin;			/* of the last account made */
	uint64_t epoch, epochs[EPOCHS]; /* the last, and that of each user */
	int flights, reads;		/* seen */
};

static uint32_t any_uin(struct trial *t)
{
	return t->uin + 1 - rng_below(&t->rng, UINS);
}

/* Mostly that of the user's live session. */
static uint64_t any_epoch(struct trial *t, uint32_t uin)
{
	return rng_below(&t->rng, 8) ? t->epochs[uin % EPOCHS]
				     : rng_below(&t->rng, (uint32_t)t->epoch + 1);
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
	if (rng_below(&t->rng, 2)) {
		j.put.flight_epoch = any_epoch(t, j.put.to);
		j.put.flight_n = (uint32_t)rng_next(&t->rng);
	}
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
	j.session.epoch = any_epoch(t, j.session.uin);
	j.session.addr = addr_v4((uint32_t)rng_next(&t->rng), 4000);
	j.session.login_packet = (uint16_t)rng_next(&t->rng);
	j.session.status = (uint32_t)rng_next(&t->rng);
	j.session.now_s = t->now_s;
	return j;
}

static struct job any_save(struct trial *t)
{
	struct job j = job_of(JOB_SESSION_SAVE);
	struct job_session_save *q = &j.save;

	q->uin = any_uin(t);
	q->epoch = any_epoch(t, q->uin);
	q->status = (uint32_t)rng_next(&t->rng);
	q->verified = rng_below(&t->rng, 2);
	q->wants_ids = rng_below(&t->rng, 2);
	q->old = (uint8_t)rng_next(&t->rng);
	return j;
}

static struct job any_list(struct trial *t)
{
	uint32_t uin = any_uin(t);
	struct uins uins;

	uins.count = rng_below(&t->rng, 10);
	for (uint32_t i = 0; i < uins.count; i++)
		uins.at[i] = any_uin(t);
	return job_uins(uin, any_epoch(t, uin), (int)rng_below(&t->rng, STORE_LISTS),
			(int)rng_below(&t->rng, 4), &uins);
}

static struct job any_reserve(struct trial *t)
{
	struct job j = job_of(JOB_SESSION_RESERVE);

	j.reserve.uin = any_uin(t);
	j.reserve.epoch = any_epoch(t, j.reserve.uin);
	j.reserve.mark = rng_below(&t->rng, 65000);
	return j;
}

static struct job any_next(struct trial *t)
{
	struct job j = job_next(any_uin(t), any_g(t));
	struct job_message_next *q = &j.next;

	q->before = rng_below(&t->rng, 4) ? 0 : any_g(t);
	q->epoch = any_epoch(t, q->uin);
	q->read = rng_below(&t->rng, 2) ? 0 : any_g(t);
	q->n = rng_below(&t->rng, 100);
	q->part = rng_below(&t->rng, 8192);
	q->old = rng_below(&t->rng, 4);
	return j;
}

/* Short ones of few letters, so that searches find some. */
static void any_text(struct trial *t, char *out, size_t cap)
{
	size_t len = rng_below(&t->rng, 4);

	memset(out, 0, cap);
	for (size_t i = 0; i < len; i++)
		out[i] = "aAbB\xe4\xc4\xf0\xd0"[rng_below(&t->rng, 8)];
}

static void any_charset(struct trial *t, char *out, size_t cap)
{
	static const char *const names[] = { "", "cp1251", "koi8-r", "cp1252", "cp9999" };

	memset(out, 0, cap);
	strcpy(out, names[rng_below(&t->rng, 5)]);
}

static struct job any_profile(struct trial *t)
{
	struct job j = job_of(rng_below(&t->rng, 2) ? JOB_PROFILE : JOB_PROFILE_SET);
	struct profile *p = &j.profile.profile;

	j.profile.uin = any_uin(t);
	j.profile.parts = rng_below(&t->rng, 16);
#define X(part, name, limit) any_text(t, p->name, sizeof(p->name));
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, type, preset) p->name = (type)rng_next(&t->rng);
	PROFILE_NUMBERS(X)
#undef X
	any_charset(t, p->charset, sizeof(p->charset));
	return j;
}

static struct job any_search(struct trial *t)
{
	struct job j = job_of(JOB_SEARCH);
	struct job_search *q = &j.search;

	q->asker = any_uin(t);
	any_text(t, q->nick, sizeof(q->nick));
	if (rng_below(&t->rng, 2))
		any_text(t, q->first, sizeof(q->first));
	if (rng_below(&t->rng, 2))
		any_text(t, q->last, sizeof(q->last));
	if (rng_below(&t->rng, 4) == 0)
		any_text(t, q->email, sizeof(q->email));
	return j;
}

static struct job any_password(struct trial *t)
{
	struct job j = job_of(rng_below(&t->rng, 2) ? JOB_PASSWORD_SET : JOB_PASSWORD_BACK);

	j.password_set.uin = any_uin(t);
	j.password_set.now_s = t->now_s;
	snprintf(j.password_set.hash, JOB_HASH_MAX, "%u", rng_below(&t->rng, 1000));
	return j;
}

static struct job any_system(struct trial *t)
{
	struct job j = job_of(JOB_MESSAGE_SYSTEM);

	j.message_system.to = any_uin(t);
	j.message_system.type = (uint16_t)rng_next(&t->rng);
	j.message_system.now_s = t->now_s;
	j.message_system.max_notices = rng_below(&t->rng, 6);
	j.text_len = (uint16_t)rng_below(&t->rng, 20);
	rng_bytes(&t->rng, j.text, j.text_len);
	return j;
}

static struct job any_account_job(struct trial *t)
{
	struct job j = job_of(JOB_ACCOUNT_LIST);
	char part[4];

	switch (rng_below(&t->rng, 11)) {
	case 0:
		j.kind = JOB_ACCOUNT_DELETE;
		j.account_delete.uin = any_uin(t);
		return j;
	case 1:
	case 2:
		j.kind = JOB_ACCOUNT_ADD;
		j.account_add.uin = rng_below(&t->rng, 2) ? 0 : any_uin(t);
		j.account_add.now_s = t->now_s;
		return j;
	case 3:
	case 4:
		j.kind = JOB_ACCOUNT_BLOCK;
		j.account_block.uin = any_uin(t);
		j.account_block.blocked = rng_below(&t->rng, 3) == 0;
		return j;
	default:
		j.account_list.after = any_uin(t) - 1;
		any_text(t, part, sizeof(part));
		j.text_len = (uint16_t)strlen(part);
		memcpy(j.text, part, j.text_len);
		return j;
	}
}

static struct job any_job(struct trial *t)
{
	struct job j;

	switch (rng_below(&t->rng, 26)) {
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
		return any_next(t);
	case 6:
		return job_drop(any_uin(t), any_g(t), any_g(t));
	case 7:
	case 8:
		return any_profile(t);
	case 9:
	case 10:
		return any_search(t);
	case 11:
		return any_password(t);
	case 12:
		return any_system(t);
	case 13:
	case 14:
		return any_account_job(t);
	case 15:
		return any_save(t);
	case 16:
	case 17:
		return any_list(t);
	case 18:
		return any_reserve(t);
	case 19:
	case 20:
		return any_next(t);
	default:
		return any_put(t);
	}
}

/* Both are told: what has just been opened has the presettings. */
static void set_both(struct trial *t, struct subject *mem, struct subject *sqlite)
{
	char charset[PROFILE_CHARSET_MAX];
	int64_t retention_s = 1 + rng_below(&t->rng, 100000);

	do
		any_charset(t, charset, sizeof(charset));
	while (subject_set(mem, charset, retention_s) < 0);
	assert_int_equal(subject_set(sqlite, charset, retention_s), 0);
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
	if (mem->kind == JOB_REGISTER && !mem->err && mem->reg.uin > t->uin)
		t->uin = mem->reg.uin;
	if (mem->kind == JOB_SESSION_BEGIN && !mem->err)
		t->epochs[mem->session.uin % EPOCHS] = t->epoch = mem->session.epoch;
}

static void compare_session(struct trial *t, struct subject *mem, struct subject *sqlite)
{
	uint32_t uin = any_uin(t);
	struct saved one = subject_saved(mem, uin), other = subject_saved(sqlite, uin);

	expect_saved(&one, &other);
	t->flights += one.of.flight != 0;
	t->reads += one.of.read != 0;
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
	struct trial t = { .rng = harness_rng(), .now_s = NOW_S, .uin = STORE_FIRST_UIN };
	struct subject *mem = subject_mem(), *sqlite = subject_sqlite();

	for (int i = 0; i < TRANSACTIONS; i++) {
		if (rng_below(&t.rng, 100) == 0) {
			char code[8];

			snprintf(code, sizeof(code), "code%u", rng_below(&t.rng, 4));
			assert_int_equal(subject_add_invite(mem, code),
					 subject_add_invite(sqlite, code));
		}
		if (rng_below(&t.rng, 100) == 0) {
			subject_close(sqlite);
			subject_open(sqlite);
			set_both(&t, mem, sqlite);
		}
		run_both(&t, mem, sqlite);
		compare_session(&t, mem, sqlite);
		pass_time(&t);
	}
	assert_true(t.g > 1000);
	assert_true(t.flights > 50 && t.reads > 5);
	expect_counters_to_equal_rows(subject_file(sqlite));
	subject_free(&mem);
	subject_free(&sqlite);
}
