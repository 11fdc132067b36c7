/* SPDX-License-Identifier: MIT */
#include "server/mailbox.h"

#include <string.h>

#include "base/err.h"
#include "server/core.h"

enum {
	PATIENCE_MS = 30 * 1000,   /* live messages wait so long behind old ones never asked for */
	CONFIRM_MS = 60 * 1000,	   /* old messages count as confirmed so long after the end mark */
	STORE_RETRY_MS = 1 * 1000, /* until a failing store is asked again */
};

static job_then put_done, next_done;

void mailbox_begin(struct mailbox *m, uint32_t waiting)
{
	*m = (struct mailbox){ .old = waiting ? OLD_WAITING : OLD_DONE,
			       .patience_ms = NEVER_MS,
			       .confirm_ms = NEVER_MS,
			       .retry_ms = NEVER_MS };
}

/* ---- from the sender into the store ---------------------------------------------------- */

/* Some ICQ 99 builds send the bytes of the type swapped. */
static uint16_t plain_type(uint16_t type)
{
	type &= (uint16_t)~ICQ_TYPE_MANY;
	return type > 0xFF ? (uint16_t)(type >> 8 | type << 8) : type;
}

static enum refusal judge(const struct server *srv, uint16_t type, size_t len)
{
	size_t most = type == T_text ? ICQ_MAX_text : ICQ_MAX_old_text;

	if (srv->conf.limits_enabled && (int64_t)most > srv->conf.limit_text)
		most = (size_t)srv->conf.limit_text;
	if (!icq_form_relayed(icq_form_of(type)) && !conf_lists_number(srv->conf.relay_types, type))
		return REFUSED_TYPE;
	return len > most ? REFUSED_LONG : REFUSED_NOT;
}

/* Adding people is limited for itself, and so is writing to who does not know the sender. */
static enum rate_class class_of(const struct server *srv, const struct session *from, uint32_t to,
				uint16_t type)
{
	const struct session *receiver = session_find(&srv->sessions, to);

	if (type == T_auth_request || type == T_added)
		return CLASS_ADD;
	if (receiver && receiver != from &&
	    !presence_lists(srv, receiver, LIST_CONTACTS, from->uin))
		return CLASS_SEND_STRANGER;
	return CLASS_NONE;
}

/* A compound text with missing parts gets them, empty: old clients rely on their number. */
static int canonical_text(enum icq_form form, struct icq_str text, struct job *job)
{
	union icq_text parts;
	int len = text.len;

	if (form == F_NONE || icq_text_complete(form, text)) {
		memcpy(job->text, text.p, text.len);
	} else {
		icq_text_split(form, text, &parts);
		len = icq_text_join(form, &parts, job->text, sizeof(job->text));
	}
	job->text_len = (uint16_t)(len < 0 ? 0 : len);
	return len;
}

static void set_quotas(const struct server *srv, struct job_message_put *put)
{
	if (!srv->conf.limits_enabled)
		return;
	put->max_messages = (uint32_t)srv->conf.limit_mailbox;
	put->max_bytes = (uint32_t)srv->conf.limit_mailbox_bytes;
	put->max_from_one = (uint32_t)srv->conf.limit_mailbox_from_one;
	put->max_notices = (uint32_t)srv->conf.limit_mailbox_notices;
}

void mailbox_take(struct server *srv, struct session *from, const struct request *r)
{
	/* SEND_MESSAGE and MSG_TO_NEW_USER have the same fields. */
	const struct icq_c_send_message *msg = &r->msg->c_send_message;
	uint16_t type = plain_type(msg->type);
	enum rate_class class = class_of(srv, from, msg->to, type);
	bool often = !limit_session(srv, from, class);
	struct job job;

	job.kind = JOB_MESSAGE_PUT;
	job.then = put_done;
	job.put = (struct job_message_put){ .from = from->uin,
					    .to = msg->to,
					    .epoch = from->epoch,
					    .msgid = from->wants_ids ? msg->msgid : 0,
					    .seq = r->head.seq,
					    .command = r->head.command,
					    .body_len = r->body_len,
					    .type = type,
					    .now_s = srv->now.unix_s,
					    .refused = judge(srv, type, msg->text.len) };
	if (often && class == CLASS_ADD && !job.put.refused)
		job.put.refused = REFUSED_OFTEN;
	set_quotas(srv, &job.put);
	job.text_len = 0;
	if (!job.put.refused && canonical_text(icq_form_of(type), msg->text, &job) < 0)
		job.put.refused = REFUSED_BROKEN;
	if ((often && class != CLASS_ADD) || srv_submit(srv, &job) < 0)
		link_settle(&from->link, r->head.seq, r->head.command, false);
}

