/* SPDX-License-Identifier: MIT */
/* Commands around what one asks another: chats, files, authorization. */
#include "cmd/icq/commands/call.h"
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

uint32_t requests_number(struct call *c)
{
	const char *name = call_has(c, "session")    ? "session"
			   : call_has(c, "transfer") ? "transfer"
						     : "request";

	return (uint32_t)call_number(c, name, REQUIRED, 1, UINT32_MAX);
}

/* NULL: nobody asks, or was asked, this. */
static const struct icq_client_request *find(struct call *c, uint32_t number,
					     struct icq_client_request *r)
{
	for (size_t i = 0; icq_client_request_at(c->client, i, r); i++)
		if (r->number == number)
			return r;
	return NULL;
}

void do_accept(struct call *c)
{
	uint32_t number = requests_number(c);
	struct icq_client_request r;
	bool files = find(c, number, &r) && !r.ours && r.kind == ICQ_CLIENT_FILE;

	if (!c->bad && files)
		transfers_accept(c, number);
	else if (!c->bad)
		icq_client_accept(c->client, clock_now(), c->request, number);
}

void do_refuse(struct call *c)
{
	uint8_t bytes[ICQ_MAX_old_text + 1];
	uint32_t number = requests_number(c);
	const char *text = call_text(c, "text", OPTIONAL);
	struct icq_client_request r;
	uint32_t uin = find(c, number, &r) ? r.uin : 0;
	struct icq_str why = call_encode(c, "text", text, uin, bytes, sizeof(bytes));

	if (!c->bad)
		icq_client_refuse(c->client, clock_now(), c->request, number, why);
}

void do_cancel(struct call *c)
{
	uint32_t number = requests_number(c);

	if (!c->bad)
		icq_client_cancel(c->client, clock_now(), c->request, number);
}
