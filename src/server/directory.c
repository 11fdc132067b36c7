/* SPDX-License-Identifier: MIT */
#include "server/directory.h"

#include <string.h>

#include "base/err.h"
#include "server/core.h"

/* ---- who asked, and what for ----------------------------------------------------------- */

/* A job's cookie tells the session, its tag the request number and what is to be done. */
static void sign(struct job *job, const struct session *s, job_then *then, unsigned what,
		 uint16_t number)
{
	job->then = then;
	job->cookie = session_cookie(s);
	job->tag = what << 16 | number;
	job->text_len = 0;
}

static uint16_t number_of(const struct job *job)
{
	return (uint16_t)job->tag;
}

static unsigned purpose_of(const struct job *job)
{
	return job->tag >> 16;
}

/* ---- looking up ------------------------------------------------------------------------ */

static void info_read(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);
	const struct job_profile *p = &job->profile;

	if (s)
		s->dialect->info(srv, s, number_of(job), p->uin, purpose_of(job),
				 job->err ? NULL : &p->profile);
}

void directory_info(struct server *srv, struct session *s, uint16_t number, uint32_t uin,
		    enum profile_view view)
{
	struct job job;

	job.kind = JOB_PROFILE;
	job.profile.uin = uin;
	sign(&job, s, info_read, view, number);
	if (srv_submit(srv, &job) < 0)
		s->dialect->info(srv, s, number, uin, view, NULL);
}

/* ---- searching ------------------------------------------------------------------------- */

static void next_result(struct server *srv, struct session *s);

/* Ends the search under way, if any, and tells the client. */
static void end_search(struct server *srv, struct session *s)
{
	if (s->search)
		s->dialect->search_end(srv, s, s->search->number, s->search->more);
	directory_forget(srv, s);
}

void directory_forget(struct server *srv, struct session *s)
{
	link_pool_give(srv->pool, s->search, sizeof(*s->search));
	s->search = NULL;
}

static struct search *begin_search(struct server *srv, struct session *s, uint16_t number)
{
	end_search(srv, s);
	s->search = link_pool_take(srv->pool, sizeof(*s->search));
	if (s->search)
		*s->search = (struct search){ .number = number };
	return s->search;
}

/* Is it still this search that the answer belongs to? */
static struct session *searching(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);

	return s && s->search && s->search->number == number_of(job) ? s : NULL;
}

static void result_read(struct server *srv, const struct job *job)
{
	struct session *s = searching(srv, job);
	const struct session *who = session_shown(srv, job->profile.uin);
	bool online;

	if (!s)
		return;
	if (job->err < 0) {
		next_result(srv, s);
		return;
	}
	/* Who is invisible looks as if he were offline, or the search would reveal him. */
	online = who && presence_visible(srv, who, s->uin);
	s->dialect->found(srv, s, s->search->number, job->profile.uin, &job->profile.profile,
			  online, s->search->next == 1 ? RESULT_DELAY_MS : 0);
}

static void next_result(struct server *srv, struct session *s)
{
	struct search *search = s->search;
	struct job job;

	if (search->next == search->count) {
		end_search(srv, s);
		return;
	}
	job.kind = JOB_PROFILE;
	job.profile.uin = search->uins[search->next++];
	sign(&job, s, result_read, 0, search->number);
	if (srv_submit(srv, &job) < 0)
		end_search(srv, s);
}

void directory_result_acked(struct server *srv, struct session *s)
{
	if (s->search)
		next_result(srv, s);
}

static void search_done(struct server *srv, const struct job *job)
{
	struct session *s = searching(srv, job);

	if (!s)
		return;
	if (job->err == 0) {
		s->search->more = job->search.more;
		s->search->count = job->search.count;
		memcpy(s->search->uins, job->search.uins, sizeof(s->search->uins));
	}
	next_result(srv, s);
}

void directory_search_uin(struct server *srv, struct session *s, uint16_t number, uint32_t uin)
{
	struct search *search = begin_search(srv, s, number);

	if (!search) {
		s->dialect->search_end(srv, s, number, false);
		return;
	}
	search->count = 1;
	search->uins[0] = uin;
	next_result(srv, s);
}

void directory_search(struct server *srv, struct session *s, uint16_t number,
		      const struct job_search *wanted)
{
	bool empty = !wanted->nick[0] && !wanted->first[0] && !wanted->last[0] && !wanted->email[0];
	struct job job;

	if (empty || !begin_search(srv, s, number)) {
		s->dialect->search_end(srv, s, number, false);
		return;
	}
	job.kind = JOB_SEARCH;
	job.search = *wanted;
	job.search.asker = s->uin;
	sign(&job, s, search_done, 0, number);
	if (srv_submit(srv, &job) < 0)
		end_search(srv, s);
}

/* ---- changing -------------------------------------------------------------------------- */

/* Somebody who has just registered has no session; his job carries address and version. */
static void updated(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);
	enum directory_reply reply = purpose_of(job) % REPLY_COUNT;
	struct caller to = { .addr = job->from,
			     .version = (uint16_t)(purpose_of(job) / REPLY_COUNT),
			     .number = number_of(job) };

	if (s)
		s->dialect->updated(srv, s, reply, number_of(job), job->err == 0);
	else if (!job->cookie)
		dialect_of(to.version)->updated_stranger(srv, &to, reply, job->err == 0);
}

void directory_update(struct server *srv, struct session *s, const struct caller *from,
		      enum directory_reply reply, const struct job_profile *change)
{
	struct job job;

	job.kind = JOB_PROFILE_SET;
	job.profile = *change;
	sign(&job, s, updated, reply + from->version * (unsigned)REPLY_COUNT, from->number);
	job.from = from->addr;
	job.err = srv_submit(srv, &job);
	if (job.err < 0)
		updated(srv, &job);
}

static void password_stored(struct server *srv, const struct job *job)
{
	const struct session *s = session_by_cookie(&srv->sessions, job->cookie);
	uint32_t uin = job->password_set.uin;

	if (job->err == 0) {
		srv_log(srv, LOG_LEVEL_INFO, "password_changed", uin, s ? &s->addr : NULL, NULL);
		message_notice(srv, uin,
			       "Your password has been changed. If you did not do that, tell the "
			       "operator within three days.");
	}
	updated(srv, job);
}

static void password_hashed(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);
	struct job next;

	if (!s)
		return;
	next.kind = JOB_PASSWORD_SET;
	next.password_set = (struct job_password_set){ .uin = s->uin, .now_s = srv->now.unix_s };
	memcpy(next.password_set.hash, job->password.hash, JOB_HASH_MAX);
	sign(&next, s, password_stored, REPLY_PASSWORD, number_of(job));
	next.err = job->err ? job->err : srv_submit(srv, &next);
	if (next.err < 0)
		updated(srv, &next);
}

void directory_password(struct server *srv, struct session *s, uint16_t number,
			const uint8_t *password, size_t len)
{
	struct job job = { .kind = JOB_HASH };

	if (len == 0 || len > JOB_PASSWORD_MAX || !limit_session(srv, s, CLASS_PASSWORD)) {
		s->dialect->updated(srv, s, REPLY_PASSWORD, number, false);
		return;
	}
	memcpy(job.password.password, password, len);
	job.password.password_len = (uint8_t)len;
	sign(&job, s, password_hashed, REPLY_PASSWORD, number);
	job.err = srv_submit(srv, &job);
	if (job.err < 0)
		password_hashed(srv, &job);
	explicit_bzero(&job.password, sizeof(job.password));
}
