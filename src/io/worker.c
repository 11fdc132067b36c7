/* SPDX-License-Identifier: MIT */
#include "io/worker.h"

#include "base/err.h"

#include <assert.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <time.h>

/* A queue of at most `slots` tasks, so it can never be full. */
struct ring {
	void **at;
	unsigned first, count;
};

struct crew { /* one thread and what it works on */
	struct worker *worker;
	pthread_t thread;
	void **batch;
};

struct worker {
	struct worker_plan plan;
	size_t stride;
	/* The owner's alone. */
	char *slots;
	void **vacant; /* a stack */
	unsigned vacant_count;
	struct ring collecting;
	struct crew *crew;
	unsigned crew_count;
	/* Shared. */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct ring waiting, done;
	struct timespec ripe; /* when the oldest waiting task need not wait for others */
	bool stopping;
};

static void ring_put(struct ring *r, unsigned cap, void *task)
{
	assert(r->count < cap);
	r->at[(r->first + r->count++) % cap] = task;
}

static void *ring_take(struct ring *r, unsigned cap)
{
	void *task = r->at[r->first];

	assert(r->count > 0);
	r->first = (r->first + 1) % cap;
	r->count--;
	return task;
}

static struct timespec time_after(unsigned ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	t.tv_sec += (time_t)(ms / 1000) + t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* Waits until a batch is due; false when there will be none any more. */
static bool await_batch(struct worker *w)
{
	while (w->waiting.count == 0 && !w->stopping)
		pthread_cond_wait(&w->changed, &w->mutex);
	while (w->plan.gather_ms && w->waiting.count > 0 && w->waiting.count < w->plan.batch &&
	       !w->stopping) {
		struct timespec ripe = w->ripe;

		if (pthread_cond_timedwait(&w->changed, &w->mutex, &ripe) != 0)
			break;
	}
	return w->waiting.count > 0 || !w->stopping;
}

static unsigned take_batch(struct worker *w, void **batch)
{
	unsigned n = 0;

	while (n < w->plan.batch && w->waiting.count > 0)
		batch[n++] = ring_take(&w->waiting, w->plan.slots);
	return n;
}

static void give_back(struct worker *w, void *const *batch, unsigned n)
{
	bool was_empty = w->done.count == 0;

	for (unsigned i = 0; i < n; i++)
		ring_put(&w->done, w->plan.slots, batch[i]);
	if (was_empty && n > 0)
		w->plan.wake(w->plan.ctx);
}

static void *work(void *arg)
{
	struct crew *me = arg;
	struct worker *w = me->worker;

	pthread_mutex_lock(&w->mutex);
	while (await_batch(w)) {
		unsigned n = take_batch(w, me->batch);

		if (n == 0) /* another thread was quicker */
			continue;
		pthread_mutex_unlock(&w->mutex);
		w->plan.run(w->plan.ctx, me->batch, n);
		pthread_mutex_lock(&w->mutex);
		give_back(w, me->batch, n);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

static int hire(struct worker *w)
{
	struct crew *c = &w->crew[w->crew_count];

	c->worker = w;
	c->batch = calloc(w->plan.batch, sizeof(*c->batch));
	if (!c->batch)
		return -ICQ_ENOMEM;
	if (pthread_create(&c->thread, NULL, work, c) != 0) {
		free(c->batch);
		return -ICQ_EIO;
	}
	w->crew_count++;
	return 0;
}

static bool reserve(struct worker *w)
{
	unsigned slots = w->plan.slots;

	w->slots = calloc(slots, w->stride);
	w->vacant = calloc(slots, sizeof(*w->vacant));
	w->waiting.at = calloc(slots, sizeof(void *));
	w->done.at = calloc(slots, sizeof(void *));
	w->collecting.at = calloc(slots, sizeof(void *));
	w->crew = calloc(w->plan.threads, sizeof(*w->crew));
	if (!w->slots || !w->vacant || !w->waiting.at || !w->done.at || !w->collecting.at ||
	    !w->crew)
		return false;
	while (w->vacant_count < slots) { /* the first slot on top */
		w->vacant[w->vacant_count] = w->slots + (slots - 1 - w->vacant_count) * w->stride;
		w->vacant_count++;
	}
	return true;
}

static void init_locks(struct worker *w)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&w->mutex, NULL);
}

int worker_start(struct worker **out, const struct worker_plan *plan)
{
	struct worker *w = calloc(1, sizeof(*w));
	const size_t align = alignof(max_align_t);
	int err = -ICQ_ENOMEM;

	assert(plan->threads && plan->slots && plan->batch);
	if (!w)
		return err;
	w->plan = *plan;
	w->stride = (plan->task_size + align - 1) / align * align;
	init_locks(w);
	if (!reserve(w))
		goto free_worker;
	while (w->crew_count < plan->threads) {
		if ((err = hire(w)) < 0)
			goto free_worker;
	}
	*out = w;
	return 0;

free_worker:
	worker_free(&w);
	return err;
}

void *worker_slot(struct worker *w)
{
	if (w->vacant_count == 0 || w->stopping)
		return NULL;
	return w->vacant[--w->vacant_count];
}

void worker_submit(struct worker *w, void *task)
{
	pthread_mutex_lock(&w->mutex);
	if (w->waiting.count == 0 && w->plan.gather_ms)
		w->ripe = time_after(w->plan.gather_ms);
	ring_put(&w->waiting, w->plan.slots, task);
	/* Who gathers need not be woken for each task: only for the first and for the last. */
	if (!w->plan.gather_ms || w->waiting.count == 1 || w->waiting.count >= w->plan.batch)
		pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->mutex);
}

void worker_answer(struct worker *w, void *task)
{
	pthread_mutex_lock(&w->mutex);
	give_back(w, &task, 1);
	pthread_mutex_unlock(&w->mutex);
}

void worker_collect(struct worker *w)
{
	struct ring full;

	pthread_mutex_lock(&w->mutex);
	full = w->done;
	w->done = w->collecting;
	w->collecting = full;
	pthread_mutex_unlock(&w->mutex);

	while (w->collecting.count > 0) {
		void *task = ring_take(&w->collecting, w->plan.slots);

		w->plan.done(w->plan.ctx, task);
		w->vacant[w->vacant_count++] = task;
	}
}

void worker_stop(struct worker *w, bool finish)
{
	pthread_mutex_lock(&w->mutex);
	w->stopping = true;
	if (!finish)
		w->waiting.count = 0;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->mutex);

	for (; w->crew_count > 0; w->crew_count--) {
		struct crew *c = &w->crew[w->crew_count - 1];

		pthread_join(c->thread, NULL);
		free(c->batch);
	}
}

void worker_free(struct worker **wp)
{
	struct worker *w = *wp;

	*wp = NULL;
	if (!w)
		return;
	worker_stop(w, false);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->mutex);
	free(w->crew);
	free(w->collecting.at);
	free(w->done.at);
	free(w->waiting.at);
	free(w->vacant);
	free(w->slots);
	free(w);
}
