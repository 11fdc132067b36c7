/* SPDX-License-Identifier: MIT */
#include "cmd/icq/archive.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/folders.h"
#include "io/lock.h"
#include "io/worker.h"

enum {
	JOBS_MAX = 1024,      /* submitted and not yet told */
	TRANSACTION_MAX = 64, /* jobs in one */
};

struct archive {
	struct worker *worker;
	struct history_sqlite *history; /* the worker's, once that is there */
	uv_async_t ready;
	archive_done *done;
	void *ctx;
	int lock;
};

/* ---- the thread ------------------------------------------------------------------------ */

static void run(void *ctx, void *const *tasks, size_t n)
{
	struct archive *a = ctx;
	struct history_job *jobs[TRANSACTION_MAX];

	for (size_t i = 0; i < n; i++)
		jobs[i] = tasks[i];
	history_sqlite_run(a->history, jobs, n);
}

static void wake(void *ctx)
{
	struct archive *a = ctx;

	uv_async_send(&a->ready);
}

static void tell(void *ctx, void *task)
{
	struct archive *a = ctx;

	if (a->done)
		a->done(a->ctx, task);
}

static void on_ready(uv_async_t *ready)
{
	struct archive *a = ready->data;

	worker_collect(a->worker);
}

void archive_attend(struct archive *a, archive_done *done, void *ctx)
{
	a->done = done;
	a->ctx = ctx;
}

int archive_submit(struct archive *a, const struct history_job *job)
{
	struct history_job *mine = worker_slot(a->worker);

	if (!mine)
		return -ICQ_EFULL;
	memcpy(mine, job, history_job_size(job));
	worker_submit(a->worker, mine);
	return 0;
}

void archive_settle(struct archive *a)
{
	worker_stop(a->worker, true);
	worker_collect(a->worker);
}

/* ---- opening and closing --------------------------------------------------------------- */

static int complain(const char *path, const char *why)
{
	fprintf(stderr, "icq: %s: %s\n", path, why);
	return EXIT_FAILED;
}

/* False: it would be too long. */
static bool find_folder(char out[PATH_MAX], const char *profile)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int n;

	if (data && *data == '/')
		n = snprintf(out, PATH_MAX, "%s/icq/%s", data, profile);
	else
		n = snprintf(out, PATH_MAX, "%s/.local/share/icq/%s", home ? home : "", profile);
	return n < PATH_MAX;
}

/* Two at once would send the same outbox. */
static int take_lock(struct archive *a, const char *folder, const char *profile)
{
	char file[PATH_MAX + 8];
	pid_t holder;
	int err;

	snprintf(file, sizeof(file), "%s/lock", folder);
	err = lock_take(file, &a->lock, &holder);
	if (err == -ICQ_EBUSY) {
		fprintf(stderr,
			"icq: another icq (process %ld) uses the profile %s; stop it first, or use "
			"another profile with --profile NAME\n",
			(long)holder, profile);
		return EXIT_REFUSED;
	}
	return err < 0 ? complain(file, strerror(errno)) : EXIT_OK;
}

static int open_history(struct archive *a, const char *folder)
{
	char file[PATH_MAX + 16];
	const char *why;

	snprintf(file, sizeof(file), "%s/history.db", folder);
	if (history_sqlite_open(&a->history, file, &why) < 0)
		return complain(file, why);
	return EXIT_OK;
}

static int open_folder(struct archive *a, const char *profile)
{
	char folder[PATH_MAX];
	int code;

	if (!find_folder(folder, profile))
		return complain(profile, "the path of the data folder is too long");
	if (folders_make(folder) < 0)
		return complain(folder, strerror(errno));
	code = take_lock(a, folder, profile);
	return code ? code : open_history(a, folder);
}

static int start_thread(struct archive *a)
{
	const struct worker_plan plan = { .ctx = a,
					  .run = run,
					  .wake = wake,
					  .done = tell,
					  .threads = 1,
					  .slots = JOBS_MAX,
					  .batch = TRANSACTION_MAX,
					  .task_size = sizeof(struct history_job) };
	int err = worker_start(&a->worker, &plan);

	return err < 0 ? complain("history", icq_err_text(err)) : EXIT_OK;
}

int archive_open(struct archive **out, uv_loop_t *loop, const char *profile)
{
	struct archive *a = calloc(1, sizeof(*a));
	int code;

	if (!a)
		return complain("history", icq_err_text(-ICQ_ENOMEM));
	a->lock = -1;
	uv_async_init(loop, &a->ready, on_ready);
	a->ready.data = a;
	code = open_folder(a, profile);
	if (code == EXIT_OK)
		code = start_thread(a);
	if (code != EXIT_OK) {
		archive_close(&a);
		return code;
	}
	*out = a;
	return EXIT_OK;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void archive_close(struct archive **at)
{
	struct archive *a = *at;

	*at = NULL;
	if (!a)
		return;
	worker_free(&a->worker);
	history_sqlite_close(&a->history);
	if (a->lock >= 0)
		close(a->lock);
	uv_close((uv_handle_t *)&a->ready, on_closed);
}
