/* SPDX-License-Identifier: MIT */
/*
 * Every allocation fails in turn, wherever client, server and stores make some: each time that is
 * an error or does not matter, nothing leaks, and what is there goes on.
 */
#include "harness.h"

#include "base/err.h"
#include "client/client.h"
#include "failing_memory.h"
#include "server/server.h"
#include "store/faulty_disk.h"
#include "store/folder.h"
#include "store/history.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	STRIDE = 16, /* of those within SQLite; SEEKYOU_LONG: all */
	CONTACTS = 40,
	UINS = 3,
	NOW_S = 1000000000,
};

static const struct now now = { .mono_ms = 1000, .unix_s = NOW_S };

/* Comes, works and goes: 0 or an error. It calls memory_fail(nth) where failures may begin. */
typedef int work_fn(const void *ctx, unsigned long nth);

static unsigned long stride(void)
{
	return getenv("SEEKYOU_LONG") ? 1 : STRIDE;
}

/* Without a failure it succeeds. How many allocations there are. */
static unsigned long fail_each(work_fn *work, const void *ctx, unsigned long by)
{
	struct rng rng = harness_rng();
	unsigned long nth = 1 + rng_below(&rng, (uint32_t)by);
	bool met = true;

	assert_int_equal(work(ctx, 0), 0); /* what libraries keep for ever is there from now on */
	for (; met; nth += by) {
		long before = memory_live();
		int err;

		err = work(ctx, nth);
		met = memory_failed();
		memory_fail(0);
		if (memory_live() != before)
			fail_msg("allocation %lu failed: %ld leak", nth, memory_live() - before);
		if (err && !met)
			fail_msg("error %d, though no allocation failed", err);
	}
	assert_int_equal(work(ctx, 0), 0);
	printf("# %lu allocations\n", nth - by);
	return nth - by;
}

TEST(a_leak_would_be_noticed)
{
	long before = memory_live();
	char *volatile p = malloc(1);

	assert_int_equal(memory_live(), before + 1);
	p = realloc(p, 100);
	assert_int_equal(memory_live(), before + 1);
	free(p);
	assert_int_equal(memory_live(), before);
}

/* ---- client ------------------------------------------------------------------------------ */

static void client_event(void *ctx, const struct icq_client_event *ev)
{
	if (ev->kind == ICQ_CLIENT_EV_RESULT && ev->result.error)
		*(int *)ctx = -ICQ_ENOMEM;
}

static int client_with_contacts(const void *ctx, unsigned long nth)
{
	int err = 0;
	const struct icq_client_env env = { .ctx = &err, .event = client_event };
	const struct icq_client_conf conf = { .server = addr_v4(0x7f000001, 4000) };
	struct icq_client *c;

	(void)ctx;
	memory_fail(nth);
	c = icq_client_new(&conf, &env);
	if (!c)
		return -ICQ_ENOMEM;
	for (uint32_t i = 1; i <= CONTACTS; i++) {
		struct icq_client_contact contact = { .uin = STORE_FIRST_UIN + i };

		icq_client_put_contact(c, now, i, &contact);
	}
	assert_true(err || icq_client_contact_count(c) == CONTACTS);
	icq_client_free(&c);
	assert_null(c);
	return err;
}

TEST(a_client_comes_and_goes)
{
	assert_true(fail_each(client_with_contacts, NULL, 1) > 2);
}

/* ---- server ------------------------------------------------------------------------------ */

static void send_nothing(void *ctx, const struct addr *to, const void *p, size_t n)
{
	(void)ctx;
	(void)to;
	(void)p;
	(void)n;
}

static int take_job(void *ctx, const struct job *job)
{
	(void)ctx;
	(void)job;
	return 0;
}

static void not_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 1, n);
}

static void log_nothing(void *ctx, const struct log_event *ev)
{
	(void)ctx;
	(void)ev;
}

/* With sessions that an earlier process left. */
static int server_that_restores(const void *ctx, unsigned long nth)
{
	const struct srv_env env = {
		.send = send_nothing, .submit = take_job, .random = not_random, .log = log_nothing
	};
	uint32_t list[] = { STORE_FIRST_UIN, STORE_FIRST_UIN + 1 };
	struct conf conf;
	struct server *srv;
	int err = 0;

	(void)ctx;
	memory_fail(nth);
	conf_preset(&conf);
	srv = srv_new(&conf, &env, now);
	if (!srv)
		return -ICQ_ENOMEM;
	for (uint32_t i = 0; i < UINS; i++) {
		struct saved_session saved = { .session = { .uin = STORE_FIRST_UIN + i,
							    .version = 2 },
					       .lists = { list },
					       .counts = { 2 } };
		int one = srv_restore(srv, now, &saved);

		err = err ? err : one;
	}
	srv_restored(srv, now);
	srv_free(&srv);
	assert_null(srv);
	return err;
}

TEST(a_server_comes_and_goes)
{
	assert_true(fail_each(server_that_restores, NULL, 1) > 10);
}

/* ---- store ------------------------------------------------------------------------------- */

struct file {
	char folder[PATH_LEN], name[PATH_LEN + 8];
};

