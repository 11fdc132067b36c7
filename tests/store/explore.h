/* SPDX-License-Identifier: MIT */
/*
 * Cuts the power at every point of what was done to a disk, looks at what the next start makes of
 * what is left, and cuts the power again during that start.
 */
#ifndef TEST_STORE_EXPLORE_H
#define TEST_STORE_EXPLORE_H

#include "cut_vfs.h"

/* After so many changes this was reported as stable. */
struct promise {
	size_t at;
	uint64_t state;
};

/* Opens what is on the disk of cut_vfs.h, and closes it; the state is a number made of all it
 * holds. False: it could not be opened. */
typedef bool look_fn(void *ctx, uint64_t *state_out);

struct exploration {
	/* Given: */
	struct cut_log *log;
	const struct promise *promises; /* by rising `at`; the first at 0: what an empty disk is */
	size_t count;
	look_fn *look;
	void *ctx;
	/* A transaction that failed may be there before it did: this state is right, too, after
	 * `undone_from` to `undone_to` changes. */
	size_t undone_from, undone_to;
	uint64_t undone;
	struct rng rng;
	size_t from, to; /* points; to 0: all of the rest */
	unsigned by;	 /* looks at one in so many points, beginning with any */
	unsigned any;	 /* images by chance, for every four points */
	unsigned again;	 /* of one in so many images the start is cut, too; 0: never */
	bool thorough;	 /* at each of its points, else at one */
	/* Found: */
	unsigned long points, images, second; /* second: of those images, after a second cut */
	unsigned long bad;		      /* what was reported is not there, or by halves */
	char first[200];		      /* the first of them */
};

/* Before, in and after each of these changes. */
void explore(struct exploration *e);
/* Says the figures, and fails if anything is bad. */
void explore_report(const struct exploration *e);

#endif
