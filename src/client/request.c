/* SPDX-License-Identifier: MIT */
/*
 * What is asked and not answered yet, by us and by others, in one table: chats and files over a
 * direct connection, with which they end; authorization, and that somebody has listed us, which
 * come as messages.
 */
#include "client/engine.h"

#include <string.h>

enum { EXPIRE_MS = 600000 };

static const struct session_kind *const kinds[] = {
	[ICQ_CLIENT_CHAT] = &chat_session,
	[ICQ_CLIENT_FILE] = &transfer_session,
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool request_has_session(const struct request *r)
{
	return r->pub.number && (size_t)r->pub.kind < KINDS;
}

struct request *request_find(struct icq_client *c, uint32_t number)
{
	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++)
		if (number && r->pub.number == number)
			return r;
	return NULL;
}

/* The one with this sequence on this connection. */
static struct request *find_asked(struct icq_client *c, const struct peer *peer, bool ours,
				  uint32_t sequence)
{
	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++)
		if (request_has_session(r) && r->pub.ours == ours && r->stream == peer->stream &&
		    r->sequence == sequence)
			return r;
	return NULL;
}

/* ---- the table ------------------------------------------------------------------------- */

static void keep_text(struct icq_str *to, uint8_t *bytes, size_t cap, struct icq_str text)
{
	*to = (struct icq_str){ bytes, text.len < cap ? text.len : (uint16_t)cap };
	if (to->len)
		memcpy(bytes, text.p, to->len);
}

/* NULL: no room. */
static struct request *add(struct icq_client *c, const struct icq_client_request *pub)
{
	struct request *r = c->direct.requests;

	while (r < c->direct.requests + REQUESTS_MAX && r->pub.number)
		r++;
	if (r == c->direct.requests + REQUESTS_MAX)
		return NULL;
	*r = (struct request){ .pub = *pub, .until_ms = NEVER_MS };
	r->pub.number = ++c->direct.last_request;
	keep_text(&r->pub.text, r->text, sizeof(r->text), pub->text);
	keep_text(&r->pub.name, r->name, sizeof(r->name), pub->name);
	return r;
}

void request_drop(struct request *r)
{
	r->pub.number = 0;
}

/* May one more chat or transfer be asked, in this direction? */
static bool room_for(const struct icq_client *c, uint32_t uin, bool ours)
{
	unsigned all = 0, his = 0;

	for (const struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX;
	     r++) {
		all += request_has_session(r);
		his += request_has_session(r) && r->pub.uin == uin && r->pub.ours == ours;
	}
	return all < REQUESTS_DIRECT && his < REQUESTS_PER_USER;
}

static void emit_asked(struct icq_client *c, const struct request *r)
{
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_REQUEST,
			       .asked = { .request = &r->pub,
					  .charset = icq_client_charset(c, r->pub.uin) } });
}

void request_result(struct icq_client *c, uint64_t request, enum icq_client_numbered what,
		    uint32_t number)
{
	if (request)
		client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_RESULT,
							   .result = { .request = request,
								       .what = what,
								       .number = number } });
}

void request_end(struct icq_client *c, struct request *r, const char *reason, struct icq_str text)
{
	enum icq_client_error error = c->state == ICQ_CLIENT_ONLINE ? ICQ_CLIENT_NO_DIRECT
								    : ICQ_CLIENT_NOT_ONLINE;

	client_result(c, r->command, error, reason);
	kinds[r->pub.kind]->ended(c, r, reason, text);
	request_drop(r);
}

/* ---- ours ------------------------------------------------------------------------------ */

uint32_t request_make(struct icq_client *c, const struct icq_client_request *pub, uint16_t port,
		      uint64_t command)
{
	struct request *r = NULL;
	uint32_t number;

	if (c->state != ICQ_CLIENT_ONLINE) {
		client_result(c, command, ICQ_CLIENT_NOT_ONLINE, NULL);
		return 0;
	}
	if (!reach_possible(c, pub->uin) && !reach_early(c, pub->uin)) {
		client_result(c, command, ICQ_CLIENT_NO_DIRECT,
			      "he cannot be reached directly, and no server carries this");
		return 0;
	}
	if (room_for(c, pub->uin, true))
		r = add(c, pub);
	if (!r) {
		client_result(c, command, ICQ_CLIENT_BUSY, "too many requests are open");
		return 0;
	}
	number = r->pub.number;
	r->port = port;
	r->command = command;
	if (wish_make(c, WISH_REQUEST, pub->uin, number))
		return number;
	client_result(c, command, ICQ_CLIENT_NO_DIRECT, "there is no connection");
	request_drop(r);
	return 0;
}

