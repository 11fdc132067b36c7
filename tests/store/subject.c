/* SPDX-License-Identifier: MIT */
#include "subject.h"

#include "harness.h"

#include "base/err.h"
#include "digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of the two stores. */
struct subject {
	struct store_mem *mem;
	struct store_sqlite *sqlite;
	char folder[PATH_LEN];
	char file[PATH_LEN + 8];
};

static struct subject *subject_new(void)
{
	struct subject *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	return t;
}

struct subject *subject_mem(void)
{
	struct subject *t = subject_new();

	t->mem = store_mem_new();
	assert_non_null(t->mem);
	return t;
}

struct subject *subject_sqlite(void)
{
	struct subject *t = subject_new();

	folder_new(t->folder);
	snprintf(t->file, sizeof(t->file), "%s/db", t->folder);
	subject_open(t);
	return t;
}

void subject_open(struct subject *t)
{
	const char *why = NULL;

	if (store_sqlite_open(&t->sqlite, t->file, &why))
		fail_msg("%s: %s", t->file, why);
}

int subject_try_open(struct subject *t)
{
	const char *why;

	return store_sqlite_open(&t->sqlite, t->file, &why);
}

enum store_health subject_health(const struct subject *t)
{
	return store_sqlite_health(t->sqlite);
}

void subject_close(struct subject *t)
{
	store_sqlite_close(&t->sqlite);
}

const char *subject_file(const struct subject *t)
{
	return t->file;
}

void subject_free(struct subject **t)
{
	store_mem_free(&(*t)->mem);
	store_sqlite_close(&(*t)->sqlite);
	if ((*t)->folder[0])
		folder_free((*t)->folder);
	free(*t);
	*t = NULL;
}

void subject_run(struct subject *t, struct job *const *jobs, size_t n)
{
	if (t->mem)
		store_mem_run(t->mem, jobs, n);
	else
		store_sqlite_run(t->sqlite, jobs, n);
}

int subject_do(struct subject *t, struct job *j)
{
	subject_run(t, &j, 1);
	return j->err;
}

int subject_add_invite(struct subject *t, const char *code)
{
	struct job j = { .kind = JOB_INVITE };

	snprintf(j.invite.code, sizeof(j.invite.code), "%s", code);
	return subject_do(t, &j);
}

int subject_set(struct subject *t, const char *charset, int64_t retention_s)
{
	const struct store_settings settings = { charset, retention_s, 0 };

	return t->mem ? store_mem_set(t->mem, &settings) : store_sqlite_set(t->sqlite, &settings);
}

int subject_reserve(struct subject *t, int64_t bytes)
{
	const struct store_settings settings = { "cp1252", 180 * 24 * 3600, bytes };

	return store_sqlite_set(t->sqlite, &settings);
}

/* A marker in every answer: what the store should set is seen to be set. */
struct job job_of(enum job_kind kind)
{
	return (struct job){ .kind = kind, .err = 1, .cookie = 77 };
}

struct job job_register(uint16_t seq)
{
	struct job j = job_of(JOB_REGISTER);

	j.reg.addr = addr_v4(0xcb007105, 4000);
	j.reg.seq = seq;
	j.reg.tag = 0xfedc;
	strcpy(j.reg.hash, "$hash$");
	j.reg.now_s = NOW_S;
	return j;
}

struct job job_put(uint32_t from, uint32_t to, uint16_t seq, const char *text)
{
	struct job j = job_of(JOB_MESSAGE_PUT);

	j.put.from = from;
	j.put.to = to;
	j.put.epoch = 1;
	j.put.seq = seq;
	j.put.command = 0x010e;
	j.put.body_len = (uint16_t)(strlen(text) + 9);
	j.put.type = 1;
	j.put.now_s = j.put.steady_s = NOW_S;
	j.text_len = (uint16_t)strlen(text);
	memcpy(j.text, text, j.text_len);
	return j;
}

struct job job_next(uint32_t uin, uint64_t after)
{
	struct job j = job_of(JOB_MESSAGE_NEXT);

	j.next.uin = uin;
	j.next.after = after;
	return j;
}

