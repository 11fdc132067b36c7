/* SPDX-License-Identifier: MIT */
/*
 * The threads of the store. What is submitted within store.gather-ms becomes one transaction of
 * the writer. Jobs that only read (job_reads()) go to a thread beside him, so that neither waits
 * for the other; they see what was stable when they began.
 */
#ifndef ICQD_STORAGE_H
#define ICQD_STORAGE_H

#include "server/conf.h"
#include "store/store.h"

struct storage; /* owned by whoever called storage_start */

struct storage_calls {
	void *ctx;
	void (*wake)(void *ctx); /* on any thread: storage_collect has something to do */
	void (*done)(void *ctx, const struct job *job);
};

/* Both stores stay the caller's, who leaves them alone until storage_free. 0, -ICQ_ENOMEM,
 * -ICQ_EIO. */
int storage_start(struct storage **out, const struct conf *conf, struct store_sqlite *writer,
		  struct store_sqlite *reader, const struct storage_calls *calls);
/* 0, or -ICQ_EFULL: too many wait already. */
int storage_submit(struct storage *s, const struct job *job);
void storage_collect(struct storage *s);
/* How the writer's last transaction left his store. To be asked after storage_collect. */
enum store_health storage_health(const struct storage *s);
/* Carries out what was submitted, hands all of it back, and ends the threads. From now on
 * nothing can be submitted. */
void storage_finish(struct storage *s);
void storage_free(struct storage **s);

#endif
