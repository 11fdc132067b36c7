/* SPDX-License-Identifier: MIT */
/*
 * The client's computer loses its power before, in and after every write of a history: what was
 * reported as kept is there at the next start. The history in memory says what that is.
 */
#include "harness.h"

#include "base/err.h"
#include "digest.h"
#include "explore.h"
#include "history_subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"

enum {
	GROUPS = 14,
	GROUP_MAX = 4,
	SPAN = 150,  /* changes after a failed sync, in which the power is cut */
	RESTART = 7, /* so many groups after the beginning */
};

/* ---- the scenario ------------------------------------------------------------------------ */

struct scenario {
	struct rng rng;
	struct history *model;
	struct history_sqlite *file;
	char folder[PATH_LEN], name[FILE_LEN];
	struct cut_log *log;
	struct promise promises[GROUPS + 2];
	size_t count;
	uint64_t last; /* id */
};

static uint64_t digest_of_rows(int (*ask)(void *ctx, struct history_job *job), void *ctx)
{
	uint64_t digest = DIGEST_NONE, from = 0;

	for (;;) {
		struct history_job job = job_next((struct history_next){ .from = from });

		if (ask(ctx, &job))
			return digest;
		digest_add(&digest, &job.row, sizeof(job.row));
		digest_add(&digest, job.text, job.text_len);
		from = job.row.id;
	}
}

static int ask_model(void *ctx, struct history_job *job)
{
	return history_do(((struct scenario *)ctx)->model, job);
}

static int ask_file(void *ctx, struct history_job *job)
{
	history_sqlite_run(((struct scenario *)ctx)->file, &job, 1);
	return job->err;
}

static void promise(struct scenario *s)
{
	s->promises[s->count].at = cut_vfs_count();
	s->promises[s->count].state = digest_of_rows(ask_model, s);
	s->count++;
}

/* Comes, goes into the outbox or leaves it. What comes may be a repeat. */
static struct history_job any_job(struct scenario *s)
{
	struct history_job job = rng_below(&s->rng, 2) ? job_in(ANN, "") : job_out(BOB, "");

	if (rng_below(&s->rng, 3) == 0)
		return job_mark(s->last + 1 - rng_below(&s->rng, 4));
	job.add.match = job.row.way == HISTORY_IN ? HISTORY_SAME_ID : HISTORY_ANY;
	job.row.msgid = 1 + rng_below(&s->rng, 20);
	job.row.noted_s = 1000000000;
	job.text_len = (uint16_t)rng_below(&s->rng, rng_below(&s->rng, 8) ? 40 : HISTORY_TEXT_MAX);
	memset(job.text, 'a' + (int)rng_below(&s->rng, 26), job.text_len);
	return job;
}

static void run_group(struct scenario *s)
{
	static struct history_job one[GROUP_MAX], other[GROUP_MAX];
	struct history_job *others[GROUP_MAX];
	uint32_t n = 1 + rng_below(&s->rng, GROUP_MAX);

	for (uint32_t i = 0; i < n; i++) {
		one[i] = any_job(s);
		other[i] = one[i];
		others[i] = &other[i];
	}
	history_sqlite_run(s->file, others, n);
	for (uint32_t i = 0; i < n && other[0].err != -ICQ_EIO; i++) {
		history_do(s->model, &one[i]);
		assert_bytes(&one[i], history_job_size(&one[i]), &other[i],
			     history_job_size(&other[i]));
		if (one[i].kind == HISTORY_ADD)
			s->last = one[i].row.id;
	}
	promise(s);
}

static void start(struct scenario *s)
{
	const char *why;
	int err = history_sqlite_open(&s->file, s->name, &why);

	if (err && cut_vfs_failed()) /* the user tries again */
		err = history_sqlite_open(&s->file, s->name, &why);
	assert_int_equal(err, 0);
}

