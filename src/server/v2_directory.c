/* SPDX-License-Identifier: MIT */
/* Profiles and searches in version 2: requests, then the answers. */
#include <string.h>

#include "base/codepage.h"
#include "server/core.h"
#include "server/v2.h"

/* ---- looking up ------------------------------------------------------------------------ */

void v2_on_info(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_info *m = &r->msg->c_info;

	directory_info(srv, s, m->number, m->uin, VIEW_NAMES);
}

void v2_on_ext_info(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_ext_info *m = &r->msg->c_ext_info;

	directory_info(srv, s, m->number, m->uin, VIEW_MORE);
}

void v2_broken_info(struct server *srv, struct session *s, const struct request *r)
{
	v2_info(srv, s, r->msg->c_info.number, 0, r->id == M_c_info ? VIEW_NAMES : VIEW_MORE, NULL);
}

/* ICQ 1.111's wizard asks before it logs in. It hears the same about every number, so that
 * nobody learns which exist. */
void v2_stranger_ext_info(struct server *srv, const struct request *r)
{
	const struct icq_c_ext_info *m = &r->msg->c_ext_info;
	struct caller to = { .addr = *r->from, .version = r->head.version, .seq = r->head.seq };
	union icq_msg msg;

	if (!limit_stray(srv, r->from))
		return;
	icq_preset(M_s_ext_info, &msg);
	msg.s_ext_info.number = m->number;
	msg.s_ext_info.uin = m->uin;
	v2_dialect.ack(srv, &to);
	v2_send_once(srv, r->from, r->head.version, 0, M_s_ext_info, &msg);
}

/* ---- searching ------------------------------------------------------------------------- */

static void text_copy(char *to, size_t cap, struct icq_str from)
{
	size_t len = from.len < cap - 1 ? from.len : cap - 1;

	memcpy(to, from.p, len);
	memset(to + len, 0, cap - len);
}

#define TEXT_COPY(to, from) text_copy(to, sizeof(to), from)

void v2_on_search_uin(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_search_uin *m = &r->msg->c_search_uin;

	directory_search_uin(srv, s, m->number, m->uin);
}

void v2_on_search_user(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_search_user *m = &r->msg->c_search_user;
	struct job_search wanted = { 0 };

	TEXT_COPY(wanted.nick, m->nick);
	TEXT_COPY(wanted.first, m->first);
	TEXT_COPY(wanted.last, m->last);
	TEXT_COPY(wanted.email, m->email);
	directory_search(srv, s, m->number, &wanted);
}

/* The request number comes first in both kinds of search. */
void v2_broken_search(struct server *srv, struct session *s, const struct request *r)
{
	v2_search_end(srv, s, r->msg->c_search_uin.number, false);
}

/* ---- changing -------------------------------------------------------------------------- */

enum { AUTHORIZE_AS_BEFORE = 0xFF };

static void update(struct server *srv, struct session *s, const struct request *r, uint16_t number,
		   enum directory_reply reply, struct job_profile *change)
{
	struct caller from = { .addr = *r->from,
			       .uin = r->head.uin,
			       .version = r->head.version,
			       .seq = r->head.seq,
			       .number = number };

	change->uin = r->head.uin;
	directory_update(srv, s, &from, reply, change);
}

/* NEW_USER_INFO and UPDATE_INFO have the same fields. */
static void update_names(struct server *srv, struct session *s, const struct request *r,
			 enum directory_reply reply)
{
	const struct icq_c_update_info *m = &r->msg->c_update_info;
	struct job_profile change = { .parts = PROFILE_NAMES };

	TEXT_COPY(change.profile.nick, m->nick);
	TEXT_COPY(change.profile.first, m->first);
	TEXT_COPY(change.profile.last, m->last);
	TEXT_COPY(change.profile.email, m->email);
	if (m->authorize != AUTHORIZE_AS_BEFORE) {
		change.parts |= PROFILE_AUTH;
		change.profile.authorize = m->authorize;
	}
	update(srv, s, r, m->number, reply, &change);
}

void v2_on_new_user_info(struct server *srv, struct session *s, const struct request *r)
{
	update_names(srv, s, r, REPLY_NEW_USER);
}

void v2_on_update_info(struct server *srv, struct session *s, const struct request *r)
{
	update_names(srv, s, r, REPLY_NAMES);
}

/* Right after a registration, from where it came, before the first login. */
void v2_stranger_new_user_info(struct server *srv, const struct request *r)
{
	struct caller to = {
		.addr = *r->from, .uin = r->head.uin, .version = r->head.version, .seq = r->head.seq
	};

	if (!login_registered_here(srv, r->from, r->head.uin)) {
		if (limit_stray(srv, r->from))
			v2_dialect.answer(srv, &to, ANSWER_NOT_CONNECTED, 0);
		return;
	}
	v2_dialect.ack(srv, &to);
	update_names(srv, NULL, r, REPLY_NEW_USER);
}

static uint16_t country_of(uint16_t country)
{
	return country ? country : 0xFFFF;
}

static void guess_charset(struct job_profile *change)
{
	const struct codepage *cp = codepage_of_prefix(change->profile.country);

	if (!cp)
		return;
	change->parts |= PROFILE_GUESS;
	text_copy(change->profile.charset, sizeof(change->profile.charset),
		  icq_str_of(codepage_name(cp)));
}

