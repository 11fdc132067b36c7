/* SPDX-License-Identifier: MIT */
/* Whether the user is at his keys, and the status that makes of it: idle.h with a clock. */
#ifndef ICQ_ATTEND_H
#define ICQ_ATTEND_H

#include <uv.h>

#include "cmd/icq/idle.h"

struct app;

/* Part of struct app. */
struct attend {
	struct idle idle;
	uv_timer_t timer;
};

void attend_init(struct app *a);
/* The user has touched a key. Not from inside an event. */
void attend_key(struct app *a);
/* Status, session or settings may have changed. Likewise. */
void attend_check(struct app *a);

#endif