static void fill(struct icq_client *c, const struct peer *peer, const struct request *r,
		 union icq_msg *msg)
{
	direct_preset(c, peer, msg);
	msg->t_message.type = r->pub.kind == ICQ_CLIENT_CHAT ? T_chat : T_file;
	msg->t_message.sequence = r->sequence;
}

void request_send(struct icq_client *c, struct peer *peer, uint32_t number)
{
	struct request *r = request_find(c, number);
	uint64_t command = r ? r->command : 0;
	union icq_msg msg;

	if (!r)
		return;
	r->command = 0;
	r->stream = peer->stream;
	r->from = peer->at;
	r->sequence = peer->sequence--;
	r->until_ms = c->now.mono_ms + EXPIRE_MS;
	fill(c, peer, r, &msg);
	msg.t_message.text = r->pub.text;
	msg.t_message.chat_port = r->port;
	msg.t_message.chat_reversed_port = peer_reversed_port(r->port);
	msg.t_message.chat_users = msg.t_message.file_name = r->pub.name;
	msg.t_message.file_size = r->pub.size;
	peer_say(c, peer, M_t_message, &msg);
	request_result(c, command, ICQ_CLIENT_REQUEST, number);
}

void request_unsent(struct icq_client *c, uint32_t number)
{
	struct request *r = request_find(c, number);

	if (r)
		request_end(c, r, "unreachable", (struct icq_str){ 0 });
}

void request_withdraw(struct icq_client *c, struct request *r, const char *reason)
{
	struct peer *peer = peer_of(c, r->stream);
	union icq_msg msg;

	if (peer) {
		fill(c, peer, r, &msg);
		msg.t_message.command = PEER_COMMAND_CANCEL;
		msg.t_message.flags = 0;
		peer_say(c, peer, M_t_message, &msg);
	}
	request_end(c, r, reason, (struct icq_str){ 0 });
}

/* Where the other side listens; 0: nowhere. */
static uint16_t port_in(const struct icq_t_message *m)
{
	bool chat = icq_form_of(m->type) == F_chat;
	uint32_t port = chat ? m->chat_port : m->file_port;

	if (!port)
		port = peer_reversed_port(chat ? m->chat_reversed_port : m->file_reversed_port);
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

bool request_answered(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m)
{
	struct request *r = find_asked(c, peer, true, m->sequence);
	const char *reason = direct_refusal(m->status);
	struct addr at = peer->at;

	if (!r)
		return false;
	at.port = port_in(m);
	if (reason)
		request_end(c, r, reason, m->text);
	else if (!r->port && !reach_allowed(c, addr_ip4(&at), at.port))
		request_end(c, r, "unsafe", (struct icq_str){ 0 });
	else {
		kinds[r->pub.kind]->accepted(c, r, &at);
		request_drop(r);
	}
	return true;
}

/* ---- those of others ------------------------------------------------------------------- */

bool request_take(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m)
{
	bool chat = icq_form_of(m->type) == F_chat;
	struct icq_client_request pub = { .kind = chat ? ICQ_CLIENT_CHAT : ICQ_CLIENT_FILE,
					  .uin = peer->uin,
					  .direct = true,
					  .matches = peer->matches,
					  .text = m->text };
	struct request *r;

	pub.name = chat ? m->chat_users : m->file_name;
	pub.size = chat ? 0 : m->file_size;
	if (!c->env.listen || c->conf.direct == ICQ_CLIENT_DIRECT_OFF ||
	    !room_for(c, peer->uin, false))
		return false;
	r = add(c, &pub);
	if (!r)
		return false;
	r->stream = peer->stream;
	r->from = peer->at;
	r->sequence = m->sequence;
	r->port = chat ? port_in(m) : 0;
	r->until_ms = c->now.mono_ms + EXPIRE_MS;
	emit_asked(c, r);
	return true;
}

void request_withdrawn(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m)
{
	struct request *r = find_asked(c, peer, false, m->sequence);

	if (r)
		request_end(c, r, "withdrawn", m->text);
}

/* Says yes or no; the flags are always 0 there. */
static void answer(struct icq_client *c, const struct request *r, uint16_t status,
		   struct icq_str text, uint16_t port)
{
	struct peer *peer = peer_of(c, r->stream);
	union icq_msg msg;

	if (!peer)
		return;
	fill(c, peer, r, &msg);
	msg.t_message.command = PEER_COMMAND_ACK;
	msg.t_message.flags = 0;
	msg.t_message.status = status;
	msg.t_message.text = text;
	msg.t_message.chat_port = msg.t_message.file_port = port;
	msg.t_message.chat_reversed_port = msg.t_message.file_reversed_port = peer_reversed_port(
		port);
	peer_say(c, peer, M_t_message, &msg);
}

void request_accept(struct icq_client *c, struct request *r, uint16_t port)
{
	answer(c, r, PEER_ACCEPTED, (struct icq_str){ 0 }, port);
	request_drop(r);
}

void request_refuse(struct icq_client *c, struct request *r, struct icq_str text)
{
	answer(c, r, PEER_REFUSED, text, 0);
	request_end(c, r, "refused", (struct icq_str){ 0 });
}

/* ---- those that come as messages ------------------------------------------------------- */

/* Where it goes: a newer one of the same user takes the place of the older, and when all places
 * are taken, the oldest gives way. Chats and files leave half of them free. */
static void make_room(struct icq_client *c, const struct icq_client_request *pub)
{
	struct request *oldest = NULL;
	unsigned count = 0;

	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++) {
		count += r->pub.number != 0;
		if (!r->pub.number || request_has_session(r))
			continue;
		if (r->pub.kind == pub->kind && r->pub.uin == pub->uin) {
			request_drop(r);
			return;
		}
		if (!oldest || r->pub.number < oldest->pub.number)
			oldest = r;
	}
	if (oldest && count == REQUESTS_MAX)
		request_drop(oldest);
}

