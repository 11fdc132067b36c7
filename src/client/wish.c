/* SPDX-License-Identifier: MIT */
/*
 * What we want of another client: that it takes a message or a request, tells its away text, or is
 * there at all. A wish uses an open connection or makes one; where that fails, it has the other
 * client make one. If it breaks before the answer, a second one; then the wish fails, and a message
 * goes through the server instead.
 */
#include "client/engine.h"

enum { ANSWER_MS = 10000 };

/* ---- the end of a wish ----------------------------------------------------------------- */

static void fail(struct icq_client *c, struct wish *w)
{
	struct wish was = *w;

	*w = (struct wish){ 0 };
	if (was.kind == WISH_MESSAGE)
		outbox_not_taken(c, was.request);
	else if (was.kind == WISH_REQUEST)
		request_unsent(c, (uint32_t)was.request);
	else
		client_result(c, was.request, ICQ_CLIENT_NO_DIRECT, "there is no connection");
}

static void tell_away_text(struct icq_client *c, const struct wish *w, struct icq_str text)
{
	const struct contact *contact = roster_find(c, w->uin);

	if (!w->request)
		return;
	client_emit(
		c, &(struct icq_client_event){
			   .kind = ICQ_CLIENT_EV_RESULT,
			   .result = { .request = w->request,
				       .peeked = true,
				       .status = contact ? contact->pub.status : ICQ_STATUS_offline,
				       .charset = icq_client_charset(c, w->uin),
				       .text = text } });
}

void wish_answered(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m)
{
	for (struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++) {
		if (w->kind == WISH_NONE || w->stream != peer->stream || w->sequence != m->sequence)
			continue;

		struct wish was = *w;

		*w = (struct wish){ 0 };
		if (was.kind == WISH_MESSAGE)
			outbox_taken(c, was.request, m->status, m->text);
		else
			tell_away_text(c, &was, m->text);
		return;
	}
}

/* ---- on the way ------------------------------------------------------------------------ */

/* Whoever is asked answers with the text he has, whichever it is called. */
static uint16_t peek_type(struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);

	switch (contact ? contact->pub.status : ICQ_STATUS_away) {
	case ICQ_STATUS_occupied:
		return T_occupied_text;
	case ICQ_STATUS_na:
		return T_na_text;
	case ICQ_STATUS_dnd:
		return T_dnd_text;
	case ICQ_STATUS_ffc:
		return T_ffc_text;
	default:
		return T_away_text;
	}
}

static void send_wish(struct icq_client *c, struct peer *peer, struct wish *w)
{
	const struct parcel *parcel = &c->direct.parcel;
	union icq_msg msg;

	if (w->kind == WISH_OPEN || w->kind == WISH_REQUEST) {
		struct wish was = *w;

		*w = (struct wish){ 0 };
		if (was.kind == WISH_OPEN)
			client_result(c, was.request, ICQ_CLIENT_OK, NULL);
		else
			request_send(c, peer, (uint32_t)was.request);
		return;
	}
	direct_preset(c, peer, &msg);
	if (w->kind == WISH_MESSAGE) {
		msg.t_message.type = parcel->type;
		msg.t_message.flags = parcel->flags;
		msg.t_message.text = (struct icq_str){ parcel->text, parcel->len };
	} else {
		msg.t_message.type = peek_type(c, w->uin);
	}
	msg.t_message.sequence = w->sequence = peer->sequence--;
	w->stream = peer->stream;
	w->until_ms = c->now.mono_ms + ANSWER_MS;
	peer_say(c, peer, M_t_message, &msg);
}

void wish_opened(struct icq_client *c, struct peer *peer)
{
	for (struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++)
		if (w->kind != WISH_NONE && w->uin == peer->uin && !w->stream)
			send_wish(c, peer, w);
}

static bool have_him_come(struct icq_client *c, struct wish *w)
{
	int64_t until_ms = w->summoned ? 0 : summon(c, w->uin);

	if (!until_ms)
		return false;
	w->summoned = true;
	w->until_ms = until_ms;
	return true;
}

/* Right after a login; messages take the server then. */
static bool wait_for_news(struct icq_client *c, struct wish *w)
{
	int64_t until_ms = w->kind == WISH_MESSAGE ? 0 : reach_early(c, w->uin);

	w->early = until_ms != 0;
	if (w->early)
		w->until_ms = until_ms;
	return w->early;
}

