/* SPDX-License-Identifier: MIT */
#include "history_subject.h"

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"

struct history {
	struct history_mem *mem;
	struct history_sqlite *sqlite;
	char folder[PATH_LEN];
	char file[FILE_LEN];
};

static struct history *history_new(void)
{
	struct history *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	return h;
}

struct history *history_on_mem(void)
{
	struct history *h = history_new();

	h->mem = history_mem_new();
	assert_non_null(h->mem);
	return h;
}

struct history *history_on_sqlite(void)
{
	struct history *h = history_new();

	folder_new(h->folder);
	snprintf(h->file, sizeof(h->file), "%s/history.db", h->folder);
	history_open(h);
	return h;
}

void history_free(struct history **h)
{
	history_mem_free(&(*h)->mem);
	history_sqlite_close(&(*h)->sqlite);
	if ((*h)->folder[0])
		folder_free((*h)->folder);
	free(*h);
	*h = NULL;
}

const char *history_file(const struct history *h)
{
	return h->file;
}

void history_close(struct history *h)
{
	history_sqlite_close(&h->sqlite);
}

void history_open(struct history *h)
{
	const char *why = NULL;

	if (history_sqlite_open(&h->sqlite, h->file, &why))
		fail_msg("%s: %s", h->file, why);
}

int history_do(struct history *h, struct history_job *job)
{
	if (h->mem)
		history_mem_run(h->mem, job);
	else
		history_sqlite_run(h->sqlite, &job, 1);
	return job->err;
}

void job_set_text(struct history_job *job, const char *text)
{
	job->text_len = (uint16_t)strlen(text);
	memcpy(job->text, text, job->text_len);
}

/* A marker in every answer: what the history should set is seen to be set. */
struct history_job job_of(enum history_kind kind)
{
	struct history_job job = { .kind = kind, .err = 1, .cookie = 77, .row.self = ME };

	strcpy(job.row.charset, "cp1252");
	return job;
}

struct history_job job_in(uint32_t peer, const char *text)
{
	struct history_job job = job_of(HISTORY_ADD);

	job.row.peer = peer;
	job.row.type = HISTORY_TYPE_TEXT;
	job_set_text(&job, text);
	return job;
}

struct history_job job_out(uint32_t peer, const char *text)
{
	struct history_job job = job_in(peer, text);

	job.row.way = HISTORY_OUT;
	job.row.state = HISTORY_QUEUED;
	return job;
}

struct history_job job_mark(uint64_t id)
{
	struct history_job job = job_of(HISTORY_MARK);

	job.row.id = id;
	job.row.state = HISTORY_ACCEPTED;
	return job;
}

struct history_job job_next(struct history_next query)
{
	struct history_job job = job_of(HISTORY_NEXT);

	job.next = query;
	return job;
}

uint64_t history_next_id(struct history *h, struct history_next query)
{
	struct history_job job = job_next(query);

	return history_do(h, &job) == 0 ? job.row.id : 0;
}