void request_note(struct icq_client *c, const struct history_job *job)
{
	enum icq_form form = icq_form_of(job->row.type);
	struct icq_client_request pub = { .kind = form == F_added ? ICQ_CLIENT_ADDED
								  : ICQ_CLIENT_AUTH,
					  .uin = job->row.peer,
					  .direct = job->row.via == HISTORY_PEER,
					  .matches = job->row.matches,
					  .msg = job->row.id };
	union icq_text parts;
	struct request *r;

	icq_text_split(form, (struct icq_str){ job->text, job->text_len }, &parts);
	if (form == F_added) {
		pub.name = parts.added.nick;
		pub.text = parts.added.text;
	} else {
		pub.name = parts.auth_request.nick; /* both kinds have the same parts */
		pub.text = parts.auth_request.reason;
	}
	make_room(c, &pub);
	r = add(c, &pub);
	if (r)
		emit_asked(c, r);
}

/* ---- ends ------------------------------------------------------------------------------ */

void request_lost(struct icq_client *c, const struct peer *peer)
{
	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++)
		if (request_has_session(r) && r->stream == peer->stream)
			request_end(c, r, "closed", (struct icq_str){ 0 });
}

void request_reset(struct icq_client *c)
{
	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++)
		if (request_has_session(r))
			request_end(c, r, "closed", (struct icq_str){ 0 });
}

void request_forget_all(struct icq_client *c)
{
	request_reset(c);
	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++)
		request_drop(r);
}

const struct session_kind *request_kind(const struct request *r)
{
	return kinds[r->pub.kind];
}

bool request_cancel_session(struct icq_client *c, uint32_t number)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i]->cancel(c, number))
			return true;
	return false;
}

void request_end_sessions(struct icq_client *c)
{
	for (size_t i = 0; i < KINDS; i++)
		kinds[i]->end_all(c);
}

void request_tick(struct icq_client *c)
{
	for (struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX; r++) {
		if (!request_has_session(r) || r->until_ms > c->now.mono_ms)
			continue;
		if (r->pub.ours)
			request_withdraw(c, r, "expired");
		else
			request_end(c, r, "expired", (struct icq_str){ 0 });
	}
	for (size_t i = 0; i < KINDS; i++)
		kinds[i]->tick(c);
}

int64_t request_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS, due;

	for (const struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX;
	     r++)
		if (request_has_session(r) && r->until_ms < first)
			first = r->until_ms;
	for (size_t i = 0; i < KINDS; i++) {
		due = kinds[i]->deadline(c);
		if (due < first)
			first = due;
	}
	return first;
}
