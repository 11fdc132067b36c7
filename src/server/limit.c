/* SPDX-License-Identifier: MIT */
#include "server/limit.h"

#include "server/core.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

/* ---- one allowance --------------------------------------------------------------------- */

static int64_t now_us(const struct server *srv)
{
	return srv->now.mono_ms * 1000;
}

static int64_t step_us(const struct conf_rate *r)
{
	return r->seconds * 1000000 / r->count;
}

/* How long until it allows one more; 0 or less: it does now. */
static int64_t missing_us(const struct server *srv, const struct allowance *a,
			  const struct conf_rate *r)
{
	return a->full_us - now_us(srv) - (r->burst - 1) * step_us(r);
}

static void spend(const struct server *srv, struct allowance *a, const struct conf_rate *r)
{
	if (a->full_us < now_us(srv))
		a->full_us = now_us(srv);
	a->full_us += step_us(r);
}

static bool take(const struct server *srv, struct allowance *a, const struct conf_rate *r)
{
	if (srv->conf.limits_enabled && missing_us(srv, a, r) > 0)
		return false;
	spend(srv, a, r);
	return true;
}

/* ---- sessions -------------------------------------------------------------------------- */

static const struct conf_rate *class_rate(const struct server *srv, enum rate_class what)
{
	const struct conf *c = &srv->conf;
	const struct conf_rate *const rates[CLASS_COUNT] = {
		[CLASS_PACKET] = &c->rate_session,
		[CLASS_SEND] = &c->rate_send,
		[CLASS_SEND_STRANGER] = &c->rate_send_stranger,
		[CLASS_ADD] = &c->rate_add,
		[CLASS_RECEIVE] = &c->rate_receive,
		[CLASS_SEARCH] = &c->rate_search,
		[CLASS_INFO] = &c->rate_info,
		[CLASS_PASSWORD] = &c->rate_password,
		[CLASS_RUBBISH] = &c->rate_rubbish,
	};

	return rates[what];
}

bool limit_session(struct server *srv, struct session *s, enum rate_class what)
{
	bool may = what == CLASS_NONE || take(srv, &s->allowances[what], class_rate(srv, what));

	srv->counters.over_limit += !may;
	return may;
}

int64_t limit_session_until(const struct server *srv, const struct session *s, enum rate_class what)
{
	int64_t wait_us = missing_us(srv, &s->allowances[what], class_rate(srv, what));

	if (!srv->conf.limits_enabled || wait_us <= 0)
		return srv->now.mono_ms;
	return srv->now.mono_ms + (wait_us + 999) / 1000;
}

/* ---- strangers ------------------------------------------------------------------------- */

static bool exempt(const struct server *srv, const struct addr *a)
{
	return srv->conf.exempt_loopback && addr_is_loopback(a);
}

static struct allowance *place_of(struct server *srv, enum limit_table table, const struct addr *a)
{
	struct addr host = *a;

	host.port = 0;
	return &srv->limits.at[table][addr_hash(&host, srv->limits.key) % LIMIT_PLACES];
}

/* The /24, or what is most like it in IPv6. */
static struct allowance *net_place(struct server *srv, enum limit_table table, struct addr a)
{
	a.ip[15] = 0;
	return place_of(srv, table, &a);
}

static struct allowance *uin_place(struct server *srv, enum limit_table table, uint32_t uin)
{
	struct addr as_address = addr_v4(uin, 0);

	return place_of(srv, table, &as_address);
}

bool limit_address(struct server *srv, const struct addr *from)
{
	bool may = exempt(srv, from) ||
		   take(srv, place_of(srv, LIMIT_ADDRESS, from), &srv->conf.rate_address);

	srv->counters.over_limit += !may;
	return may;
}

bool limit_stray(struct server *srv, const struct addr *to)
{
	return exempt(srv, to) ||
	       (take(srv, place_of(srv, LIMIT_STRAY, to), &srv->conf.rate_stray) &&
		take(srv, &srv->limits.strays, &srv->conf.rate_stray_all));
}

bool limit_presence(struct server *srv, uint32_t uin)
{
	return take(srv, uin_place(srv, LIMIT_PRESENCE, uin), &srv->conf.rate_presence);
}

bool limit_add_pair(struct server *srv, uint32_t from, uint32_t to, uint16_t type)
{
	struct addr as_address = addr_v4(from, type);
	uint64_t hash = addr_hash(&as_address, srv->limits.key ^ to);
	struct add_pair *p = &srv->limits.pairs[hash % LIMIT_PAIRS];
	bool again = p->from == from && p->to == to && p->type == type &&
		     srv->now.mono_ms < p->until_ms;

	if (again && srv->conf.limits_enabled)
		return false;
	*p = (struct add_pair){ from, to, type, srv->now.mono_ms + DAY_MS };
	return true;
}

bool limit_register(struct server *srv, const struct addr *from)
{
	const struct conf *c = &srv->conf;

	if (!exempt(srv, from) &&
	    (!take(srv, place_of(srv, LIMIT_REGISTER, from), &c->rate_register) ||
	     !take(srv, net_place(srv, LIMIT_REGISTER_NET, *from), &c->rate_register_net)))
		return false;
	return take(srv, &srv->limits.registrations, &c->rate_register_all);
}

static bool may(const struct server *srv, const struct allowance *a, const struct conf_rate *r)
{
	return !srv->conf.limits_enabled || missing_us(srv, a, r) <= 0;
}

bool limit_may_guess(struct server *srv, uint32_t uin, const struct addr *from)
{
	const struct conf *c = &srv->conf;

	return may(srv, uin_place(srv, LIMIT_WRONG, uin), &c->rate_wrong) &&
	       may(srv, uin_place(srv, LIMIT_WRONG_HOUR, uin), &c->rate_wrong_hour) &&
	       (exempt(srv, from) ||
		may(srv, net_place(srv, LIMIT_WRONG_NET, *from), &c->rate_wrong_net));
}

bool limit_may_say_busy(struct server *srv, uint32_t uin)
{
	static const struct conf_rate rate = { .burst = 1, .count = 1, .seconds = 10 };

	return take(srv, uin_place(srv, LIMIT_BUSY, uin), &rate);
}

void limit_wrong_password(struct server *srv, uint32_t uin, const struct addr *from)
{
	const struct conf *c = &srv->conf;

	spend(srv, uin_place(srv, LIMIT_WRONG, uin), &c->rate_wrong);
	spend(srv, uin_place(srv, LIMIT_WRONG_HOUR, uin), &c->rate_wrong_hour);
	spend(srv, net_place(srv, LIMIT_WRONG_NET, *from), &c->rate_wrong_net);
}
