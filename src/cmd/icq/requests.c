/* SPDX-License-Identifier: MIT */
/* Commands around what one asks another: chats, files, authorization. */
#include "cmd/icq/call.h"
#include "io/clock.h"

void do_requests(struct call *c)
{
	struct icq_client_request r;
	json_t *list = json_array();

	for (size_t i = 0; icq_client_request_at(c->client, i, &r); i++)
		json_array_append_new(list,
				      events_request(&r, icq_client_charset(c->client, r.uin)));
	app_result(c->app, c->request, NULL, NULL, json_pack("{s:o}", "requests", list));
}

/* A request and what came of it have one number, whatever it is called. */
static uint32_t number_field(struct call *c)
{
	const char *name = call_has(c, "session")    ? "session"
			   : call_has(c, "transfer") ? "transfer"
						     : "request";

	return (uint32_t)call_number(c, name, REQUIRED, 1, UINT32_MAX);
}

void do_accept(struct call *c)
{
	uint32_t number = number_field(c);

	if (!c->bad)
		icq_client_accept(c->client, clock_now(), c->request, number);
}

/* Who has asked; 0: nobody. */
static uint32_t asker(struct call *c, uint32_t number)
{
	struct icq_client_request r;

	for (size_t i = 0; icq_client_request_at(c->client, i, &r); i++)
		if (r.number == number)
			return r.uin;
	return 0;
}

void do_refuse(struct call *c)
{
	uint8_t bytes[ICQ_MAX_old_text + 1];
	uint32_t number = number_field(c);
	const char *text = call_text(c, "text", OPTIONAL);
	struct icq_str why = call_encode(c, "text", text, asker(c, number), bytes, sizeof(bytes));

	if (!c->bad)
		icq_client_refuse(c->client, clock_now(), c->request, number, why);
}

void do_cancel(struct call *c)
{
	uint32_t number = number_field(c);

	if (!c->bad)
		icq_client_cancel(c->client, clock_now(), c->request, number);
}
