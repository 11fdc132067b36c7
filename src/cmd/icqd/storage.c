/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/storage.h"

#include "base/err.h"
#include "io/worker.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	WRITES_MAX = 1024, /* jobs submitted and not yet collected */
	READS_MAX = 256,
	TRANSACTION_MAX = 256, /* jobs in one */
};

/* A thread and its way into the database. */
struct lane {
	struct worker *worker;
	struct store_sqlite *store;
	const struct storage_calls *calls;
	atomic_int health;
};

struct storage {
	struct lane writing, reading;
	struct storage_calls calls;
};

static void run(void *ctx, void *const *tasks, size_t n)
{
	struct lane *l = ctx;
	struct job *jobs[TRANSACTION_MAX];

	for (size_t i = 0; i < n; i++)
		jobs[i] = tasks[i];
	store_sqlite_run(l->store, jobs, n);
	atomic_store(&l->health, store_sqlite_health(l->store));
}

static void wake(void *ctx)
{
	const struct lane *l = ctx;

	l->calls->wake(l->calls->ctx);
}

static void done(void *ctx, void *task)
{
	const struct lane *l = ctx;

	l->calls->done(l->calls->ctx, task);
}

static int start_lane(struct lane *l, unsigned slots, unsigned batch, unsigned gather_ms)
{
	const struct worker_plan plan = { .ctx = l,
					  .run = run,
					  .wake = wake,
					  .done = done,
					  .threads = 1,
					  .slots = slots,
					  .batch = batch,
					  .gather_ms = gather_ms,
					  .task_size = sizeof(struct job) };

	return worker_start(&l->worker, &plan);
}

int storage_start(struct storage **out, const struct conf *conf, struct store_sqlite *writer,
		  struct store_sqlite *reader, const struct storage_calls *calls)
{
	struct storage *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ICQ_ENOMEM;
	s->calls = *calls;
	s->writing = (struct lane){ .store = writer, .calls = &s->calls };
	s->reading = (struct lane){ .store = reader, .calls = &s->calls };
	atomic_init(&s->writing.health, store_sqlite_health(writer));
	err = start_lane(&s->writing, WRITES_MAX, TRANSACTION_MAX, (unsigned)conf->gather_ms);
	if (err == 0)
		err = start_lane(&s->reading, READS_MAX, 1, 0);
	if (err < 0)
		storage_free(&s);
	*out = s;
	return err;
}

int storage_submit(struct storage *s, const struct job *job)
{
	struct worker *w = job_reads(job->kind) ? s->reading.worker : s->writing.worker;
	struct job *mine = worker_slot(w);

	if (!mine)
		return -ICQ_EFULL;
	memcpy(mine, job, job_size(job));
	worker_submit(w, mine);
	return 0;
}

void storage_collect(struct storage *s)
{
	worker_collect(s->writing.worker);
	worker_collect(s->reading.worker);
}

enum store_health storage_health(const struct storage *s)
{
	return (enum store_health)atomic_load(&s->writing.health);
}

void storage_finish(struct storage *s)
{
	worker_stop(s->writing.worker, true);
	worker_stop(s->reading.worker, true);
	storage_collect(s);
}

void storage_free(struct storage **s)
{
	if (!*s)
		return;
	worker_free(&(*s)->writing.worker);
	worker_free(&(*s)->reading.worker);
	free(*s);
	*s = NULL;
}