static void file_new(struct file *f)
{
	disk_install(); /* which syncs nothing: it is over sooner */
	folder_new(f->folder);
	snprintf(f->name, sizeof(f->name), "%s/db", f->folder);
}

static void file_free(const struct file *f)
{
	folder_free(f->folder);
	disk_remove();
}

static int open_store(const void *ctx, unsigned long nth)
{
	const struct file *f = ctx;
	const struct store_settings settings = { "cp1252", 1000, 4096 };
	struct store_sqlite *s;
	const char *why = NULL;
	int err;

	memory_fail(nth);
	err = store_sqlite_open(&s, f->name, &why);

	assert_true(!err || (!s && why));
	if (!err)
		err = store_sqlite_set(s, &settings);
	store_sqlite_close(&s);
	return err;
}

static int make_store(const void *ctx, unsigned long nth)
{
	const struct file *f = ctx;

	unlink(f->name);
	return open_store(ctx, nth);
}

static int open_reader(const void *ctx, unsigned long nth)
{
	const struct file *f = ctx;
	struct store_sqlite *s;
	const char *why = NULL;
	int err;

	memory_fail(nth);
	err = store_sqlite_open_reader(&s, f->name, &why);

	assert_true(!err || (!s && why));
	store_sqlite_close(&s);
	return err;
}

TEST(a_store_is_made_opened_and_closed)
{
	struct file f;

	file_new(&f);
	assert_true(fail_each(make_store, &f, stride()) > 500);
	fail_each(open_store, &f, stride());
	fail_each(open_reader, &f, stride());
	file_free(&f);
}

static struct store_sqlite *opened(const struct file *f)
{
	struct store_sqlite *s;
	const char *why;

	assert_int_equal(store_sqlite_open(&s, f->name, &why), 0);
	return s;
}

static void count_session(void *ctx, const struct saved_session *saved)
{
	(void)saved;
	++*(unsigned *)ctx;
}

static int put_and_read(struct store_sqlite *s)
{
	static struct job put = { .kind = JOB_MESSAGE_PUT, .text_len = JOB_TEXT_MAX };
	static struct job next = { .kind = JOB_MESSAGE_NEXT, .next.uin = STORE_FIRST_UIN };
	struct job *jobs[] = { &put, &next };
	unsigned sessions = 0;

	put.put.from = put.put.to = STORE_FIRST_UIN;
	put.put.now_s = NOW_S;
	put.put.seq++;
	store_sqlite_run(s, jobs, 2);
	if (put.err || next.err)
		return put.err ? put.err : next.err;
	return store_sqlite_sessions(s, count_session, &sessions);
}

/* Lack of memory is no broken disk: the next jobs find all well. */
static int work_on_store(const void *ctx, unsigned long nth)
{
	struct store_sqlite *s = opened(ctx);
	int err;

	memory_fail(nth);
	err = put_and_read(s);
	if (memory_failed())
		assert_int_equal(put_and_read(s), 0);
	assert_int_equal(store_sqlite_health(s), STORE_WELL);
	store_sqlite_close(&s);
	return err;
}

TEST(jobs_fail_and_the_store_stays_well)
{
	static struct job reg = { .kind = JOB_REGISTER, .reg.now_s = NOW_S };
	struct job *jobs[] = { &reg };
	struct store_sqlite *s;
	struct file f;

	file_new(&f);
	s = opened(&f);
	store_sqlite_run(s, jobs, 1);
	assert_int_equal(reg.err, 0);
	store_sqlite_close(&s);
	assert_true(fail_each(work_on_store, &f, 1) > 10);
	file_free(&f);
}

/* ---- history ----------------------------------------------------------------------------- */

static int open_history(const void *ctx, unsigned long nth)
{
	const struct file *f = ctx;
	struct history_sqlite *h;
	const char *why = NULL;
	int err;

	memory_fail(nth);
	err = history_sqlite_open(&h, f->name, &why);

	assert_true(!err || (!h && why));
	history_sqlite_close(&h);
	return err;
}

static int make_history(const void *ctx, unsigned long nth)
{
	const struct file *f = ctx;

	unlink(f->name);
	return open_history(ctx, nth);
}

static int add_message(struct history_sqlite *h)
{
	static struct history_job add = { .kind = HISTORY_ADD, .row = { .self = 1, .peer = 2 } };
	struct history_job *jobs[] = { &add };

	add.text_len = HISTORY_TEXT_MAX;
	memset(add.text, 'x', add.text_len);
	history_sqlite_run(h, jobs, 1);
	return add.err;
}

static int work_on_history(const void *ctx, unsigned long nth)
{
	const struct file *f = ctx;
	struct history_sqlite *h;
	const char *why;
	int err;

	assert_int_equal(history_sqlite_open(&h, f->name, &why), 0);
	memory_fail(nth);
	err = add_message(h);
	if (memory_failed())
		assert_int_equal(add_message(h), 0);
	history_sqlite_close(&h);
	return err;
}

TEST(a_history_is_made_opened_and_written)
{
	struct file f;

	file_new(&f);
	assert_true(fail_each(make_history, &f, stride()) > 500);
	fail_each(open_history, &f, stride());
	assert_true(fail_each(work_on_history, &f, 1) > 10);
	file_free(&f);
}
