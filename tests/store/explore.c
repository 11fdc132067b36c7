/* SPDX-License-Identifier: MIT */
#include "explore.h"

#include "harness.h"

#include <stdio.h>

static const char *const left_names[CUT_LEFT_COUNT] = {
	[CUT_LEFT_SURE] = "what was synced",
	[CUT_LEFT_ALL] = "everything",
	[CUT_LEFT_TORN] = "everything, the last torn",
	[CUT_LEFT_ANY] = "anything",
};

static void note_bad(struct exploration *e, size_t point, enum cut_left left, const char *what)
{
	if (e->bad++ == 0)
		snprintf(e->first, sizeof(e->first), "cut after %zu of %zu changes, left: %s: %s",
			 point, cut_log_count(e->log), left_names[left], what);
}

/* How many promises there were at this point. */
static size_t promised(const struct exploration *e, size_t point)
{
	size_t n = 0;

	while (n < e->count && e->promises[n].at <= point)
		n++;
	return n;
}

/* The last promise, or the one that was about to be made: that may be on the disk already. */
static bool is_kept(const struct exploration *e, size_t point, uint64_t state)
{
	size_t n = promised(e, point);

	return state == e->promises[n - 1].state ||
	       (n < e->count && state == e->promises[n].state) ||
	       (point >= e->undone_from && point <= e->undone_to && state == e->undone);
}

/* Without a second sync between, less could not be sure. */
static bool is_news(const struct exploration *e, const struct cut_log *log, size_t point)
{
	return point == 0 || cut_is_sync(cut_log_at(log, point - 1)) ||
	       (log == e->log && promised(e, point) > promised(e, point - 1));
}

/* ---- a second cut, during the start after the first -------------------------------------- */

static void try_second(struct exploration *e, struct cut_log *log, size_t point, enum cut_left left,
		       uint64_t state)
{
	uint64_t found;

	cut_log_cut(log, point, left, &e->rng, cut_vfs_disk());
	e->images++;
	e->second++;
	if (!e->look(e->ctx, &found))
		note_bad(e, point, left, "cannot be opened after a second cut");
	else if (found != state)
		note_bad(e, point, left, "a second cut changed what was there");
}

static void try_again(struct exploration *e, struct cut_log *log, uint64_t state)
{
	size_t n = cut_log_count(log), point = rng_below(&e->rng, (uint32_t)n + 1);

	if (!e->thorough) {
		try_second(e, log, point, CUT_LEFT_ANY, state);
		return;
	}
	for (point = 0; point <= n; point++) {
		if (is_news(e, log, point))
			try_second(e, log, point, CUT_LEFT_SURE, state);
		if (cut_log_can_tear(log, point))
			try_second(e, log, point, CUT_LEFT_TORN, state);
		try_second(e, log, point, CUT_LEFT_ALL, state);
		try_second(e, log, point, CUT_LEFT_ANY, state);
	}
}

/* ---- the first --------------------------------------------------------------------------- */

static void try_cut(struct exploration *e, size_t point, enum cut_left left)
{
	bool again = e->again && rng_below(&e->rng, e->again) == 0, opened;
	struct cut_log *log = NULL;
	uint64_t state;

	cut_log_cut(e->log, point, left, &e->rng, cut_vfs_disk());
	e->images++;
	if (again)
		cut_vfs_start();
	opened = e->look(e->ctx, &state);
	if (again)
		log = cut_vfs_end();
	if (!opened)
		note_bad(e, point, left, "cannot be opened");
	else if (!is_kept(e, point, state))
		note_bad(e, point, left, "lost, or there by halves");
	else if (again)
		try_again(e, log, state);
	if (log)
		cut_log_free(&log);
}

void explore(struct exploration *e)
{
	size_t n = cut_log_count(e->log), to = e->to && e->to < n ? e->to : n;

	for (size_t point = e->from + rng_below(&e->rng, e->by); point <= to; point += e->by) {
		e->points++;
		if (is_news(e, e->log, point))
			try_cut(e, point, CUT_LEFT_SURE);
		if (cut_log_can_tear(e->log, point))
			try_cut(e, point, CUT_LEFT_TORN);
		try_cut(e, point, CUT_LEFT_ALL);
		for (unsigned i = e->points % 4; i < e->any; i += 4)
			try_cut(e, point, CUT_LEFT_ANY);
	}
}

void explore_report(const struct exploration *e)
{
	printf("# points=%lu images=%lu second=%lu\n", e->points, e->images, e->second);
	if (e->bad)
		fail_msg("%lu of %lu images are bad; the first: %s", e->bad, e->images, e->first);
}
