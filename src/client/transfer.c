/* SPDX-License-Identifier: MIT */
/*
 * Transfers of files, from the request to the end of the stream. Who sends connects; then packets
 * go to and fro for each file until its contents flow. Only TCP holds those up: a receiver who
 * wants less reads less, since some clients give up when they are asked to slow down.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/engine.h"

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
		(*place)->until_ms = (*place)->wake_ms = NEVER_MS;
	return *place;
}

static void transfer_free(struct icq_client *c, struct transfer *t)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i] == t)
			c->direct.transfers[i] = NULL;
	free(t->list);
	free(t);
}

void transfer_free_all(struct icq_client *c)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i])
			transfer_free(c, c->direct.transfers[i]);
}

/* ---- what the user hears --------------------------------------------------------------- */

/* Bytes of this file and those before it that have left, or arrived. */
static uint64_t moved(const struct transfer *t)
{
	size_t under_way = t->sending ? t->n - t->sent : 0;

	return t->done + t->offset + (t->sending ? 0 : t->n) -
	       under_way / TRANSFER_FRAMED * ICQ_MAX_block;
}

static void emit(struct icq_client *c, struct transfer *t, enum icq_client_transfer_state state,
		 const char *reason, bool stored)
{
	t->told = state;
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_TRANSFER,
			       .transfer = { .number = t->number,
					     .uin = t->uin,
					     .state = state,
					     .sending = t->sending,
					     .name = { t->file.name, t->file.name_len },
					     .stored = stored,
					     .done = moved(t),
					     .size = t->size,
					     .rate = t->pace.rate,
					     .reason = reason,
					     .charset = icq_client_charset(c, t->uin) } });
}

/* It did not even begin. */
static void emit_ended(struct icq_client *c, const struct icq_client_request *pub,
		       const char *reason, struct icq_str text)
{
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_TRANSFER,
			       .transfer = { .number = pub->number,
					     .uin = pub->uin,
					     .state = ICQ_CLIENT_TRANSFER_STOPPED,
					     .sending = pub->ours,
					     .name = pub->name,
					     .size = pub->size,
					     .reason = reason,
					     .text = text,
					     .charset = icq_client_charset(c, pub->uin) } });
}

static enum icq_client_transfer_state state_of(const struct transfer *t)
{
	if (t->step < STEP_CREATE && t->at == 0)
		return ICQ_CLIENT_TRANSFER_WAITING;
	return t->paused || t->paused_there ? ICQ_CLIENT_TRANSFER_PAUSED
					    : ICQ_CLIENT_TRANSFER_RUNNING;
}

void transfer_tell_file(struct icq_client *c, struct transfer *t, bool stored)
{
	emit(c, t, state_of(t), NULL, stored);
}

void transfer_tell(struct icq_client *c, struct transfer *t)
{
	t->pace.moved = moved(t);
	if (state_of(t) == t->told && c->now.mono_ms < pace_due_ms(&t->pace))
		return;
	pace_told(&t->pace, c->now.mono_ms);
	transfer_tell_file(c, t, false);
}

/* ---- the end --------------------------------------------------------------------------- */

struct branch *transfer_branch(struct icq_client *c, const struct transfer *t)
{
	return t->stream ? branch_of(c, t->stream) : NULL;
}

void transfer_end(struct icq_client *c, struct transfer *t, enum icq_client_transfer_state state,
		  const char *reason)
{
	struct branch *b = transfer_branch(c, t);

	if (!t->sending)
		receive_flush(c, t);
	branch_listen_end(c, t->number);
	if (b)
		branch_close(c, b);
	emit(c, t, state, reason, !t->sending && state == ICQ_CLIENT_TRANSFER_DONE);
	c->env.file_end(c->env.ctx, t->number);
	transfer_free(c, t);
}

void transfer_fail(struct icq_client *c, struct transfer *t, const char *reason)
{
	transfer_end(c, t, ICQ_CLIENT_TRANSFER_FAILED, reason);
}

void transfer_fail_file(struct icq_client *c, struct transfer *t, int err)
{
	transfer_fail(c, t,
		      err == -ICQ_EFULL	     ? "disk_full"
		      : err == -ICQ_EDENIED  ? "name"
		      : err == -ICQ_ECORRUPT ? "differs"
					     : "disk");
}

/* ---- the request ----------------------------------------------------------------------- */

