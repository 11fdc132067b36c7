/* SPDX-License-Identifier: MIT */
/*
 * Every call to the disk fails in turn. What was reported is there afterwards, and nothing by
 * halves: the store in memory is asked what that would be.
 */
#include "harness.h"

#include "base/err.h"
#include "faulty_disk.h"
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ANN = STORE_FIRST_UIN,
	BOB,
	GROUP = 12,
	RESERVE = 4096,
	SHORT = 7, /* steps that do one of each */
	LONG = 70, /* until the log has been moved into the database */
	STRIDE = 97,
};

/* ---- a scenario: groups of jobs that give the same answers in every store ---------------- */

struct group {
	struct job jobs[GROUP];
	struct job *at[GROUP];
	size_t n;
};

static void add(struct group *g, struct job j)
{
	g->jobs[g->n] = j;
	g->at[g->n] = &g->jobs[g->n];
	g->n++;
}

static struct job begin_session(uint32_t uin)
{
	struct job j = job_of(JOB_SESSION_BEGIN);

	j.session.uin = uin;
	j.session.addr = addr_v4(0x7f000001, (uint16_t)uin);
	j.session.now_s = NOW_S;
	return j;
}

static struct job set_password(const char *hash)
{
	struct job j = job_of(JOB_PASSWORD_SET);

	j.password_set.uin = ANN;
	j.password_set.now_s = NOW_S;
	strcpy(j.password_set.hash, hash);
	return j;
}

/* Some texts take pages of their own. */
static void fill_with_messages(struct group *g, unsigned step)
{
	while (g->n < GROUP) {
		struct job j = job_put(ANN, BOB, (uint16_t)(100 + step * GROUP + g->n), "");

		j.text_len = (uint16_t)(g->n % 2 ? JOB_TEXT_MAX : 10);
		memset(j.text, (int)step, j.text_len);
		add(g, j);
	}
}

static void make_group(struct group *g, unsigned step)
{
	const struct uins both = UINS(ANN, BOB);

	g->n = 0;
	switch (step) {
	case 0:
		add(g, job_register(1));
		add(g, job_register(2));
		break;
	case 1:
		add(g, begin_session(ANN));
		add(g, begin_session(BOB));
		break;
	case 2:
		add(g, job_uins(ANN, 1, 0, 0, &both));
		add(g, job_put(ANN, BOB, 1, "one"));
		add(g, job_put(ANN, BOB, 2, "two"));
		break;
	case 3:
		add(g, job_flight(BOB, 0, 2, 5));
		add(g, job_put(BOB, ANN, 1, "three"));
		break;
	case 4:
		add(g, job_drop(BOB, 1, 1));
		add(g, job_put(ANN, BOB, 3, "four"));
		add(g, set_password("$new"));
		break;
	case 5:
		add(g, job_profile_set(ANN, PROFILE_NAMES, &(struct profile){ .nick = "Ann" }));
		add(g, begin_session(ANN));
		break;
	default:
		fill_with_messages(g, step);
	}
}

/* What a full disk leaves of it. */
static void leave_out(struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (!job_needs_room(g->jobs[i].kind))
			g->at[n++] = &g->jobs[i];
	}
	g->n = n;
}

/* ---- trials ------------------------------------------------------------------------------ */

static unsigned moves_failed; /* the log could not be moved; the commit before was good */

/* What there is before each step, and after the last. */
static uint64_t expected[LONG + 1];

static void find_expected(void)
{
	static struct group g;
	struct subject *model = subject_mem();

	for (unsigned step = 0; step < LONG; step++) {
		expected[step] = subject_digest(model, BOB);
		make_group(&g, step);
		subject_run(model, g.at, g.n);
	}
	expected[LONG] = subject_digest(model, BOB);
	subject_free(&model);
}

/* Whether all of the group was carried out; it may not be a part of it. */
static bool is_reported(const struct group *g)
{
	for (size_t i = 0; i < g->n; i++)
		assert_int_equal(g->jobs[i].err == -ICQ_EIO, g->jobs[0].err == -ICQ_EIO);
	return g->jobs[0].err != -ICQ_EIO;
}

/* How many steps were reported. Once broken, the store has no good news. */
static unsigned play(struct subject *t, unsigned steps)
{
	static struct group g;
	unsigned done = 0;

	for (unsigned step = 0; step < steps; step++) {
		bool was_broken = subject_health(t) == STORE_BROKEN;

		make_group(&g, step);
		subject_run(t, g.at, g.n);
		if (is_reported(&g)) {
			assert_false(was_broken);
			done = step + 1;
			moves_failed += subject_health(t) == STORE_BROKEN;
		} else {
			assert_int_equal(subject_health(t), STORE_BROKEN);
		}
	}
	return done;
}

