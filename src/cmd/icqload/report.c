/* SPDX-License-Identifier: MIT */
#include "cmd/icqload/report.h"

#include <jansson.h>
#include <stdio.h>

enum {
	COMPLAINTS_MAX = 10,
	PROGRESS_MS = 200,
	MS_PER_S = 1000,
};

/* What the end of a phase is called, and what is going on in it. NULL: not told. */
static const struct {
	const char *done, *doing;
} words[] = {
	[LOAD_NOT_BEGUN] = { NULL, "beginning" },
	[LOAD_REGISTER] = { "registered", "registering" },
	[LOAD_LOGIN] = { NULL, "logging in" },
	[LOAD_SETTLE] = { "online", "waiting for presence" },
	[LOAD_HOLD] = { NULL, "staying online" },
	[LOAD_LOGOUT] = { "done", "logging out" },
};

#define NUMBERS(X)                                                                                 \
	X(registered)                                                                              \
	X(logged_in)                                                                               \
	X(logged_out)                                                                              \
	X(failed) X(wrong) X(presence) X(presence_missed) X(sent) X(received) X(resent)

static void tell_json(const char *event, const struct report *r, const struct load_counts *c,
		      double seconds)
{
	json_t *o = json_pack("{s:s, s:i, s:f}", "event", event, "users", (int)r->users, "seconds",
			      seconds);

#define X(name) json_object_set_new(o, #name, json_integer((json_int_t)c->name));
	NUMBERS(X)
#undef X
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void tell_line(const char *event, const struct report *r, const struct load_counts *c,
		      double seconds)
{
	printf("%s users=%u seconds=%.1f", event, (unsigned)r->users, seconds);
#define X(name) printf(" " #name "=%llu", (unsigned long long)c->name);
	NUMBERS(X)
#undef X
	putchar('\n');
}

static void clear_progress(const struct report *r)
{
	if (r->terminal)
		fputs("\r\033[K", stderr);
}

void report_phase(struct report *r, const struct load *l, int64_t now_ms, enum load_phase phase)
{
	enum load_phase before = r->phase;
	double seconds = (double)(now_ms - r->began_ms) / MS_PER_S;

	r->phase = phase;
	if (phase == before || !words[before].done)
		return;
	clear_progress(r);
	if (r->json)
		tell_json(words[before].done, r, load_counts(l), seconds);
	else
		tell_line(words[before].done, r, load_counts(l), seconds);
	fflush(stdout);
}

void report_progress(struct report *r, const struct load *l, int64_t now_ms)
{
	if (!r->terminal || now_ms - r->told_ms < PROGRESS_MS || r->phase == LOAD_OVER)
		return;
	r->told_ms = now_ms;
	fprintf(stderr, "\r%s: %u of %u\033[K", words[r->phase].doing, (unsigned)load_progress(l),
		(unsigned)r->users);
}

void report_complaint(struct report *r, uint32_t uin, const char *what)
{
	if (r->complaints++ >= COMPLAINTS_MAX)
		return;
	clear_progress(r);
	if (uin)
		fprintf(stderr, "icqload: user %u: %s\n", (unsigned)uin, what);
	else
		fprintf(stderr, "icqload: a new user: %s\n", what);
	if (r->complaints == COMPLAINTS_MAX)
		fputs("icqload: more of this is counted only\n", stderr);
}
