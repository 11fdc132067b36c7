/* SPDX-License-Identifier: MIT */
/* What the rules say, as version 2 packets. */
#include <assert.h>

#include "base/date.h"
#include "server/core.h"
#include "server/v2.h"

enum {
	PACKET_MAX = JOB_TEXT_MAX + 64,
};

/* A packet sent once, past the queue: an answer to somebody without a session, or an ACK. msg
 * may be NULL for a packet without fields. */
void v2_send_once(struct server *srv, const struct addr *to, uint16_t version, uint16_t seq,
		  enum icq_id id, const union icq_msg *msg)
{
	struct icq_head head = { .version = version, .seq = seq };
	uint8_t packet[64];
	int len = icq_pack(id, &head, msg, packet, sizeof(packet));

	assert(len > 0);
	srv_send(srv, to, packet, (size_t)len);
}

int v2_queue_as(struct server *srv, struct session *to, enum icq_id id, const union icq_msg *msg,
		enum link_flag flags, uint64_t cookie, int64_t delay_ms)
{
	struct icq_head head = { .version = to->version };
	uint8_t packet[PACKET_MAX];
	int len = icq_pack(id, &head, msg, packet, sizeof(packet));

	assert(len > 0);
	return session_queue(srv, to, packet, (size_t)len, flags, cookie, delay_ms);
}

void v2_queue(struct server *srv, struct session *to, enum icq_id id, const union icq_msg *msg)
{
	v2_queue_as(srv, to, id, msg, 0, COOKIE_NONE, 0);
}

struct shown_address {
	uint32_t ip, port, inner_ip;
	uint8_t mode;
};

static void v2_ack(struct server *srv, const struct caller *to)
{
	v2_send_once(srv, &to->addr, to->version, to->seq, M_s_ack, NULL);
}

static void v2_answer(struct server *srv, const struct caller *to, enum login_answer what,
		      uint32_t uin)
{
	union icq_msg msg;

	switch (what) {
	case ANSWER_REGISTERED:
		msg.s_new_uin = (struct icq_s_new_uin){ .number = to->number, .uin = uin };
		v2_send_once(srv, &to->addr, to->version, 0, M_s_new_uin, &msg);
		break;
	case ANSWER_CHECKED:
		msg.s_login_check = (struct icq_s_login_check){ .number = to->number, .uin = uin };
		v2_send_once(srv, &to->addr, to->version, 0, M_s_login_check, &msg);
		break;
	case ANSWER_WRONG_PASSWORD:
		msg.s_bad_password = (struct icq_s_bad_password){ .login_seq = to->number,
								  .uin = uin };
		v2_send_once(srv, &to->addr, to->version, 0, M_s_bad_password, &msg);
		break;
	case ANSWER_TRY_AGAIN:
		v2_send_once(srv, &to->addr, to->version, 0, M_s_try_again, NULL);
		break;
	case ANSWER_NOT_CONNECTED:
		/* With the number of the offending packet, by which licq finds what failed. */
		v2_send_once(srv, &to->addr, to->version, to->seq, M_s_not_connected, NULL);
		break;
	case ANSWER_NONE:
		break;
	}
}

static void v2_welcome(struct server *srv, struct session *to)
{
	union icq_msg msg;
	struct icq_s_login_reply *m = &msg.s_login_reply;

	icq_preset(M_s_login_reply, &msg);
	m->uin = to->uin;
	m->ip = addr_ip4(&to->addr);
	m->login_seq = to->login_seq;
	m->keep_alive_s = (uint16_t)srv->conf.keep_alive_s;
	m->retry_s = (uint16_t)srv->conf.retry_s;
	m->retries = (uint16_t)srv->conf.retries;
	if (to->verified) /* it has arrived, but the client asks for it again */
		v2_send_once(srv, &to->addr, to->version, 0, M_s_login_reply, &msg);
	else
		v2_queue_as(srv, to, M_s_login_reply, &msg, 0, COOKIE_WELCOME, 0);
}

/* The status word as this viewer may see it. */
static uint32_t shown_to(const struct session *viewer, const struct session *who)
{
	return icq_status_shown(who->status, viewer->tcp_version);
}

/* Where others may reach somebody: nowhere but through the server, if he wants that. */
static struct shown_address address_of(const struct server *srv, const struct session *who)
{
	if (srv->conf.hide_addresses == HIDE_EVERYBODY ||
	    (srv->conf.hide_addresses == HIDE_WHO_ASKS && (who->status & ICQ_STATUS_hide_ip)))
		return (struct shown_address){ .mode = V2_MODE_THROUGH_SERVER };
	return (struct shown_address){ .ip = addr_ip4(&who->addr),
				       .port = who->port,
				       .inner_ip = who->ip,
				       .mode = who->mode };
}

