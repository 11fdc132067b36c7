/* SPDX-License-Identifier: MIT */
/* A line of input with editing, history and completion, that lets other lines appear above it. */
#ifndef ICQ_PROMPT_H
#define ICQ_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "cmd/icq/words/complete.h"

struct prompt; /* owned by whoever called prompt_open; there is one at most */

struct prompt_calls {
	void *ctx;
	void (*line)(void *ctx, char *line, size_t n, bool too_long);
	void (*end)(void *ctx);
	void (*key)(void *ctx); /* something was typed */
	/* Completion of a word that was begun, behind the rest of the line before it. Returns how
	 * many words go on from there, and in `out` what they have in common; may tell which. */
	size_t (*complete)(void *ctx, const char *line, const char *begun, char out[COMPLETE_MAX]);
};

/* NULL when standard input and output are not both terminals, or out of memory. */
struct prompt *prompt_open(uv_loop_t *loop, const struct prompt_calls *calls);
/* The loop must still run once. NULL inside is allowed, also below. */
void prompt_close(struct prompt **at);
/* Around output: takes the line away, and draws it again. */
void prompt_hide(struct prompt *p);
void prompt_show(struct prompt *p);
/* Around reading from the terminal by other means. */
void prompt_pause(struct prompt *p);
void prompt_resume(struct prompt *p);

#endif