void v2_on_update_ext_info(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_update_ext_info *m = &r->msg->c_update_ext_info;
	struct job_profile change = { .parts = PROFILE_MORE,
				      .profile = { .country = country_of(m->country),
						   .timezone = m->timezone,
						   .age = m->age ? m->age : 0xFFFF,
						   .sex = m->sex,
						   .zip = m->zip ? m->zip : 0xFFFFFFFF } };

	TEXT_COPY(change.profile.city, m->city);
	TEXT_COPY(change.profile.state, m->state);
	TEXT_COPY(change.profile.phone, m->phone);
	TEXT_COPY(change.profile.page, m->page);
	TEXT_COPY(change.profile.about, m->about);
	guess_charset(&change);
	update(srv, s, r, m->number, REPLY_MORE, &change);
}

void v2_on_auth_update(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_auth_update *m = &r->msg->c_auth_update;
	struct job_profile change = { .parts = PROFILE_AUTH,
				      .profile = { .authorize = m->authorize } };

	update(srv, s, r, m->number, REPLY_AUTH, &change);
}

void v2_on_change_password(struct server *srv, struct session *s, const struct request *r)
{
	const struct icq_c_change_password *m = &r->msg->c_change_password;

	if (r->plausible && s->verified)
		directory_password(srv, s, m->number, m->password.p, m->password.len);
	else
		v2_updated(srv, s, REPLY_PASSWORD, m->number, false);
}

/* The request number comes first in all of them. */
void v2_broken_update(struct server *srv, struct session *s, const struct request *r)
{
	static const enum directory_reply replies[M_COUNT] = {
		[M_c_new_user_info] = REPLY_NEW_USER,	[M_c_update_info] = REPLY_NAMES,
		[M_c_update_ext_info] = REPLY_MORE,	[M_c_auth_update] = REPLY_AUTH,
		[M_c_change_password] = REPLY_PASSWORD,
	};

	v2_updated(srv, s, replies[r->id], r->msg->c_update_info.number, false);
}

/* ---- answers --------------------------------------------------------------------------- */

void v2_info(struct server *srv, struct session *to, uint16_t number, uint32_t uin,
	     enum profile_view view, const struct profile *p)
{
	union icq_msg msg;

	if (!p) {
		msg.s_info_unknown = (struct icq_s_info_unknown){ .number = number, .uin = uin };
		v2_queue(srv, to, view == VIEW_NAMES ? M_s_info_unknown : M_s_ext_info_unknown,
			 &msg);
	} else if (view == VIEW_NAMES) {
		msg.s_info = (struct icq_s_info){ .number = number,
						  .uin = uin,
						  .nick = icq_str_of(p->nick),
						  .first = icq_str_of(p->first),
						  .last = icq_str_of(p->last),
						  .email = icq_str_of(p->email),
						  .authorize = p->authorize };
		v2_queue(srv, to, M_s_info, &msg);
	} else {
		msg.s_ext_info = (struct icq_s_ext_info){ .number = number,
							  .uin = uin,
							  .city = icq_str_of(p->city),
							  .country = p->country,
							  .timezone = p->timezone,
							  .state = icq_str_of(p->state),
							  .age = p->age,
							  .sex = p->sex,
							  .phone = icq_str_of(p->phone),
							  .page = icq_str_of(p->page),
							  .about = icq_str_of(p->about),
							  .zip = p->zip };
		v2_queue(srv, to, M_s_ext_info, &msg);
	}
}

void v2_found(struct server *srv, struct session *to, uint16_t number, uint32_t uin,
	      const struct profile *p, bool online, int64_t delay_ms)
{
	union icq_msg msg = { .s_user_found = { .number = number,
						.uin = uin,
						.nick = icq_str_of(p->nick),
						.first = icq_str_of(p->first),
						.last = icq_str_of(p->last),
						.email = icq_str_of(p->email),
						.authorize = p->authorize,
						.state = online } };

	v2_queue_as(srv, to, M_s_user_found, &msg, 0, COOKIE_RESULT, delay_ms);
}

void v2_search_end(struct server *srv, struct session *to, uint16_t number, bool more)
{
	union icq_msg msg = { .s_search_end = { .number = number, .more = more } };

	v2_queue(srv, to, M_s_search_end, &msg);
}

/* All of them hold nothing but the request number. */
static const struct {
	enum icq_id ok, failed;
} update_replies[REPLY_COUNT] = {
	[REPLY_NEW_USER] = { M_s_new_user_reply, M_s_new_user_failed },
	[REPLY_NAMES] = { M_s_info_updated, M_s_info_failed },
	[REPLY_MORE] = { M_s_ext_info_updated, M_s_ext_info_failed },
	[REPLY_AUTH] = { M_s_auth_updated, M_s_auth_failed },
	[REPLY_PASSWORD] = { M_s_password_changed, M_s_password_failed },
};

void v2_updated(struct server *srv, struct session *to, enum directory_reply what, uint16_t number,
		bool ok)
{
	union icq_msg msg = { .s_new_user_reply = { .number = number } };

	v2_queue_as(srv, to, ok ? update_replies[what].ok : update_replies[what].failed, &msg, 0,
		    COOKIE_NONE, RESULT_DELAY_MS);
}

void v2_updated_stranger(struct server *srv, const struct caller *to, enum directory_reply what,
			 bool ok)
{
	union icq_msg msg = { .s_new_user_reply = { .number = to->number } };
	struct icq_head head = { .version = to->version };
	uint8_t packet[LATER_PACKET_MAX];
	int len = icq_pack(ok ? update_replies[what].ok : update_replies[what].failed, &head, &msg,
			   packet, sizeof(packet));

	later_send(srv, &to->addr, packet, (size_t)len);
}