/* The one behind the last reported may also be there: it was on the disk when that failed. */
static void expect_steps(struct subject *t, unsigned done)
{
	uint64_t found = subject_digest(t, BOB);

	if (found != expected[done] && (done == LONG || found != expected[done + 1]))
		fail_msg("neither what %u steps make nor what %u make", done, done + 1);
}

/* Opening is a part of it. Whether the fault was met. */
static bool try_failure(unsigned nth, unsigned steps)
{
	struct subject *t = subject_sqlite();
	unsigned done = 0;
	bool met;

	subject_close(t);
	disk_fail(DISK_EIO, nth);
	if (subject_try_open(t) == 0)
		done = play(t, steps);
	met = disk_failed();
	subject_close(t);
	disk_fail(DISK_WELL, 0);
	for (int i = 0; i < 2; i++) { /* recovering twice equals once */
		subject_open(t);
		expect_steps(t, done);
		subject_close(t);
	}
	subject_free(&t);
	return met;
}

/* SEEKYOU_LONG: every call of the long scenario, too, instead of some. */
static unsigned stride(void)
{
	return getenv("SEEKYOU_LONG") ? 1 : STRIDE;
}

static void try_all(unsigned steps, unsigned first, unsigned by)
{
	unsigned nth = first;

	disk_install();
	find_expected();
	while (try_failure(nth, steps))
		nth += by;
	disk_remove();
	assert_true(nth > 20); /* it was about something */
}

TEST(an_error_at_every_call_loses_nothing)
{
	try_all(SHORT, 1, 1);
}

TEST(an_error_while_the_log_is_moved_loses_nothing)
{
	struct rng rng = harness_rng();
	unsigned by = stride();

	moves_failed = 0;
	try_all(LONG, 1 + rng_below(&rng, by), by);
	assert_true(moves_failed > 0);
}

/* A second sync may report success over what the first one lost. */
TEST(a_failed_disk_is_left_alone_until_the_next_opening)
{
	struct job more = job_register(3);
	char log[PATH_LEN + 16];
	struct subject *t;
	struct stat st;

	disk_install();
	t = subject_sqlite();
	snprintf(log, sizeof(log), "%s-wal", subject_file(t));
	disk_fail(DISK_EIO, 30);
	play(t, SHORT);
	assert_int_equal(subject_health(t), STORE_BROKEN);
	unsigned changes = disk_changes();

	assert_int_equal(subject_do(t, &more), -ICQ_EIO);
	subject_close(t);
	assert_int_equal(disk_changes(), changes);
	assert_int_equal(stat(log, &st), 0);
	assert_true(st.st_size > 0);

	subject_open(t); /* which writes all of the log into the database */
	assert_true(disk_changes() > changes);
	assert_int_equal(stat(log, &st), 0);
	assert_int_equal(st.st_size, 0);
	disk_remove();
	subject_free(&t);
}

/* ---- a full disk ------------------------------------------------------------------------- */

static bool has_reserve(const struct subject *t)
{
	char name[PATH_LEN + 16];

	snprintf(name, sizeof(name), "%s.reserve", subject_file(t));
	return access(name, F_OK) == 0;
}

/* The group that meets a full disk is carried out but for what needs room; the next one finds
 * room again. */
static bool try_full(unsigned nth)
{
	static struct group g, left;
	struct subject *t = subject_sqlite(), *model = subject_mem();

	assert_int_equal(subject_reserve(t, RESERVE), 0);
	assert_true(has_reserve(t));
	disk_fail(DISK_FULL, nth);
	for (unsigned step = 0; step < SHORT; step++) {
		bool failed = disk_failed();

		make_group(&g, step);
		make_group(&left, step);
		subject_run(t, g.at, g.n);
		failed = disk_failed() && !failed;
		if (failed)
			leave_out(&left);
		subject_run(model, left.at, left.n);
		for (size_t i = 0; failed && i < g.n; i++)
			assert_int_equal(g.jobs[i].err == -ICQ_EIO, job_needs_room(g.jobs[i].kind));
		if (failed)
			assert_int_equal(subject_health(t), STORE_FULL);
		assert_int_equal(has_reserve(t), subject_health(t) == STORE_WELL);
	}
	struct job more = job_register(3);
	bool met = disk_failed();

	disk_fail(DISK_WELL, 0);

	assert_true(subject_digest(t, BOB) == subject_digest(model, BOB));
	assert_int_equal(subject_do(t, &more), 0);
	assert_true(has_reserve(t));
	subject_free(&t);
	subject_free(&model);
	return met;
}

TEST(a_full_disk_takes_nothing_new_and_lets_go_of_what_is_there)
{
	unsigned nth = 1;

	disk_install();
	while (try_full(nth))
		nth++;
	disk_remove();
	assert_true(nth > 20);
}
