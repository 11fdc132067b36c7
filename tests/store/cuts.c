/* SPDX-License-Identifier: MIT */
/*
 * The power is cut before, in and after every write of a scenario with jobs of all kinds: what was
 * reported is there at the next start, and no transaction by halves. So it is when the power is
 * cut again during that start. What there should be is what the store in memory has.
 */
#include "harness.h"

#include "any.h"
#include "base/err.h"
#include "digest.h"
#include "explore.h"
#include "store/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FEW_GROUPS = 12,
	GROUPS = 150, /* the log is moved into the database, and begins anew */
	GROUP_MAX = 8,
	STRIDE = 40,
	RESTART = 5, /* so many groups after the beginning, and before the end */
	KINDS = 18,  /* of jobs, at least */
	SPAN = 150,  /* changes after a failed sync, in which the power is cut */
	RESERVE = 4096,
	LAST_UIN = STORE_FIRST_UIN + 260,
};

/* ---- the scenario ------------------------------------------------------------------------ */

struct scenario {
	struct any any;
	struct subject *model, *store;
	struct cut_log *log;
	struct promise promises[GROUPS + 2];
	size_t count;
	unsigned long kinds[JOB_COUNT];
};

static void promise(struct scenario *s)
{
	s->promises[s->count].at = cut_vfs_count();
	s->promises[s->count].state = subject_digest(s->model, LAST_UIN);
	s->count++;
}

/* As icqd does at its start, and again when the disk fails just then; the model is told, too. */
static void start(struct scenario *s)
{
	bool failed = true;

	for (int tries = 0; failed && tries < 2; tries++) {
		failed = subject_try_open(s->store) < 0 || subject_reserve(s->store, RESERVE) < 0;
		if (failed)
			subject_close(s->store);
	}
	assert_false(failed);
	assert_int_equal(subject_set(s->model, "cp1252", RETENTION_S), 0);
}

static void restart(struct scenario *s)
{
	subject_close(s->store);
	start(s);
}

/* A group that was not reported may be there after the next start; the model then has it, too. */
static bool is_carried_out(struct scenario *s, const struct job *first)
{
	if (subject_health(s->store) != STORE_BROKEN)
		return true;
	restart(s);
	return first->err != -ICQ_EIO ||
	       subject_digest(s->store, LAST_UIN) != s->promises[s->count - 1].state;
}

/* The last job of each makes an account: so it can be told whether the group is there. */
static void run_group(struct scenario *s)
{
	static struct job one[GROUP_MAX + 1], other[GROUP_MAX + 1];
	struct job *ones[GROUP_MAX + 1], *others[GROUP_MAX + 1];
	uint32_t n = 1 + rng_below(&s->any.rng, GROUP_MAX);

	for (uint32_t i = 0; i <= n; i++) {
		one[i] = i < n ? any_job(&s->any) : job_register((uint16_t)(1000 + s->count));
		other[i] = one[i];
		ones[i] = &one[i];
		others[i] = &other[i];
	}
	n++;
	subject_run(s->store, others, n);
	if (!is_carried_out(s, &other[0]))
		n = 0;
	subject_run(s->model, ones, n);
	for (uint32_t i = 0; i < n; i++) {
		if (other[i].err != -ICQ_EIO)
			assert_bytes(&one[i], job_size(&one[i]), &other[i], job_size(&other[i]));
		if (i < n - 1)
			any_seen(&s->any, &one[i]);
		s->kinds[one[i].kind]++;
	}
	any_pass_time(&s->any);
	promise(s);
}

/* Of those that any_job makes; a rare one may be missing. */
static int count_kinds(const struct scenario *s)
{
	int n = 0;

	for (enum job_kind kind = 0; kind < JOB_COUNT; kind++)
		n += s->kinds[kind] > 0;
	return n;
}

/* How often the log has begun anew over what was there. */
static unsigned times_around(const struct cut_log *log)
{
	size_t size = 0;
	unsigned n = 0;
	int node = CUT_NO_NODE;

	for (size_t i = 0; i < cut_log_count(log); i++) {
		const struct cut_change *c = cut_log_at(log, i);

		if (c->kind == CUT_NAME && c->name == CUT_WAL)
			node = c->node;
		else if (c->node != node || cut_is_sync(c))
			continue;
		n += c->kind == CUT_WRITE && c->at == 0 && size > 0;
		size = c->kind == CUT_WRITE ? c->at + c->n : c->at;
	}
	return n;
}

/* The nth sync fails; 0: none. */
static void play(struct scenario *s, int groups, enum cut_trust trust, unsigned nth)
{
	*s = (struct scenario){ .any = any_new(harness_rng()), .model = subject_mem() };
	cut_vfs_install(trust);
	cut_vfs_start();
	promise(s);
	s->store = subject_sqlite();
	promise(s);
	cut_vfs_fail(nth);
	restart(s);
	for (int i = 0; i < groups; i++) {
		if (i == RESTART || i == groups - RESTART)
			restart(s);
		run_group(s);
	}
	subject_close(s->store);
	s->log = cut_vfs_end();
	assert_true(s->any.uin < LAST_UIN);
}

