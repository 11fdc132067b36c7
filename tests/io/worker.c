/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "io/worker.h"

#include <pthread.h>

enum { SLOTS = 100, BATCH = 8 };

struct task {
	unsigned number, doubled;
};

/* One worker and what it did. */
struct desk {
	struct worker *worker;
	unsigned next, collected, sum;
	bool in_order;
	unsigned echo; /* tasks that `done` still submits anew */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool woken, held;
	unsigned calls, largest;
};

static void run(void *ctx, void *const *tasks, size_t n)
{
	struct desk *d = ctx;

	for (size_t i = 0; i < n; i++) {
		struct task *t = tasks[i];

		t->doubled = 2 * t->number;
	}
	pthread_mutex_lock(&d->mutex);
	d->calls++;
	if (n > d->largest)
		d->largest = (unsigned)n;
	while (d->held)
		pthread_cond_wait(&d->changed, &d->mutex);
	pthread_mutex_unlock(&d->mutex);
}

static void wake(void *ctx)
{
	struct desk *d = ctx;

	pthread_mutex_lock(&d->mutex);
	d->woken = true;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->mutex);
}

static bool submit(struct desk *d)
{
	struct task *t = worker_slot(d->worker);

	if (!t)
		return false;
	t->number = d->next++;
	worker_submit(d->worker, t);
	return true;
}

static void done(void *ctx, void *task)
{
	struct desk *d = ctx;
	const struct task *t = task;

	check(t->doubled == 2 * t->number);
	d->in_order = d->in_order && t->number == d->collected;
	d->collected++;
	d->sum += t->number;
	if (d->echo > 0 && submit(d))
		d->echo--;
}

static void open_desk(struct desk *d, unsigned threads, unsigned gather_ms)
{
	const struct worker_plan plan = {
		.ctx = d,
		.run = run,
		.wake = wake,
		.done = done,
		.threads = threads,
		.slots = SLOTS,
		.batch = BATCH,
		.gather_ms = gather_ms,
		.task_size = sizeof(struct task),
	};

	*d = (struct desk){ .in_order = true };
	pthread_mutex_init(&d->mutex, NULL);
	pthread_cond_init(&d->changed, NULL);
	assert_int_equal(worker_start(&d->worker, &plan), 0);
}

static void close_desk(struct desk *d)
{
	worker_free(&d->worker);
	assert_null(d->worker);
	pthread_mutex_destroy(&d->mutex);
	pthread_cond_destroy(&d->changed);
}

static void hold(struct desk *d, bool held)
{
	pthread_mutex_lock(&d->mutex);
	d->held = held;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->mutex);
}

static void collect_until(struct desk *d, unsigned count)
{
	while (d->collected < count) {
		pthread_mutex_lock(&d->mutex);
		while (!d->woken)
			pthread_cond_wait(&d->changed, &d->mutex);
		d->woken = false;
		pthread_mutex_unlock(&d->mutex);
		worker_collect(d->worker);
	}
}

TEST(one_thread_keeps_the_order)
{
	struct desk d;

	open_desk(&d, 1, 0);
	for (unsigned want = 0; want < 20000; want += SLOTS / 2) {
		for (unsigned i = 0; i < SLOTS / 2; i++)
			check(submit(&d));
		collect_until(&d, want + SLOTS / 2);
	}
	assert_true(d.in_order);
	assert_in_range(d.largest, 1, BATCH);
	close_desk(&d);
}

TEST(several_threads_do_everything_once)
{
	struct desk d;

	open_desk(&d, 4, 0);
	d.echo = 5000;
	for (unsigned i = 0; i < SLOTS; i++)
		check(submit(&d));
	/* done() runs while its own slot is still taken, so each submits into another's. */
	collect_until(&d, SLOTS);
	while (d.echo > 0 || d.collected < d.next) {
		if (d.collected == d.next)
			check(submit(&d));
		collect_until(&d, d.collected + 1);
	}
	assert_int_equal(d.sum, (d.next - 1) * d.next / 2);
	close_desk(&d);
}

TEST(slots_are_bounded_and_the_last_comes_first)
{
	struct desk d;
	void *first, *last = NULL;

	open_desk(&d, 1, 0);
	hold(&d, true);
	first = worker_slot(d.worker);
	worker_answer(d.worker, first); /* doubled is 0, as number: a fresh slot is zero */
	collect_until(&d, 1);
	assert_ptr_equal(worker_slot(d.worker), first);
	for (unsigned i = 1; i < SLOTS; i++)
		assert_non_null(last = worker_slot(d.worker));
	assert_null(worker_slot(d.worker));
	worker_submit(d.worker, last);
	hold(&d, false);
	collect_until(&d, 2);
	assert_ptr_equal(worker_slot(d.worker), last);
	assert_null(worker_slot(d.worker));
	close_desk(&d);
}

TEST(gathering_fills_batches)
{
	struct desk d;

	open_desk(&d, 1, 60000);
	for (unsigned i = 0; i < 4 * BATCH; i++)
		check(submit(&d));
	collect_until(&d, 4 * BATCH);
	assert_int_equal(d.calls, 4);
	assert_int_equal(d.largest, BATCH);
	close_desk(&d);
}

TEST(gathering_ends_by_itself)
{
	struct desk d;

	open_desk(&d, 1, 1);
	check(submit(&d));
	collect_until(&d, 1);
	close_desk(&d);
}

TEST(stopping_can_finish_what_waits)
{
	struct desk d;

	open_desk(&d, 1, 60000);
	for (unsigned i = 0; i < SLOTS - 1; i++)
		check(submit(&d));
	worker_stop(d.worker, true);
	assert_false(submit(&d));
	worker_collect(d.worker);
	assert_int_equal(d.collected, SLOTS - 1);
	assert_true(d.in_order);
	close_desk(&d);
}

TEST(stopping_can_drop_what_waits)
{
	struct desk d;

	open_desk(&d, 2, 60000);
	for (unsigned i = 0; i < BATCH - 1; i++)
		check(submit(&d));
	worker_stop(d.worker, false);
	worker_collect(d.worker);
	assert_int_equal(d.collected, 0);
	close_desk(&d);
}
