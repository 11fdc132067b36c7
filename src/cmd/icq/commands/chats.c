/* SPDX-License-Identifier: MIT */
/* Chats: their commands and events. */
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/commands/call.h"
#include "cmd/texts.h"
#include "io/clock.h"

enum { TYPED_MAX = 8000 }; /* bytes of UTF-8 at once */

/* ---- commands -------------------------------------------------------------------------- */

void do_chat(struct call *c)
{
	uint32_t uin = call_uin(c, "uin", REQUIRED);
	uint32_t session = (uint32_t)call_number(c, "session", OPTIONAL, 1, UINT32_MAX);
	const char *text = call_text(c, "text", OPTIONAL);
	uint8_t bytes[ICQ_MAX_old_text + 1];
	struct icq_str reason = { 0 };

	if (!c->bad)
		reason = call_encode(c, "text", text, uin, bytes, sizeof(bytes));
	if (!c->bad)
		icq_client_chat(c->client, clock_now(), c->request, uin, reason, session);
}

/* As it is, or as a line of its own. */
static void type(struct call *c, uint32_t session, const char *text, bool line)
{
	char keys[TYPED_MAX + 2];
	size_t n = strlen(text);

	if (n > TYPED_MAX) {
		call_refuse(c, "too_long", NULL);
		return;
	}
	memcpy(keys, text, n);
	keys[n] = '\n';
	keys[n + line] = 0;
	icq_client_chat_type(c->client, clock_now(), c->request, session, keys);
}

void do_chat_text(struct call *c)
{
	static const char *const ways[] = { "line", "keys", NULL };
	uint32_t session = (uint32_t)call_number(c, "session", REQUIRED, 1, UINT32_MAX);
	const char *text = call_text(c, "text", REQUIRED);
	int way = call_choice(c, "as", ways);

	if (!c->bad)
		type(c, session, text, way == 0);
}

/* ---- events ---------------------------------------------------------------------------- */

static json_t *event_of(const struct icq_client_event *e)
{
	bool says = e->chat.what == ICQ_CLIENT_CHAT_TEXT || e->chat.what == ICQ_CLIENT_CHAT_TYPING;
	char *text = texts_decode(e->chat.charset, e->chat.text);
	json_t *ev = json_pack("{s:s,s:I,s:s}", "ev", "chat", "session",
			       (json_int_t)e->chat.session, "event",
			       icq_client_chat_event_name(e->chat.what));

	if (e->chat.uin)
		json_object_set_new(ev, "uin", json_integer(e->chat.uin));
	if (says || e->chat.text.len)
		json_object_set_new(ev, "text", json_string(text ? text : ""));
	if (e->chat.reason)
		json_object_set_new(ev, "reason", json_string(e->chat.reason));
	if (e->chat.what == ICQ_CLIENT_CHAT_OPEN)
		json_object_set_new(ev, "verified",
				    e->chat.matches ? json_string("address") : json_false());
	free(text);
	return ev;
}

void chats_take(struct app *a, const struct icq_client_event *e)
{
	if (e->chat.what != ICQ_CLIENT_CHAT_TYPING || a->face->watches)
		app_emit(a, event_of(e));
}
