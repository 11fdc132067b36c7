/* SPDX-License-Identifier: MIT */
/* The places of a chat: who has one, and for whom one is kept. */
#include <stdio.h>

#include "client/engine.h"

enum { COME_MS = 60000 }; /* from an accepted request to the stream */

/* ---- people ---------------------------------------------------------------------------- */

struct chatter *chatter_on(struct chat *chat, uint32_t stream)
{
	for (struct chatter *who = chat->people; who < chat->people + CHAT_PEOPLE_MAX; who++)
		if (who->stream == stream)
			return who;
	return NULL;
}

struct chatter *chatter_named(struct chat *chat, uint32_t uin)
{
	for (struct chatter *who = chat->people; who < chat->people + CHAT_PEOPLE_MAX; who++)
		if (who->stream && who->uin == uin)
			return who;
	return NULL;
}

struct chatter *chatter_new(struct icq_client *c, struct chat *chat, const struct branch *b,
			    enum chatter_stage stage)
{
	struct chatter *who = chatter_on(chat, 0);

	if (!who)
		return NULL;
	*who = (struct chatter){ .stream = b->stream,
				 .uin = b->uin,
				 .at = b->at,
				 .stage = stage,
				 .until_ms = c->now.mono_ms + CHAT_SETUP_MS,
				 .budget = CHAT_BUDGET,
				 .budget_ms = c->now.mono_ms };
	return who;
}

bool chat_has_company(const struct chat *chat)
{
	for (const struct chatter *who = chat->people; who < chat->people + CHAT_PEOPLE_MAX; who++)
		if (who->stream && who->stage >= CHATTER_COLOR_FONT)
			return true;
	return false;
}

struct icq_str chat_names(const struct chat *chat, char out[CHAT_NAMES_MAX])
{
	size_t len = 0;

	out[0] = 0;
	for (const struct chatter *who = chat->people; who < chat->people + CHAT_PEOPLE_MAX; who++)
		if (who->stream && who->stage == CHATTER_TALK)
			len += (size_t)snprintf(out + len, CHAT_NAMES_MAX - len, "%s%u",
						len ? ", " : "", who->uin);
	return icq_str_of(out);
}

/* ---- guests ---------------------------------------------------------------------------- */

struct chat_guest *chat_guest_of(struct chat *chat, uint32_t uin)
{
	for (struct chat_guest *g = chat->guests; g < chat->guests + CHAT_PEOPLE_MAX; g++)
		if (g->uin == uin)
			return g;
	return NULL;
}

bool chat_expect(struct icq_client *c, struct chat *chat, uint32_t uin, uint32_t request)
{
	struct chat_guest *guest = chat_guest_of(chat, uin);

	if (!guest)
		guest = chat_guest_of(chat, 0);
	if (!guest)
		return false;
	*guest = (struct chat_guest){ .uin = uin,
				      .request = request,
				      .until_ms = request ? NEVER_MS : c->now.mono_ms + COME_MS };
	return true;
}

void chat_expect_no_more(struct chat *chat, uint32_t uin)
{
	struct chat_guest *guest = chat_guest_of(chat, uin);

	if (guest)
		*guest = (struct chat_guest){ 0 };
}

/* ---- time ------------------------------------------------------------------------------ */

int64_t chat_deadline(const struct chat *chat)
{
	int64_t first = NEVER_MS;

	for (size_t i = 0; i < CHAT_PEOPLE_MAX; i++) {
		const struct chatter *who = &chat->people[i];
		const struct chat_guest *guest = &chat->guests[i];

		if (guest->uin && guest->until_ms < first)
			first = guest->until_ms;
		if (who->stream && who->until_ms < first)
			first = who->until_ms;
	}
	return first;
}
