/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/err.h"
#include "cmd/icqd/storage.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct desk {
	char folder[64], file[80];
	struct store_sqlite *store, *reader;
	struct storage *storage;
	unsigned done, read;
	int woken[2]; /* a pipe */
	uint32_t last_uin;
};

static void on_wake(void *ctx)
{
	const struct desk *d = ctx;

	check(write(d->woken[1], "", 1) == 1);
}

static void on_done(void *ctx, const struct job *job)
{
	struct desk *d = ctx;

	check(job->err == 0);
	if (job_reads(job->kind)) {
		d->read++;
		return;
	}
	check(job->cookie == d->done);
	check(job->reg.uin > d->last_uin);
	d->last_uin = job->reg.uin;
	d->done++;
}

static void open_desk(struct desk *d)
{
	const struct storage_calls calls = { d, on_wake, on_done };
	const char *why;
	struct conf conf;

	conf_preset(&conf);
	*d = (struct desk){ .folder = "/tmp/seekyou-storage-XXXXXX" };
	assert_non_null(mkdtemp(d->folder));
	assert_int_equal(pipe(d->woken), 0);
	snprintf(d->file, sizeof(d->file), "%s/db", d->folder);
	assert_int_equal(store_sqlite_open(&d->store, d->file, &why), 0);
	assert_int_equal(store_sqlite_open_reader(&d->reader, d->file, &why), 0);
	assert_int_equal(storage_start(&d->storage, &conf, d->store, d->reader, &calls), 0);
}

static void close_desk(struct desk *d)
{
	storage_free(&d->storage);
	store_sqlite_close(&d->reader);
	store_sqlite_close(&d->store);
	close(d->woken[0]);
	close(d->woken[1]);
	unlink(d->file);
	assert_int_equal(rmdir(d->folder), 0);
}

static int submit_registration(struct desk *d, unsigned number)
{
	const struct job job = {
		.kind = JOB_REGISTER,
		.cookie = number,
		.reg = { .addr = addr_v4(0x7f000001, 4000), .tag = (uint16_t)number, .hash = "$x" },
	};

	return storage_submit(d->storage, &job);
}

TEST(what_was_taken_is_done_and_handed_back_in_order)
{
	struct desk d;
	unsigned taken = 0;

	open_desk(&d);
	while (submit_registration(&d, taken) == 0)
		taken++;
	assert_true(taken >= 1000);
	storage_finish(d.storage);
	assert_int_equal(d.done, taken);
	assert_int_equal(submit_registration(&d, 0), -ICQ_EFULL);
	close_desk(&d);
}

/* Whoever else writes to the database holds up the writer, and him alone. */
TEST(searches_do_not_wait_for_the_writer)
{
	struct job search = { .kind = JOB_SEARCH, .search.nick = "echo" };
	struct desk d;
	sqlite3 *other;
	char byte;

	open_desk(&d);
	assert_int_equal(sqlite3_open(d.file, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(submit_registration(&d, 0), 0);
	assert_int_equal(storage_submit(d.storage, &search), 0);
	assert_int_equal(read(d.woken[0], &byte, 1), 1);
	storage_collect(d.storage);
	assert_int_equal(d.read, 1);
	assert_int_equal(d.done, 0);
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	storage_finish(d.storage);
	assert_int_equal(d.done, 1);
	sqlite3_close(other);
	close_desk(&d);
}
