/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/err.h"
#include "cmd/icqd/storage.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct desk {
	char folder[64], file[80];
	struct store_sqlite *store;
	struct storage *storage;
	unsigned done;
	uint32_t last_uin;
};

static void on_wake(void *ctx)
{
	(void)ctx; /* the tests collect at the end */
}

static void on_done(void *ctx, const struct job *job)
{
	struct desk *d = ctx;

	check(job->err == 0);
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
	snprintf(d->file, sizeof(d->file), "%s/db", d->folder);
	assert_int_equal(store_sqlite_open(&d->store, d->file, &why), 0);
	assert_int_equal(storage_start(&d->storage, &conf, d->store, &calls), 0);
}

static void close_desk(struct desk *d)
{
	storage_free(&d->storage);
	store_sqlite_close(&d->store);
	unlink(d->file);
	assert_int_equal(rmdir(d->folder), 0);
}

static int submit_registration(struct desk *d, unsigned number)
{
	const struct job job = {
		.kind = JOB_REGISTER,
		.cookie = number,
		.reg = { .addr = addr_v4(0x7f000001, 4000), .tag = number, .hash = "$x" },
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
