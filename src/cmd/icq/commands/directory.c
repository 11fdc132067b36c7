/* SPDX-License-Identifier: MIT */
/* Commands that look users up, and that change the own profile, password and authorization. */
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/commands/call.h"
#include "cmd/texts.h"
#include "io/clock.h"

static const char *const names[ICQ_PROFILE_COUNT] = {
	[ICQ_PROFILE_NICK] = "nick",	   [ICQ_PROFILE_FIRST] = "first",
	[ICQ_PROFILE_LAST] = "last",	   [ICQ_PROFILE_EMAIL] = "email",
	[ICQ_PROFILE_CITY] = "city",	   [ICQ_PROFILE_STATE] = "state",
	[ICQ_PROFILE_PHONE] = "phone",	   [ICQ_PROFILE_HOMEPAGE] = "homepage",
	[ICQ_PROFILE_ABOUT] = "about",	   [ICQ_PROFILE_AUTH] = "auth",
	[ICQ_PROFILE_COUNTRY] = "country", [ICQ_PROFILE_AGE] = "age",
	[ICQ_PROFILE_SEX] = "sex",
};

static const char *const sexes[] = { "", "female", "male", NULL };

/* ---- looking up ------------------------------------------------------------------------ */

/* Fields of a command, and where the bytes of their texts lie. */
struct fields {
	struct icq_client_profile profile;
	uint8_t bytes[ICQ_PROFILE_TEXTS][ICQ_MAX_about + 1]; /* one more than fits: too long */
};

/* The server compares with what the user would have typed: in the account's code page. */
static void text_fields(struct call *c, struct fields *f, enum icq_profile_field end)
{
	uint32_t self = icq_client_uin(c->client);

	for (size_t i = 0; i < end; i++) {
		const char *text = call_text(c, names[i], OPTIONAL);

		if (!call_has(c, names[i]))
			continue;
		f->profile.text[i] = call_encode(c, names[i], text, self, f->bytes[i],
						 sizeof(f->bytes[i]));
		f->profile.has |= ICQ_PROFILE_BIT(i);
	}
}

void do_search(struct call *c)
{
	struct fields f = { 0 };
	uint32_t uin = call_uin(c, "uin", OPTIONAL);

	text_fields(c, &f, ICQ_PROFILE_EMAIL + 1);
	if (!uin && !f.profile.has)
		call_bad_field(c, "uin", "neither this nor nick, first, last or email");
	if (c->bad)
		return;
	app_pending(c->app, c->request)->hits = json_array();
	icq_client_search(c->client, clock_now(), c->request, uin, &f.profile);
}

void do_info(struct call *c)
{
	uint32_t uin = call_uin(c, "uin", REQUIRED);

	if (c->bad)
		return;
	app_pending(c->app, c->request)->info = json_pack("{s:I}", "uin", (json_int_t)uin);
	icq_client_info(c->client, clock_now(), c->request, uin);
}

enum { GROUPS = 11 };

void do_rand(struct call *c)
{
	uint32_t group = (uint32_t)call_number(c, "group", OPTIONAL, 1, GROUPS);

	if (!c->bad)
		icq_client_random(c->client, clock_now(), c->request, group ? group : 1);
}

void do_rand_set(struct call *c)
{
	uint32_t group = (uint32_t)call_number(c, "group", REQUIRED, 0, GROUPS);

	if (!c->bad)
		icq_client_random_join(c->client, clock_now(), c->request, group);
}

/* ---- what was found -------------------------------------------------------------------- */

static json_t *value_of(const struct icq_client_profile *profile, const struct codepage *page,
			enum icq_profile_field field)
{
	uint16_t number = profile->number[field];
	json_t *value;
	char *utf8;

	if (field == ICQ_PROFILE_AUTH)
		return json_boolean(number);
	if (field == ICQ_PROFILE_SEX)
		return json_string(sexes[number]);
	if (field >= ICQ_PROFILE_TEXTS)
		return json_integer(number);
	utf8 = texts_decode(page, profile->text[field]);
	value = json_string(utf8 ? utf8 : "");
	free(utf8);
	return value;
}

/* What is not entered is left out of numbers, and empty in texts. */
static void set_profile(json_t *to, const struct icq_client_profile *profile,
			const struct codepage *page)
{
	for (unsigned i = 0; i < ICQ_PROFILE_COUNT; i++) {
		bool entered = i <= ICQ_PROFILE_AUTH || profile->number[i];

		if (profile->has & ICQ_PROFILE_BIT(i) && entered)
			json_object_set_new(to, names[i],
					    value_of(profile, page, (enum icq_profile_field)i));
	}
}

