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

static job_then next_done;

void mailbox_begin(struct mailbox *m, uint32_t waiting)
{
	*m = (struct mailbox){ .old = waiting ? OLD_WAITING : OLD_DONE,
			       .patience_ms = NEVER_MS,
			       .confirm_ms = NEVER_MS,
			       .retry_ms = NEVER_MS };
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

void mailbox_arrived(struct server *srv, struct session *s, const struct mail *mail)
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
