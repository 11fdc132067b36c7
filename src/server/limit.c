/* SPDX-License-Identifier: MIT */
#include "server/limit.h"

#include "server/core.h"

bool limit_stray(struct server *srv, const struct addr *to)
{
	struct strays *t = &srv->strays;
	int64_t second = srv->now.mono_ms / 1000;
	size_t place = addr_hash(to, t->key) % STRAY_PLACES;

	if (!srv->conf.limits_enabled || addr_is_loopback(to))
		return true;
	if (t->second != second) {
		t->second = second;
		t->all = 0;
	}
	if (t->at[place].second != (uint32_t)second) {
		t->at[place].second = (uint32_t)second;
		t->at[place].count = 0;
	}
	if (t->all >= srv->conf.limit_stray_replies_all ||
	    t->at[place].count >= srv->conf.limit_stray_replies)
		return false;
	t->all++;
	t->at[place].count++;
	return true;
}
