/* SPDX-License-Identifier: MIT */
/* A message to several: one to each, marked as such; its result comes when all are in the outbox.
 */
#include <stdlib.h>

#include "cmd/icq/commands/call.h"

/* Whom a list of UINs names at place i; 0 after a complaint. */
static uint32_t receiver(struct call *c, size_t i)
{
	json_int_t uin = json_integer_value(json_array_get(json_object_get(c->args, "to"), i));

	if (uin >= 1 && uin <= UINT32_MAX)
		return (uint32_t)uin;
	call_bad_field(c, "to", "a list of UINs");
	return 0;
}

/* Can it be sent to each of them? Nobody gets it otherwise. */
static void try_all(struct call *c, struct outgoing *o, size_t count)
{
	for (size_t i = 0; i < count && !c->bad; i++) {
		o->to = receiver(c, i);
		if (!c->bad)
			messages_make(c, o);
	}
}

static void send_part(struct call *c, struct outgoing *o, uint32_t to)
{
	struct pending *part = app_pend(c->app, NULL), *whole;

	if (!part) {
		whole = app_pending(c->app, c->request);
		whole->error = "busy";
		whole->parts--;
		return;
	}
	part->whole = c->request;
	part->to = o->to = to;
	messages_make(c, o);
	o->type |= ICQ_TYPE_MANY;
	messages_send(c, part->request, o);
}

static void finish_if_done(struct app *a, struct pending *whole)
{
	if (whole->parts == 0)
		app_result(a, whole->request, whole->error, NULL,
			   json_pack("{s:O}", "msgs", whole->msgs));
}

void several_send(struct call *c)
{
	size_t count = json_array_size(json_object_get(c->args, "to"));
	struct outgoing *o = calloc(1, sizeof(*o));
	struct pending *whole = app_pending(c->app, c->request);

	if (!o)
		call_refuse(c, "busy", "out of memory");
	else if (count == 0 || count > ICQ_CLIENT_CONTACTS_MAX)
		call_bad_field(c, "to", "1 to 1000 UINs");
	else
		try_all(c, o, count);
	if (!c->bad) {
		whole->msgs = json_array();
		whole->parts = (unsigned)count + 1; /* not to be done before all are begun */
		for (size_t i = 0; i < count; i++)
			send_part(c, o, receiver(c, i));
		whole->parts--;
		finish_if_done(c->app, whole);
	}
	free(o);
}

bool several_take(struct app *a, const struct icq_client_event *e)
{
	struct pending *part = app_pending(a, e->result.request), *whole;

	if (!part || !part->whole)
		return false;
	whole = app_pending(a, part->whole);
	if (e->result.error && !whole->error)
		whole->error = icq_client_error_name(e->result.error);
	if (!e->result.error)
		json_array_append_new(whole->msgs,
				      json_pack("{s:I,s:I}", "to", (json_int_t)part->to, "msg",
						(json_int_t)e->result.msg));
	app_forget(a, part->request);
	whole->parts--;
	finish_if_done(a, whole);
	return true;
}