struct job job_flight(uint32_t uin, uint64_t after, uint64_t epoch, uint32_t n)
{
	struct job j = job_next(uin, after);

	j.next.epoch = epoch;
	j.next.n = n;
	return j;
}

struct job job_drop(uint32_t uin, uint64_t first, uint64_t last)
{
	struct job j = job_of(JOB_MESSAGE_DROP);

	j.drop.uin = uin;
	j.drop.first = first;
	j.drop.last = last;
	return j;
}

struct job job_profile_set(uint32_t uin, unsigned parts, const struct profile *p)
{
	struct job j = job_of(JOB_PROFILE_SET);

	j.profile.uin = uin;
	j.profile.parts = parts;
	j.profile.profile = *p;
	return j;
}

uint32_t subject_account(struct subject *t, uint16_t seq)
{
	struct job j = job_register(seq);

	assert_int_equal(subject_do(t, &j), 0);
	return j.reg.uin;
}

uint64_t subject_session(struct subject *t, uint32_t uin)
{
	struct job j = job_of(JOB_SESSION_BEGIN);

	j.session.uin = uin;
	j.session.addr = addr_v4(0x7f000001, 4001);
	j.session.now_s = NOW_S;
	assert_int_equal(subject_do(t, &j), 0);
	return j.session.epoch;
}

void subject_block(struct subject *t, uint32_t uin, bool blocked)
{
	struct job j = job_of(JOB_ACCOUNT_BLOCK);

	j.account_block.uin = uin;
	j.account_block.blocked = blocked;
	assert_int_equal(subject_do(t, &j), 0);
}

uint32_t subject_waiting(struct subject *t, uint32_t uin)
{
	uint32_t n = 0;
	struct job j = job_next(uin, 0);

	for (; subject_do(t, &j) == 0; n++)
		j = job_next(uin, j.next.g);
	assert_int_equal(j.err, -ICQ_ENOENT);
	return n;
}

/* ---- sessions -------------------------------------------------------------------------- */

struct job job_uins(uint32_t uin, uint64_t epoch, int list, int how, const struct uins *uins)
{
	struct job j = job_of(JOB_SESSION_LIST);

	j.list = (struct job_session_list){ uin, epoch, (uint8_t)list, (how & CLEAR) != 0,
					    (how & TAKE_OFF) != 0 };
	for (uint32_t i = 0; i < uins->count; i++) {
		for (int byte = 0; byte < 4; byte++)
			j.text[j.text_len++] = (uint8_t)(uins->at[i] >> 8 * byte);
	}
	return j;
}

int subject_list(struct subject *t, uint32_t uin, uint64_t epoch, int list, int how,
		 struct uins uins)
{
	struct job j = job_uins(uin, epoch, list, how, &uins);

	return subject_do(t, &j);
}

struct looking {
	uint32_t before, wanted;
	saved_session_fn *each;
	void *ctx;
};

static void in_order(void *ctx, const struct saved_session *saved)
{
	struct looking *l = ctx;

	assert_true(saved->session.uin > l->before);
	l->before = saved->session.uin;
	l->each(l->ctx, saved);
}

void subject_sessions(struct subject *t, saved_session_fn *each, void *ctx)
{
	struct looking l = { .each = each, .ctx = ctx };

	if (t->mem)
		store_mem_sessions(t->mem, in_order, &l);
	else
		assert_int_equal(store_sqlite_sessions(t->sqlite, in_order, &l), 0);
}

struct wanted {
	uint32_t uin;
	struct saved *out;
};

static void keep_wanted(void *ctx, const struct saved_session *saved)
{
	struct wanted *w = ctx;

	if (saved->session.uin != w->uin)
		return;
	w->out->of = *saved;
	for (int i = 0; i < STORE_LISTS; i++) {
		assert_in_range(saved->counts[i], 0, STORE_LIST_MAX);
		if (saved->counts[i])
			memcpy(w->out->lists[i], saved->lists[i],
			       saved->counts[i] * sizeof(uint32_t));
		w->out->of.lists[i] = NULL;
	}
}

