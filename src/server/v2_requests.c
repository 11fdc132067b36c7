/* SPDX-License-Identifier: MIT */
/* What a version 2 client may ask, and which rule answers it. */
#include <string.h>

#include "server/core.h"
#include "server/v2.h"

/* Credit for answers to somebody whose address is not verified: three bytes for each of his. */
static int32_t first_credit(const struct request *r)
{
	return (int32_t)(3 * r->datagram_len);
}

static void set_password(struct login *l, struct icq_str password)
{
	l->password_len = (uint8_t)(password.len < JOB_PASSWORD_MAX ? password.len
								    : JOB_PASSWORD_MAX);
	memcpy(l->password, password.p, l->password_len);
}

static void on_login(struct server *srv, struct session *s, const struct request *r)
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

	(void)s;
	set_password(&wanted, m->password);
	if (wanted.uin)
		login_start(srv, &wanted);
	explicit_bzero(wanted.password, sizeof(wanted.password));
}

static void on_register(struct server *srv, struct session *s, const struct request *r)
{
	struct login wanted = { .addr = *r->from,
				.version = r->head.version,
				.seq = r->head.seq,
				.number = r->msg->c_register.number,
				.credit = first_credit(r) };

	(void)s;
	set_password(&wanted, r->msg->c_register.password);
	login_start(srv, &wanted);
	explicit_bzero(wanted.password, sizeof(wanted.password));
}

static void on_new_user(struct server *srv, struct session *s, const struct request *r)
{
	struct caller to = { .addr = *r->from, .version = r->head.version, .seq = r->head.seq };

	(void)s;
	v2_dialect.ack(srv, &to);
}

static void on_contact_list(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_list *uins = &r->msg->c_contact_list.uins;

	for (size_t i = 0; i < uins->count; i++)
		presence_watch(srv, s, icq_uins_at(uins, i));
	s->dialect->contacts_done(srv, s);
}

static void on_add_to_list(struct server *srv, struct session *s, const struct request *r)
{
	presence_watch(srv, s, r->msg->c_add_to_list.uin);
}

static void on_status(struct server *srv, struct session *s, const struct request *r)
{
	presence_status(srv, s, r->msg->c_status.status);
}

static void on_offline_messages(struct server *srv, struct session *s, const struct request *r)
{
	(void)r;
	mailbox_wanted(srv, s);
}

static void on_ack_messages(struct server *srv, struct session *s, const struct request *r)
{
	(void)r;
	mailbox_confirmed(srv, s);
}

/* ---- text codes ------------------------------------------------------------------------ */

static void code_disconnected(struct server *srv, struct session *s)
{
	session_end(srv, s, END_LOGOUT);
}

static void code_message_ack(struct server *srv, struct session *s)
{
	link_hurry(&s->link, srv->now.mono_ms);
}

static void code_message_ids(struct server *srv, struct session *s)
{
	(void)srv;
	s->wants_ids = true;
}

/* Matched by its beginning, because the length is often wrong. */
static void on_text_code(struct server *srv, struct session *s, const struct request *r)
{
	static const struct {
		const char *text;
		void (*fn)(struct server *srv, struct session *s);
	} codes[] = {
		{ "B_USER_DISCONNECTED", code_disconnected },
		{ "B_MESSAGE_ACK", code_message_ack },
		{ "B_MESSAGE_IDS", code_message_ids },
	};
	struct icq_str text = r->msg->c_text_code.text;

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		size_t len = strlen(codes[i].text);

		if (text.len >= len && memcmp(text.p, codes[i].text, len) == 0) {
			codes[i].fn(srv, s);
			return;
		}
	}
}

const struct handler v2_handlers[M_COUNT] = {
	[M_c_login] = { ANYONE, on_login },
	[M_c_register] = { ANYONE, on_register },
	[M_c_new_user] = { ANYONE, on_new_user },
	[M_c_contact_list] = { IN_SESSION, on_contact_list },
	[M_c_add_to_list] = { IN_SESSION, on_add_to_list },
	[M_c_status] = { IN_SESSION, on_status },
	[M_c_send_message] = { IN_SESSION | LATER, mailbox_take },
	[M_c_message_new_user] = { IN_SESSION | LATER, mailbox_take },
	[M_c_offline_messages] = { IN_SESSION, on_offline_messages },
	/* licq gives it the number of the server's 00E6, which collides with its own later. */
	[M_c_ack_messages] = { IN_SESSION | UNNOTED, on_ack_messages },
	[M_c_keep_alive] = { IN_SESSION | UNNOTED, NULL },
	[M_c_keep_alive_2] = { IN_SESSION | UNNOTED, NULL },
	[M_c_text_code] = { IN_SESSION, on_text_code },
	[M_c_login_2] = { IN_SESSION, NULL },
	[M_c_statistics] = { IN_SESSION, NULL },
};
