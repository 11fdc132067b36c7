/* SPDX-License-Identifier: MIT */
/* What the server must be told after a login and after changes, one packet at a time. */
#include "client/engine.h"

#define BIT(chore) (1u << (chore))

/* Both are answered by an acknowledgement and nothing else. */
static int post_text_code(struct icq_client *c, const char *text)
{
	union icq_msg msg = { .c_text_code = { .text = icq_str_of(text), .code = 5 } };

	return client_post(c, M_c_text_code, &msg, LINK_PLAIN, COOKIE_CHORE, 0);
}

static bool part_of(const struct contact *contact, enum chore chore)
{
	if (chore == CHORE_CONTACTS)
		return !contact->told;
	return contact->pub.list ==
	       (chore == CHORE_VISIBLE ? ICQ_CLIENT_VISIBLE : ICQ_CLIENT_INVISIBLE);
}

/* The next part of a list, from chores.at on. */
static int post_list(struct icq_client *c, enum chore chore)
{
	uint8_t uins[4 * ICQ_MAX_contacts];
	struct icq_list list = { .p = uins };
	union icq_msg msg;
	size_t *at = &c->chores.at;

	for (; *at < c->roster.count && list.count < ICQ_MAX_contacts; ++*at) {
		struct contact *contact = &c->roster.at[*at];

		if (!part_of(contact, chore))
			continue;
		icq_uins_set(uins, list.count++, contact->pub.uin);
		if (chore == CHORE_CONTACTS)
			contact->told = true;
	}
	switch (chore) {
	case CHORE_CONTACTS:
		msg.c_contact_list.uins = list;
		return client_post(c, M_c_contact_list, &msg, LINK_PLAIN, COOKIE_CHORE, 0);
	case CHORE_VISIBLE:
		msg.c_visible_list.uins = list;
		return client_post(c, M_c_visible_list, &msg, LINK_PLAIN, COOKIE_CHORE, 0);
	default:
		msg.c_invisible_list.uins = list;
		return client_post(c, M_c_invisible_list, &msg, LINK_PLAIN, COOKIE_CHORE, 0);
	}
}

static int post_status(struct icq_client *c)
{
	union icq_msg msg = { .c_status = { .status = conn_status_word(c) } };

	return client_post(c, M_c_status, &msg, LINK_PLAIN, COOKIE_CHORE, 0);
}

static int post_chore(struct icq_client *c, enum chore chore)
{
	switch (chore) {
	case CHORE_IDS:
		return post_text_code(c, "B_MESSAGE_IDS");
	case CHORE_CONTACTS:
	case CHORE_VISIBLE:
	case CHORE_INVISIBLE:
		return post_list(c, chore);
	case CHORE_STATUS:
		return post_status(c);
	case CHORE_STORED:
		return client_post(c, M_c_offline_messages, NULL, LINK_PLAIN, COOKIE_CHORE, 0);
	case CHORE_CONFIRM:
		return client_post(c, M_c_ack_messages, NULL, LINK_PLAIN, COOKIE_CHORE, 0);
	case CHORE_NONE:
		break;
	}
	return 0;
}

void chores_reset(struct icq_client *c)
{
	c->chores = (struct chores){ .current = CHORE_NONE };
	c->chores.todo = BIT(CHORE_IDS) | BIT(CHORE_STORED);
	if (c->roster.count)
		c->chores.todo |= BIT(CHORE_CONTACTS);
	if (roster_has_list(c, ICQ_CLIENT_VISIBLE))
		c->chores.todo |= BIT(CHORE_VISIBLE);
	if (roster_has_list(c, ICQ_CLIENT_INVISIBLE))
		c->chores.todo |= BIT(CHORE_INVISIBLE);
	if (conn_status_word(c) >> 16)
		c->chores.todo |= BIT(CHORE_STATUS);
}

void chores_add(struct icq_client *c, enum chore chore)
{
	c->chores.todo |= BIT(chore);
}

void chores_turn(struct icq_client *c)
{
	struct chores *ch = &c->chores;
	unsigned chore = 0;

	if (c->state != ICQ_CLIENT_ONLINE || ch->current != CHORE_NONE || !ch->todo)
		return;
	while (!(ch->todo & 1u << chore))
		chore++;
	ch->at = 0;
	if (post_chore(c, (enum chore)chore) < 0)
		return;
	ch->todo &= ~(1u << chore);
	ch->current = (enum chore)chore;
}

/* Has a list more to send than what went out so far? */
static bool list_goes_on(const struct icq_client *c, enum chore chore)
{
	for (size_t i = c->chores.at; i < c->roster.count; i++)
		if (part_of(&c->roster.at[i], chore))
			return true;
	return false;
}

void chores_acked(struct icq_client *c)
{
	struct chores *ch = &c->chores;
	enum chore chore = ch->current;

	if (chore >= CHORE_CONTACTS && chore <= CHORE_INVISIBLE && list_goes_on(c, chore) &&
	    post_list(c, chore) == 0)
		return;
	ch->current = CHORE_NONE;
	if (chore == CHORE_IDS) {
		ch->ids = true;
		conn_welcomed(c);
	}
	if (chore == CHORE_STATUS && !(ch->todo & BIT(CHORE_STATUS)))
		await_done_all(c, AWAIT_STATUS);
}
