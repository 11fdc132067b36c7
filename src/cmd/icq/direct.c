/* SPDX-License-Identifier: MIT */
/* Commands around direct connections. */
#include "cmd/icq/call.h"
#include "io/clock.h"

void do_peek(struct call *c)
{
	uint32_t uin = call_uin(c, "uin", REQUIRED);

	if (!c->bad)
		icq_client_peek(c->client, clock_now(), c->request, uin);
}

void do_peer(struct call *c)
{
	static const char *const actions[] = { "open", "close", NULL };
	uint32_t uin = call_uin(c, "uin", REQUIRED);
	int action = call_choice(c, "action", actions);

	call_text(c, "action", REQUIRED);
	if (!c->bad)
		icq_client_peer(c->client, clock_now(), c->request, uin, action == 0);
}
