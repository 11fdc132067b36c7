/* SPDX-License-Identifier: MIT */
/*
 * The history of a profile: the file in its data folder, which one icq at a time may use, and
 * the thread that works on it, so that no disk ever holds up the loop.
 */
#ifndef ICQ_ARCHIVE_H
#define ICQ_ARCHIVE_H

#include <uv.h>

#include "store/history.h"

struct archive; /* owned by whoever called archive_open */

/* A job is done: from the loop, or from archive_settle. */
typedef void archive_done(void *ctx, const struct history_job *job);

/* 0 or an exit code, after a complaint on stderr. */
int archive_open(struct archive **out, uv_loop_t *loop, const char *profile);
/* From now on done is called for each job; NULL: for none any more. */
void archive_attend(struct archive *a, archive_done *done, void *ctx);
/* Takes over a copy. 0, or -ICQ_EFULL: too many at once, or after archive_settle. */
int archive_submit(struct archive *a, const struct history_job *job);
/* Waits until all jobs are done and told, and takes no more. */
void archive_settle(struct archive *a);
/* The loop must still run once. */
void archive_close(struct archive **at);

#endif
