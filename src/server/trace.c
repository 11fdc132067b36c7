/* SPDX-License-Identifier: MIT */
#include "server/trace.h"

#include <string.h>

#include "base/err.h"
#include "server/core.h"

/* The count if he is not watched. */
static unsigned find(const struct traces *t, uint32_t uin)
{
	unsigned i = 0;

	while (i < t->count && t->at[i].uin != uin)
		i++;
	return i;
}

int trace_start(struct server *srv, uint32_t uin)
{
	struct traces *t = &srv->traces;
	unsigned i = find(t, uin);

	if (i == TRACES_MAX)
		return -ICQ_EFULL;
	if (i == t->count) {
		memset(&t->at[i], 0, sizeof(t->at[i]));
		t->at[i].uin = uin;
		t->count++;
	}
	t->at[i].watchers++;
	return 0;
}

void trace_stop(struct server *srv, uint32_t uin)
{
	struct traces *t = &srv->traces;
	unsigned i = find(t, uin);

	if (i < t->count && --t->at[i].watchers == 0)
		t->at[i] = t->at[--t->count];
}

void trace_in(struct server *srv, uint32_t uin, const struct addr *from, const void *p, size_t n)
{
	struct traces *t = &srv->traces;
	unsigned i = find(t, uin);

	if (i == t->count)
		return;
	t->at[i].last = *from;
	srv->env.trace(srv->env.ctx, uin, false, from, p, n);
}

void trace_out(struct server *srv, const struct addr *to, const void *p, size_t n)
{
	const struct traces *t = &srv->traces;

	for (unsigned i = 0; i < t->count; i++) {
		const struct session *s = session_find(&srv->sessions, t->at[i].uin);

		if (addr_equal(&t->at[i].last, to) || (s && addr_equal(&s->addr, to)))
			srv->env.trace(srv->env.ctx, t->at[i].uin, true, to, p, n);
	}
}
