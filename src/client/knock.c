/* SPDX-License-Identifier: MIT */
/* Packets with a password, outside the link: repeated until their result comes. */
#include <string.h>

#include "client/engine.h"

enum {
	EARLY = 3, /* transmissions soon after one another: most losses are single ones */
	EARLY_MS = 2000,
};

bool knock_keep(struct icq_client *c, struct knock *k, uint64_t request, struct icq_str password)
{
	if (password.len == 0 || password.len > sizeof(k->password)) {
		client_result(c, request, ICQ_CLIENT_BAD_FIELD, "a password has 1 to 8 characters");
		return false;
	}
	*k = (struct knock){ .request = request, .password_len = (uint8_t)password.len };
	memcpy(k->password, password.p, password.len);
	return true;
}

void knock_start(struct icq_client *c, struct knock *k)
{
	if (c->state != ICQ_CLIENT_ONLINE && c->link.next >= c->rules.numbers - JUMP_MAX)
		c->link.next = 1;
	k->seq = (uint16_t)c->link.next++;
	k->active = true;
	k->sends = 0;
	k->next_ms = c->now.mono_ms;
	k->until_ms = c->now.mono_ms + c->conf.timeout_ms;
}

/* Behind the first transmission 2, 4 and 8 s, later and at most what the server wants. */
static int64_t pause_ms(const struct icq_client *c, unsigned sends)
{
	int64_t ms = sends < EARLY ? (int64_t)EARLY_MS << sends : INT64_MAX;

	return ms < c->rules.retry_ms ? ms : c->rules.retry_ms;
}

bool knock_due(struct icq_client *c, struct knock *k)
{
	if (!k->active || k->next_ms > c->now.mono_ms)
		return false;
	k->next_ms = c->now.mono_ms + pause_ms(c, k->sends++);
	return true;
}

void knock_send(struct icq_client *c, const struct knock *k, enum icq_id id,
		const union icq_msg *msg)
{
	uint8_t packet[128];
	struct icq_head head = { .version = 2, .seq = k->seq, .uin = c->uin };
	int n = icq_pack(id, &head, msg, packet, sizeof(packet));

	if (n > 0)
		client_transmit(c, packet, (size_t)n);
	explicit_bzero(packet, sizeof(packet));
}

void knock_wipe(struct knock *k)
{
	explicit_bzero(k, sizeof(*k));
}

int64_t knock_deadline(const struct knock *k)
{
	if (!k->active)
		return NEVER_MS;
	return k->next_ms < k->until_ms ? k->next_ms : k->until_ms;
}
