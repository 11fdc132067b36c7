/* SPDX-License-Identifier: MIT */
/* Standard input as lines, whatever is behind it: pipe, socket, terminal or file. */
#ifndef ICQ_LINES_H
#define ICQ_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum { LINE_MAX_BYTES = 65536 };

struct lines; /* owned by whoever called lines_open */

struct lines_calls {
	void *ctx;
	/* Without its end, NUL behind; too_long: its first bytes only, the rest is skipped. */
	void (*line)(void *ctx, char *line, size_t n, bool too_long);
	void (*end)(void *ctx);
};

/* NULL: out of memory, or no standard input. */
struct lines *lines_open(uv_loop_t *loop, const struct lines_calls *calls);
/* The loop must still run once. */
void lines_close(struct lines **at);

#endif
