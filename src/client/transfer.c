/* SPDX-License-Identifier: MIT */
/* Transfers of files, from the request to the end of the stream. */
#include "client/engine.h"

#include <stdlib.h>
#include <string.h>

enum { COME_MS = 60000 }; /* for the other side to connect */

static struct transfer *find(struct icq_client *c, uint32_t number)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i] && c->direct.transfers[i]->number == number)
			return c->direct.transfers[i];
	return NULL;
}

/* NULL: no room, or no memory. */
static struct transfer *transfer_new(struct icq_client *c)
{
	struct transfer **place = c->direct.transfers;

	while (place < c->direct.transfers + TRANSFERS_MAX && *place)
		place++;
	if (place == c->direct.transfers + TRANSFERS_MAX)
		return NULL;
	*place = calloc(1, sizeof(**place));
	if (*place)
		(*place)->until_ms = NEVER_MS;
	return *place;
}

static void transfer_free(struct icq_client *c, struct transfer *t)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i] == t)
			c->direct.transfers[i] = NULL;
	free(t);
}

static void enter(struct icq_client *c, struct transfer *t, enum icq_client_transfer_state state,
		  const char *reason, struct icq_str text)
{
	t->state = state;
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_TRANSFER,
			       .transfer = { .number = t->number,
					     .uin = t->uin,
					     .state = state,
					     .sending = t->sending,
					     .name = { t->name, t->name_len },
					     .size = t->size,
					     .reason = reason,
					     .text = text,
					     .charset = icq_client_charset(c, t->uin) } });
}

/* It is over: the stream, the listener and the transfer itself go. */
static void end(struct icq_client *c, struct transfer *t, enum icq_client_transfer_state state,
		const char *reason)
{
	struct branch *b = t->stream ? branch_of(c, t->stream) : NULL;

	branch_listen_end(c, t->number);
	if (b)
		branch_close(c, b);
	enter(c, t, state, reason, (struct icq_str){ 0 });
	transfer_free(c, t);
}

/* ---- the request ----------------------------------------------------------------------- */

static void fill(struct transfer *t, const struct icq_client_request *pub)
{
	t->number = pub->number;
	t->uin = pub->uin;
	t->sending = pub->ours;
	t->size = pub->size;
	t->name_len = pub->name.len;
	if (pub->name.len)
		memcpy(t->name, pub->name.p, pub->name.len);
}

uint32_t icq_client_send_files(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
			       const struct icq_client_file *files, size_t count,
			       struct icq_str text)
{
	struct icq_client_request pub = { .kind = ICQ_CLIENT_FILE,
					  .ours = true,
					  .uin = uin,
					  .text = text,
					  .name = files[0].name,
					  .size = files[0].size };
	struct transfer *t;

	(void)count;
	c->now = now;
	t = transfer_new(c);
	if (!t) {
		client_result(c, request, ICQ_CLIENT_BUSY, "too many transfers");
		return 0;
	}
	pub.number = request_make(c, &pub, 0, request);
	fill(t, &pub);
	if (!pub.number)
		transfer_free(c, t);
	client_turn(c);
	return pub.number;
}

static enum icq_client_error on_accept(struct icq_client *c, struct request *r)
{
	struct transfer *t = transfer_new(c);
	uint16_t port;

	if (!t)
		return ICQ_CLIENT_BUSY;
	fill(t, &r->pub);
	t->host = r->from;
	if (branch_listen(c, &transfer_session, t->number, &port) < 0) {
		transfer_free(c, t);
		return ICQ_CLIENT_NO_DIRECT;
	}
	t->until_ms = c->now.mono_ms + COME_MS;
	request_accept(c, r, port);
	enter(c, t, ICQ_CLIENT_TRANSFER_WAITING, NULL, (struct icq_str){ 0 });
	return ICQ_CLIENT_OK;
}

static void on_accepted(struct icq_client *c, const struct request *r, const struct addr *at)
{
	struct transfer *t = find(c, r->pub.number);
	struct branch *b = branch_connect(c, &transfer_session, t->number, t->uin, at);

	if (b)
		t->stream = b->stream;
	else
		end(c, t, ICQ_CLIENT_TRANSFER_FAILED, "unreachable");
}

static void on_ended(struct icq_client *c, const struct request *r, const char *reason,
		     struct icq_str text)
{
	struct transfer *t = find(c, r->pub.number), his = { 0 };

	fill(&his, &r->pub);
	enter(c, &his, ICQ_CLIENT_TRANSFER_STOPPED, reason, text);
	if (t)
		transfer_free(c, t);
}

/* ---- the stream ------------------------------------------------------------------------ */

static bool on_welcomes(struct icq_client *c, const struct branch *b)
{
	const struct transfer *t = find(c, b->number);

	return t && !t->stream && t->uin == b->uin && addr_same_host(&t->host, &b->at);
}

static void on_opened(struct icq_client *c, struct branch *b)
{
	struct transfer *t = find(c, b->number);

	t->stream = b->stream;
	t->until_ms = NEVER_MS;
	branch_listen_end(c, t->number);
	enter(c, t, ICQ_CLIENT_TRANSFER_RUNNING, NULL, (struct icq_str){ 0 });
}

static void on_packet(struct icq_client *c, struct branch *b, const uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
	end(c, find(c, b->number), ICQ_CLIENT_TRANSFER_FAILED, "malformed");
}

static void on_room(struct icq_client *c, struct branch *b)
{
	(void)c;
	(void)b;
}

static void on_closed(struct icq_client *c, const struct branch *b, const char *reason)
{
	struct transfer *t = find(c, b->number);

	t->stream = 0;
	end(c, t, ICQ_CLIENT_TRANSFER_FAILED, reason);
}

/* ---- the end --------------------------------------------------------------------------- */

static bool on_cancel(struct icq_client *c, uint32_t number)
{
	struct transfer *t = find(c, number);

	if (t)
		end(c, t, ICQ_CLIENT_TRANSFER_STOPPED, "cancelled");
	return t;
}

static void on_end_all(struct icq_client *c)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i])
			end(c, c->direct.transfers[i], ICQ_CLIENT_TRANSFER_STOPPED, "logout");
}

static void on_tick(struct icq_client *c)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i] && c->direct.transfers[i]->until_ms <= c->now.mono_ms)
			end(c, c->direct.transfers[i], ICQ_CLIENT_TRANSFER_FAILED, "timeout");
}

static int64_t on_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i] && c->direct.transfers[i]->until_ms < first)
			first = c->direct.transfers[i]->until_ms;
	return first;
}

const struct session_kind transfer_session = {
	.accept = on_accept,
	.accepted = on_accepted,
	.ended = on_ended,
	.cancel = on_cancel,
	.end_all = on_end_all,
	.tick = on_tick,
	.deadline = on_deadline,
	.welcomes = on_welcomes,
	.opened = on_opened,
	.packet = on_packet,
	.room = on_room,
	.closed = on_closed,
};
