/* SPDX-License-Identifier: MIT */
/*
 * Threads for what is slow. Tasks lie in a fixed number of slots of equal size and wander:
 * the owner takes a slot, fills and submits it; a thread carries it out; the owner collects
 * it, and the slot is free again. Nothing is allocated after the start. The slot given back
 * last is given out first, so that only as much memory is touched as the busiest moment had
 * tasks.
 *
 * All functions but the two callbacks marked "worker thread" belong to one thread, the
 * owner's.
 */
#ifndef IO_WORKER_H
#define IO_WORKER_H

#include <stdbool.h>
#include <stddef.h>

struct worker; /* owned by whoever called worker_start */

struct worker_plan {
	void *ctx;
	/* Worker thread: carries out n tasks, in the order they were submitted. */
	void (*run)(void *ctx, void *const *tasks, size_t n);
	/* Worker thread: the owner is to call worker_collect soon. */
	void (*wake)(void *ctx);
	/* From worker_collect: the task has been carried out. It is only valid during the call,
	 * which may take slots and submit. */
	void (*done)(void *ctx, void *task);
	unsigned threads;   /* with one thread tasks come back in order */
	unsigned slots;	    /* tasks that exist at once */
	unsigned batch;	    /* most tasks in one call of run */
	unsigned gather_ms; /* how long a task may wait for others to fill its batch */
	size_t task_size;
};

/* 0, -ICQ_ENOMEM, or -ICQ_EIO when no thread could be made. */
int worker_start(struct worker **out, const struct worker_plan *plan);

/* A free slot, aligned for any type, contents undefined; NULL when all are in use, and
 * after worker_stop. */
void *worker_slot(struct worker *w);
/* Hands a filled slot to the threads. */
void worker_submit(struct worker *w, void *task);
/* Puts the slot among those done at once: its answer was known already. */
void worker_answer(struct worker *w, void *task);
/* Calls done for every task that has been carried out. */
void worker_collect(struct worker *w);

/*
 * Ends the threads and waits for them. Tasks not yet begun are carried out first if `finish`,
 * else they are dropped. What was carried out can still be collected.
 */
void worker_stop(struct worker *w, bool finish);
/* Stops without finishing, unless that has happened. */
void worker_free(struct worker **w);

#endif