/* Over the connection there is, or a new one. */
static bool pursue(struct icq_client *c, struct wish *w)
{
	struct peer *peer = peer_to(c, w->uin);
	struct addr to;

	if (peer && peer->state == PEER_OPEN)
		send_wish(c, peer, w);
	else if (!peer && reach_address(c, w->uin, &to))
		return peer_connect(c, w->uin, &to) == 0;
	else if (!peer)
		return have_him_come(c, w) || wait_for_news(c, w);
	return true;
}

void wish_told(struct icq_client *c, uint32_t uin)
{
	for (struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++) {
		if (w->kind == WISH_NONE || !w->early || (uin && w->uin != uin))
			continue;
		w->early = false;
		w->until_ms = NEVER_MS;
		if (!pursue(c, w))
			fail(c, w);
	}
}

/* The connection broke before the answer. */
static bool pursue_again(struct icq_client *c, struct wish *w)
{
	if (w->again)
		return false;
	w->again = true;
	w->stream = 0;
	w->until_ms = NEVER_MS;
	return pursue(c, w);
}

bool wish_make(struct icq_client *c, enum wish_kind kind, uint32_t uin, uint64_t request)
{
	struct wish *w = c->direct.wishes, *end = w + WISHES_MAX;

	while (w < end && w->kind != WISH_NONE)
		w++;
	if (w == end || (!reach_possible(c, uin) && !reach_early(c, uin)))
		return false;
	*w = (struct wish){ .kind = kind, .uin = uin, .request = request, .until_ms = NEVER_MS };
	if (pursue(c, w))
		return true;
	*w = (struct wish){ 0 };
	return false;
}

void wish_lost(struct icq_client *c, const struct peer *peer)
{
	for (struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++) {
		bool waited = !w->stream && w->until_ms == NEVER_MS && w->uin == peer->uin &&
			      peer->state == PEER_CONNECTING;

		if (w->kind == WISH_NONE || (!waited && w->stream != peer->stream))
			continue;
		if (waited ? !have_him_come(c, w) : !pursue_again(c, w))
			fail(c, w);
	}
}

void wish_forget_all(struct icq_client *c)
{
	for (struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++) {
		struct wish was = *w;

		*w = (struct wish){ 0 };
		if (was.kind == WISH_PEEK || was.kind == WISH_OPEN)
			client_result(c, was.request, ICQ_CLIENT_NOT_ONLINE, NULL);
	}
}

/* ---- time ------------------------------------------------------------------------------ */

/* A client that does not answer is gone, whatever its stream says; one that does not come either
 * cannot or does not want to. */
void wish_tick(struct icq_client *c)
{
	for (struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++) {
		struct peer *peer = peer_of(c, w->stream);

		if (w->kind == WISH_NONE || w->until_ms > c->now.mono_ms)
			continue;
		if (peer)
			peer_close(c, peer, "silence");
		else
			fail(c, w);
	}
}

int64_t wish_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (const struct wish *w = c->direct.wishes; w < c->direct.wishes + WISHES_MAX; w++)
		if (w->kind != WISH_NONE && w->until_ms < first)
			first = w->until_ms;
	return first;
}

/* ---- commands -------------------------------------------------------------------------- */

static void command(struct icq_client *c, enum wish_kind kind, uint64_t request, uint32_t uin)
{
	if (c->state != ICQ_CLIENT_ONLINE)
		client_result(c, request, ICQ_CLIENT_NOT_ONLINE, NULL);
	else if (!wish_make(c, kind, uin, request))
		client_result(c, request, ICQ_CLIENT_NO_DIRECT,
			      "this user cannot be reached directly");
	client_turn(c);
}

void icq_client_peek(struct icq_client *c, struct now now, uint64_t request, uint32_t uin)
{
	c->now = now;
	command(c, WISH_PEEK, request, uin);
}

static void close_to(struct icq_client *c, uint64_t request, uint32_t uin)
{
	bool found = false;

	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *peer = c->direct.peers[i];

		if (!peer || peer->uin != uin)
			continue;
		found = true;
		peer_close(c, peer, "asked");
	}
	client_result(c, request, found ? ICQ_CLIENT_OK : ICQ_CLIENT_NOT_FOUND, NULL);
	client_turn(c);
}

void icq_client_peer(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		     bool open)
{
	c->now = now;
	if (open)
		command(c, WISH_OPEN, request, uin);
	else
		close_to(c, request, uin);
}
