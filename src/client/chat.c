/* SPDX-License-Identifier: MIT */
/* Who takes part in a chat: invitations, newcomers, those who leave, and the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/engine.h"

#define NOTHING ((struct icq_str){ 0 })

/* ---- looking for things ---------------------------------------------------------------- */

struct chat *chat_of(struct icq_client *c, uint32_t number)
{
	for (size_t i = 0; i < CHATS_MAX; i++)
		if (c->direct.chats[i] && c->direct.chats[i]->number == number)
			return c->direct.chats[i];
	return NULL;
}

static struct chat *chat_at_port(struct icq_client *c, uint16_t port)
{
	for (size_t i = 0; i < CHATS_MAX; i++)
		if (c->direct.chats[i] && c->direct.chats[i]->port == port)
			return c->direct.chats[i];
	return NULL;
}

/* ---- the beginning and the end --------------------------------------------------------- */

void chat_tell(struct icq_client *c, const struct chat *chat, const struct chatter *who,
	       enum icq_client_chat_event what, struct icq_str text)
{
	uint32_t uin = who ? who->uin : 0;
	struct icq_client_event ev = {
		.kind = ICQ_CLIENT_EV_CHAT,
		.chat = { .session = chat->number,
			  .what = what,
			  .uin = uin,
			  .matches = who && reach_matches(c, uin, &who->at),
			  .text = text,
			  .charset = icq_client_charset(c, uin) },
	};

	client_emit(c, &ev);
}

/* NULL: there are too many, or no memory. */
static struct chat *chat_new(struct icq_client *c, uint32_t number)
{
	struct chat **at = c->direct.chats;

	while (at < c->direct.chats + CHATS_MAX && *at)
		at++;
	if (at == c->direct.chats + CHATS_MAX || !(*at = calloc(1, sizeof(**at))))
		return NULL;
	(*at)->number = number;
	c->env.random(c->env.ctx, &(*at)->session, sizeof((*at)->session));
	return *at;
}

/* Nobody is asked to join any more. */
static void chat_drop(struct icq_client *c, struct chat *chat)
{
	struct request *r;

	branch_listen_end(c, chat->number);
	for (size_t i = 0; i < CHATS_MAX; i++)
		if (c->direct.chats[i] == chat)
			c->direct.chats[i] = NULL;
	for (size_t i = 0; i < CHAT_PEOPLE_MAX; i++)
		if ((r = request_find(c, chat->guests[i].request)))
			request_withdraw(c, r, "cancelled");
	free(chat);
}

/* The event that is the last of a chat, or of a request for one. */
static void tell_end(struct icq_client *c, uint32_t number, uint32_t uin, const char *reason,
		     struct icq_str text)
{
	struct icq_client_event ev = { .kind = ICQ_CLIENT_EV_CHAT,
				       .chat = { .session = number,
						 .what = ICQ_CLIENT_CHAT_CLOSE,
						 .reason = reason,
						 .text = text,
						 .charset = icq_client_charset(c, uin) } };

	client_emit(c, &ev);
}

/* Ends it when there is nobody, and nobody may come any more. */
static void check_end(struct icq_client *c, struct chat *chat, const char *reason)
{
	uint32_t number = chat->number;

	for (size_t i = 0; i < CHAT_PEOPLE_MAX; i++)
		if (chat->people[i].stream || chat->guests[i].uin)
			return;
	chat_drop(c, chat);
	tell_end(c, number, 0, reason, NOTHING);
}

/* ---- people ---------------------------------------------------------------------------- */

/* His stream is gone. */
static void forget(struct icq_client *c, struct chat *chat, struct chatter *who, const char *reason)
{
	bool talked = who->stage == CHATTER_TALK;

	who->stream = 0;
	if (talked) {
		chat_finish_line(c, chat, who);
		chat_tell(c, chat, who, ICQ_CLIENT_CHAT_CLOSE, NOTHING);
	}
	check_end(c, chat, reason);
}

void chat_leave(struct icq_client *c, struct chat *chat, struct chatter *who, const char *reason)
{
	branch_close(c, branch_of(c, who->stream));
	forget(c, chat, who, reason);
}

static bool connect_to(struct icq_client *c, struct chat *chat, uint32_t uin, const struct addr *to)
{
	struct branch *b = NULL;

	if (chatter_on(chat, 0))
		b = branch_connect(c, &chat_session, chat->number, uin, to);
	return b && chatter_new(c, chat, b, CHATTER_CONNECTION);
}

/* Where a contact is the server knows better than whoever is in a chat. */
static bool way_to(struct icq_client *c, const struct icq_e_chat_user *user, struct addr *out)
{
	uint32_t port = user->port ? user->port : peer_reversed_port(user->reversed_port);

	return reach_known(c, user->uin) ? reach_port(c, user->uin, port, out)
					 : reach_place(c, user->ip, user->inner_ip, port, out);
}

