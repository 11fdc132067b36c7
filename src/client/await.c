/* SPDX-License-Identifier: MIT */
/* Commands that wait for the server to acknowledge something. */
#include "client/engine.h"

struct await *await_add(struct icq_client *c, uint64_t request, enum awaited kind)
{
	if (c->state != ICQ_CLIENT_ONLINE) {
		client_result(c, request, ICQ_CLIENT_NOT_ONLINE, NULL);
		return NULL;
	}
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++) {
		if (a->serial)
			continue;
		do
			c->await_serial++;
		while (!(uint16_t)c->await_serial);
		*a = (struct await){ .request = request,
				     .serial = c->await_serial,
				     .kind = kind,
				     .until_ms = c->now.mono_ms + c->conf.timeout_ms };
		return a;
	}
	client_result(c, request, ICQ_CLIENT_BUSY, "too many commands wait for the server");
	return NULL;
}

struct await *await_find(struct icq_client *c, uint16_t number, uint32_t uin)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->uin == uin && (!number || (uint16_t)a->serial == number))
			return a;
	return NULL;
}

struct await *await_of(struct icq_client *c, uint32_t serial)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->serial == serial)
			return a;
	return NULL;
}

uint64_t await_take(struct await *a)
{
	uint64_t request = a->request;

	*a = (struct await){ 0 };
	return request;
}

void await_finish(struct icq_client *c, struct await *a, enum icq_client_error error)
{
	client_result(c, await_take(a), error, NULL);
}

void await_posted(struct icq_client *c, struct await *a, int err)
{
	if (err < 0)
		await_finish(c, a, ICQ_CLIENT_BUSY);
}

void await_answered(struct icq_client *c, struct await *a)
{
	if (--a->due == 0)
		await_finish(c, a, ICQ_CLIENT_OK);
}

void await_done(struct icq_client *c, uint32_t serial)
{
	struct await *a = await_of(c, serial);

	if (a)
		await_finish(c, a, ICQ_CLIENT_OK);
}

void await_done_all(struct icq_client *c, enum awaited kind)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->kind == kind)
			await_finish(c, a, ICQ_CLIENT_OK);
}

void await_tick(struct icq_client *c)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->until_ms <= c->now.mono_ms)
			await_finish(c, a, ICQ_CLIENT_TIMEOUT);
}

void await_fail(struct icq_client *c)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial)
			await_finish(c, a, ICQ_CLIENT_NOT_ONLINE);
}

int64_t await_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (const struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->until_ms < first)
			first = a->until_ms;
	return first;
}
