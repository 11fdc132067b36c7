/* SPDX-License-Identifier: MIT */
/* Looking users up: searches, profiles, and somebody by chance. */
#include "client/engine.h"

/* ---- questions ------------------------------------------------------------------------- */

static int post_search(struct icq_client *c, uint16_t number,
		       const struct icq_client_profile *wanted)
{
	const struct icq_str *text = wanted->text;
	union icq_msg msg = { .c_search_user = { .number = number,
						 .nick = text[ICQ_PROFILE_NICK],
						 .first = text[ICQ_PROFILE_FIRST],
						 .last = text[ICQ_PROFILE_LAST],
						 .email = text[ICQ_PROFILE_EMAIL] } };

	return client_post(c, M_c_search_user, &msg, LINK_PLAIN, COOKIE_NONE, 0);
}

static int post_search_uin(struct icq_client *c, uint16_t number, uint32_t uin)
{
	union icq_msg msg = { .c_search_uin = { .number = number, .uin = uin } };

	return client_post(c, M_c_search_uin, &msg, LINK_PLAIN, COOKIE_NONE, 0);
}

void icq_client_search(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		       const struct icq_client_profile *wanted)
{
	struct await *a;

	c->now = now;
	if ((!uin && !profile_fits(c, request, wanted)) ||
	    !(a = await_add(c, request, AWAIT_SEARCH)))
		return;
	await_posted(c, a,
		     uin ? post_search_uin(c, (uint16_t)a->serial, uin)
			 : post_search(c, (uint16_t)a->serial, wanted));
	client_turn(c);
}

void directory_post(struct icq_client *c, struct await *a, enum icq_id id)
{
	/* Both questions have the same fields. */
	union icq_msg msg = { .c_info = { .number = (uint16_t)a->serial, .uin = a->uin } };

	a->due++;
	await_posted(c, a, client_post(c, id, &msg, LINK_PLAIN, COOKIE_NONE, 0));
}

void icq_client_info(struct icq_client *c, struct now now, uint64_t request, uint32_t uin)
{
	struct await *a;

	c->now = now;
	a = await_add(c, request, AWAIT_INFO);
	if (!a)
		return;
	a->uin = uin;
	directory_post(c, a, M_c_info);
	if (a->serial)
		directory_post(c, a, M_c_ext_info);
	client_turn(c);
}

/* The answer has no number, so that only one may be due. */
static struct await *random_due(struct icq_client *c)
{
	for (struct await *a = c->awaits; a < c->awaits + AWAIT_MAX; a++)
		if (a->serial && a->kind == AWAIT_RANDOM)
			return a;
	return NULL;
}

void icq_client_random(struct icq_client *c, struct now now, uint64_t request, uint32_t group)
{
	union icq_msg msg = { .c_rand_search = { .group = group } };
	struct await *a;

	c->now = now;
	if (random_due(c)) {
		client_result(c, request, ICQ_CLIENT_BUSY, "one at a time");
		return;
	}
	a = await_add(c, request, AWAIT_RANDOM);
	if (!a)
		return;
	await_posted(c, a, client_post(c, M_c_rand_search, &msg, LINK_PLAIN, COOKIE_NONE, 0));
	client_turn(c);
}

void icq_client_random_join(struct icq_client *c, struct now now, uint64_t request, uint32_t group)
{
	union icq_msg msg = { .c_rand_set = { .group = group } };
	struct await *a;

	c->now = now;
	a = await_add(c, request, AWAIT_ACK);
	if (!a)
		return;
	await_posted(c, a, client_post(c, M_c_rand_set, &msg, LINK_PLAIN, COOKIE_AWAIT, a->serial));
	client_turn(c);
}

/* ---- answers --------------------------------------------------------------------------- */

static void emit_found(struct icq_client *c, const struct await *a, uint32_t uin,
		       enum icq_client_there there, const struct icq_client_profile *profile)
{
	client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_FOUND,
						   .found = { .request = a->request,
							      .uin = uin,
							      .there = there,
							      .profile = profile } });
}

