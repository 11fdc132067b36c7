/* SPDX-License-Identifier: MIT */
/* Events as lines for people. */
#ifndef ICQ_RENDER_H
#define ICQ_RENDER_H

#include <jansson.h>

#include "client/client.h"

/* The lines of an event, without an end after the last; "" when there is nothing to say about
 * it. Foreign text is in it as it came: see texts_shown. To be freed; NULL: out of memory. */
char *render_event(const struct icq_client *client, const json_t *ev);

/* The same for a row of the history (messages[] in doc/json.md), as a line of its conversation. */
char *render_row(const struct icq_client *client, const json_t *row);

/* What may be said about a message or row of the history behind its sender: came it directly, which
 * anybody can do in his name? What became of it, if it was not simply accepted? "" for nothing. */
const char *render_doubt(const json_t *message);
const char *render_fate(const json_t *row);

/* How times are told, as ui.time-format has it; borrowed for good. */
void render_times_as(const char *format);

/* What stands before the second and all further lines of one message. */
#define RENDER_INDENT "        | "

#endif
