/* SPDX-License-Identifier: MIT */
/*
 * The three packets before a chat. Whoever connects sends COLOR, gets COLOR_FONT, which also tells
 * who else is there, and sends FONT. We have neither colours nor fonts: white on black is told.
 */
#include <stdio.h>

#include "client/engine.h"

enum {
	CODE = 0x64,
	CODE_ICQLIB = 0x65,
	DIGITS_MAX = 12,
	USER_BYTES = 64, /* more than one in the list takes */
};

static bool code_known(uint32_t code)
{
	return code == CODE || code == CODE_ICQLIB;
}

/* The name that others show: they know us by number, and the profile is with the server. */
static struct icq_str own_name(const struct icq_client *c, char out[DIGITS_MAX])
{
	snprintf(out, DIGITS_MAX, "%u", c->uin);
	return icq_str_of(out);
}

/* ---- who connects ---------------------------------------------------------------------- */

void chat_begin(struct icq_client *c, struct branch *b, const struct chat *chat,
		struct chatter *who)
{
	char name[DIGITS_MAX];
	union icq_msg msg;

	icq_preset(M_t_chat_color, &msg);
	msg.t_chat_color.minus_version = 0u - b->version;
	msg.t_chat_color.uin = c->uin;
	msg.t_chat_color.name = own_name(c, name);
	msg.t_chat_color.reversed_port = peer_reversed_port(chat->port);
	who->stage = CHATTER_COLOR_FONT;
	branch_say(c, b, M_t_chat_color, &msg);
}

static void send_font(struct icq_client *c, struct branch *b, const struct chat *chat)
{
	union icq_msg msg;

	icq_preset(M_t_chat_font, &msg);
	msg.t_chat_font.tcp_version = b->version;
	msg.t_chat_font.port = chat->port;
	msg.t_chat_font.ip = c->direct.outer_ip;
	msg.t_chat_font.inner_ip = c->direct.inner_ip;
	msg.t_chat_font.session = chat->session;
	branch_say(c, b, M_t_chat_font, &msg);
}

static void meet_others(struct icq_client *c, struct chat *chat, const struct icq_list *users)
{
	union icq_msg user;

	for (size_t i = 0; i < users->count; i++) {
		icq_list_at(users, M_e_chat_user, i, &user);
		chat_meet(c, chat, &user.e_chat_user);
	}
}

static bool take_color_font(struct icq_client *c, struct branch *b, struct chat *chat,
			    struct chatter *who, const uint8_t *p, size_t n)
{
	union icq_msg msg;
	const struct icq_t_chat_color_font *m = &msg.t_chat_color_font;

	if (icq_decode(M_t_chat_color_font, p, n, &msg) < 0 || !code_known(m->code) ||
	    m->uin != b->uin)
		return false;
	who->code = m->code;
	who->tcp_version = m->tcp_version;
	who->port = m->port;
	who->inner_ip = m->inner_ip;
	who->session = m->session;
	send_font(c, b, chat);
	chat_welcome(c, b, chat, who);
	meet_others(c, chat, &m->users);
	return true;
}

/* ---- who is connected to --------------------------------------------------------------- */

/* Where a newcomer finds somebody: icqlib tells nonsense about itself, so the stream counts. */
static int list_user(const struct chatter *who, uint8_t *out, size_t cap)
{
	union icq_msg user = { .e_chat_user = { .tcp_version = who->tcp_version,
						.port = who->port,
						.uin = who->uin,
						.ip = addr_ip4(&who->at),
						.inner_ip = who->inner_ip,
						.reversed_port = peer_reversed_port(who->port),
						.mode = PEER_MODE_DIRECT,
						.session = who->session,
						.code = who->code } };

	return icq_encode(M_e_chat_user, &user, out, cap);
}

/* The others whom he can reach, also those who are just coming: they are not told of him. */
static struct icq_list list_users(const struct chat *chat, const struct chatter *but, uint8_t *out,
				  size_t cap)
{
	struct icq_list users = { .p = out };
	size_t len = 0;

	for (const struct chatter *who = chat->people; who < chat->people + CHAT_PEOPLE_MAX; who++)
		if (who->stream && who != but && who->port && who->stage >= CHATTER_FONT) {
			len += (size_t)list_user(who, out + len, cap - len);
			users.count++;
		}
	return users;
}

static void send_color_font(struct icq_client *c, struct branch *b, const struct chat *chat,
			    const struct chatter *who)
{
	uint8_t users[CHAT_PEOPLE_MAX * USER_BYTES];
	char name[DIGITS_MAX];
	union icq_msg msg;

	icq_preset(M_t_chat_color_font, &msg);
	msg.t_chat_color_font.code = who->code;
	msg.t_chat_color_font.uin = c->uin;
	msg.t_chat_color_font.name = own_name(c, name);
	msg.t_chat_color_font.tcp_version = b->version;
	msg.t_chat_color_font.port = chat->port;
	msg.t_chat_color_font.ip = c->direct.outer_ip;
	msg.t_chat_color_font.inner_ip = c->direct.inner_ip;
	msg.t_chat_color_font.session = chat->session;
	msg.t_chat_color_font.users = list_users(chat, who, users, sizeof(users));
	branch_say(c, b, M_t_chat_color_font, &msg);
}

static bool take_color(struct icq_client *c, struct branch *b, const struct chat *chat,
		       struct chatter *who, const uint8_t *p, size_t n)
{
	union icq_msg msg;
	const struct icq_t_chat_color *m = &msg.t_chat_color;

	if (icq_decode(M_t_chat_color, p, n, &msg) < 0 || !code_known(m->code) || m->uin != b->uin)
		return false;
	who->code = m->code;
	who->tcp_version = 0 - m->minus_version;
	who->port = peer_reversed_port(m->reversed_port);
	who->stage = CHATTER_FONT;
	send_color_font(c, b, chat, who);
	return true;
}

static bool take_font(struct icq_client *c, struct branch *b, struct chat *chat,
		      struct chatter *who, const uint8_t *p, size_t n)
{
	union icq_msg msg;
	const struct icq_t_chat_font *m = &msg.t_chat_font;

	if (icq_decode(M_t_chat_font, p, n, &msg) < 0)
		return false;
	if (m->port)
		who->port = m->port;
	who->inner_ip = m->inner_ip;
	who->session = m->session;
	chat_welcome(c, b, chat, who);
	return true;
}

bool chat_introduce(struct icq_client *c, struct branch *b, struct chat *chat, struct chatter *who,
		    const uint8_t *p, size_t n)
{
	switch (who->stage) {
	case CHATTER_COLOR:
		return take_color(c, b, chat, who, p, n);
	case CHATTER_COLOR_FONT:
		return take_color_font(c, b, chat, who, p, n);
	case CHATTER_FONT:
		return take_font(c, b, chat, who, p, n);
	default:
		return false;
	}
}
