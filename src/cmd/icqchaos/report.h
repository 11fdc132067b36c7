/* SPDX-License-Identifier: MIT */
/* What the relay says while it runs, on stderr. */
#ifndef ICQCHAOS_REPORT_H
#define ICQCHAOS_REPORT_H

#include "cmd/icqchaos/nat.h"
#include "cmd/icqchaos/tally.h"

/* One line for one datagram: when, which way, whose, its fate, and what it says if it is one of
 * the protocol. Passwords are masked. */
void report_fate(int64_t at_ms, const struct nat_client *c, unsigned way,
		 const struct fault_fate *fate, const void *p, size_t n);

/* Overwrites the line that it wrote before. */
void report_progress(int64_t at_ms, const struct tally *t);
/* Wipes that line. */
void report_progress_end(void);

#endif