static void fill(struct transfer *t, const struct icq_client_request *pub)
{
	t->number = pub->number;
	t->uin = pub->uin;
	t->sending = pub->ours;
	t->size = pub->size;
	t->file.name_len = pub->name.len < REQUEST_NAME_MAX ? pub->name.len : REQUEST_NAME_MAX;
	if (t->file.name_len)
		memcpy(t->file.name, pub->name.p, t->file.name_len);
}

/* Copies the list of files. False: out of memory, or it is not to be sent so. */
static bool fill_list(struct transfer *t, const struct icq_client_file *files, size_t count)
{
	t->list = count && count <= ICQ_CLIENT_FILES_MAX ? calloc(count, sizeof(*t->list)) : NULL;
	if (!t->list)
		return false;
	t->files = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		struct transfer_file *to = &t->list[i];
		uint16_t len = files[i].name.len;

		to->size = files[i].size;
		to->name_len = len < sizeof(to->name) ? len : sizeof(to->name);
		memcpy(to->name, files[i].name.p, to->name_len);
		t->size += to->size;
	}
	return t->size <= UINT32_MAX;
}

uint32_t icq_client_send_files(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
			       const struct icq_client_file *files, size_t count,
			       struct icq_str text)
{
	struct icq_client_request pub = {
		.kind = ICQ_CLIENT_FILE, .ours = true, .uin = uin, .text = text
	};
	struct transfer *t;
	char names[16];

	c->now = now;
	t = c->env.file ? transfer_new(c) : NULL;
	if (!t || !fill_list(t, files, count)) {
		client_result(c, request, t && t->list ? ICQ_CLIENT_TOO_LONG : ICQ_CLIENT_BUSY,
			      t && t->list ? "4 GiB is too much" : "too many files or transfers");
		if (t)
			transfer_free(c, t);
		return 0;
	}
	snprintf(names, sizeof(names), "%zu files", count);
	pub.name = count > 1 ? icq_str_of(names) : files[0].name;
	pub.size = (uint32_t)t->size;
	pub.number = request_make(c, &pub, 0, request);
	fill(t, &pub);
	if (!pub.number)
		transfer_free(c, t);
	client_turn(c);
	return pub.number;
}

static enum icq_client_error on_accept(struct icq_client *c, struct request *r)
{
	struct transfer *t = c->env.file ? transfer_new(c) : NULL;
	uint16_t port;

	if (!t)
		return ICQ_CLIENT_BUSY;
	fill(t, &r->pub);
	t->host = r->from;
	if (branch_listen(c, &transfer_session, t->number, &port) < 0) {
		transfer_free(c, t);
		return ICQ_CLIENT_NO_DIRECT;
	}
	transfer_expect(c, t, STEP_AGREE, COME_MS);
	request_accept(c, r, port);
	transfer_tell_file(c, t, false);
	return ICQ_CLIENT_OK;
}

static void on_accepted(struct icq_client *c, const struct request *r, const struct addr *at)
{
	struct transfer *t = find(c, r->pub.number);
	struct branch *b = branch_connect(c, &transfer_session, t->number, t->uin, at);

	if (b)
		t->stream = b->stream;
	else
		transfer_fail(c, t, "unreachable");
}

static void on_ended(struct icq_client *c, const struct request *r, const char *reason,
		     struct icq_str text)
{
	struct transfer *t = find(c, r->pub.number);

	emit_ended(c, &r->pub, reason, text);
	if (!t)
		return;
	c->env.file_end(c->env.ctx, t->number);
	transfer_free(c, t);
}

/* ---- the stream ------------------------------------------------------------------------ */

void transfer_expect(struct icq_client *c, struct transfer *t, enum transfer_step step, int64_t ms)
{
	t->step = step;
	t->until_ms = ms == NEVER_MS ? NEVER_MS : c->now.mono_ms + ms;
}

void transfer_say(struct icq_client *c, struct transfer *t, enum icq_id id,
		  const union icq_msg *msg)
{
	branch_say(c, transfer_branch(c, t), id, msg);
}

static bool on_welcomes(struct icq_client *c, const struct branch *b)
{
	const struct transfer *t = find(c, b->number);

	return t && !t->stream && t->uin == b->uin && addr_same_host(&t->host, &b->at);
}

static void on_opened(struct icq_client *c, struct branch *b)
{
	struct transfer *t = find(c, b->number);

	t->stream = b->stream;
	t->pace.told_ms = c->now.mono_ms;
	branch_listen_end(c, t->number);
	if (t->sending)
		send_begin(c, t);
	else
		receive_begin(c, t);
}

