/* SPDX-License-Identifier: MIT */
/* What a version 2 client may ask, and which rule answers it. */
#include <string.h>

#include "server/core.h"
#include "server/v2.h"

/* Credit for answers to somebody whose address is not verified: three bytes for each of his, less
 * the ACK. */
static int32_t first_credit(const struct request *r)
{
	return (int32_t)(3 * r->datagram_len - v2_dialect.ack_len);
}

static void start(struct server *srv, struct login *wanted, struct icq_str password)
{
	wanted->password_len = (uint8_t)(password.len < JOB_PASSWORD_MAX ? password.len
									 : JOB_PASSWORD_MAX);
	memcpy(wanted->password, password.p, wanted->password_len);
	login_start(srv, wanted);
	explicit_bzero(wanted->password, sizeof(wanted->password));
}

static void on_login(struct server *srv, const struct request *r)
{
	const struct icq_c_login *m = &r->msg->c_login;
	struct login wanted = { .addr = *r->from,
				.uin = r->head.uin,
				.port = m->port,
				.ip = m->ip,
				.status = m->status,
				.tcp_version = m->tcp_version,
				.version = r->head.version,
				.seq = r->head.seq,
				.number = m->login_seq,
				.mode = m->mode,
				.credit = first_credit(r) };

	start(srv, &wanted, m->password);
}

/* ICQ 1.02's login. */
static void on_login_v1(struct server *srv, const struct request *r)
{
	const struct icq_c_login_v1 *m = &r->msg->c_login_v1;
	struct login wanted = { .addr = *r->from,
				.uin = r->head.uin,
				.status = m->status,
				.tcp_version = 2,
				.version = r->head.version,
				.seq = r->head.seq,
				.mode = V2_MODE_THROUGH_SERVER,
				.credit = first_credit(r) };

	start(srv, &wanted, m->password);
}

static void on_login_check(struct server *srv, const struct request *r)
{
	const struct icq_c_login_check *m = &r->msg->c_login_check;
	struct login wanted = { .purpose = LOGIN_CHECK,
				.addr = *r->from,
				.uin = m->uin,
				.version = r->head.version,
				.seq = r->head.seq,
				.number = m->number,
				.credit = first_credit(r) };

	start(srv, &wanted, m->password);
}

static void on_register(struct server *srv, const struct request *r)
{
	struct login wanted = { .purpose = LOGIN_REGISTER,
				.addr = *r->from,
				.version = r->head.version,
				.seq = r->head.seq,
				.number = r->msg->c_register.number,
				.credit = first_credit(r) };

	start(srv, &wanted, r->msg->c_register.password);
}

static void on_new_user(struct server *srv, const struct request *r)
{
	v2_dialect.ack(srv, &(struct caller){ .addr = *r->from,
					      .version = r->head.version,
					      .seq = r->head.seq });
}

static void contacts_stored(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);

	if (s)
		s->dialect->contacts_done(srv, s);
}

static void on_contact_list(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_list *uins = &r->msg->c_contact_list.uins;

	for (size_t i = 0; i < uins->count; i++)
		presence_watch(srv, s, icq_uins_at(uins, i));
	if (session_save_list(srv, s, LIST_CONTACTS, uins, LIST_ADD, contacts_stored) < 0)
		s->dialect->contacts_done(srv, s);
}

/* Stores a change of one user on a list. */
static void save_one(struct server *srv, struct session *s, enum listing which, uint32_t uin,
		     enum list_change how)
{
	uint8_t raw[4];
	struct icq_list one = { raw, 1 };

	icq_uins_set(raw, 0, uin);
	session_save_list(srv, s, which, &one, how, NULL);
}

static void on_add_to_list(struct server *srv, struct session *s, const struct request *r)
{
	presence_watch(srv, s, r->msg->c_add_to_list.uin);
	save_one(srv, s, LIST_CONTACTS, r->msg->c_add_to_list.uin, LIST_ADD);
}

