/* SPDX-License-Identifier: MIT */
/*
 * Whom we may connect to. The server says where others are, and a bad one could send us anywhere:
 * to ourselves, into our own network, to services that are no clients.
 */
#include "client/engine.h"

enum {
	PORT_MIN = 1024,
	PAUSE_MS = 60000, /* between a failure and the next try */
	EARLY_MS = 3000,  /* in which a server tells who is there */
};

/* Which private range this is, 0 for none. */
static unsigned private_range(uint32_t ip)
{
	if (ip >> 24 == 10)
		return 1;
	if (ip >> 20 == 0xAC1)
		return 2;
	if (ip >> 16 == 0xC0A8)
		return 3;
	return ip >> 22 == 0x191 ? 4 : 0; /* 100.64.0.0/10, behind a provider's NAT */
}

static bool inside_same(const struct icq_client *c, uint32_t ip)
{
	unsigned range = private_range(ip);

	return !range || range == private_range(c->direct.outer_ip) ||
	       range == private_range(c->direct.inner_ip);
}

/* This network, link-local, multicast, reserved and broadcast. */
static bool is_special(uint32_t ip)
{
	return ip >> 24 == 0 || ip >> 16 == 0xA9FE || ip >> 28 >= 0xE;
}

bool reach_allowed(const struct icq_client *c, uint32_t ip, uint32_t port)
{
	if (port < PORT_MIN || port > UINT16_MAX || is_special(ip))
		return false;
	if (ip >> 24 == 127)
		return addr_is_loopback(&c->conf.server);
	return ip != c->direct.outer_ip && ip != c->direct.inner_ip && inside_same(c, ip);
}

/* Behind the same outer address as we: only the inner one can lead there. */
static uint32_t nearer(const struct icq_client *c, uint32_t ip, uint32_t inner_ip)
{
	return ip == c->direct.outer_ip && inner_ip ? inner_ip : ip;
}

static uint32_t address_of(const struct icq_client *c, const struct contact *contact)
{
	return nearer(c, contact->ip, contact->inner_ip);
}

bool reach_place(const struct icq_client *c, uint32_t ip, uint32_t inner_ip, uint32_t port,
		 struct addr *out)
{
	ip = nearer(c, ip, inner_ip);
	if (!reach_allowed(c, ip, port))
		return false;
	*out = addr_v4(ip, (uint16_t)port);
	return true;
}

bool reach_port(struct icq_client *c, uint32_t uin, uint32_t port, struct addr *out)
{
	const struct contact *contact = roster_find(c, uin);
	uint32_t ip = contact ? address_of(c, contact) : 0;

	if (!contact || contact->pub.status == ICQ_STATUS_offline ||
	    c->now.mono_ms < contact->pause_until_ms || !reach_allowed(c, ip, port))
		return false;
	*out = addr_v4(ip, (uint16_t)port);
	return true;
}

bool reach_address(struct icq_client *c, uint32_t uin, struct addr *out)
{
	const struct contact *contact = roster_find(c, uin);

	return contact && contact->pub.direct && reach_port(c, uin, contact->port, out);
}

bool reach_possible(struct icq_client *c, uint32_t uin)
{
	struct addr to;

	return c->state == ICQ_CLIENT_ONLINE && c->env.connect &&
	       c->conf.direct != ICQ_CLIENT_DIRECT_OFF &&
	       (peer_to(c, uin) || reach_address(c, uin, &to) || summon_possible(c, uin));
}

bool reach_known(struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);

	return contact && contact->ip && contact->pub.status != ICQ_STATUS_offline;
}

int64_t reach_early(const struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);
	int64_t until_ms = c->conn.online_ms + EARLY_MS;

	if (!contact || contact->pub.status != ICQ_STATUS_offline || c->roster.complete ||
	    c->state != ICQ_CLIENT_ONLINE || !c->env.connect ||
	    c->conf.direct == ICQ_CLIENT_DIRECT_OFF || c->now.mono_ms >= until_ms)
		return 0;
	return until_ms;
}

bool reach_matches(struct icq_client *c, uint32_t uin, const struct addr *at)
{
	const struct contact *contact = roster_find(c, uin);
	uint32_t ip = addr_ip4(at);

	return contact && ip && contact->pub.status != ICQ_STATUS_offline &&
	       (ip == contact->ip || ip == address_of(c, contact));
}

void reach_failed(struct icq_client *c, uint32_t uin)
{
	struct contact *contact = roster_find(c, uin);

	if (contact)
		contact->pause_until_ms = c->now.mono_ms + PAUSE_MS;
}
