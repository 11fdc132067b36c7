/* SPDX-License-Identifier: MIT */
/* Commands that wait for the server to acknowledge something. */
#include "client/engine.h"

uint32_t await_add(struct icq_client *c, uint64_t request, enum awaited kind)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++) {
		if (a->serial)
			continue;
		c->await_serial = c->await_serial == UINT32_MAX ? 1 : c->await_serial + 1;
		*a = (struct await){ .request = request,
				     .serial = c->await_serial,
				     .kind = kind,
				     .until_ms = c->now.mono_ms + c->conf.timeout_ms };
		return a->serial;
	}
	client_result(c, request, ICQ_CLIENT_BUSY, "too many commands wait for the server");
	return 0;
}

static void finish(struct icq_client *c, struct await *a, enum icq_client_error error)
{
	uint64_t request = a->request;

	*a = (struct await){ 0 };
	client_result(c, request, error, NULL);
}

void await_done(struct icq_client *c, uint32_t serial)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->serial == serial)
			finish(c, a, ICQ_CLIENT_OK);
}

void await_done_all(struct icq_client *c, enum awaited kind)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->kind == kind)
			finish(c, a, ICQ_CLIENT_OK);
}

void await_tick(struct icq_client *c)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->until_ms <= c->now.mono_ms)
			finish(c, a, ICQ_CLIENT_TIMEOUT);
}

void await_fail(struct icq_client *c)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial)
			finish(c, a, ICQ_CLIENT_NOT_ONLINE);
}

int64_t await_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (const struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->until_ms < first)
			first = a->until_ms;
	return first;
}
