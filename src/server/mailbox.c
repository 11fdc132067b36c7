/* SPDX-License-Identifier: MIT */
#include "server/mailbox.h"

#include <string.h>

#include "base/err.h"
#include "server/core.h"

enum {
	PATIENCE_MS = 30 * 1000,   /* live messages wait so long behind old ones never asked for */
	CONFIRM_MS = 60 * 1000,	   /* old messages count as confirmed so long after the end mark */
	STORE_RETRY_MS = 1 * 1000, /* until a failing store is asked again */
	RESUME_MS = 10 * 1000, /* after a restart messages in flight are sent again within this */
};

static job_then next_done;

void mailbox_await(const struct server *srv, struct mailbox *m)
{
	m->awaited = srv->mail_asked;
}

/* What was handed out during an earlier session of his may come in this one. */
void mailbox_begin(struct server *srv, struct mailbox *m, uint32_t waiting)
{
	*m = (struct mailbox){ .old = waiting ? OLD_WAITING : OLD_DONE,
			       .awaited = srv->mail_asked,
			       .patience_ms = NEVER_MS,
			       .confirm_ms = NEVER_MS,
			       .retry_ms = NEVER_MS };
}

/* ---- after a restart ------------------------------------------------------------------- */

uint8_t mailbox_saved_old(const struct mailbox *m)
{
	return m->old == OLD_ENDING ? OLD_RUNNING : (uint8_t)m->old;
}

/* Sends in a random order, so that the first seconds are not all resends. */
static int64_t resume_delay_ms(struct server *srv)
{
	uint16_t random;

	srv->env.random(srv->env.ctx, &random, sizeof(random));
	return random % RESUME_MS;
}