static struct icq_client_profile names_of(struct icq_str nick, struct icq_str first,
					  struct icq_str last, struct icq_str email,
					  uint8_t authorize)
{
	return (struct icq_client_profile){
		.has = PROFILE_NAMES,
		.text = { [ICQ_PROFILE_NICK] = nick,
			  [ICQ_PROFILE_FIRST] = first,
			  [ICQ_PROFILE_LAST] = last,
			  [ICQ_PROFILE_EMAIL] = email },
		.number = { [ICQ_PROFILE_AUTH] = !authorize },
	};
}

void directory_on_found(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_user_found *m = &p->msg->s_user_found;
	struct await *a = await_find(c, m->number, 0);
	struct icq_client_profile profile = names_of(m->nick, m->first, m->last, m->email,
						     m->authorize);

	enum icq_client_there there = m->state < ICQ_CLIENT_NOT_TOLD
					      ? (enum icq_client_there)m->state
					      : ICQ_CLIENT_NOT_TOLD;

	if (a && a->kind == AWAIT_SEARCH)
		emit_found(c, a, m->uin, there, &profile);
}

void directory_on_end(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_search_end *m = &p->msg->s_search_end;
	struct await *a = await_find(c, m->number, 0);
	struct icq_client_event ev = { .kind = ICQ_CLIENT_EV_RESULT };

	if (!a || a->kind != AWAIT_SEARCH)
		return;
	ev.result.request = await_take(a);
	ev.result.more = m->more;
	if (ev.result.request)
		client_emit(c, &ev);
}

static void info_found(struct icq_client *c, struct await *a,
		       const struct icq_client_profile *profile)
{
	emit_found(c, a, a->uin, ICQ_CLIENT_NOT_TOLD, profile);
	await_answered(c, a);
}

void directory_on_info(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_info *m = &p->msg->s_info;
	struct await *a = await_find(c, m->number, m->uin);
	struct icq_client_profile profile = names_of(m->nick, m->first, m->last, m->email,
						     m->authorize);

	if (a && a->kind == AWAIT_INFO)
		info_found(c, a, &profile);
	else if (a)
		profile_names(c, a, m);
}

static uint16_t entered(uint16_t number)
{
	return number == UINT16_MAX ? 0 : number;
}

void directory_on_ext_info(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_ext_info *m = &p->msg->s_ext_info;
	struct await *a = await_find(c, m->number, m->uin);
	struct icq_client_profile profile = {
		.has = PROFILE_MORE,
		.text = { [ICQ_PROFILE_CITY] = m->city,
			  [ICQ_PROFILE_STATE] = m->state,
			  [ICQ_PROFILE_PHONE] = m->phone,
			  [ICQ_PROFILE_HOMEPAGE] = m->page,
			  [ICQ_PROFILE_ABOUT] = m->about },
		.number = { [ICQ_PROFILE_COUNTRY] = entered(m->country),
			    [ICQ_PROFILE_AGE] = entered(m->age),
			    [ICQ_PROFILE_SEX] = m->sex <= 2 ? m->sex : 0 },
	};

	if (a)
		roster_guess_charset(c, m->uin, entered(m->country));
	if (a && a->kind == AWAIT_INFO)
		info_found(c, a, &profile);
	else if (a)
		profile_more(c, a, m);
}

/* Both halves say it alike. */
void directory_on_unknown(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_info_unknown *m = &p->msg->s_info_unknown;
	struct await *a = m->uin ? await_find(c, m->number, m->uin) : NULL;

	if (a)
		await_finish(c, a, ICQ_CLIENT_UNKNOWN_UIN);
}

void directory_on_random(struct icq_client *c, const struct packet *p)
{
	struct await *a = random_due(c);
	struct icq_client_event ev = { .kind = ICQ_CLIENT_EV_RESULT };

	if (!a)
		return;
	ev.result.request = await_take(a);
	ev.result.uin = p->msg->s_rand_user.uin;
	ev.result.error = ev.result.uin ? ICQ_CLIENT_OK : ICQ_CLIENT_NOT_FOUND;
	if (ev.result.request)
		client_emit(c, &ev);
}

void directory_on_nobody(struct icq_client *c, const struct packet *p)
{
	struct await *a = random_due(c);

	(void)p;
	if (a)
		await_finish(c, a, ICQ_CLIENT_NOT_FOUND);
}