/* ---- from the store to the receiver ---------------------------------------------------- */

/*
 * Sends a message, or the part of it that the client can take at once; the rest follows when
 * that is acknowledged. Returns whether it is the last part.
 */
static bool send_mail(struct server *srv, struct session *s, const struct mail *mail, bool stored)
{
	struct mailbox *m = &s->mailbox;
	struct mail part = *mail;
	uint32_t begin = m->part_of == mail->g ? m->part_end : 0;
	int len;

	part.text.p += begin;
	part.text.len = (uint16_t)(part.text.len - begin);
	len = s->dialect->message(srv, s, &part, stored);
	if (len < 0)
		return false;
	m->busy = true;
	m->part_end = begin + (uint32_t)len;
	m->part_of = m->part_end < mail->text.len ? mail->g : 0;
	limit_session(srv, s, CLASS_RECEIVE);
	return !m->part_of;
}

/* Was this message stored before the first one that goes out as it comes? */
static bool is_old(const struct mailbox *m, uint64_t g)
{
	return !m->live_from || g < m->live_from;
}

static void fetch(struct server *srv, struct session *s, bool old)
{
	struct mailbox *m = &s->mailbox;
	struct job job;

	job.kind = JOB_MESSAGE_NEXT;
	job.then = next_done;
	job.cookie = session_cookie(s);
	job.tag = old;
	job.text_len = 0;
	job.next = (struct job_message_next){ .uin = s->uin,
					      .after = old ? m->old_sent : m->live_sent };
	if (srv_submit(srv, &job) == 0)
		m->fetching = true;
	else
		m->retry_ms = srv->now.mono_ms + STORE_RETRY_MS;
}

/*
 * The next message, if nothing is under way: first the rest of one that is sent in parts, then
 * the old ones, once they are asked for.
 */
static void run(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;
	int64_t until_ms = limit_session_until(srv, s, CLASS_RECEIVE);

	if (m->busy || m->fetching)
		return;
	if (until_ms > srv->now.mono_ms)
		m->retry_ms = until_ms;
	else if (m->part_of)
		fetch(srv, s, is_old(m, m->part_of));
	else if (m->old == OLD_RUNNING)
		fetch(srv, s, true);
	else if (m->more)
		fetch(srv, s, false);
	session_wake(srv, s);
}

static void old_came(struct server *srv, struct session *s, const struct mail *mail)
{
	struct mailbox *m = &s->mailbox;

	if (mail && is_old(m, mail->g)) {
		if (send_mail(srv, s, mail, true))
			m->old_sent = mail->g;
		return;
	}
	m->old = OLD_DONE;
	s->dialect->stored_end(srv, s);
}

static void live_came(struct server *srv, struct session *s, const struct mail *mail)
{
	struct mailbox *m = &s->mailbox;

	if (!mail) {
		m->more = false;
		return;
	}
	if (send_mail(srv, s, mail, false))
		m->live_sent = mail->g;
}

/* A message has been stored for a user who is online. */
static void arrived(struct server *srv, struct session *s, const struct mail *mail)
{
	struct mailbox *m = &s->mailbox;

	if (m->old == OLD_WAITING && !m->live_from && srv->now.mono_ms < m->patience_ms)
		return; /* it will come with the old ones */
	if (!m->live_from) {
		m->live_from = mail->g;
		m->live_sent = mail->g - 1;
	}
	if (m->busy || m->fetching || m->more || m->old == OLD_RUNNING ||
	    limit_session_until(srv, s, CLASS_RECEIVE) > srv->now.mono_ms) {
		m->more = true;
		run(srv, s);
	} else {
		live_came(srv, s, mail);
	}
}

/* ---- answers of the store -------------------------------------------------------------- */

static void count_put(struct srv_counters *c, const struct job *job)
{
	if (job->err == 0 && job->put.repeat)
		c->messages_repeated++;
	else if (job->err == 0 && job->put.refused)
		c->messages_refused++;
	else if (job->err == 0)
		c->messages_accepted++;
}

