/* SPDX-License-Identifier: MIT */
#include "sim/sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static const struct {
	const char *word;
	enum crash_moment moment;
	bool twice;
} moments[] = {
	{ "before", CRASH_BEFORE, false },
	{ "in", CRASH_IN, false },
	{ "after", CRASH_AFTER, false },
	{ "twice", CRASH_IN, true },
};

enum { MOMENTS = sizeof(moments) / sizeof(*moments) };

void crash_text(const struct trial *t, char out[CRASH_TEXT_MAX])
{
	size_t i = 0;

	while (moments[i].moment != t->crash.moment || moments[i].twice != t->twice)
		i++;
	snprintf(out, CRASH_TEXT_MAX, "%s:%" PRIu64, moments[i].word, t->crash.write);
}

int crash_parse(const char *text, struct trial *t)
{
	size_t len = strcspn(text, ":");
	char *end;

	for (size_t i = 0; i < MOMENTS; i++) {
		if (strlen(moments[i].word) != len || strncmp(moments[i].word, text, len) != 0)
			continue;
		t->twice = moments[i].twice;
		t->crash.moment = moments[i].moment;
		t->crash.write = strtoull(text + len + (text[len] == ':'), &end, 10);
		return text[len] == ':' && text[len + 1] && !*end ? 0 : -ICQ_ERANGE;
	}
	return -ICQ_ERANGE;
}

static struct verdict play(struct sweep *s, const struct trial *t, sweep_fn *each, void *ctx)
{
	struct verdict v = trial_run(t);

	s->struck += v.struck;
	each(ctx, t, &v);
	return v;
}

void sweep_run(struct sweep *s, const struct trial *t, sweep_fn *each, void *ctx)
{
	struct trial trial = *t;
	uint64_t writes = play(s, t, each, ctx).writes;

	for (uint64_t w = s->part - 1; w < writes; w += s->parts) {
		for (size_t i = 0; i < MOMENTS; i++) {
			trial.crash = (struct crash_plan){ moments[i].moment, w };
			trial.twice = moments[i].twice;
			s->points++;
			play(s, &trial, each, ctx);
		}
	}
}