void chat_meet(struct icq_client *c, struct chat *chat, const struct icq_e_chat_user *user)
{
	uint32_t uin = user->uin;
	struct addr to;

	if (uin && uin != c->uin && !roster_ignores(c, uin) && !chatter_named(chat, uin) &&
	    chat->met < CHAT_MEET_MAX && way_to(c, user, &to))
		chat->met += connect_to(c, chat, uin, &to);
}

void chat_welcome(struct icq_client *c, struct branch *b, struct chat *chat, struct chatter *who)
{
	b->raw = true;
	who->stage = CHATTER_TALK;
	who->until_ms = NEVER_MS;
	chat_expect_no_more(chat, who->uin);
	chat_tell(c, chat, who, ICQ_CLIENT_CHAT_OPEN, NOTHING);
}

/* ---- what branches tell ---------------------------------------------------------------- */

/* Two who were told of each other at the same time connect twice: the stream of the one with the
 * higher number stays. */
static bool crosses_well(struct icq_client *c, struct chat *chat, uint32_t uin)
{
	struct chatter *who = chatter_named(chat, uin);
	bool ours = who && (who->stage == CHATTER_CONNECTION || who->stage == CHATTER_COLOR_FONT);

	if (!who)
		return true;
	if (!ours || uin < c->uin)
		return false;
	branch_close(c, branch_of(c, who->stream));
	who->stream = 0;
	return true;
}

/* Whoever the server says is elsewhere is somebody else. */
static bool is_elsewhere(struct icq_client *c, const struct branch *b)
{
	return reach_known(c, b->uin) && !reach_matches(c, b->uin, &b->at);
}

static bool on_welcomes(struct icq_client *c, const struct branch *b)
{
	struct chat *chat = chat_of(c, b->number);

	if (!chat || roster_ignores(c, b->uin) || is_elsewhere(c, b))
		return false;
	if (!chat_guest_of(chat, b->uin) && !chat_has_company(chat))
		return false;
	return crosses_well(c, chat, b->uin) && chatter_on(chat, 0);
}

static void on_opened(struct icq_client *c, struct branch *b)
{
	struct chat *chat = chat_of(c, b->number);
	struct chatter *who = chatter_on(chat, b->stream);

	if (who) {
		who->until_ms = c->now.mono_ms + CHAT_SETUP_MS;
		chat_begin(c, b, chat, who);
	} else {
		chatter_new(c, chat, b, CHATTER_COLOR);
	}
}

static void on_packet(struct icq_client *c, struct branch *b, const uint8_t *p, size_t n)
{
	struct chat *chat = chat_of(c, b->number);
	struct chatter *who = chatter_on(chat, b->stream);
	const char *why = NULL;

	if (b->raw)
		why = chat_hear(c, chat, who, p, n);
	else if (!chat_introduce(c, b, chat, who, p, n))
		why = "malformed";
	if (why)
		chat_leave(c, chat, who, why);
}

static void on_closed(struct icq_client *c, const struct branch *b, const char *reason)
{
	struct chat *chat = chat_of(c, b->number);
	struct chatter *who = chat ? chatter_on(chat, b->stream) : NULL;

	if (who)
		forget(c, chat, who, reason);
}

/* ---- what requests tell ---------------------------------------------------------------- */

/* Somebody's chat is under way at his port: there we go. */
static bool join(struct icq_client *c, struct chat *chat, const struct request *r)
{
	struct addr to;

	return reach_place(c, addr_ip4(&r->from), 0, r->port, &to) &&
	       connect_to(c, chat, r->pub.uin, &to);
}

static enum icq_client_error on_accept(struct icq_client *c, struct request *r)
{
	struct chat *chat = chat_new(c, r->pub.number);
	bool listens, ready;

	if (!chat)
		return ICQ_CLIENT_BUSY;
	listens = branch_listen(c, &chat_session, chat->number, &chat->port) == 0;
	ready = r->port ? join(c, chat, r) : listens && chat_expect(c, chat, r->pub.uin, 0);
	if (!ready) {
		chat_drop(c, chat);
		return ICQ_CLIENT_NO_DIRECT;
	}
	request_accept(c, r, chat->port);
	return ICQ_CLIENT_OK;
}

