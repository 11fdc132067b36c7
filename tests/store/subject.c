/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* nftw() */
#include "subject.h"

#include "harness.h"

#include "base/err.h"

#include <ftw.h>
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

void folder_new(char path[PATH_LEN])
{
	const char *in = getenv("TMPDIR");
	int n = snprintf(path, PATH_LEN, "%s/store-XXXXXX", in && *in ? in : "/tmp");

	assert_in_range(n, 1, PATH_LEN - 1);
	assert_non_null(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void folder_free(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
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
	const struct store_settings settings = { charset, retention_s };

	return t->mem ? store_mem_set(t->mem, &settings) : store_sqlite_set(t->sqlite, &settings);
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
	j.put.now_s = NOW_S;
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
