/* SPDX-License-Identifier: MIT */
/* What a run has seen so far: since when, how many messages, and the last one of each sender. */
#ifndef ICQ_TALLY_H
#define ICQ_TALLY_H

#include <jansson.h>
#include <stdint.h>

struct app;

enum { TALLY_SENDERS_MAX = 100 };

/* Part of struct app. */
struct tally {
	int64_t started_ms, online_ms; /* since 1970; online_ms 0: no session */
	uint64_t received, sent;
	json_t *last; /* messages as the history has them, newest last, one for each sender; owned
		       */
};

void tally_begin(struct app *a);
void tally_end(struct app *a);
/* An event of the schema, before anybody else changes it. */
void tally_event(struct app *a, const json_t *ev);

#endif
