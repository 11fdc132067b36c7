/* SPDX-License-Identifier: MIT */
/*
 * Messages that leave, one at a time: the oldest of the outbox is fetched from the history, sent,
 * and marked when the server has acknowledged it. After a broken session the same one is sent
 * again under its id, by which the server knows it.
 */
#include <string.h>

#include "client/engine.h"

/* A job about the history of this account. */
static void job_init(struct icq_client *c, struct history_job *job, enum history_kind kind,
		     enum tag tag, uint64_t cookie)
{
	memset(job, 0, offsetof(struct history_job, text));
	job->kind = kind;
	job->tag = (uint8_t)tag;
	job->cookie = cookie;
	job->row.self = c->uin;
}

static void emit_sent(struct icq_client *c, const struct history_row *row,
		      enum icq_client_sent state)
{
	client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_SENT,
						   .sent = { .msg = row->id,
							     .to = row->peer,
							     .state = state,
							     .via = row->via } });
}

/* ---- commands -------------------------------------------------------------------------- */

/* Is this a message that the server will take? Tells the asker why not. */
static bool sendable(struct icq_client *c, uint64_t request, uint16_t type, struct icq_str text)
{
	size_t max = (type & ~ICQ_TYPE_MANY) == T_text ? ICQ_MAX_text : ICQ_MAX_old_text;

	if (!c->uin)
		client_result(c, request, ICQ_CLIENT_NOT_ONLINE, "no account is known yet");
	else if (text.len > max)
		client_result(c, request, ICQ_CLIENT_TOO_LONG, NULL);
	else if (text.len && memchr(text.p, 0, text.len))
		client_result(c, request, ICQ_CLIENT_BAD_FIELD, "a text cannot hold a NUL");
	else
		return true;
	return false;
}

/* Directly, if that is wanted and can be tried; else through the server. */
static enum history_via choose_via(struct icq_client *c, uint32_t to, enum icq_client_via way,
				   enum icq_client_mode mode)
{
	bool wanted = way == ICQ_CLIENT_VIA_PEER || mode != ICQ_CLIENT_MODE_NORMAL ||
		      (way == ICQ_CLIENT_VIA_AUTO && c->conf.peer_first);

	return wanted && reach_possible(c, to) ? HISTORY_PEER : HISTORY_SERVER;
}

void icq_client_send(struct icq_client *c, struct now now, uint64_t request, uint32_t to,
		     uint16_t type, struct icq_str text)
{
	icq_client_send_by(c, now, request, to, type, text, ICQ_CLIENT_VIA_AUTO,
			   ICQ_CLIENT_MODE_NORMAL);
}

void icq_client_send_by(struct icq_client *c, struct now now, uint64_t request, uint32_t to,
			uint16_t type, struct icq_str text, enum icq_client_via way,
			enum icq_client_mode mode)
{
	static const enum tag tags[] = { TAG_SEND, TAG_SEND_URGENT, TAG_SEND_LIST };
	struct history_job job;
	const char *charset = codepage_name(icq_client_charset(c, to));
	bool insists = way == ICQ_CLIENT_VIA_PEER || mode != ICQ_CLIENT_MODE_NORMAL;
	enum history_via via;

	c->now = now;
	via = choose_via(c, to, way, mode);
	if (!sendable(c, request, type, text))
		return;
	if (insists && via != HISTORY_PEER) {
		client_result(c, request, ICQ_CLIENT_NO_DIRECT,
			      "this user cannot be reached directly");
		return;
	}
	job_init(c, &job, HISTORY_ADD, tags[mode], request);
	job.row.via = (uint8_t)via;
	job.row.peer = to;
	job.row.type = type;
	job.row.way = HISTORY_OUT;
	job.row.state = HISTORY_QUEUED;
	job.row.noted_s = now.unix_s;
	while (!job.row.msgid)
		c->env.random(c->env.ctx, &job.row.msgid, sizeof(job.row.msgid));
	memcpy(job.row.charset, charset, strnlen(charset, sizeof(job.row.charset) - 1));
	job.text_len = text.len;
	if (text.len)
		memcpy(job.text, text.p, text.len);
	if (c->env.submit(c->env.ctx, &job) < 0)
		client_result(c, request, ICQ_CLIENT_BUSY, "the history has too much to do");
}

/* Remembers how pressing a message is. */
static void press(struct icq_client *c, uint64_t msg, uint16_t flags)
{
	struct pressing *p = c->outbox.pressing, *end = p + PRESSING_MAX;

	while (p < end && p->msg)
		p++;
	if (p < end)
		*p = (struct pressing){ .msg = msg, .flags = flags };
}

