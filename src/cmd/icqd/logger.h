/* SPDX-License-Identifier: MIT */
/* Log events as lines: time=2026-11-21T13:38:00Z level=info event=login uin=1001 */
#ifndef ICQD_LOGGER_H
#define ICQD_LOGGER_H

#include <stdio.h>

#include "base/log.h"

struct logger {
	FILE *out;
	enum log_level least; /* less important events are left out */
	int64_t most;	      /* lines in a second */
	int64_t second;
	int64_t lines; /* in this second */
	int64_t suppressed;
};

/* Beyond the rate events are counted, and the next line that may be written is preceded by
 * their number. */
void logger_write(struct logger *l, int64_t unix_s, const struct log_event *ev);
/* What must not be missing is written whatever the level and the rate. */
void logger_audit(struct logger *l, int64_t unix_s, const struct log_event *ev);

#endif