/* He comes to our port when he was asked to join; else we go to his. */
static void on_accepted(struct icq_client *c, const struct request *r, const struct addr *at)
{
	struct chat *chat = r->port ? chat_at_port(c, r->port) : chat_new(c, r->pub.number);

	if (r->port) {
		if (chat && !chatter_named(chat, r->pub.uin))
			chat_expect(c, chat, r->pub.uin, 0);
		return;
	}
	if (!chat) {
		tell_end(c, r->pub.number, r->pub.uin, "busy", NOTHING);
		return;
	}
	/* Without a port of our own we can talk with him, but nobody else can join us. */
	branch_listen(c, &chat_session, chat->number, &chat->port);
	if (!connect_to(c, chat, r->pub.uin, at))
		check_end(c, chat, "unreachable");
}

static void on_ended(struct icq_client *c, const struct request *r, const char *reason,
		     struct icq_str text)
{
	struct chat *chat = r->port && r->pub.ours ? chat_at_port(c, r->port) : NULL;
	struct chat_guest *guest = chat ? chat_guest_of(chat, r->pub.uin) : NULL;

	tell_end(c, r->pub.number, r->pub.uin, reason, text);
	if (guest && guest->request == r->pub.number) {
		*guest = (struct chat_guest){ 0 };
		check_end(c, chat, NULL);
	}
}

/* ---- commands -------------------------------------------------------------------------- */

static void ask_to_join(struct icq_client *c, uint64_t request, struct icq_client_request *pub,
			struct chat *chat)
{
	char names[CHAT_NAMES_MAX];
	uint32_t number;

	if (chatter_named(chat, pub->uin) || chat_guest_of(chat, pub->uin))
		client_result(c, request, ICQ_CLIENT_BUSY, "he is there, or was asked");
	else if (!chatter_on(chat, 0) || !chat_guest_of(chat, 0))
		client_result(c, request, ICQ_CLIENT_BUSY, "the chat is full");
	else if (!chat->port)
		client_result(c, request, ICQ_CLIENT_NO_DIRECT, "nobody could connect");
	else {
		pub->name = chat_names(chat, names);
		number = request_make(c, pub, chat->port, request);
		if (number)
			chat_expect(c, chat, pub->uin, number);
	}
}

void icq_client_chat(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		     struct icq_str text, uint32_t session)
{
	struct icq_client_request pub = {
		.kind = ICQ_CLIENT_CHAT, .ours = true, .uin = uin, .text = text
	};
	struct chat *chat = session ? chat_of(c, session) : NULL;

	c->now = now;
	if (!session)
		request_make(c, &pub, 0, request);
	else if (chat)
		ask_to_join(c, request, &pub, chat);
	else
		client_result(c, request, ICQ_CLIENT_NOT_FOUND, NULL);
	client_turn(c);
}

static bool on_cancel(struct icq_client *c, uint32_t number)
{
	struct chat *chat = chat_of(c, number);

	if (!chat)
		return false;
	for (size_t i = 0; i < CHAT_PEOPLE_MAX; i++)
		if (chat->people[i].stream)
			branch_close(c, branch_of(c, chat->people[i].stream));
	chat_drop(c, chat);
	tell_end(c, number, 0, NULL, NOTHING);
	return true;
}

static void end_all(struct icq_client *c)
{
	for (size_t i = 0; i < CHATS_MAX; i++)
		if (c->direct.chats[i])
			on_cancel(c, c->direct.chats[i]->number);
}

void chats_free(struct icq_client *c)
{
	for (size_t i = 0; i < CHATS_MAX; i++)
		free(c->direct.chats[i]);
}

/* ---- time ------------------------------------------------------------------------------ */

static void tick(struct icq_client *c, struct chat *chat)
{
	for (size_t i = 0; i < CHAT_PEOPLE_MAX; i++) {
		struct chatter *who = &chat->people[i];
		struct chat_guest *guest = &chat->guests[i];

		if (guest->uin && guest->until_ms <= c->now.mono_ms)
			*guest = (struct chat_guest){ 0 };
		if (who->stream && who->until_ms <= c->now.mono_ms) {
			branch_close(c, branch_of(c, who->stream));
			who->stream = 0;
		}
	}
	check_end(c, chat, "timeout");
}

static void on_tick(struct icq_client *c)
{
	for (size_t i = 0; i < CHATS_MAX; i++)
		if (c->direct.chats[i])
			tick(c, c->direct.chats[i]);
}

static int64_t on_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (size_t i = 0; i < CHATS_MAX; i++) {
		int64_t next = c->direct.chats[i] ? chat_deadline(c->direct.chats[i]) : NEVER_MS;

		if (next < first)
			first = next;
	}
	return first;
}

const struct session_kind chat_session = {
	.accept = on_accept,
	.accepted = on_accepted,
	.ended = on_ended,
	.cancel = on_cancel,
	.end_all = end_all,
	.tick = on_tick,
	.deadline = on_deadline,
	.welcomes = on_welcomes,
	.opened = on_opened,
	.packet = on_packet,
	.closed = on_closed,
};