static void on_status(struct server *srv, struct session *s, const struct request *r)
{
	presence_status(srv, s, r->msg->c_status.status);
	session_changed(srv, s);
}

static void acknowledge(struct server *srv, struct session *s, uint16_t seq, uint16_t command)
{
	link_settle(&s->link, seq, command, true);
	s->dialect->ack(
		srv, &(struct caller){
			     .addr = s->addr, .uin = s->uin, .version = s->version, .seq = seq });
}

static void saved(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);
	uint16_t seq = (uint16_t)job->tag, command = (uint16_t)(job->tag >> 16);

	if (s && job->err == 0)
		acknowledge(srv, s, seq, command);
	else if (s)
		link_settle(&s->link, seq, command, false);
}

/* What a client has asked for once and relies on from the acknowledgement on, a restart must not
 * undo: it is stored first. */
static void save_first(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_head *h = &r->head;

	if (session_save(srv, s, saved, (uint32_t)h->command << 16 | h->seq) < 0)
		link_settle(&s->link, h->seq, h->command, false);
}

static void on_offline_messages(struct server *srv, struct session *s, const struct request *r)
{
	mailbox_wanted(s);
	save_first(srv, s, r);
	mailbox_go_on(srv, s);
}

static void on_ack_messages(struct server *srv, struct session *s, const struct request *r)
{
	(void)r;
	mailbox_confirmed(srv, s);
}

/* ---- privacy lists --------------------------------------------------------------------- */

enum { LONG_LIST = 50 };

/* A list packet replaces the list; but long lists come in several packets, one right after the
 * other. */
static void take_list(struct server *srv, struct session *s, const struct request *r,
		      enum listing which, const struct icq_list *uins)
{
	bool goes_on = s->previous_command == r->head.command && s->previous_count >= LONG_LIST;

	if (!goes_on)
		presence_clear(srv, s, which);
	for (size_t i = 0; i < uins->count; i++)
		presence_list(srv, s, which, icq_uins_at(uins, i));
	s->previous_count = uins->count;
	presence_changed(srv, s);
	session_save_list(srv, s, which, uins, goes_on ? LIST_ADD : LIST_REPLACE, NULL);
}

static void on_visible_list(struct server *srv, struct session *s, const struct request *r)
{
	take_list(srv, s, r, LIST_VISIBLE, &r->msg->c_visible_list.uins);
}

static void on_invisible_list(struct server *srv, struct session *s, const struct request *r)
{
	take_list(srv, s, r, LIST_INVISIBLE, &r->msg->c_invisible_list.uins);
}

static void on_update_list(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_update_list *m = &r->msg->c_update_list;
	enum listing which = m->list == 2 ? LIST_VISIBLE : LIST_INVISIBLE;

	if (m->add)
		presence_list(srv, s, which, m->uin);
	else
		presence_unlist(srv, s, which, m->uin);
	presence_changed(srv, s);
	save_one(srv, s, which, m->uin, m->add ? LIST_ADD : LIST_TAKE_OFF);
}

/* ---- text codes ------------------------------------------------------------------------ */

static void on_text_code(struct server *srv, struct session *s, const struct request *r)
{
	enum icq_text_code code = icq_text_code_of(r->msg->c_text_code.text);

	if (code == C_msgids) {
		s->wants_ids = true;
		save_first(srv, s, r);
		return;
	}
	acknowledge(srv, s, r->head.seq, r->head.command);
	if (code == C_log_out && r->plausible) /* forgers like this one */
		session_end(srv, s, END_LOGOUT);
	else if (code == C_answer)
		link_hurry(&s->link, srv->now.mono_ms);
}

/* ---- the rest -------------------------------------------------------------------------- */

static void query_reply(struct server *srv, struct session *s, uint16_t number)
{
	union icq_msg msg = { .s_query_reply = { .number = number } };

	v2_queue(srv, s, M_s_query_reply, &msg);
}

static void on_query_servers(struct server *srv, struct session *s, const struct request *r)
{
	query_reply(srv, s, r->msg->c_query_servers.number);
}