static void acknowledge_put(struct server *srv, const struct job *job)
{
	struct session *from = session_find(&srv->sessions, job->put.from);

	if (!from || from->epoch != job->put.epoch)
		return; /* its client will ask again, in its new session */
	link_settle(&from->link, job->put.seq, job->put.command, job->err == 0);
	if (job->err == 0)
		from->dialect->ack(srv, &(struct caller){ .addr = from->addr,
							  .uin = from->uin,
							  .version = from->version,
							  .seq = job->put.seq });
}

/* Tells the receiver, if he is online. */
static void announce_message(struct server *srv, const struct job *job)
{
	const struct job_message_put *put = &job->put;
	struct session *to = session_find(&srv->sessions, put->to);
	struct mail mail = { .g = put->g,
			     .from = put->from,
			     .type = put->type,
			     .accepted_s = put->now_s,
			     .text = { job->text, job->text_len } };

	if (to)
		arrived(srv, to, &mail);
}

/* Tells the sender why his message does not go. */
static void announce_notice(struct server *srv, const struct job *job)
{
	const struct job_message_put *put = &job->put;
	struct session *to = session_find(&srv->sessions, put->from);
	uint8_t text[NOTICE_MAX];
	size_t len = refusal_text(put->refused, put->to, text, sizeof(text));
	struct mail mail = { .g = put->g,
			     .from = STORE_SYSTEM_UIN,
			     .type = T_text,
			     .accepted_s = put->now_s,
			     .text = { text, (uint16_t)len } };

	if (to)
		arrived(srv, to, &mail);
}

static void put_done(struct server *srv, const struct job *job)
{
	count_put(&srv->counters, job);
	acknowledge_put(srv, job);
	if (job->err == 0 && !job->put.repeat)
		(job->put.refused ? announce_notice : announce_message)(srv, job);
}

static void next_done(struct server *srv, const struct job *job)
{
	const struct job_message_next *next = &job->next;
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);
	struct mail mail = { .g = next->g,
			     .from = next->from,
			     .type = next->type,
			     .accepted_s = next->accepted_s,
			     .text = { job->text, job->text_len } };

	if (!s)
		return;
	s->mailbox.fetching = false;
	if (job->err < 0 && job->err != -ICQ_ENOENT) {
		s->mailbox.retry_ms = srv->now.mono_ms + STORE_RETRY_MS;
		session_wake(srv, s);
		return;
	}
	(job->tag ? old_came : live_came)(srv, s, job->err ? NULL : &mail);
	run(srv, s);
}

/* ---- what the client says -------------------------------------------------------------- */

static void drop(struct server *srv, struct session *s, uint64_t first, uint64_t last)
{
	struct job job;

	job.kind = JOB_MESSAGE_DROP;
	job.then = NULL;
	job.text_len = 0;
	job.drop = (struct job_message_drop){ .uin = s->uin, .first = first, .last = last };
	srv_submit(srv, &job); /* a drop that is lost costs a repeat */
}

void mailbox_wanted(struct server *srv, struct session *s)
{
	s->mailbox.old = OLD_RUNNING;
	run(srv, s);
}

void mailbox_confirmed(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;

	m->confirm_ms = NEVER_MS;
	if (m->old_acked)
		drop(srv, s, 1, m->old_acked);
}

void mailbox_message_acked(struct server *srv, struct session *s, uint64_t g)
{
	struct mailbox *m = &s->mailbox;

	m->busy = false;
	if (m->part_of != g) {
		srv->counters.messages_delivered++;
		if (is_old(m, g))
			m->old_acked = g;
		else
			drop(srv, s, g, g);
	}
	run(srv, s);
}

void mailbox_end_acked(struct server *srv, struct session *s)
{
	s->mailbox.confirm_ms = srv->now.mono_ms + CONFIRM_MS;
}

void mailbox_verified(struct server *srv, struct session *s)
{
	s->mailbox.patience_ms = srv->now.mono_ms + PATIENCE_MS;
}

void mailbox_tick(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;

	if (srv->now.mono_ms >= m->confirm_ms)
		mailbox_confirmed(srv, s);
	if (srv->now.mono_ms >= m->retry_ms) {
		m->retry_ms = NEVER_MS;
		run(srv, s);
	}
}

int64_t mailbox_deadline(const struct mailbox *m)
{
	return m->confirm_ms < m->retry_ms ? m->confirm_ms : m->retry_ms;
}
