/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/report.h"

#include <inttypes.h>

#include "wire/icqwire.h"

enum { LINE_MAX_BYTES = 1024 };

static void print_copy(const struct fault_copy *copy, size_t n)
{
	fputs("passed", stderr);
	if (copy->delay_ms)
		fprintf(stderr, " +%" PRIu32 "ms", copy->delay_ms);
	if (copy->back)
		fputs(" held-back", stderr);
	if (copy->len < n)
		fprintf(stderr, " cut-to=%zu", copy->len);
	if (copy->flip)
		fprintf(stderr, " byte=%zu^%02X", copy->spot, copy->flip);
}

static void print_fate(const struct fault_fate *fate, size_t n)
{
	if (fate->rebind)
		fputs("rebound ", stderr);
	if (fate->count == 0)
		fputs(fate->cut ? "partitioned" : "lost", stderr);
	for (unsigned i = 0; i < fate->count; i++) {
		fputs(i > 0 ? ", again " : "", stderr);
		print_copy(&fate->copies[i], n);
	}
}

void report_fate(int64_t at_ms, const struct nat_client *c, unsigned way,
		 const struct fault_fate *fate, const void *p, size_t n)
{
	static const enum icq_channel channels[] = {
		[FAULT_UP] = ICQ_CLIENT, [FAULT_DOWN] = ICQ_SERVER
	};
	char addr[ADDR_TEXT_MAX], line[LINE_MAX_BYTES];

	fprintf(stderr, "%.3f %s %s ", (double)at_ms / 1000, way == FAULT_UP ? "up" : "down",
		addr_text(&c->addr, addr));
	print_fate(fate, n);
	icq_show_line(channels[way], p, n, false, line, sizeof(line));
	fprintf(stderr, ": %s\n", line);
}

static void print_way(const char *name, const struct tally_way *t)
{
	fprintf(stderr, ", %s %" PRIu64 " (%" PRIu64 " lost)", name, t->in, t->lost + t->cut);
}

void report_progress(int64_t at_ms, const struct tally *t)
{
	fprintf(stderr, "\r\033[K%" PRId64 " s, %" PRIu32 " clients", at_ms / 1000, t->clients);
	print_way("up", &t->ways[FAULT_UP]);
	print_way("down", &t->ways[FAULT_DOWN]);
}

void report_progress_end(void)
{
	fputs("\r\033[K", stderr);
}
