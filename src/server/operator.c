/* SPDX-License-Identifier: MIT */
#include "server/operator.h"

#include "base/err.h"
#include "server/core.h"

/* ---- jobs ------------------------------------------------------------------------------ */

static void end(struct server *srv, struct session *s, enum session_end why)
{
	s->dialect->go_away(srv, s);
	session_end(srv, s, why);
}

/* Also a login that is on its way in would otherwise begin a session. */
static void shut_out(struct server *srv, uint32_t uin)
{
	struct session *s = session_find(&srv->sessions, uin);

	login_forget(srv, uin);
	if (s)
		end(srv, s, END_KICKED);
}

static void job_done(struct server *srv, const struct job *job)
{
	if (job->err == 0 && job->kind == JOB_ACCOUNT_BLOCK && job->account_block.blocked)
		shut_out(srv, job->account_block.uin);
	else if (job->err == 0 && job->kind == JOB_ACCOUNT_DELETE)
		shut_out(srv, job->account_delete.uin);
	else if (job->kind == JOB_MESSAGE_SYSTEM)
		message_system_stored(srv, job);
	srv->env.answer(srv->env.ctx, job);
}

int operator_job(struct server *srv, struct now now, struct job *job)
{
	job->then = job_done;
	srv->now = now;
	return job->kind == JOB_MESSAGE_SYSTEM ? message_system(srv, job) : srv_submit(srv, job);
}

/* ---- sessions -------------------------------------------------------------------------- */

int operator_look(const struct server *srv, struct now now, uint32_t uin, struct operator_view *out)
{
	const struct session *s = session_find(&srv->sessions, uin);
	size_t messages;

	if (!s)
		return -ICQ_ENOENT;
	*out = (struct operator_view){ .uin = uin,
				       .status = s->status,
				       .tcp_version = s->tcp_version,
				       .version = s->version,
				       .addr = s->addr,
				       .online_ms = now.mono_ms - s->began_ms,
				       .silent_ms = now.mono_ms - s->heard_ms,
				       .contacts = s->lists[LIST_CONTACTS].count,
				       .waiting = (uint32_t)link_waiting(&s->link, &messages) };
	return 0;
}

uint32_t operator_next(const struct server *srv, uint32_t *place)
{
	const struct sessions *t = &srv->sessions;

	while (++*place < t->fresh)
		if (t->at[*place].uin)
			return t->at[*place].uin;
	return 0;
}

int operator_kick(struct server *srv, struct now now, uint32_t uin)
{
	struct session *s = session_find(&srv->sessions, uin);

	srv->now = now;
	if (!s)
		return -ICQ_ENOENT;
	end(srv, s, END_KICKED);
	srv_tick(srv, now); /* those who watched him hear of it */
	return 0;
}

/* One job for all, since the store could not take one for each of a hundred thousand. */
int operator_close(struct server *srv, struct now now)
{
	struct job job;
	uint32_t place = 0, uin;

	job.kind = JOB_SESSION_END_ALL;
	job.then = NULL;
	job.text_len = 0;
	srv->now = now;
	if (srv_submit(srv, &job) < 0)
		return -ICQ_EFULL;
	while ((uin = operator_next(srv, &place)))
		end(srv, session_find(&srv->sessions, uin), END_CLOSED);
	return 0;
}