static json_t *hit_of(const struct icq_client_event *e, const struct codepage *page)
{
	json_t *hit = json_pack("{s:I}", "uin", (json_int_t)e->found.uin);

	set_profile(hit, e->found.profile, page);
	if (e->found.there != ICQ_CLIENT_NOT_TOLD)
		json_object_set_new(hit, "online",
				    json_boolean(e->found.there == ICQ_CLIENT_IS_ONLINE));
	return hit;
}

/* Hits are cut where their result would get longer than a line may be. */
void directory_take(struct app *a, const struct icq_client_event *e)
{
	enum { HITS_BYTES = 60000 };
	struct pending *p = app_pending(a, e->found.request);
	const struct codepage *page = icq_client_charset(app_client(a), e->found.uin);
	json_t *hit;

	if (p->info) {
		set_profile(p->info, e->found.profile, page);
		return;
	}
	hit = hit_of(e, page);
	p->bytes += json_dumpb(hit, NULL, 0, JSON_COMPACT) + 1;
	if (p->bytes <= HITS_BYTES)
		json_array_append(p->hits, hit);
	json_decref(hit);
}

/* ---- the own account ------------------------------------------------------------------- */

static void number_field(struct call *c, struct fields *f, enum icq_profile_field field,
			 int64_t max)
{
	f->profile.number[field] = (uint16_t)call_number(c, names[field], OPTIONAL, 0, max);
	if (call_has(c, names[field]))
		f->profile.has |= ICQ_PROFILE_BIT(field);
}

static void auth_field(struct call *c, struct fields *f)
{
	const json_t *auth = json_object_get(c->args, "auth");

	if (!call_has(c, "auth"))
		return;
	if (!json_is_boolean(auth))
		call_bad_field(c, "auth", "neither true nor false");
	f->profile.number[ICQ_PROFILE_AUTH] = json_is_true(auth);
	f->profile.has |= ICQ_PROFILE_BIT(ICQ_PROFILE_AUTH);
}

void do_update(struct call *c)
{
	enum { COUNTRY_MAX = 9999, AGE_MAX = 150 };
	struct fields f = { 0 };

	text_fields(c, &f, ICQ_PROFILE_TEXTS);
	number_field(c, &f, ICQ_PROFILE_COUNTRY, COUNTRY_MAX);
	number_field(c, &f, ICQ_PROFILE_AGE, AGE_MAX);
	f.profile.number[ICQ_PROFILE_SEX] = (uint16_t)call_choice(c, "sex", sexes);
	if (call_has(c, "sex"))
		f.profile.has |= ICQ_PROFILE_BIT(ICQ_PROFILE_SEX);
	auth_field(c, &f);
	if (!c->bad)
		icq_client_update(c->client, clock_now(), c->request, &f.profile);
}

void do_password(struct call *c)
{
	const char *text = call_text(c, "new", REQUIRED);

	if (!*text || strlen(text) > ICQ_MAX_password)
		call_bad_field(c, "new", "1 to 8 characters");
	if (!c->bad)
		icq_client_password(c->client, clock_now(), c->request, icq_str_of(text));
}

void do_auth(struct call *c)
{
	enum { REQUEST, GRANT, REFUSE, DENY, ADDED };
	static const char *const actions[] = {
		"request", "grant", "refuse", "deny", "added", NULL
	};
	uint32_t uin = call_uin(c, "uin", REQUIRED);
	int action = call_choice(c, "action", actions);
	uint8_t bytes[ICQ_MAX_old_text + 1];
	const char *text = call_text(c, "text", OPTIONAL);
	struct icq_str reason = call_encode(c, "text", text, uin, bytes, sizeof(bytes));

	if (!call_has(c, "action"))
		call_bad_field(c, "action", "missing");
	if (c->bad)
		return;
	if (action == REQUEST || action == ADDED)
		icq_client_introduce(c->client, clock_now(), c->request, uin,
				     action == ADDED ? T_added : T_auth_request, reason);
	else
		icq_client_send(c->client, clock_now(), c->request, uin,
				action == GRANT ? T_auth_granted : T_auth_refused, reason);
}
