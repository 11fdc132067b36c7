/* SPDX-License-Identifier: MIT */
/* Commands around direct connections. */
#include "cmd/icq/commands/call.h"
#include "io/clock.h"

void do_peek(struct call *c)
{
	uint32_t uin = call_uin(c, "uin", REQUIRED);

	if (!c->bad)
		icq_client_peek(c->client, clock_now(), c->request, uin);
}

static json_t *connection(const struct icq_client_peer *peer)
{
	char at[ADDR_TEXT_MAX];
	json_t *o = json_pack("{s:s,s:b,s:b,s:i}", "address", addr_text(&peer->at, at), "open",
			      peer->open, "ours", peer->ours, "version", (int)peer->version);

	json_object_set_new(o, "verified", peer->matches ? json_string("address") : json_false());
	return o;
}

static void show_peer(struct call *c, uint32_t uin)
{
	json_t *list = json_array();
	struct icq_client_peer peer;

	for (size_t i = 0; icq_client_peer_at(c->client, i, &peer); i++)
		if (peer.uin == uin)
			json_array_append_new(list, connection(&peer));
	app_result(c->app, c->request, NULL, NULL, json_pack("{s:o}", "connections", list));
}

void do_peer(struct call *c)
{
	enum { OPEN, CLOSE, SHOW };
	static const char *const actions[] = { "open", "close", "show", NULL };
	uint32_t uin = call_uin(c, "uin", REQUIRED);
	int action = call_choice(c, "action", actions);

	call_text(c, "action", REQUIRED);
	if (c->bad)
		return;
	if (action == SHOW)
		show_peer(c, uin);
	else
		icq_client_peer(c->client, clock_now(), c->request, uin, action == OPEN);
}
