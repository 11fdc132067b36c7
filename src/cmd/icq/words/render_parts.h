/* SPDX-License-Identifier: MIT */
/* The inside of render.c, which is in several files; nobody else includes it. */
#ifndef ICQ_RENDER_PARTS_H
#define ICQ_RENDER_PARTS_H

#include <stdio.h>

#include "cmd/icq/member.h"
#include "cmd/icq/words/render.h"

/* One event on its way to `to`. */
struct render {
	const struct icq_client *client;
	const json_t *ev;
	FILE *to;
};

/* Has a field of the event this value? */
bool render_is(const struct render *r, const char *key, const char *value);

/* Nick, or UIN; the UIN of a stranger is all we know of him. */
void render_who(struct render *r, json_int_t uin);
void render_time(struct render *r, json_int_t ms);
/* "12.3 MB": nobody counts the digits of a long number. */
void render_bytes(struct render *r, json_int_t n);
/* For every text of others: none of its lines may look like one of ours. */
void render_lines(struct render *r, const char *text);
/* What a message says. */
void render_body(struct render *r, const json_t *message);

/* Who asks what, or what is asked of whom. */
void render_request(struct render *r, const json_t *request);

/* How it goes with files (render_transfer.c). */
void render_transfer(struct render *r);

/* The result of a command (render_result.c). */
void render_result(struct render *r);

#endif