/* The flags of a message, which are asked for once. */
static uint16_t flags_of(struct icq_client *c, uint64_t msg)
{
	for (struct pressing *p = c->outbox.pressing; p < c->outbox.pressing + PRESSING_MAX; p++) {
		if (p->msg != msg)
			continue;
		p->msg = 0;
		return p->flags;
	}
	return PEER_FLAG_NORMAL;
}

void outbox_added(struct icq_client *c, const struct history_job *job)
{
	if (job->err < 0) {
		client_result(c, job->cookie, ICQ_CLIENT_DISK,
			      job->err == -ICQ_EFULL ? "the disk is full" : icq_err_text(job->err));
		return;
	}
	if (job->cookie)
		client_emit(c, &(struct icq_client_event){
				       .kind = ICQ_CLIENT_EV_RESULT,
				       .result = { .request = job->cookie, .msg = job->row.id } });
	emit_sent(c, &job->row, ICQ_CLIENT_QUEUED);
	if (job->tag != TAG_SEND)
		press(c, job->row.id,
		      job->tag == TAG_SEND_URGENT ? PEER_FLAG_URGENT : PEER_FLAG_LIST);
	c->outbox.stale = true;
}

void icq_client_drop(struct icq_client *c, struct now now, uint64_t request, uint64_t msg)
{
	struct history_job job;

	c->now = now;
	if (c->outbox.flight == msg) {
		client_result(c, request, ICQ_CLIENT_BUSY, "it is on its way already");
		return;
	}
	job_init(c, &job, HISTORY_MARK, TAG_DROP, request);
	job.row.id = msg;
	job.row.state = HISTORY_DROPPED;
	if (c->env.submit(c->env.ctx, &job) < 0)
		client_result(c, request, ICQ_CLIENT_BUSY, "the history has too much to do");
}

void outbox_dropped(struct icq_client *c, const struct history_job *job)
{
	if (job->err == 0)
		flags_of(c, job->row.id);
	client_result(c, job->cookie,
		      job->err == 0		? ICQ_CLIENT_OK
		      : job->err == -ICQ_ENOENT ? ICQ_CLIENT_NOT_FOUND
						: ICQ_CLIENT_DISK,
		      NULL);
}

void icq_client_resend(struct icq_client *c, struct now now, uint64_t request, uint64_t msg,
		       enum icq_client_mode mode)
{
	struct history_job job;

	c->now = now;
	job_init(c, &job, HISTORY_NEXT, (enum tag)(TAG_RESEND + mode), request);
	job.next.from = msg - 1;
	if (c->env.submit(c->env.ctx, &job) < 0)
		client_result(c, request, ICQ_CLIENT_BUSY, "the history has too much to do");
}

/* The message to be sent again, or the one behind it. */
void outbox_resend(struct icq_client *c, const struct history_job *job)
{
	enum icq_client_mode mode = (enum icq_client_mode)(job->tag - TAG_RESEND);
	enum icq_client_via way = mode == ICQ_CLIENT_MODE_NORMAL ? ICQ_CLIENT_VIA_SERVER
								 : ICQ_CLIENT_VIA_AUTO;

	if (job->err < 0 && job->err != -ICQ_ENOENT)
		client_result(c, job->cookie, ICQ_CLIENT_DISK, icq_err_text(job->err));
	else if (job->err < 0 || job->row.id != job->next.from + 1 ||
		 job->row.state != HISTORY_RETURNED)
		client_result(c, job->cookie, ICQ_CLIENT_NOT_FOUND, "no such message was returned");
	else
		icq_client_send_by(c, c->now, job->cookie, job->row.peer, job->row.type,
				   (struct icq_str){ job->text, job->text_len }, way, mode);
}

void icq_client_set_uin(struct icq_client *c, uint32_t uin)
{
	if (c->uin == uin)
		return;
	request_forget_all(c);
	c->uin = uin;
	c->outbox.after = 0;
}

/* ---- one at a time --------------------------------------------------------------------- */

/* A new session, or the end of one: what was on its way is still in the outbox. */
void outbox_reset(struct icq_client *c)
{
	c->outbox.flight = 0;
	c->outbox.bounced = 0;
	c->outbox.reading = false;
	c->outbox.stale = true;
}

