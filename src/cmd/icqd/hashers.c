/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/hashers.h"

#include "base/err.h"
#include "cmd/icqd/login_cache.h"
#include "io/worker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KNOWN_MAX = 256 }; /* answers of the cache that wait to be collected */

/* A password job without the room for a text, which it has no use for. */
struct task {
	struct login_tag tag;
	uint64_t cookie;
	job_then *then;
	enum job_kind kind;
	int err;
	bool from_cache;
	struct job_password password;
};

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

		t->err = password_run(&h->rules, t->kind, &t->password);
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
	struct job job;

	job.kind = t->kind;
	job.err = t->err;
	job.cookie = t->cookie;
	job.then = t->then;
	job.password = t->password;
	job.text_len = 0;
	if (!t->from_cache)
		h->queued--;
	if (t->kind == JOB_VERIFY && t->password.match && !t->from_cache)
		login_cache_add(h->cache, &t->tag);
	h->calls.done(h->calls.ctx, &job);
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
				    .task_size = sizeof(struct task) };
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

static bool is_known(const struct hashers *h, struct task *t)
{
	if (t->kind != JOB_VERIFY || !*t->password.hash)
		return false;
	t->tag = login_cache_tag(h->cache, &t->password);
	return login_cache_has(h->cache, &t->tag);
}

int hashers_submit(struct hashers *h, const struct job *job)
{
	struct task known = { .cookie = job->cookie,
			      .then = job->then,
			      .kind = job->kind,
			      .password = job->password };
	struct task *t;

	known.from_cache = known.password.match = is_known(h, &known);
	t = known.from_cache || h->queued < h->queue ? worker_slot(h->worker) : NULL;
	if (t)
		*t = known;
	explicit_bzero(known.password.password, sizeof(known.password.password));
	if (!t)
		return -ICQ_EFULL;
	if (t->from_cache) {
		explicit_bzero(t->password.password, sizeof(t->password.password));
		worker_answer(h->worker, t);
	} else {
		h->queued++;
		worker_submit(h->worker, t);
	}
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