static void end(struct scenario *s)
{
	subject_free(&s->model);
	subject_free(&s->store);
	cut_log_free(&s->log);
	cut_vfs_remove();
}

/* ---- looking at what is left ------------------------------------------------------------- */

static void reserve_name(const struct scenario *s, char out[PATH_LEN + 16])
{
	snprintf(out, PATH_LEN + 16, "%s.reserve", subject_file(s->store));
}

/* Whatever a cut leaves of it: less, or nothing. */
static void harm_reserve(const struct scenario *s, struct rng *rng)
{
	char name[PATH_LEN + 16];

	reserve_name(s, name);
	if (rng_below(rng, 2) || truncate(name, rng_below(rng, RESERVE)) < 0)
		unlink(name);
}

static bool has_reserve(const struct scenario *s)
{
	struct stat st;
	char name[PATH_LEN + 16];

	reserve_name(s, name);
	return stat(name, &st) == 0 && st.st_size == RESERVE;
}

/* As icqd starts. */
static bool look(void *ctx, uint64_t *state_out)
{
	struct scenario *s = ctx;

	if (rng_below(&s->any.rng, 8) == 0)
		harm_reserve(s, &s->any.rng);
	if (subject_try_open(s->store) < 0)
		return false;
	subject_reserve(s->store, RESERVE);
	subject_close(s->store);
	*state_out = DIGEST_NONE;
	return has_reserve(s) && digest_file(state_out, subject_file(s->store));
}

/* The state is what lies there when nothing is lost, for it holds more than jobs tell. What they
 * tell of it is as in the model. */
static void complete_promises(struct scenario *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct promise *p = &s->promises[i];

		cut_log_cut(s->log, p->at, CUT_LEFT_ALL, &s->any.rng, cut_vfs_disk());
		subject_open(s->store);
		assert_true(subject_digest(s->store, LAST_UIN) == p->state);
		subject_close(s->store);
		assert_true(look(s, &p->state));
	}
}

static void explore_as(struct exploration *e, struct scenario *s)
{
	complete_promises(s);
	e->log = s->log;
	e->promises = s->promises;
	e->count = s->count;
	e->look = look;
	e->ctx = s;
	e->rng = s->any.rng;
	explore(e);
	end(s);
}

static struct scenario scenario;

TEST(a_power_cut_at_every_write_loses_nothing)
{
	struct exploration e = { .by = 1, .any = 1, .again = 300, .thorough = true };

	play(&scenario, FEW_GROUPS, CUT_HONEST, 0);
	explore_as(&e, &scenario);
	explore_report(&e);
}

/* SEEKYOU_LONG: at every write, instead of some. */
TEST(a_power_cut_while_the_log_is_moved_and_begins_anew_loses_nothing)
{
	struct exploration e = { .by = STRIDE, .any = 1, .again = 16 };

	if (getenv("SEEKYOU_LONG"))
		e = (struct exploration){ .by = 1, .any = 20, .again = 800, .thorough = true };
	play(&scenario, GROUPS, CUT_HONEST, 0);
	assert_true(times_around(scenario.log) > 0);
	assert_true(count_kinds(&scenario) >= KINDS);
	explore_as(&e, &scenario);
	explore_report(&e);
}

/* ---- a sync that fails ------------------------------------------------------------------- */

static bool try_failed_sync(unsigned nth)
{
	struct exploration e = { .by = 4, .any = 4 };
	bool met;

	play(&scenario, FEW_GROUPS, CUT_HONEST, nth);
	met = cut_vfs_failed();
	cut_vfs_fail(0);
	e.from = met ? cut_log_find(scenario.log, CUT_SYNC_FAILED) : 0;
	e.to = e.from + SPAN;
	explore_as(&e, &scenario);
	if (e.bad)
		fail_msg("sync %u failed; %s", nth, e.first);
	return met;
}

/* The system has dropped what it did not write, and says afterwards that all is well. The store
 * is opened anew, goes on, and then the power is cut. SEEKYOU_LONG: each sync, instead of some. */
TEST(a_failed_sync_loses_nothing_that_was_reported)
{
	unsigned by = getenv("SEEKYOU_LONG") ? 1 : 6, nth = 1;

	while (try_failed_sync(nth))
		nth += by;
	assert_true(nth > 20);
}

/* ---- it would be noticed ----------------------------------------------------------------- */

static void expect_loss(enum cut_trust trust)
{
	struct exploration e = { .by = STRIDE, .any = 4 };

	play(&scenario, FEW_GROUPS, trust, 0);
	explore_as(&e, &scenario);
	assert_true(e.bad > 0);
}

TEST(a_disk_that_syncs_nothing_is_found_out)
{
	expect_loss(CUT_NO_SYNC);
}

TEST(a_disk_that_forgets_names_is_found_out)
{
	expect_loss(CUT_NO_FOLDER_SYNC);
}