static void v2_user_online(struct server *srv, struct session *to, const struct session *who)
{
	struct shown_address at = address_of(srv, who);
	union icq_msg msg = { .s_user_online = { .uin = who->uin,
						 .ip = at.ip,
						 .port = at.port,
						 .inner_ip = at.inner_ip,
						 .mode = at.mode,
						 .status = shown_to(to, who),
						 .tcp_version = who->tcp_version } };

	v2_queue(srv, to, M_s_user_online, &msg);
}

static void v2_user_offline(struct server *srv, struct session *to, uint32_t uin)
{
	v2_queue(srv, to, M_s_user_offline, &(union icq_msg){ .s_user_offline.uin = uin });
}

static void v2_user_status(struct server *srv, struct session *to, const struct session *who)
{
	union icq_msg msg = { .s_status = { .uin = who->uin, .status = shown_to(to, who) } };

	v2_queue(srv, to, M_s_status, &msg);
}

static void v2_contacts_done(struct server *srv, struct session *to)
{
	v2_queue(srv, to, M_s_contacts_done, &(union icq_msg){ .s_contacts_done.uin = to->uin });
}

static void v2_stored_end(struct server *srv, struct session *to)
{
	v2_queue_as(srv, to, M_s_stored_end, &(union icq_msg){ .s_stored_end.uin = to->uin }, 0,
		    COOKIE_STORED_END, 0);
}

/* How much of a text a client takes in one packet: old ones cut what is longer than their limit,
 * so it ends at a line or a word. */
static uint16_t first_part(const struct session *to, uint16_t type, struct icq_str text)
{
	uint16_t end = ICQ_MAX_old_text;

	if (to->wants_ids || type != T_text || text.len <= ICQ_MAX_old_text)
		return text.len;
	while (end > 0 && text.p[end - 1] != ' ' && text.p[end - 1] != '\n')
		end--;
	return end ? end : ICQ_MAX_old_text;
}

static int v2_message(struct server *srv, struct session *to, const struct mail *m, bool stored)
{
	struct date d = date_from_unix(m->accepted_s);
	struct icq_str text = { m->text.p, first_part(to, m->type, m->text) };
	union icq_msg msg;
	uint64_t msgid = to->wants_ids ? m->g : 0;
	struct icq_head head = { .version = to->version };
	uint8_t packet[PACKET_MAX];
	int err, len;

	if (stored)
		msg.s_stored_message = (struct icq_s_stored_message){ .from = m->from,
								      .year = (uint16_t)d.year,
								      .month = d.month,
								      .day = d.day,
								      .hour = d.hour,
								      .minute = d.minute,
								      .type = m->type,
								      .text = text,
								      .msgid = msgid };
	else
		msg.s_message = (struct icq_s_message){
			.from = m->from, .type = m->type, .text = text, .msgid = msgid
		};
	len = icq_pack(stored ? M_s_stored_message : M_s_message, &head, &msg, packet,
		       sizeof(packet));
	assert(len > 0);
	err = session_queue_claimed(srv, to, packet, (size_t)len, m->g, m->number);
	return err < 0 ? err : text.len;
}

/* Unacknowledged by every known client, so it is sent once. It is as long as an ACK. */
static void v2_go_away(struct server *srv, struct session *to)
{
	if (link_spend(&to->link, v2_dialect.ack_len))
		v2_send_once(srv, &to->addr, to->version, (uint16_t)to->link.next, M_s_go_away,
			     NULL);
}

static void v2_rand_user(struct server *srv, struct session *to, const struct session *who)
{
	union icq_msg msg = { .s_rand_user = { .uin = 0 } };
	struct shown_address at;

	if (who) {
		at = address_of(srv, who);
		msg.s_rand_user = (struct icq_s_rand_user){
			.uin = who->uin,
			.ip = at.ip,
			.port = at.port,
			.inner_ip = at.inner_ip,
			.mode = at.mode,
			.status = shown_to(to, who),
			.tcp_version = (uint16_t)who->tcp_version
		};
	}
	v2_queue(srv, to, M_s_rand_user, &msg);
}

static void v2_tcp_request(struct server *srv, struct session *to, const struct reach *who)
{
	union icq_msg msg = { .s_tcp_request = { .uin = who->uin,
						 .ip = who->ip,
						 .port = who->port,
						 .mode = who->mode,
						 .tried_port = who->tried_port,
						 .port_again = who->port,
						 .tcp_version = who->tcp_version } };

	v2_queue(srv, to, M_s_tcp_request, &msg);
}

const struct dialect v2_dialect = {
	.handlers = v2_handlers,
	.ack_len = 6,
	.ack = v2_ack,
	.answer = v2_answer,
	.welcome = v2_welcome,
	.user_online = v2_user_online,
	.user_offline = v2_user_offline,
	.user_status = v2_user_status,
	.contacts_done = v2_contacts_done,
	.message = v2_message,
	.stored_end = v2_stored_end,
	.go_away = v2_go_away,
	.info = v2_info,
	.found = v2_found,
	.search_end = v2_search_end,
	.updated = v2_updated,
	.updated_stranger = v2_updated_stranger,
	.rand_user = v2_rand_user,
	.tcp_request = v2_tcp_request,
};