struct saved subject_saved(struct subject *t, uint32_t uin)
{
	struct saved out = { 0 };
	struct wanted w = { uin, &out };

	subject_sessions(t, keep_wanted, &w);
	return out;
}

static void expect_begun(const struct job_session *a, const struct job_session *b)
{
	assert_int_equal(a->uin, b->uin);
	assert_int_equal(a->epoch, b->epoch);
	assert_true(addr_equal(&a->addr, &b->addr));
	assert_int_equal(a->addr.door, b->addr.door);
	assert_int_equal(a->port, b->port);
	assert_int_equal(a->ip, b->ip);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->tcp_version, b->tcp_version);
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->version, b->version);
	assert_int_equal(a->login_seq, b->login_seq);
	assert_int_equal(a->login_packet, b->login_packet);
	assert_int_equal(a->now_s, b->now_s);
	assert_int_equal(a->waiting, b->waiting);
}

static void expect_state(const struct job_session_save *a, const struct job_session_save *b)
{
	assert_int_equal(a->uin, b->uin);
	assert_int_equal(a->epoch, b->epoch);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->verified, b->verified);
	assert_int_equal(a->wants_ids, b->wants_ids);
	assert_int_equal(a->old, b->old);
}

void expect_saved(const struct saved *expected, const struct saved *actual)
{
	const struct saved_session *a = &expected->of, *b = &actual->of;

	expect_begun(&a->session, &b->session);
	expect_state(&a->state, &b->state);
	assert_int_equal(a->mark, b->mark);
	assert_int_equal(a->read, b->read);
	assert_int_equal(a->flight, b->flight);
	assert_int_equal(a->flight_n, b->flight_n);
	assert_int_equal(a->flight_part, b->flight_part);
	assert_int_equal(a->flight_old, b->flight_old);
	assert_memory_equal(a->counts, b->counts, sizeof(a->counts));
	assert_memory_equal(expected->lists, actual->lists, sizeof(actual->lists));
}

/* ---- everything, as a number ------------------------------------------------------------- */

static void add_session(void *ctx, const struct saved_session *s)
{
	const struct job_session *q = &s->session;
	const struct job_session_save *state = &s->state;
	const uint64_t numbers[] = { q->uin,	      q->epoch,		q->addr.port,  q->port,
				     q->ip,	      q->status,	q->mode,       q->version,
				     q->login_seq,    q->login_packet,	q->waiting,    s->mark,
				     state->verified, state->wants_ids, state->old,    s->read,
				     s->flight,	      s->flight_n,	s->flight_part };

	digest_add(ctx, numbers, sizeof(numbers));
	for (int i = 0; i < STORE_LISTS; i++)
		digest_add(ctx, s->lists[i], s->counts[i] * sizeof(*s->lists[i]));
}

/* Asks anew, and adds the answer. */
static int add_answer(struct subject *t, struct job *j, uint64_t *digest)
{
	int err = subject_do(t, j);

	digest_add(digest, j, job_size(j));
	return err;
}

static void add_user(struct subject *t, uint32_t uin, uint64_t *digest)
{
	static struct job j; /* large; its text need not be cleared */

	memset(&j, 0, offsetof(struct job, text));
	j.kind = JOB_ACCOUNT;
	j.account.uin = uin;
	if (add_answer(t, &j, digest) < 0)
		return;
	memset(&j, 0, offsetof(struct job, text));
	j.kind = JOB_PROFILE;
	j.profile.uin = uin;
	add_answer(t, &j, digest);
	do {
		uint64_t after = j.kind == JOB_MESSAGE_NEXT ? j.next.g : 0;

		memset(&j, 0, offsetof(struct job, text));
		j.kind = JOB_MESSAGE_NEXT;
		j.next.uin = uin;
		j.next.after = after;
	} while (add_answer(t, &j, digest) == 0);
}

uint64_t subject_digest(struct subject *t, uint32_t last_uin)
{
	uint64_t digest = DIGEST_NONE;

	for (uint32_t uin = STORE_FIRST_UIN; uin <= last_uin; uin++)
		add_user(t, uin, &digest);
	subject_sessions(t, add_session, &digest);
	return digest;
}
