/* SPDX-License-Identifier: MIT */
/* Does what the rules of notify.h say: writes to the terminal, starts programs. */
#ifndef ICQ_NOTIFIER_H
#define ICQ_NOTIFIER_H

#include <uv.h>

#include "cmd/icq/notify.h"

struct app;

enum { NOTIFIER_PROGRAMS_MAX = 8 };

/* Part of struct app. */
struct notifier {
	bool terminal; /* there is one on standard output that may ring */
	struct notify_presence presence;
	int64_t rang_ms;			      /* the last bell or sound */
	uv_process_t programs[NOTIFIER_PROGRAMS_MAX]; /* hooks and players at work */
	bool busy[NOTIFIER_PROGRAMS_MAX];
	bool failed; /* one could not be started, and the user knows */
};

/* An event of the schema, after it was shown. */
void notifier_event(struct app *a, const json_t *ev);

#endif
