/* SPDX-License-Identifier: MIT */
/*
 * Messages that arrive. Each goes into the history first; when that has it, the server gets its
 * acknowledgement, and the user the message unless it was there already.
 */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "client/engine.h"

void inbox_reset(struct icq_client *c)
{
	c->inbox = (struct inbox){ 0 };
}

/* Which packet of which session a job of the history is about. */
static uint64_t cookie_of(const struct icq_client *c, const struct packet *p)
{
	return (uint64_t)c->conn.generation << 32 | (uint64_t)p->head.command << 16 | p->head.seq;
}

/* Some late clients swap the bytes of the type; the flag "to several" tells us nothing. */
static uint16_t plain_type(uint16_t type)
{
	if (!(type & ICQ_TYPE_MANY) && type > 0xFF && !icq_form_of(type))
		return (uint16_t)(type << 8 | type >> 8);
	return type & (uint16_t)~ICQ_TYPE_MANY;
}

/* Without ids only what an earlier session may have left unconfirmed is taken for a repeat. */
static enum history_match match_for(const struct icq_client *c, const struct history_row *row)
{
	if (row->msgid)
		return HISTORY_SAME_ID;
	return c->conn.broken && row->via == HISTORY_STORED ? HISTORY_SAME_TEXT : HISTORY_ANY;
}

void inbox_job(struct icq_client *c, struct history_job *job, const struct history_row *row,
	       struct icq_str text)
{
	memset(job, 0, offsetof(struct history_job, text));
	job->kind = HISTORY_ADD;
	job->row = *row;
	job->row.self = c->uin;
	job->row.type = plain_type(row->type);
	job->row.way = HISTORY_IN;
	job->row.state = HISTORY_RECEIVED;
	job->row.noted_s = c->now.unix_s;
	snprintf(job->row.charset, sizeof(job->row.charset), "%s",
		 codepage_name(icq_client_charset(c, row->peer)));
	job->text_len = text.len < HISTORY_TEXT_MAX ? text.len : HISTORY_TEXT_MAX;
	if (job->text_len)
		memcpy(job->text, text.p, job->text_len);
}

static void keep(struct icq_client *c, const struct packet *p, const struct history_row *row,
		 struct icq_str text)
{
	struct history_job job;

	inbox_job(c, &job, row, text);
	job.tag = TAG_INBOX;
	job.cookie = cookie_of(c, p);
	job.add.match = match_for(c, row);
	if (c->env.submit(c->env.ctx, &job) == 0) {
		c->inbox.pending++;
		return;
	}
	c->inbox.lossy = true;
	link_settle(&c->link, p->head.seq, p->head.command, false);
}

static void take(struct icq_client *c, const struct packet *p, const struct history_row *row,
		 struct icq_str text)
{
	if (!roster_ignores(c, row->peer)) {
		keep(c, p, row, text);
		return;
	}
	link_settle(&c->link, p->head.seq, p->head.command, true);
	client_ack(c, p->head.seq);
}

void inbox_on_message(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_message *m = &p->msg->s_message;
	struct history_row row = {
		.msgid = m->msgid, .peer = m->from, .type = m->type, .via = HISTORY_SERVER
	};

	take(c, p, &row, m->text);
}

void inbox_on_stored(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_stored_message *m = &p->msg->s_stored_message;
	struct date at = { .year = m->year,
			   .month = m->month,
			   .day = m->day,
			   .hour = m->hour,
			   .minute = m->minute };
	struct history_row row = { .msgid = m->msgid,
				   .peer = m->from,
				   .type = m->type,
				   .via = HISTORY_STORED,
				   .sent_s = date_to_unix(&at) };

	take(c, p, &row, m->text);
}

void inbox_on_stored_end(struct icq_client *c, const struct packet *p)
{
	(void)p;
	c->inbox.complete = true;
}

/* The server may forget what it had stored once all of it is in the history. */
void inbox_turn(struct icq_client *c)
{
	if (!c->inbox.complete || c->inbox.pending || c->inbox.lossy)
		return;
	c->inbox.complete = false;
	c->conn.broken = false;
	chores_add(c, CHORE_CONFIRM);
	chores_turn(c);
}

void inbox_show(struct icq_client *c, const struct history_job *job)
{
	enum icq_form form = icq_form_of(job->row.type);

	if (form == F_auth_request || form == F_auth_request_2 || form == F_added) {
		request_note(c, job);
		return;
	}
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_MESSAGE,
			       .message = { .row = &job->row,
					    .charset = icq_client_charset(c, job->row.peer),
					    .text = { job->text, job->text_len } } });
}

void inbox_kept(struct icq_client *c, const struct history_job *job)
{
	uint16_t seq = (uint16_t)job->cookie, command = (uint16_t)(job->cookie >> 16);
	bool current = c->state == ICQ_CLIENT_ONLINE &&
		       (uint32_t)(job->cookie >> 32) == c->conn.generation;

	if (job->err < 0)
		client_notice(c, LOG_LEVEL_ERROR, "disk",
			      "A message could not be kept; the server will send it again.");
	if (current) {
		c->inbox.pending--;
		c->inbox.lossy |= job->err < 0;
		link_settle(&c->link, seq, command, job->err == 0);
		if (job->err == 0)
			client_ack(c, seq);
	}
	if (job->err == 0 && !job->add.repeat)
		inbox_show(c, job);
}
