/* SPDX-License-Identifier: MIT */
#include "server/chance.h"

#include "server/core.h"

static void leave(struct server *srv, const struct session *s)
{
	uint32_t place = session_place(&srv->sessions, s), *at, *end;

	at = srv->chances.groups[s->chance].place;
	end = at + srv->chances.groups[s->chance].count;
	while (at < end && *at != place)
		at++;
	if (at == end)
		return;
	*at = end[-1];
	srv->chances.groups[s->chance].count--;
}

void chance_join(struct server *srv, struct session *s, uint32_t group)
{
	uint32_t *count;

	leave(srv, s);
	s->chance = group < CHANCE_GROUPS ? (uint8_t)group : 0;
	count = &srv->chances.groups[s->chance].count;
	if (s->chance && *count < CHANCE_MEMBERS)
		srv->chances.groups[s->chance].place[(*count)++] = session_place(&srv->sessions, s);
}

struct session *chance_find(struct server *srv, const struct session *s, uint32_t group)
{
	uint32_t count = group < CHANCE_GROUPS ? srv->chances.groups[group].count : 0, first;

	srv->env.random(srv->env.ctx, &first, sizeof(first));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = (uint32_t)(((uint64_t)first + i) % count);
		uint32_t place = srv->chances.groups[group].place[at];
		struct session *who = session_at(&srv->sessions, place);

		if (who != s && presence_visible(srv, who, s->uin))
			return who;
	}
	return NULL;
}
