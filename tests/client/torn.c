/* SPDX-License-Identifier: MIT */
/*
 * Conversations of three, whose programs crash, over a network that cuts streams into pieces,
 * breaks and refuses them, and with a server that works: nothing is lost, nothing overtakes, and
 * only what was under way when its connection ended may come twice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/wires.h"
#include "harness.h"

enum { PEOPLE = 3, RUNS = 400, STEPS = 12, CARL = 10004, TEXTS_MAX = STEPS };

static struct wires w;
static struct scene people[PEOPLE];
static const uint32_t uins[PEOPLE] = { ANN, BOB, CARL };

/* How many texts went from one to another: they are numbered from 0. */
static unsigned sent[PEOPLE][PEOPLE];
static bool calm; /* nothing goes wrong in this run */

static void open_all(struct rng *rng)
{
	wires_begin(&w, rng_next(rng));
	for (unsigned i = 0; i < PEOPLE; i++)
		wires_add(&w, &people[i], uins[i],
			  rng_below(rng, 3) ? ICQ_CLIENT_DIRECT_ON : ICQ_CLIENT_DIRECT_OUT, true);
	wires_meet(&w);
	w.served = true;
	calm = rng_below(rng, 4) == 0;
	w.breaking = calm ? 0 : 2 + rng_below(rng, 30);
	memset(sent, 0, sizeof(sent));
}

static void say_something(struct rng *rng)
{
	unsigned from = rng_below(rng, PEOPLE), to = (from + 1 + rng_below(rng, 2)) % PEOPLE;
	char text[32];

	snprintf(text, sizeof(text), "%u", sent[from][to]++);
	icq_client_send_by(people[from].client, people[from].now, 0, uins[to], T_text,
			   icq_str_of(text),
			   rng_below(rng, 4) ? ICQ_CLIENT_VIA_AUTO : ICQ_CLIENT_VIA_SERVER,
			   ICQ_CLIENT_MODE_NORMAL);
}

static void live(struct rng *rng)
{
	for (unsigned step = 0; step < STEPS; step++) {
		if (!calm && rng_below(rng, 8) == 0)
			wires_crash(&w, &people[rng_below(rng, PEOPLE)]);
		for (unsigned n = rng_below(rng, 4); n > 0; n--)
			say_something(rng);
		w.blocked = !calm && rng_below(rng, 6) == 0;
		w.deaf = !calm && rng_below(rng, 8) == 0;
		people[rng_below(rng, PEOPLE)].hold_jobs = !calm && rng_below(rng, 3) == 0;
		wires_pass(&w, rng_below(rng, 2) ? 1000 : 1000 * rng_below(rng, 30));
		for (unsigned i = 0; i < PEOPLE; i++)
			scene_forget(&people[i]);
	}
	w.blocked = w.deaf = false;
	w.breaking = 0;
	for (unsigned i = 0; i < PEOPLE; i++)
		people[i].hold_jobs = false;
	wires_pass(&w, 60000 * PEOPLE);
}

/* What one has of another, in the order it came: each text the first time after those before it. */
static void look_at(unsigned to, unsigned from)
{
	struct history_job job;
	unsigned next = 0, extra = 0;

	memset(&job, 0, sizeof(job));
	job.kind = HISTORY_NEXT;
	job.row.self = uins[to];
	job.next.peer = uins[from];
	while (history_mem_run(people[to].history, &job), job.err == 0) {
		job.next.from = job.row.id;
		job.text[job.text_len] = 0;
		if (job.row.way == HISTORY_OUT)
			continue;
		if (strtoul((char *)job.text, NULL, 10) == next)
			next++;
		else
			extra++;
		assert_true(strtoul((char *)job.text, NULL, 10) < next);
	}
	assert_int_equal(next, sent[from][to]);
	assert_true(extra <= (calm ? 0 : w.over[to][from]));
}

TEST(nothing_is_lost_whatever_breaks)
{
	struct rng rng = harness_rng();

	for (unsigned run = 0; run < RUNS; run++) {
		open_all(&rng);
		live(&rng);
		for (unsigned i = 0; i < PEOPLE * PEOPLE; i++)
			if (i % PEOPLE != i / PEOPLE)
				look_at(i % PEOPLE, i / PEOPLE);
		wires_close(&w);
	}
}
