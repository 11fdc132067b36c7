/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/units.h"

#include "base/err.h"
#include "cmd/icqchaos/fault.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DELAY_MOST_MS = 60000 };

static const int64_t SECONDS_MOST_MS = INT64_C(1000) * 86400 * 366;

/*
 * Digits, of which `scale` says how many may stand behind a point (1000: three), then perhaps
 * the unit: "2.5s" times 1000. In integers throughout, so that a tenth is a tenth.
 */
static int read_scaled(const char *text, int64_t scale, const char *unit, int64_t most,
		       int64_t *out)
{
	const char *p = text;
	int64_t v = 0;

	for (; isdigit((unsigned char)*p) && v <= most; p++)
		v = v * 10 + (*p - '0');
	if (p == text || v > most / scale)
		return -ICQ_ESYNTAX;
	v *= scale;
	if (*p == '.' && scale > 1) {
		for (p++; isdigit((unsigned char)*p) && scale > 1; p++)
			v += (*p - '0') * (scale /= 10);
	}
	if ((*p && strcmp(p, unit) != 0) || v > most)
		return -ICQ_ESYNTAX;
	*out = v;
	return 0;
}

int units_chance(const char *text, uint32_t *out)
{
	int64_t v;

	if (read_scaled(text, FAULT_CERTAIN / 100, "%", FAULT_CERTAIN, &v) < 0)
		return -ICQ_ESYNTAX;
	*out = (uint32_t)v;
	return 0;
}

int units_seconds(const char *text, int64_t *out)
{
	return read_scaled(text, 1000, "s", SECONDS_MOST_MS, out);
}

int units_millis(const char *text, uint32_t *out)
{
	int64_t v;

	if (read_scaled(text, 1, "ms", DELAY_MOST_MS, &v) < 0)
		return -ICQ_ESYNTAX;
	*out = (uint32_t)v;
	return 0;
}

int units_seed(const char *text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	return isdigit((unsigned char)*text) && !*end && !errno ? 0 : -ICQ_ESYNTAX;
}

int units_span(const char *text, int64_t *start_ms, int64_t *len_ms)
{
	char start[32];
	size_t n = strcspn(text, ":");

	if (text[n] != ':' || n >= sizeof(start))
		return -ICQ_ESYNTAX;
	memcpy(start, text, n);
	start[n] = '\0';
	if (units_seconds(start, start_ms) < 0)
		return -ICQ_ESYNTAX;
	return units_seconds(text + n + 1, len_ms);
}