/* The nth sync fails; 0: none. */
static void play(struct scenario *s, enum cut_trust trust, unsigned nth)
{
	*s = (struct scenario){ .rng = harness_rng(), .model = history_on_mem() };
	folder_new(s->folder);
	snprintf(s->name, sizeof(s->name), "%s/db", s->folder);
	cut_vfs_install(trust);
	cut_vfs_start();
	promise(s);
	start(s);
	promise(s);
	cut_vfs_fail(nth);
	for (int i = 0; i < GROUPS; i++) {
		if (i == RESTART) {
			history_sqlite_close(&s->file);
			start(s);
		}
		run_group(s);
	}
	history_sqlite_close(&s->file);
	s->log = cut_vfs_end();
}

/* ---- looking at what is left ------------------------------------------------------------- */

static bool look(void *ctx, uint64_t *state_out)
{
	struct scenario *s = ctx;
	const char *why;

	if (history_sqlite_open(&s->file, s->name, &why) < 0)
		return false;
	history_sqlite_close(&s->file);
	*state_out = DIGEST_NONE;
	return digest_file(state_out, s->name);
}

/* The state is what lies there when nothing is lost; its rows are those of the model. */
static void complete_promises(struct scenario *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct promise *p = &s->promises[i];

		cut_log_cut(s->log, p->at, CUT_LEFT_ALL, &s->rng, cut_vfs_disk());
		start(s);
		assert_true(digest_of_rows(ask_file, s) == p->state);
		history_sqlite_close(&s->file);
		assert_true(look(s, &p->state));
	}
}

/* Whether a sync failed; what had been written before it may be there until then. */
static bool find_undone(struct scenario *s, struct exploration *e)
{
	size_t at = cut_log_find(s->log, CUT_SYNC_FAILED);

	if (at == cut_log_count(s->log))
		return false;
	for (size_t i = 0; i < s->count && s->promises[i].at <= at; i++)
		e->undone_from = s->promises[i].at;
	e->undone_to = e->from = at;
	e->to = at + SPAN;
	cut_log_cut(s->log, at, CUT_LEFT_ALL, &s->rng, cut_vfs_disk());
	assert_true(look(s, &e->undone));
	return true;
}

/* Whether a sync failed. */
static bool explore_history(struct exploration *e, enum cut_trust trust, unsigned nth)
{
	static struct scenario s;
	bool failed;

	play(&s, trust, nth);
	cut_vfs_fail(0);
	complete_promises(&s);
	failed = find_undone(&s, e);
	e->log = s.log;
	e->promises = s.promises;
	e->count = s.count;
	e->look = look;
	e->ctx = &s;
	e->rng = s.rng;
	explore(e);
	history_free(&s.model);
	folder_free(s.folder);
	cut_log_free(&s.log);
	cut_vfs_remove();
	return failed;
}

/* SEEKYOU_LONG: more images by chance. */
TEST(a_power_cut_at_every_write_loses_nothing_kept)
{
	struct exploration e = { .by = 1, .any = 1, .again = 100, .thorough = true };

	if (getenv("SEEKYOU_LONG"))
		e.any = 20;
	explore_history(&e, CUT_HONEST, 0);
	explore_report(&e);
}

static bool try_failed_sync(unsigned nth)
{
	struct exploration e = { .by = 3, .any = 4 };
	bool met = explore_history(&e, CUT_HONEST, nth);

	if (e.bad)
		fail_msg("sync %u failed; %s", nth, e.first);
	return met;
}

/* The system has dropped what it did not write, and says afterwards that all is well; the client
 * goes on. SEEKYOU_LONG: each sync, instead of some. */
TEST(a_failed_sync_loses_nothing_that_is_kept)
{
	unsigned by = getenv("SEEKYOU_LONG") ? 1 : 7, nth = 1;

	while (try_failed_sync(nth))
		nth += by;
	assert_true(nth > 14);
}

TEST(a_disk_that_syncs_nothing_is_found_out)
{
	struct exploration e = { .by = 8, .any = 4 };

	explore_history(&e, CUT_NO_SYNC, 0);
	assert_true(e.bad > 0);
}
