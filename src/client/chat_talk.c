/* SPDX-License-Identifier: MIT */
/*
 * What is typed in a chat, either way. Others may send every keystroke; their lines are put
 * together here, so that users who want lines get them, and others may watch.
 */
#include <string.h>

#include "client/engine.h"

enum {
	BUDGET_PER_MS = 4, /* bytes in the long run */
	LINE_COST = 64,	   /* beside its bytes: each is a line on somebody's screen */
	BEEP_COST = 4096,
	KEYS_MAX = 8192, /* bytes of UTF-8 in one command */
};

/* ---- what others type ------------------------------------------------------------------ */

static void line_ended(struct icq_client *c, const struct chat *chat, struct chatter *who)
{
	struct icq_str line = { who->line, who->line_len };

	who->line_len = 0;
	who->typed = false;
	chat_tell(c, chat, who, ICQ_CLIENT_CHAT_TEXT, line);
}

void chat_finish_line(struct icq_client *c, const struct chat *chat, struct chatter *who)
{
	if (who->line_len > 0)
		line_ended(c, chat, who);
}

static void append(struct icq_client *c, const struct chat *chat, struct chatter *who,
		   const uint8_t *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (who->line_len == CHAT_LINE_MAX)
			line_ended(c, chat, who);
		who->line[who->line_len++] = text[i];
	}
	who->typed = true;
}

static void take_back(struct chatter *who)
{
	if (who->line_len == 0)
		return;
	who->line_len--;
	who->typed = true;
}

/* Whoever sends more than anybody can read is not typing. */
static bool exceeds(struct icq_client *c, struct chatter *who, size_t cost)
{
	int64_t gained = (c->now.mono_ms - who->budget_ms) * BUDGET_PER_MS;

	who->budget = who->budget + gained < CHAT_BUDGET ? who->budget + gained : CHAT_BUDGET;
	who->budget_ms = c->now.mono_ms;
	who->budget -= (int64_t)cost;
	return who->budget < 0;
}

static const char *take_event(struct icq_client *c, const struct chat *chat, struct chatter *who,
			      enum chat_kind kind)
{
	switch (kind) {
	case CHAT_LINE:
		line_ended(c, chat, who);
		return exceeds(c, who, LINE_COST) ? "flood" : NULL;
	case CHAT_BACKSPACE:
		take_back(who);
		return NULL;
	case CHAT_BEEP:
		chat_tell(c, chat, who, ICQ_CLIENT_CHAT_BEEP, (struct icq_str){ 0 });
		return exceeds(c, who, BEEP_COST) ? "flood" : NULL;
	default:
		return "left";
	}
}

const char *chat_hear(struct icq_client *c, const struct chat *chat, struct chatter *who,
		      const uint8_t *p, size_t n)
{
	const char *why = exceeds(c, who, n) ? "flood" : NULL;
	const uint8_t *text = NULL;
	enum chat_kind kind;
	size_t len = 0;

	while (!why && (kind = chat_take(&who->reader, &p, &n, &text, &len)) != CHAT_NOTHING)
		if (kind == CHAT_TEXT)
			append(c, chat, who, text, len);
		else
			why = take_event(c, chat, who, kind);
	if (!why && who->typed)
		chat_tell(c, chat, who, ICQ_CLIENT_CHAT_TYPING,
			  (struct icq_str){ who->line, who->line_len });
	who->typed = false;
	return why;
}

/* ---- what we type ---------------------------------------------------------------------- */

/* Whoever does not read would get texts with holes: he must leave instead. False: so it was. */
static bool type_to(struct icq_client *c, struct chat *chat, struct chatter *who, const char *keys)
{
	struct branch *b = branch_of(c, who->stream);
	uint8_t bytes[KEYS_MAX];
	size_t lost, n;

	n = codepage_from_utf8(icq_client_charset(c, who->uin), keys, strlen(keys), bytes,
			       sizeof(bytes), &lost);
	n = chat_write(bytes, n, bytes);
	if (branch_room(c, b) < n) {
		chat_leave(c, chat, who, "stalled");
		return false;
	}
	if (n > 0) /* control characters leave nothing of themselves */
		branch_send(c, b, bytes, n);
	return true;
}

static void type_to_all(struct icq_client *c, uint64_t request, uint32_t number, const char *keys)
{
	struct chat *chat = chat_of(c, number);
	unsigned heard = 0;

	if (!chat) {
		client_result(c, request, ICQ_CLIENT_NOT_FOUND, NULL);
		return;
	}
	/* The last one who must leave takes the chat with him. */
	for (size_t i = 0; i < CHAT_PEOPLE_MAX && chat_of(c, number); i++)
		if (chat->people[i].stream && chat->people[i].stage == CHATTER_TALK)
			heard += type_to(c, chat, &chat->people[i], keys);
	if (heard > 0)
		client_result(c, request, ICQ_CLIENT_OK, NULL);
	else
		client_result(c, request, ICQ_CLIENT_BUSY, "nobody is there");
}

void icq_client_chat_type(struct icq_client *c, struct now now, uint64_t request, uint32_t session,
			  const char *keys)
{
	c->now = now;
	if (strlen(keys) > KEYS_MAX)
		client_result(c, request, ICQ_CLIENT_TOO_LONG, NULL);
	else
		type_to_all(c, request, session, keys);
	client_turn(c);
}
