/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/hashers.h"

#include "base/err.h"
#include "cmd/icqd/login_cache.h"
#include "io/worker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KNOWN_MAX = 256 }; /* answers of the cache that wait to be collected */

struct task {
	struct login_tag tag;
	bool from_cache;
	struct job job; /* must be last: password jobs have no text, so there is no room for it */
};

enum { TASK_SIZE = offsetof(struct task, job) + offsetof(struct job, text) };

struct hashers {
	struct worker *worker;
	struct login_cache *cache;
	struct password_rules rules;
	struct hashers_calls calls;
	unsigned queue, queued; /* most and now, including those in work */
};

static void run(void *ctx, void *const *tasks, size_t n)
{
	const struct hashers *h = ctx;

	for (size_t i = 0; i < n; i++) {
		struct task *t = tasks[i];

		t->job.err = password_run(&h->rules, t->job.kind, &t->job.password);
	}
}

static void wake(void *ctx)
{
	const struct hashers *h = ctx;

	h->calls.wake(h->calls.ctx);
}

static void done(void *ctx, void *task)
{
	struct hashers *h = ctx;
	const struct task *t = task;

	if (!t->from_cache) {
		h->queued--;
		if (t->job.kind == JOB_VERIFY && t->job.password.match)
			login_cache_add(h->cache, &t->tag);
	}
	h->calls.done(h->calls.ctx, &t->job);
}

static unsigned thread_count(const struct conf *conf)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (conf->password_workers > 0)
		return (unsigned)conf->password_workers;
	return cores > 1 ? (unsigned)cores - 1 : 1;
}

int hashers_start(struct hashers **out, const struct conf *conf, const struct password_rules *rules,
		  const struct hashers_calls *calls)
{
	struct hashers *h = calloc(1, sizeof(*h));
	struct worker_plan plan = { .ctx = h,
				    .run = run,
				    .wake = wake,
				    .done = done,
				    .threads = thread_count(conf),
				    .batch = 1,
				    .task_size = TASK_SIZE };
	int err = -ICQ_ENOMEM;

	if (!h)
		return err;
	h->rules = *rules;
	h->calls = *calls;
	h->queue = plan.threads * ((unsigned)conf->limit_hash_queue + 1);
	plan.slots = h->queue + KNOWN_MAX;
	h->cache = login_cache_new();
	if (h->cache)
		err = worker_start(&h->worker, &plan);
	if (err < 0)
		hashers_free(&h);
	*out = h;
	return err;
}

static bool is_known(const struct hashers *h, const struct job *job, struct login_tag *tag_out)
{
	*tag_out = (struct login_tag){ 0 };
	if (job->kind != JOB_VERIFY || !*job->password.hash)
		return false;
	*tag_out = login_cache_tag(h->cache, &job->password);
	return login_cache_has(h->cache, tag_out);
}

static void answer(struct hashers *h, struct task *t)
{
	explicit_bzero(t->job.password.password, sizeof(t->job.password.password));
	t->job.password.match = true;
	t->job.err = 0;
	worker_answer(h->worker, t);
}

int hashers_submit(struct hashers *h, const struct job *job)
{
	struct login_tag tag;
	bool known = is_known(h, job, &tag);
	struct task *t = known || h->queued < h->queue ? worker_slot(h->worker) : NULL;

	assert(job->text_len == 0);
	if (!t)
		return -ICQ_EFULL;
	t->tag = tag;
	t->from_cache = known;
	memcpy(&t->job, job, job_size(job));
	if (known) {
		answer(h, t);
		return 0;
	}
	h->queued++;
	worker_submit(h->worker, t);
	return 0;
}

void hashers_collect(struct hashers *h)
{
	worker_collect(h->worker);
}

void hashers_free(struct hashers **h)
{
	if (!*h)
		return;
	worker_free(&(*h)->worker);
	login_cache_free(&(*h)->cache);
	free(*h);
	*h = NULL;
}