static void on_packet(struct icq_client *c, struct branch *b, const uint8_t *p, size_t n)
{
	struct transfer *t = find(c, b->number);
	enum icq_id id = icq_find(ICQ_STREAM, 2, p[0]);
	union icq_msg msg;

	if (id != M_f_data)
		client_trace(c, ICQ_STREAM, false, p, n);
	if (id == M_NONE || icq_decode(id, p + 1, n - 1, &msg) < 0)
		transfer_fail(c, t, "malformed");
	else if (t->sending)
		send_on_packet(c, t, id, &msg);
	else
		receive_on_packet(c, t, id, &msg);
}

static void on_room(struct icq_client *c, struct branch *b)
{
	struct transfer *t = find(c, b->number);

	if (t->sending)
		send_more(c, t);
}

static void on_closed(struct icq_client *c, const struct branch *b, const char *reason)
{
	struct transfer *t = find(c, b->number);

	t->stream = 0;
	if (t->step == STEP_LAST && strcmp(reason, "closed") == 0)
		transfer_end(c, t, ICQ_CLIENT_TRANSFER_DONE, NULL);
	else
		transfer_fail(c, t, reason);
}

/* ---- files ----------------------------------------------------------------------------- */

void transfer_submit(struct icq_client *c, struct transfer *t, struct icq_client_file_job *job)
{
	job->transfer = t->number;
	job->file = t->at;
	t->jobs++;
	if (c->env.file(c->env.ctx, job) < 0)
		t->stuck = true;
}

void icq_client_file_done(struct icq_client *c, struct now now,
			  const struct icq_client_file_job *job)
{
	struct transfer *t = find(c, job->transfer);

	c->now = now;
	if (t) {
		t->jobs--;
		if (t->sending)
			send_on_job(c, t, job);
		else
			receive_on_job(c, t, job);
	}
	client_turn(c);
}

/* ---- what the user wants --------------------------------------------------------------- */

static void set_paused(struct icq_client *c, struct transfer *t, bool paused)
{
	uint32_t number = t->number;

	t->paused = paused;
	if (t->sending)
		send_more(c, t);
	else
		receive_hold(c, t, HOLD_PAUSE, paused);
	t = find(c, number);
	if (t)
		transfer_tell(c, t);
}

void icq_client_pause(struct icq_client *c, struct now now, uint64_t request, uint32_t number,
		      bool pause)
{
	struct transfer *t = number ? find(c, number) : NULL;

	c->now = now;
	if (t)
		set_paused(c, t, pause);
	client_result(c, request, t ? ICQ_CLIENT_OK : ICQ_CLIENT_NOT_FOUND, NULL);
	client_turn(c);
}

static bool on_cancel(struct icq_client *c, uint32_t number)
{
	struct transfer *t = find(c, number);

	if (t)
		transfer_end(c, t, ICQ_CLIENT_TRANSFER_STOPPED, "cancelled");
	return t;
}

static void on_end_all(struct icq_client *c)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i])
			transfer_end(c, c->direct.transfers[i], ICQ_CLIENT_TRANSFER_STOPPED,
				     "logout");
}

/* ---- time ------------------------------------------------------------------------------ */

static void tick(struct icq_client *c, struct transfer *t)
{
	uint32_t number = t->number;

	if (t->stuck || t->until_ms <= c->now.mono_ms) {
		transfer_fail(c, t, t->stuck ? "disk" : "timeout");
		return;
	}
	if (t->wake_ms <= c->now.mono_ms) {
		t->wake_ms = NEVER_MS;
		if (t->sending)
			send_more(c, t);
		else
			receive_if_allowed(c, t);
	}
	t = find(c, number);
	if (t && t->stream && pace_due_ms(&t->pace) <= c->now.mono_ms)
		transfer_tell(c, t);
}

static void on_tick(struct icq_client *c)
{
	for (size_t i = 0; i < TRANSFERS_MAX; i++)
		if (c->direct.transfers[i])
			tick(c, c->direct.transfers[i]);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t on_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (size_t i = 0; i < TRANSFERS_MAX; i++) {
		const struct transfer *t = c->direct.transfers[i];

		if (!t)
			continue;
		first = earlier(first, t->stuck ? 0 : earlier(t->until_ms, t->wake_ms));
		if (t->stream)
			first = earlier(first, pace_due_ms(&t->pace));
	}
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