void mailbox_restore(struct server *srv, struct session *s, const struct saved_session *saved)
{
	struct mailbox *m = &s->mailbox;

	mailbox_begin(srv, m, 0);
	m->old = saved->state.old <= OLD_DONE ? saved->state.old : OLD_DONE;
	if (m->old == OLD_WAITING && !saved->session.waiting)
		m->old = OLD_DONE;
	m->old_sent = m->old_acked = saved->read;
	if (saved->flight) {
		m->resuming = true;
		m->part_of = saved->flight;
		m->part_end = saved->flight_part;
		m->number = saved->flight_n;
	}
	if (saved->flight && !saved->flight_old)
		m->live_from = saved->flight;
	else if (m->old == OLD_DONE)
		m->live_from = saved->read + 1;
	m->live_sent = m->live_from ? m->live_from - 1 : 0;
	m->more = m->live_from && saved->session.waiting;
	if (s->verified)
		mailbox_verified(srv, s);
	if (m->old == OLD_DONE && m->old_acked)
		mailbox_end_acked(srv, s);
	if (m->more || m->resuming || m->old == OLD_RUNNING)
		m->retry_ms = srv->now.mono_ms + resume_delay_ms(srv);
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

	if (begin > part.text.len)
		begin = part.text.len;
	part.text.p += begin;
	part.text.len = (uint16_t)(part.text.len - begin);
	part.number = m->number;
	len = s->dialect->message(srv, s, &part, stored);
	if (len < 0)
		return false;
	m->busy = true;
	m->resuming = false;
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

/* A number for the next message; a resumed one has its own. Without one it waits. */
static bool claim(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;
	int err = m->resuming ? 0 : link_claim(&s->link, &m->number);

	if (err == -ICQ_ERANGE)
		s->lost = true;
	else if (err == -ICQ_EFULL)
		session_reserve(srv, s);
	session_wake(srv, s);
	m->busy = err == 0;
	return m->busy;
}

static void fetch(struct server *srv, struct session *s, bool old)
{
	struct mailbox *m = &s->mailbox;
	struct job job;

	if (!claim(srv, s))
		return;
	job.kind = JOB_MESSAGE_NEXT;
	job.then = next_done;
	job.cookie = session_cookie(s);
	job.tag = old;
	job.text_len = 0;
	job.next = (struct job_message_next){ .uin = s->uin,
					      .after = old ? m->old_sent : m->live_sent,
					      .before = old ? m->live_from : 0,
					      .epoch = s->epoch,
					      .read = m->old_acked,
					      .n = m->number,
					      .part = m->part_of ? m->part_end : 0,
					      .old = old };
	if (m->part_of) {
		job.next.after = m->part_of - 1;
		job.next.before = m->part_of + 1;
	}
	if (srv_submit(srv, &job) < 0) {
		mailbox_unclaim(srv, s);
		m->retry_ms = srv->now.mono_ms + STORE_RETRY_MS;
	}
}

/*
 * The next message, if none is under way: first the rest of one that is sent in parts, then the
 * old ones, once they are asked for. None before the client has acknowledged the welcome: until
 * then nobody knows that this address is his, nor whether he wants message ids.
 */
void mailbox_go_on(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;
	int64_t until_ms = limit_session_until(srv, s, CLASS_RECEIVE);

	if (m->busy || !s->verified)
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

	if (mail && m->live_from && mail->g >= m->live_from) {
		m->live_from = mail->g + 1; /* it was there before the store was asked */
		m->live_sent = mail->g;
	}
	if (!mail) {
		m->old = OLD_ENDING;
		s->dialect->stored_end(srv, s);
	} else if (send_mail(srv, s, mail, true)) {
		m->old_sent = mail->g;
	}
}

static void live_came(struct server *srv, struct session *s, const struct mail *mail)
{
	struct mailbox *m = &s->mailbox;

	if (!mail)
		m->more = false;
	else if (send_mail(srv, s, mail, false))
		m->live_sent = mail->g;
}

/* Do new messages wait behind old ones that the client has not asked for? Not for ever. */
static bool held_back(const struct server *srv, const struct mailbox *m)
{
	return m->old == OLD_WAITING && !m->live_from && srv->now.mono_ms < m->patience_ms;
}

static void begin_live(struct mailbox *m, uint64_t g)
{
	if (m->live_from)
		return;
	m->live_from = g;
	m->live_sent = g - 1;
}

bool mailbox_claim(struct server *srv, struct session *s, uint32_t *number_out)
{
	struct mailbox *m = &s->mailbox;

	if (m->busy || m->more || m->awaited > srv->mail_stored || m->part_of ||
	    m->old == OLD_RUNNING || !s->verified || held_back(srv, m) ||
	    limit_session_until(srv, s, CLASS_RECEIVE) > srv->now.mono_ms || !claim(srv, s))
		return false;
	*number_out = m->number;
	return true;
}

void mailbox_unclaim(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;

	if (!m->resuming)
		link_unclaim(&s->link, m->number);
	m->busy = false;
	session_wake(srv, s);
}

void mailbox_send(struct server *srv, struct session *s, const struct mail *mail)
{
	begin_live(&s->mailbox, mail->g);
	live_came(srv, s, mail);
}

void mailbox_arrived(struct server *srv, struct session *s, uint64_t g)
{
	struct mailbox *m = &s->mailbox;

	if (held_back(srv, m))
		return; /* it will come with the old ones */
	begin_live(m, g);
	m->more = true;
	mailbox_go_on(srv, s);
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
	if (job->err < 0)
		mailbox_unclaim(srv, s);
	if (job->err < 0 && job->err != -ICQ_ENOENT) {
		s->mailbox.retry_ms = srv->now.mono_ms + STORE_RETRY_MS;
		return;
	}
	if (job->err && s->mailbox.part_of) { /* it is gone, and its rest with it */
		s->mailbox.part_of = 0;
		s->mailbox.resuming = false;
	} else {
		(job->tag ? old_came : live_came)(srv, s, job->err ? NULL : &mail);
	}
	mailbox_go_on(srv, s);
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

void mailbox_wanted(struct session *s)
{
	s->mailbox.old = OLD_RUNNING;
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
	mailbox_go_on(srv, s);
}

void mailbox_end_acked(struct server *srv, struct session *s)
{
	struct mailbox *m = &s->mailbox;

	m->confirm_ms = srv->now.mono_ms + CONFIRM_MS;
	if (m->old == OLD_ENDING)
		m->old = OLD_DONE;
	session_changed(srv, s);
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
		mailbox_go_on(srv, s);
	}
}

int64_t mailbox_deadline(const struct mailbox *m)
{
	return m->confirm_ms < m->retry_ms ? m->confirm_ms : m->retry_ms;
}
