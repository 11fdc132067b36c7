/* SPDX-License-Identifier: MIT */
/* What icqload tells: progress on a terminal, lines for people or programs on stdout. */
#ifndef ICQLOAD_REPORT_H
#define ICQLOAD_REPORT_H

#include <stdbool.h>

#include "cmd/icqload/load.h"

struct report {
	bool json, terminal;
	uint32_t users, complaints;
	int64_t began_ms, told_ms;
	enum load_phase phase;
};

/* A phase has begun: the end of the one before is told, as `online users=...`. */
void report_phase(struct report *r, const struct load *l, int64_t now_ms, enum load_phase phase);
/* A line that is written over again and again, if stderr is a terminal. */
void report_progress(struct report *r, const struct load *l, int64_t now_ms);
/* The first few only. */
void report_complaint(struct report *r, uint32_t uin, const char *what);

#endif