static void on_query_addons(struct server *srv, struct session *s, const struct request *r)
{
	query_reply(srv, s, r->msg->c_query_addons.number);
}

static void on_rand_set(struct server *srv, struct session *s, const struct request *r)
{
	chance_join(srv, s, r->msg->c_rand_set.group);
}

static void on_rand_search(struct server *srv, struct session *s, const struct request *r)
{
	s->dialect->rand_user(srv, s, chance_find(srv, s, r->msg->c_rand_search.group));
}

/* Only to users who are there; nobody hears whether they are. */
static void on_tcp_request(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_tcp_request *m = &r->msg->c_tcp_request;
	struct session *to = session_find(&srv->sessions, m->uin);
	struct reach how = { .uin = s->uin,
			     .ip = m->ip ? m->ip : addr_ip4(&s->addr),
			     .port = m->port,
			     .tried_port = m->tried_port,
			     .tcp_version = m->tcp_version,
			     .mode = m->mode };

	if (to && to != s)
		to->dialect->tcp_request(srv, to, &how);
}

const struct handler v2_handlers[M_COUNT] = {
	[M_c_login] = { .stranger = on_login },
	[M_c_login_v1] = { .stranger = on_login_v1 },
	[M_c_login_check] = { .stranger = on_login_check },
	[M_c_register] = { .stranger = on_register },
	[M_c_new_user] = { .stranger = on_new_user },
	[M_c_contact_list] = { .fn = on_contact_list },
	[M_c_add_to_list] = { .fn = on_add_to_list },
	[M_c_status] = { .fn = on_status },
	[M_c_send_message] = { .rules = LATER, .class = CLASS_SEND, .fn = message_take },
	[M_c_message_new_user] = { .rules = LATER, .class = CLASS_SEND, .fn = message_take },
	[M_c_offline_messages] = { .rules = LATER, .fn = on_offline_messages },
	/* licq gives it the number of the server's 00E6, which collides with its own later. */
	[M_c_ack_messages] = { .rules = UNNOTED, .fn = on_ack_messages },
	[M_c_keep_alive] = { .rules = UNNOTED },
	[M_c_keep_alive_2] = { .rules = UNNOTED },
	[M_c_text_code] = { .rules = LATER, .fn = on_text_code },
	[M_c_visible_list] = { .fn = on_visible_list },
	[M_c_invisible_list] = { .fn = on_invisible_list },
	[M_c_update_list] = { .fn = on_update_list },
	[M_c_info] = { .class = CLASS_INFO, .fn = v2_on_info, .broken = v2_broken_info },
	[M_c_ext_info] = { .class = CLASS_INFO,
			   .fn = v2_on_ext_info,
			   .broken = v2_broken_info,
			   .stranger = v2_stranger_ext_info },
	[M_c_search_uin] = { .class = CLASS_SEARCH,
			     .fn = v2_on_search_uin,
			     .broken = v2_broken_search },
	[M_c_search_user] = { .class = CLASS_SEARCH,
			      .fn = v2_on_search_user,
			      .broken = v2_broken_search },
	[M_c_new_user_info] = { .fn = v2_on_new_user_info,
				.broken = v2_broken_update,
				.stranger = v2_stranger_new_user_info },
	[M_c_update_info] = { .fn = v2_on_update_info, .broken = v2_broken_update },
	[M_c_update_ext_info] = { .fn = v2_on_update_ext_info, .broken = v2_broken_update },
	[M_c_auth_update] = { .fn = v2_on_auth_update, .broken = v2_broken_update },
	[M_c_change_password] = { .fn = v2_on_change_password, .broken = v2_broken_update },
	[M_c_query_servers] = { .fn = on_query_servers },
	[M_c_query_addons] = { .fn = on_query_addons },
	[M_c_rand_set] = { .fn = on_rand_set },
	[M_c_rand_search] = { .class = CLASS_SEARCH, .fn = on_rand_search },
	[M_c_tcp_request] = { .fn = on_tcp_request },
};
