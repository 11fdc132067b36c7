/* SPDX-License-Identifier: MIT */
/* The messages that no server has yet, also those of earlier runs: {"10002":{"7":row}}, by receiver
 * and number. The panel counts them, and their lines are told anew when they have left. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/icq/screen/screen.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

enum { NUMBER_MAX = 24 };

static const char *as_key(json_int_t n, char out[NUMBER_MAX])
{
	snprintf(out, NUMBER_MAX, "%lld", (long long)n);
	return out;
}

static json_t *rows_to(const struct screen *s, json_int_t uin)
{
	char key[NUMBER_MAX];

	return json_object_get(s->outbox, as_key(uin, key));
}

size_t screen_outbox_count(const struct screen *s, uint32_t uin)
{
	return json_object_size(rows_to(s, uin));
}

void screen_outbox_add(struct screen *s, json_int_t msg, json_t *row)
{
	json_int_t uin = json_integer_value(json_object_get(row, "uin"));
	json_t *rows = rows_to(s, uin);
	char key[NUMBER_MAX];

	if (!s->outbox)
		s->outbox = json_object();
	if (!rows) {
		rows = json_object();
		json_object_set_new(s->outbox, as_key(uin, key), rows);
	}
	json_object_set(rows, as_key(msg, key), row);
}

void screen_outbox_take(struct screen *s, const json_t *messages)
{
	json_t *row;
	size_t i;

	s->asked_outbox = false;
	json_object_clear(s->outbox);
	json_array_foreach(messages, i, row)
	{
		screen_outbox_add(s, json_integer_value(json_object_get(row, "msg")), row);
	}
}

void screen_say_row(struct screen *s, struct window *w, json_int_t msg, const json_t *row)
{
	char *text = render_row(app_client(s->app), row);

	if (text)
		screen_say_at(s, w, window_tag(WINDOW_MESSAGE, (uint64_t)msg), text);
	free(text);
}

void screen_outbox_left(struct screen *s, json_int_t uin, json_int_t msg, const char *state)
{
	json_t *rows = rows_to(s, uin);
	struct window *w = screen_find(s, (uint32_t)uin);
	char key[NUMBER_MAX];
	json_t *row = json_object_get(rows, as_key(msg, key));

	s->wants_outbox |= s->asked_outbox; /* the answer may still have it */
	if (!row)
		return;
	json_object_set_new(row, "state", json_string(state));
	if (w)
		screen_say_row(s, w, msg, row);
	json_object_del(rows, key);
	if (json_object_size(rows) == 0)
		json_object_del(s->outbox, as_key(uin, key));
}