void outbox_turn(struct icq_client *c)
{
	struct outbox *o = &c->outbox;
	struct history_job job;

	if (c->state != ICQ_CLIENT_ONLINE || !c->chores.ids || o->flight || o->reading || !o->stale)
		return;
	job_init(c, &job, HISTORY_NEXT, TAG_FETCH, c->conn.generation);
	job.next.outbox = true;
	job.next.from = o->after;
	if (c->env.submit(c->env.ctx, &job) < 0)
		return;
	o->reading = true;
	o->stale = false;
}

/* Gives a message to the other client, if there is hope. */
static bool hand_over(struct icq_client *c, const struct history_job *job)
{
	struct parcel *parcel = &c->direct.parcel;

	if (job->row.via != HISTORY_PEER || c->outbox.bounced == job->row.id)
		return false;
	parcel->type = job->row.type;
	parcel->flags = flags_of(c, job->row.id);
	parcel->len = job->text_len;
	memcpy(parcel->text, job->text, job->text_len);
	return wish_make(c, WISH_MESSAGE, job->row.peer, job->row.id);
}

static void post(struct icq_client *c, const struct history_job *job)
{
	union icq_msg msg = { .c_send_message = { .to = job->row.peer,
						  .type = job->row.type,
						  .text = { job->text, job->text_len },
						  .msgid = job->row.msgid } };
	struct history_row row = job->row;

	row.via = HISTORY_SERVER;
	if (client_post(c, M_c_send_message, &msg, LINK_MESSAGE, COOKIE_MESSAGE, job->row.id) < 0) {
		c->outbox.stale = true; /* no room in the link: the next turn tries again */
		return;
	}
	c->outbox.flight = row.id;
	emit_sent(c, &row, ICQ_CLIENT_SENT);
}

void outbox_fetched(struct icq_client *c, const struct history_job *job)
{
	if (c->state != ICQ_CLIENT_ONLINE || job->cookie != c->conn.generation)
		return;
	c->outbox.reading = false;
	if (job->err < 0)
		return;
	c->outbox.to = job->row.peer;
	if (!hand_over(c, job)) {
		post(c, job);
		return;
	}
	c->outbox.flight = job->row.id;
	emit_sent(c, &job->row, ICQ_CLIENT_SENT);
}

/* Unmarked, it goes out once more at the next start, and the server knows it by its id. */
static void warn_unmarked(struct icq_client *c)
{
	client_notice(c, LOG_LEVEL_WARN, "disk", "That a message was accepted could not be noted.");
}

/* It leaves the outbox; the next one may go. */
static void settle(struct icq_client *c, uint64_t id, enum history_via via,
		   enum history_state state)
{
	struct history_job job;

	job_init(c, &job, HISTORY_MARK, TAG_ACCEPTED, 0);
	job.row.id = id;
	job.row.via = (uint8_t)via;
	job.row.state = (uint8_t)state;
	if (c->env.submit(c->env.ctx, &job) < 0)
		warn_unmarked(c);
	c->outbox.flight = 0;
	c->outbox.after = id;
	c->outbox.stale = true;
}

void outbox_acked(struct icq_client *c, uint64_t id)
{
	struct history_row row = { .id = id, .peer = c->outbox.to, .via = HISTORY_SERVER };

	settle(c, id, HISTORY_SERVER, HISTORY_ACCEPTED);
	emit_sent(c, &row, ICQ_CLIENT_ACCEPTED);
}

void outbox_taken(struct icq_client *c, uint64_t id, uint16_t status, struct icq_str text)
{
	const char *reason = direct_refusal(status);

	settle(c, id, HISTORY_PEER, reason ? HISTORY_RETURNED : HISTORY_DELIVERED);
	client_emit(c,
		    &(struct icq_client_event){
			    .kind = ICQ_CLIENT_EV_SENT,
			    .sent = { .msg = id,
				      .to = c->outbox.to,
				      .state = reason ? ICQ_CLIENT_RETURNED : ICQ_CLIENT_DELIVERED,
				      .via = HISTORY_PEER,
				      .reason = reason,
				      .text = text,
				      .charset = icq_client_charset(c, c->outbox.to) } });
}

/* It is still in the outbox: the next fetch brings it back, for the server. */
void outbox_not_taken(struct icq_client *c, uint64_t id)
{
	c->outbox.bounced = id;
	c->outbox.flight = 0;
	c->outbox.stale = true;
}

void outbox_marked(struct icq_client *c, const struct history_job *job)
{
	if (job->err < 0)
		warn_unmarked(c);
}
