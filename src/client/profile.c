/* SPDX-License-Identifier: MIT */
/*
 * The own profile and password. A packet that changes the profile carries half of it, so what the
 * user leaves alone is asked for first.
 */
#include <string.h>

#include "client/engine.h"

/* ---- what is asked for ----------------------------------------------------------------- */

static struct icq_str draft_text(struct draft *d, size_t *used, struct icq_str text)
{
	struct icq_str copy = { d->bytes + *used, text.len };

	if (text.len)
		memcpy(d->bytes + *used, text.p, text.len);
	*used += text.len;
	return copy;
}

static bool draft_free(struct icq_client *c, uint64_t request)
{
	if (!c->draft.serial || !await_of(c, c->draft.serial))
		return true;
	client_result(c, request, ICQ_CLIENT_BUSY, "the profile is in use by another command");
	return false;
}

static bool fits(struct icq_client *c, uint64_t request, struct icq_str text, size_t max)
{
	if (text.len > max)
		client_result(c, request, ICQ_CLIENT_TOO_LONG, NULL);
	else if (text.len && memchr(text.p, 0, text.len))
		client_result(c, request, ICQ_CLIENT_BAD_FIELD, "a text cannot hold a NUL");
	else
		return true;
	return false;
}

bool profile_fits(struct icq_client *c, uint64_t request, const struct icq_client_profile *profile)
{
	static const size_t max[ICQ_PROFILE_TEXTS] = {
		[ICQ_PROFILE_NICK] = ICQ_MAX_nick,   [ICQ_PROFILE_FIRST] = ICQ_MAX_name,
		[ICQ_PROFILE_LAST] = ICQ_MAX_name,   [ICQ_PROFILE_EMAIL] = ICQ_MAX_email,
		[ICQ_PROFILE_CITY] = ICQ_MAX_city,   [ICQ_PROFILE_STATE] = ICQ_MAX_state,
		[ICQ_PROFILE_PHONE] = ICQ_MAX_phone, [ICQ_PROFILE_HOMEPAGE] = ICQ_MAX_page,
		[ICQ_PROFILE_ABOUT] = ICQ_MAX_about,
	};

	for (size_t i = 0; i < ICQ_PROFILE_TEXTS; i++)
		if (!fits(c, request, profile->text[i], max[i]))
			return false;
	return true;
}

static int post_auth(struct icq_client *c, const struct await *a, bool must_ask)
{
	union icq_msg msg = { .c_auth_update = { .number = (uint16_t)a->serial,
						 .authorize = !must_ask } };

	return client_post(c, M_c_auth_update, &msg, LINK_PLAIN, COOKIE_NONE, 0);
}

/* Authorization alone has a packet of its own; with names it travels among them. */
static void ask_for_rest(struct icq_client *c, struct await *a, uint32_t has)
{
	if (has == PROFILE_AUTH) {
		a->due = 1;
		await_posted(c, a, post_auth(c, a, c->draft.change.number[ICQ_PROFILE_AUTH]));
		return;
	}
	if (has & PROFILE_NAMES)
		directory_post(c, a, M_c_info);
	if (a->serial && has & PROFILE_MORE)
		directory_post(c, a, M_c_ext_info);
}

void icq_client_update(struct icq_client *c, struct now now, uint64_t request,
		       const struct icq_client_profile *change)
{
	struct draft *d = &c->draft;
	struct await *a;
	size_t used = 0;

	c->now = now;
	if (!change->has) {
		client_result(c, request, ICQ_CLIENT_BAD_FIELD, "nothing to change");
		return;
	}
	if (!profile_fits(c, request, change) || !draft_free(c, request) ||
	    !(a = await_add(c, request, AWAIT_UPDATE)))
		return;
	a->uin = c->uin;
	d->serial = a->serial;
	d->change = *change;
	for (size_t i = 0; i < ICQ_PROFILE_TEXTS; i++)
		d->change.text[i] = draft_text(d, &used, change->text[i]);
	ask_for_rest(c, a, change->has);
	client_turn(c);
}

void icq_client_introduce(struct icq_client *c, struct now now, uint64_t request, uint32_t to,
			  uint16_t type, struct icq_str text)
{
	struct draft *d = &c->draft;
	struct await *a;
	size_t used = 0;

	c->now = now;
	if (!fits(c, request, text, ICQ_MAX_about) || !draft_free(c, request) ||
	    !(a = await_add(c, request, AWAIT_INTRODUCE)))
		return;
	a->uin = c->uin;
	d->serial = a->serial;
	d->to = to;
	d->type = type;
	d->text = draft_text(d, &used, text);
	directory_post(c, a, M_c_info);
	client_turn(c);
}

/* ---- what the server knew -------------------------------------------------------------- */

static struct icq_str text_or(const struct draft *d, enum icq_profile_field field,
			      struct icq_str before)
{
	return d->change.has & ICQ_PROFILE_BIT(field) ? d->change.text[field] : before;
}

static uint16_t number_or(const struct draft *d, enum icq_profile_field field, uint16_t before)
{
	return d->change.has & ICQ_PROFILE_BIT(field) ? d->change.number[field] : before;
}

/* 0 is "not entered" for the user, and for some servers. */
static uint16_t entered(uint16_t number)
{
	return number ? number : UINT16_MAX;
}

static int post_names(struct icq_client *c, const struct await *a, const struct icq_s_info *own)
{
	const struct draft *d = &c->draft;
	union icq_msg msg = { .c_update_info = { .number = (uint16_t)a->serial,
						 .nick = text_or(d, ICQ_PROFILE_NICK, own->nick),
						 .first = text_or(d, ICQ_PROFILE_FIRST, own->first),
						 .last = text_or(d, ICQ_PROFILE_LAST, own->last),
						 .email = text_or(d, ICQ_PROFILE_EMAIL, own->email),
						 .authorize = !number_or(d, ICQ_PROFILE_AUTH,
									 !own->authorize) } };

	return client_post(c, M_c_update_info, &msg, LINK_PLAIN, COOKIE_NONE, 0);
}

