/* SPDX-License-Identifier: MIT */
/* The contact list, which lives in the client. */
#include <stdlib.h>
#include <string.h>

#include "client/engine.h"

/* What a session tells about contacts ends with it. */
void roster_reset(struct icq_client *c)
{
	c->roster.complete = false;
	for (size_t i = 0; i < c->roster.count; i++) {
		c->roster.at[i].pub.status = ICQ_STATUS_offline;
		c->roster.at[i].told = false;
		c->roster.at[i].seq = 0;
	}
}

struct contact *roster_find(const struct icq_client *c, uint32_t uin)
{
	for (size_t i = 0; i < c->roster.count; i++)
		if (c->roster.at[i].pub.uin == uin)
			return &c->roster.at[i];
	return NULL;
}

bool roster_has_list(const struct icq_client *c, enum icq_client_list list)
{
	for (size_t i = 0; i < c->roster.count; i++)
		if (c->roster.at[i].pub.list == list)
			return true;
	return false;
}

void roster_unread(struct icq_client *c)
{
	for (size_t i = 0; i < c->roster.count; i++)
		c->roster.at[i].read = c->roster.at[i].answered = false;
	c->direct.away_reads = 0;
}

bool roster_ignores(const struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);

	return contact ? contact->pub.list == ICQ_CLIENT_IGNORE
		       : c->conf.contacts_only && uin != ICQ_CLIENT_SERVER_UIN;
}

static void emit_contact(struct icq_client *c, const struct icq_client_contact *contact,
			 bool removed)
{
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_CONTACT,
			       .contact = { .contact = contact, .removed = removed } });
}

/* A place for one more; NULL when there is none. */
static struct contact *roster_grow(struct icq_client *c)
{
	struct roster *r = &c->roster;

	if (r->count == ICQ_CLIENT_CONTACTS_MAX)
		return NULL;
	if (r->count == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 16;
		struct contact *at = realloc(r->at, cap * sizeof(*at));

		if (!at)
			return NULL;
		r->at = at;
		r->cap = cap;
	}
	return &r->at[r->count++];
}

/* The server's copy of a list follows ours. */
static void list_changed(struct icq_client *c, enum icq_client_list list)
{
	if (list == ICQ_CLIENT_VISIBLE)
		chores_add(c, CHORE_VISIBLE);
	if (list == ICQ_CLIENT_INVISIBLE)
		chores_add(c, CHORE_INVISIBLE);
}

static void contact_set(struct icq_client *c, struct contact *to,
			const struct icq_client_contact *from)
{
	enum icq_client_list before = to->pub.list;

	memcpy(to->pub.nick, from->nick, sizeof(to->pub.nick));
	memcpy(to->pub.group, from->group, sizeof(to->pub.group));
	if (strcmp(to->pub.away_text, from->away_text) != 0)
		to->read = to->answered = false;
	memcpy(to->pub.away_text, from->away_text, sizeof(to->pub.away_text));
	to->pub.charset = from->charset;
	to->pub.list = from->list;
	if (before == from->list)
		return;
	list_changed(c, before);
	list_changed(c, from->list);
}

void icq_client_put_contact(struct icq_client *c, struct now now, uint64_t request,
			    const struct icq_client_contact *contact)
{
	struct contact *to = roster_find(c, contact->uin);

	c->now = now;
	if (!to) {
		to = roster_grow(c);
		if (!to) {
			client_result(c, request, ICQ_CLIENT_TOO_LONG, "the contact list is full");
			return;
		}
		*to = (struct contact){ .pub = { .uin = contact->uin,
						 .status = ICQ_STATUS_offline } };
		chores_add(c, CHORE_CONTACTS);
	}
	contact_set(c, to, contact);
	emit_contact(c, &to->pub, false);
	client_result(c, request, ICQ_CLIENT_OK, NULL);
	client_turn(c);
}

void icq_client_remove_contact(struct icq_client *c, struct now now, uint64_t request, uint32_t uin)
{
	struct contact *found = roster_find(c, uin);

	c->now = now;
	if (!found) {
		client_result(c, request, ICQ_CLIENT_NOT_FOUND, NULL);
		return;
	}

	struct icq_client_contact gone = found->pub;
	struct contact *end = c->roster.at + c->roster.count--;

	if (c->roster.at + c->chores.at > found) /* a list on its way goes on where it was */
		c->chores.at--;
	memmove(found, found + 1, (size_t)(end - found - 1) * sizeof(*found));
	list_changed(c, gone.list);
	emit_contact(c, &gone, true);
	client_result(c, request, ICQ_CLIENT_OK, NULL);
	client_turn(c);
}

size_t icq_client_contact_count(const struct icq_client *c)
{
	return c->roster.count;
}

const struct icq_client_contact *icq_client_contact_at(const struct icq_client *c, size_t i)
{
	return i < c->roster.count ? &c->roster.at[i].pub : NULL;
}

const struct icq_client_contact *icq_client_contact(const struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);

	return contact ? &contact->pub : NULL;
}

/* ---- groups ---------------------------------------------------------------------------- */

/* Its place; group_count: it has no code page. */
static size_t group_find(const struct roster *r, const char *name)
{
	size_t i = 0;

	while (i < r->group_count && strcmp(r->groups[i].name, name) != 0)
		i++;
	return i;
}

int icq_client_group_charset(struct icq_client *c, const char *group, const struct codepage *page)
{
	struct roster *r = &c->roster;
	size_t i = group_find(r, group);
	bool there = i < r->group_count;

	if (strlen(group) >= ICQ_CLIENT_NAME_MAX)
		return -ICQ_ERANGE;
	if (!there && page && r->group_count == ICQ_CLIENT_GROUPS_MAX)
		return -ICQ_EFULL;
	if (!page && there)
		r->groups[i] = r->groups[--r->group_count];
	if (!page)
		return 0;
	memcpy(r->groups[i].name, group, strlen(group) + 1);
	r->groups[i].charset = page;
	r->group_count += !there;
	return 0;
}

const char *icq_client_group_at(const struct icq_client *c, size_t i,
				const struct codepage **page_out)
{
	if (i >= c->roster.group_count)
		return NULL;
	*page_out = c->roster.groups[i].charset;
	return c->roster.groups[i].name;
}

const struct codepage *icq_client_charset(const struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);
	size_t group = contact ? group_find(&c->roster, contact->pub.group) : c->roster.group_count;

	if (contact && contact->pub.charset)
		return contact->pub.charset;
	return group < c->roster.group_count ? c->roster.groups[group].charset : c->conf.charset;
}

void roster_guess_charset(struct icq_client *c, uint32_t uin, uint16_t country)
{
	struct contact *contact = roster_find(c, uin);
	const struct codepage *page = codepage_of_prefix(country);

	if (!contact || contact->pub.charset || !page || page == c->conf.charset ||
	    icq_client_charset(c, uin) != c->conf.charset)
		return;
	contact->pub.charset = page;
	emit_contact(c, &contact->pub, false);
	client_notice(c, LOG_LEVEL_INFO, "charset",
		      "The code page of a contact was guessed from his country; see help charset.");
}
