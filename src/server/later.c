/* SPDX-License-Identifier: MIT */
#include "server/later.h"

#include <assert.h>
#include <string.h>

#include "server/core.h"

void later_send(struct server *srv, const struct addr *to, const void *packet, size_t len)
{
	struct laters *t = &srv->laters;
	struct later *l = &t->at[(t->first + t->count) % LATER_PLACES];

	assert(len <= LATER_PACKET_MAX);
	if (t->count == LATER_PLACES) {
		srv_send(srv, to, packet, len);
		return;
	}
	l->due_ms = srv->now.mono_ms + RESULT_DELAY_MS;
	l->to = *to;
	l->len = len;
	memcpy(l->packet, packet, len);
	t->count++;
}

void later_run(struct server *srv)
{
	struct laters *t = &srv->laters;

	while (later_deadline(srv) <= srv->now.mono_ms) {
		const struct later *l = &t->at[t->first];

		srv_send(srv, &l->to, l->packet, l->len);
		t->first = (t->first + 1) % LATER_PLACES;
		t->count--;
	}
}

int64_t later_deadline(const struct server *srv)
{
	const struct laters *t = &srv->laters;

	return t->count ? t->at[t->first].due_ms : NEVER_MS;
}
