/* SPDX-License-Identifier: MIT */
/* Who is there. Packets may overtake one another, so an older one never undoes a newer one. */
#include "client/engine.h"

/* The contact this packet is about; NULL for strangers and for what came too late. */
static struct contact *subject(struct icq_client *c, const struct packet *p, uint32_t uin)
{
	struct contact *contact = roster_find(c, uin);

	/* The numbers of a session do not wrap. */
	if (!contact || p->head.seq < contact->seq)
		return NULL;
	contact->seq = p->head.seq;
	return contact;
}

static void emit_presence(struct icq_client *c, const struct contact *contact)
{
	client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_PRESENCE,
						   .presence = &contact->pub });
}

void presence_on_online(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_user_online *m = &p->msg->s_user_online;
	struct contact *contact = subject(c, p, m->uin);

	if (!contact)
		return;
	contact->pub.status = icq_status_plain(m->status);
	contact->pub.tcp_version = m->tcp_version;
	contact->ip = m->ip;
	contact->inner_ip = m->inner_ip;
	contact->port = m->port;
	contact->pub.direct = m->mode == PEER_MODE_DIRECT && m->port != 0;
	emit_presence(c, contact);
	wish_told(c, m->uin);
}

void presence_on_all(struct icq_client *c, const struct packet *p)
{
	(void)p;
	c->roster.complete = true;
	wish_told(c, 0);
}

void presence_on_offline(struct icq_client *c, const struct packet *p)
{
	struct contact *contact = subject(c, p, p->msg->s_user_offline.uin);

	if (!contact)
		return;
	contact->pub.status = ICQ_STATUS_offline;
	contact->pub.direct = false;
	emit_presence(c, contact);
}

void presence_on_status(struct icq_client *c, const struct packet *p)
{
	struct contact *contact = subject(c, p, p->msg->s_status.uin);

	if (!contact)
		return;
	contact->pub.status = icq_status_plain(p->msg->s_status.status);
	emit_presence(c, contact);
}
