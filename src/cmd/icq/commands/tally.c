/* SPDX-License-Identifier: MIT */
#include "cmd/icq/commands/tally.h"

#include <string.h>

#include "cmd/icq/commands/call.h"
#include "cmd/icq/member.h"
#include "io/clock.h"

static int64_t now_ms(void)
{
	return clock_now().unix_s * 1000;
}

void tally_begin(struct app *a)
{
	a->tally = (struct tally){ .started_ms = now_ms(), .last = json_array() };
}

void tally_end(struct app *a)
{
	json_decref(a->tally.last);
	a->tally.last = NULL;
}

/* ---- events ---------------------------------------------------------------------------- */

/* A message as a row of the history. */
static json_t *row_of(const json_t *ev)
{
	json_t *row = json_deep_copy(ev), *sent = json_object_get(row, "sent");

	json_object_set(row, "uin", json_object_get(row, "from"));
	json_object_set(row, "time", sent ? sent : json_object_get(row, "t"));
	json_object_set_new(row, "dir", json_string("in"));
	json_object_set_new(row, "state", json_string("received"));
	json_object_del(row, "ev");
	json_object_del(row, "from");
	json_object_del(row, "sent");
	json_object_del(row, "t");
	json_object_del(row, "n");
	return row;
}

/* The last one of this sender; the size when there is none. */
static size_t place_of(const json_t *last, json_int_t uin)
{
	size_t i = 0;

	while (i < json_array_size(last) &&
	       json_integer_value(json_object_get(json_array_get(last, i), "uin")) != uin)
		i++;
	return i;
}

static void note_message(struct tally *t, const json_t *ev)
{
	size_t i = place_of(t->last, member_number(ev, "from"));

	t->received++;
	if (i == TALLY_SENDERS_MAX)
		i = 0;
	json_array_remove(t->last, i);
	json_array_append_new(t->last, row_of(ev));
}

void tally_event(struct app *a, const json_t *ev)
{
	struct tally *t = &a->tally;

	if (member_is(ev, "ev", "message"))
		note_message(t, ev);
	else if (member_is(ev, "ev", "sent") &&
		 (member_is(ev, "state", "accepted") || member_is(ev, "state", "delivered")))
		t->sent++;
	else if (member_is(ev, "ev", "state"))
		t->online_ms = member_is(ev, "state", "online") ? now_ms() : 0;
}

/* ---- commands -------------------------------------------------------------------------- */

void do_last(struct call *c)
{
	json_t *last = c->app->tally.last;
	uint32_t uin = call_uin(c, "uin", OPTIONAL);
	size_t i = place_of(last, uin);
	json_t *only;

	if (c->bad)
		return;
	only = json_array();
	if (i < json_array_size(last))
		json_array_append(only, json_array_get(last, i));
	app_result(c->app, c->request, NULL, NULL,
		   json_pack("{s:O}", "messages", uin ? only : last));
	json_decref(only);
}

void do_uptime(struct call *c)
{
	const struct tally *t = &c->app->tally;
	int64_t now = now_ms();
	json_t *extra = json_pack("{s:I,s:I,s:I,s:I}", "running", (json_int_t)(now - t->started_ms),
				  "received", (json_int_t)t->received, "sent", (json_int_t)t->sent,
				  "away_reads", (json_int_t)icq_client_away_reads(c->client));

	if (t->online_ms)
		json_object_set_new(extra, "online", json_integer(now - t->online_ms));
	app_result(c->app, c->request, NULL, NULL, extra);
}
