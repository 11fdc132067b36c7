/* SPDX-License-Identifier: MIT */
/*
 * Connections the other way round (TCP_REQUEST): a contact who cannot be connected to is asked
 * through the server to connect to us. The server vouches for who asks, but not for the address
 * in the request, so whoever is asked goes where the server itself says that the other one is.
 * Only who takes connections obeys: the others have not agreed to be found by contacts.
 */
#include "client/engine.h"

enum {
	COMING_MS = 5000, /* how long somebody who was asked may take */
	PAUSE_MS = 60000, /* from one request to the next, of the same contact or to him */
};

static bool is_since(const struct icq_client *c, int64_t then_ms, int64_t ms)
{
	return then_ms && c->now.mono_ms < then_ms + ms;
}

/* He was asked a moment ago, and may still come. */
static bool is_coming(const struct icq_client *c, const struct contact *contact)
{
	return is_since(c, contact->summoned_ms, COMING_MS);
}

bool summon_possible(const struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);

	if (c->conf.direct != ICQ_CLIENT_DIRECT_ON || !c->conf.listen_port || !contact ||
	    contact->pub.status == ICQ_STATUS_offline || !contact->pub.tcp_version || !contact->ip)
		return false;
	return is_coming(c, contact) || !is_since(c, contact->summoned_ms, PAUSE_MS);
}

/* Nobody could take an address that the server hides for that of the contact, so such a one is
 * not asked. */
int64_t summon(struct icq_client *c, uint32_t uin)
{
	struct contact *contact = roster_find(c, uin);
	union icq_msg msg = { .c_tcp_request = { .uin = uin,
						 .ip = c->direct.outer_ip,
						 .port = c->conf.listen_port,
						 .mode = PEER_MODE_DIRECT,
						 .port_again = c->conf.listen_port,
						 .tcp_version = PEER_VERSION } };

	if (!summon_possible(c, uin))
		return 0;
	msg.c_tcp_request.tried_port = contact->port;
	if (!is_coming(c, contact)) {
		if (client_post(c, M_c_tcp_request, &msg, LINK_PLAIN, COOKIE_NONE, 0) < 0)
			return 0;
		contact->summoned_ms = c->now.mono_ms;
	}
	return contact->summoned_ms + COMING_MS;
}

/* Is it about messages? The ports of chats and files are told to those who take part. */
static bool is_for_messages(const struct icq_client *c, uint32_t tried_port)
{
	return !tried_port || !c->conf.listen_port || tried_port == c->conf.listen_port;
}

void summon_on_request(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_tcp_request *m = &p->msg->s_tcp_request;
	struct contact *contact = roster_find(c, m->uin);
	struct addr to;

	if (!contact || c->conf.direct != ICQ_CLIENT_DIRECT_ON || !c->env.connect ||
	    !is_for_messages(c, m->tried_port) || !peer_welcome(c, m->uin) ||
	    is_since(c, contact->obeyed_ms, PAUSE_MS) || !reach_port(c, m->uin, m->port, &to)) {
		client_log(c, LOG_LEVEL_INFO, "packet_ignored", "tcp_request", m->uin);
		return;
	}
	contact->obeyed_ms = c->now.mono_ms;
	peer_connect(c, m->uin, &to);
}