/* The request becomes a message, whose result is the result of the command. */
/* Both types have the same parts. */
static void introduce(struct icq_client *c, struct await *a, const struct icq_s_info *own)
{
	uint8_t text[ICQ_MAX_old_text];
	union icq_text parts = { .auth_request = { .nick = own->nick,
						   .first = own->first,
						   .last = own->last,
						   .email = own->email,
						   .auth = icq_str_of(own->authorize ? "1" : "0"),
						   .reason = c->draft.text } };
	int n = icq_text_join(F_auth_request, &parts, text, sizeof(text));

	if (n < 0)
		await_finish(c, a, ICQ_CLIENT_TOO_LONG);
	else
		icq_client_send(c, c->now, await_take(a), c->draft.to, c->draft.type,
				(struct icq_str){ text, (uint16_t)n });
}

void profile_names(struct icq_client *c, struct await *a, const struct icq_s_info *own)
{
	if (a->kind == AWAIT_INTRODUCE)
		introduce(c, a, own);
	else if (a->kind == AWAIT_UPDATE)
		await_posted(c, a, post_names(c, a, own));
}

void profile_more(struct icq_client *c, struct await *a, const struct icq_s_ext_info *own)
{
	const struct draft *d = &c->draft;
	struct icq_c_update_ext_info m = {
		.number = (uint16_t)a->serial,
		.city = text_or(d, ICQ_PROFILE_CITY, own->city),
		.country = entered(number_or(d, ICQ_PROFILE_COUNTRY, own->country)),
		.timezone = own->timezone,
		.state = text_or(d, ICQ_PROFILE_STATE, own->state),
		.age = entered(number_or(d, ICQ_PROFILE_AGE, own->age)),
		.sex = (uint8_t)number_or(d, ICQ_PROFILE_SEX, own->sex),
		.phone = text_or(d, ICQ_PROFILE_PHONE, own->phone),
		.page = text_or(d, ICQ_PROFILE_HOMEPAGE, own->page),
		.about = text_or(d, ICQ_PROFILE_ABOUT, own->about),
		.zip = own->zip,
	};
	union icq_msg msg = { .c_update_ext_info = m };

	if (a->kind == AWAIT_UPDATE)
		await_posted(c, a,
			     client_post(c, M_c_update_ext_info, &msg, LINK_PLAIN, COOKIE_NONE, 0));
}

/* ---- what it says to a change ---------------------------------------------------------- */

/* All of these answers hold nothing but the request number. */
static struct await *updating(struct icq_client *c, const struct packet *p)
{
	struct await *a = await_find(c, p->msg->s_info_updated.number, c->uin);

	return a && a->kind == AWAIT_UPDATE ? a : NULL;
}

void profile_on_updated(struct icq_client *c, const struct packet *p)
{
	struct await *a = updating(c, p);

	if (a)
		await_answered(c, a);
}

void profile_on_failed(struct icq_client *c, const struct packet *p)
{
	struct await *a = updating(c, p);

	if (a)
		await_finish(c, a, ICQ_CLIENT_REFUSED_BY_SERVER);
}

/* ---- the password ---------------------------------------------------------------------- */

void icq_client_password(struct icq_client *c, struct now now, uint64_t request,
			 struct icq_str password)
{
	c->now = now;
	if (c->state != ICQ_CLIENT_ONLINE) {
		client_result(c, request, ICQ_CLIENT_NOT_ONLINE, NULL);
		return;
	}
	if (c->password.active) {
		client_result(c, request, ICQ_CLIENT_BUSY, "one change at a time");
		return;
	}
	if (!knock_keep(c, &c->password, request, password))
		return;
	knock_start(c, &c->password);
	if (!c->chores.ids)
		c->password.next_ms = c->password.until_ms;
	profile_tick(c);
}

void profile_welcomed(struct icq_client *c)
{
	if (!c->password.active)
		return;
	c->password.next_ms = c->now.mono_ms;
	profile_tick(c);
}

static void password_end(struct icq_client *c, enum icq_client_error error)
{
	uint64_t request = c->password.request;

	knock_wipe(&c->password);
	client_result(c, request, error, NULL);
}

/* Its own number serves as the number of the request. */
static bool password_awaited(const struct icq_client *c, const struct packet *p)
{
	return c->password.active && p->msg->s_password_changed.number == c->password.seq;
}

void profile_on_password(struct icq_client *c, const struct packet *p)
{
	if (!password_awaited(c, p))
		return;
	memcpy(c->conn.login.password, c->password.password, sizeof(c->conn.login.password));
	c->conn.login.password_len = c->password.password_len;
	password_end(c, ICQ_CLIENT_OK);
}

void profile_on_password_failed(struct icq_client *c, const struct packet *p)
{
	if (password_awaited(c, p))
		password_end(c, ICQ_CLIENT_REFUSED_BY_SERVER);
}

void profile_tick(struct icq_client *c)
{
	struct knock *k = &c->password;

	if (k->active && k->until_ms <= c->now.mono_ms) {
		password_end(c, ICQ_CLIENT_TIMEOUT);
		return;
	}
	if (!knock_due(c, k))
		return;

	union icq_msg msg = { .c_change_password = {
				      .number = k->seq,
				      .password = { k->password, k->password_len } } };

	knock_send(c, k, M_c_change_password, &msg);
}

void profile_reset(struct icq_client *c)
{
	if (c->password.active)
		password_end(c, ICQ_CLIENT_NOT_ONLINE);
}
