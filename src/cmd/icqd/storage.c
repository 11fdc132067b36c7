/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/storage.h"

#include "base/err.h"
#include "io/worker.h"

#include <stdlib.h>
#include <string.h>

enum {
	WAITING_MAX = 1024, /* jobs submitted and not yet collected */
	TRANSACTION_MAX = 256,
};

struct storage {
	struct worker *worker;
	struct store_sqlite *store;
	struct storage_calls calls;
};

static void run(void *ctx, void *const *tasks, size_t n)
{
	const struct storage *s = ctx;
	struct job *jobs[TRANSACTION_MAX];

	for (size_t i = 0; i < n; i++)
		jobs[i] = tasks[i];
	store_sqlite_run(s->store, jobs, n);
}

static void wake(void *ctx)
{
	const struct storage *s = ctx;

	s->calls.wake(s->calls.ctx);
}

static void done(void *ctx, void *task)
{
	const struct storage *s = ctx;

	s->calls.done(s->calls.ctx, task);
}

int storage_start(struct storage **out, const struct conf *conf, struct store_sqlite *store,
		  const struct storage_calls *calls)
{
	struct storage *s = calloc(1, sizeof(*s));
	const struct worker_plan plan = { .ctx = s,
					  .run = run,
					  .wake = wake,
					  .done = done,
					  .threads = 1,
					  .slots = WAITING_MAX,
					  .batch = TRANSACTION_MAX,
					  .gather_ms = (unsigned)conf->gather_ms,
					  .task_size = sizeof(struct job) };
	int err;

	if (!s)
		return -ICQ_ENOMEM;
	s->store = store;
	s->calls = *calls;
	if ((err = worker_start(&s->worker, &plan)) < 0)
		storage_free(&s);
	*out = s;
	return err;
}

int storage_submit(struct storage *s, const struct job *job)
{
	struct job *mine = worker_slot(s->worker);

	if (!mine)
		return -ICQ_EFULL;
	memcpy(mine, job, job_size(job));
	worker_submit(s->worker, mine);
	return 0;
}

void storage_collect(struct storage *s)
{
	worker_collect(s->worker);
}

void storage_finish(struct storage *s)
{
	worker_stop(s->worker, true);
	worker_collect(s->worker);
}

void storage_free(struct storage **s)
{
	if (!*s)
		return;
	worker_free(&(*s)->worker);
	free(*s);
	*s = NULL;
}
