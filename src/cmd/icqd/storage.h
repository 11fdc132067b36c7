/* SPDX-License-Identifier: MIT */
/* The thread of the store: what is submitted within store.gather-ms becomes one transaction. */
#ifndef ICQD_STORAGE_H
#define ICQD_STORAGE_H

#include "server/conf.h"
#include "store/store.h"

struct storage; /* owned by whoever called storage_start */

struct storage_calls {
	void *ctx;
	void (*wake)(void *ctx); /* on the store's thread: storage_collect has something to do */
	void (*done)(void *ctx, const struct job *job);
};

/* store stays the caller's, who leaves it alone until storage_free. 0, -ICQ_ENOMEM, -ICQ_EIO. */
int storage_start(struct storage **out, const struct conf *conf, struct store_sqlite *store,
		  const struct storage_calls *calls);
/* 0, or -ICQ_EFULL: too many wait already. */
int storage_submit(struct storage *s, const struct job *job);
void storage_collect(struct storage *s);
/* Carries out what was submitted, hands all of it back, and ends the thread. From now on
 * nothing can be submitted. */
void storage_finish(struct storage *s);
void storage_free(struct storage **s);

#endif
