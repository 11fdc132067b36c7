/* SPDX-License-Identifier: MIT */
/*
 * Logging out. The session is over at once, but its last packet is repeated beside it until the
 * server has acknowledged it, or to no avail: if it got lost, contacts would see somebody for
 * minutes who is not there.
 */
#include "client/engine.h"

enum { TRIES = 3, AGAIN_MS = 1000 };

static void say(struct icq_client *c)
{
	struct farewell *f = &c->farewell;
	uint8_t packet[64];
	struct icq_head head = { .version = 2, .seq = f->seq, .uin = f->uin };
	union icq_msg msg = { .c_text_code = { .text = icq_str_of("B_USER_DISCONNECTED"),
					       .code = 5 } };
	int n = icq_pack(M_c_text_code, &head, &msg, packet, sizeof(packet));

	if (n > 0)
		client_transmit(c, packet, (size_t)n);
	f->sends++;
	f->next_ms = c->now.mono_ms + AGAIN_MS;
}

void farewell_begin(struct icq_client *c, uint64_t request)
{
	c->farewell = (struct farewell){
		.active = true, .request = request, .uin = c->uin, .seq = (uint16_t)c->link.next++
	};
	say(c);
}

bool farewell_join(struct icq_client *c, uint64_t request)
{
	uint64_t before = c->farewell.request;

	if (!c->farewell.active)
		return false;
	c->farewell.request = request;
	client_result(c, before, ICQ_CLIENT_OK, NULL);
	return true;
}

void farewell_end(struct icq_client *c)
{
	uint64_t request = c->farewell.request;

	if (!c->farewell.active)
		return;
	c->farewell.active = false;
	client_result(c, request, ICQ_CLIENT_OK, NULL);
}

bool farewell_answered(struct icq_client *c, uint16_t seq)
{
	if (!c->farewell.active || seq != c->farewell.seq)
		return false;
	farewell_end(c);
	return true;
}

void farewell_tick(struct icq_client *c)
{
	if (!c->farewell.active || c->farewell.next_ms > c->now.mono_ms)
		return;
	if (c->farewell.sends < TRIES)
		say(c);
	else
		farewell_end(c);
}

int64_t farewell_deadline(const struct icq_client *c)
{
	return c->farewell.active ? c->farewell.next_ms : NEVER_MS;
}
