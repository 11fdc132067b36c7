/* SPDX-License-Identifier: MIT */
/* Numbers with a unit, as they are written on the command line. */
#ifndef ICQCHAOS_UNITS_H
#define ICQCHAOS_UNITS_H

#include <stdint.h>

/* All return 0 or -ICQ_ESYNTAX and take the whole text. */

/* "20", "20%", "0.5%": parts of FAULT_CERTAIN; four decimals, 0 to 100. */
int units_chance(const char *text, uint32_t *out);
/* "2", "2s", "0.25": seconds, to milliseconds; three decimals, up to a year. */
int units_seconds(const char *text, int64_t *out);
/* "250", "250ms": up to 60,000. */
int units_millis(const char *text, uint32_t *out);
/* Decimal, or hexadecimal behind 0x. */
int units_seed(const char *text, uint64_t *out);
/* "5:2.5": from the 5th second on, for two and a half. */
int units_span(const char *text, int64_t *start_ms, int64_t *len_ms);

#endif
