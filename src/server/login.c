/* SPDX-License-Identifier: MIT */
#include "server/login.h"

#include <string.h>

#include "base/err.h"
#include "server/core.h"

enum {
	REPEAT_MS = 2 * 60 * 1000,    /* a LOGIN with the SEQ of the session's own is its repeat */
	NEWCOMER_MS = 10 * 60 * 1000, /* so long a registration may go on without a session */
};

static struct caller caller_of(const struct login *l)
{
	return (struct caller){ .addr = l->addr,
				.uin = l->uin,
				.version = l->version,
				.seq = l->seq,
				.number = l->number };
}

static void acknowledge(struct server *srv, const struct login *l)
{
	struct caller to = caller_of(l);

	dialect_of(l->version)->ack(srv, &to);
}

static void answer(struct server *srv, const struct login *l, enum login_answer what, uint32_t uin)
{
	struct caller to = caller_of(l);

	if (what == ANSWER_REGISTERED || what == ANSWER_CHECKED || limit_stray(srv, &l->addr))
		dialect_of(l->version)->answer(srv, &to, what, uin);
}

/* ---- those under way ------------------------------------------------------------------- */

static struct login *find_repeated(struct logins *t, const struct login *wanted)
{
	for (uint32_t i = 0, seen = 0; i < LOGINS_MAX && seen < t->count; i++) {
		struct login *l = &t->at[i];

		seen += l->used;
		if (l->used && l->purpose == wanted->purpose && l->uin == wanted->uin &&
		    l->seq == wanted->seq && addr_equal(&l->addr, &wanted->addr))
			return l;
	}
	return NULL;
}

static struct login *take_place(struct logins *t, const struct login *wanted)
{
	for (uint32_t i = 0; i < LOGINS_MAX; i++) {
		struct login *l = &t->at[i];
		uint32_t generation = l->generation;

		if (l->used)
			continue;
		*l = *wanted;
		l->used = true;
		l->generation = generation + 1;
		t->count++;
		return l;
	}
	return NULL;
}

static void give_place(struct logins *t, struct login *l)
{
	explicit_bzero(l->password, sizeof(l->password));
	l->used = false;
	t->count--;
}

static uint64_t cookie_of(const struct logins *t, const struct login *l)
{
	return (uint64_t)l->generation << 32 | (uint64_t)(l - t->at);
}

static struct login *by_cookie(struct logins *t, uint64_t cookie)
{
	struct login *l = &t->at[(uint32_t)cookie % LOGINS_MAX];

	return l->used && cookie_of(t, l) == cookie ? l : NULL;
}

/* ---- the steps ------------------------------------------------------------------------- */

static void finish(struct server *srv, struct login *l, enum login_answer what, uint32_t uin)
{
	answer(srv, l, what, uin);
	give_place(&srv->logins, l);
}

static void refuse(struct server *srv, struct login *l, enum login_answer what, const char *why)
{
	bool busy = what == ANSWER_TRY_AGAIN || what == ANSWER_NONE;
	uint64_t *counter = !l->uin ? &srv->counters.registrations_refused
			    : busy  ? &srv->counters.logins_busy
				    : &srv->counters.logins_refused;

	++*counter;
	srv_log(srv, LOG_LEVEL_INFO,
		l->purpose == LOGIN_REGISTER ? "register_refused" : "login_refused", l->uin,
		&l->addr, why);
	finish(srv, l, what, l->uin);
}

typedef void login_step(struct server *srv, struct login *l, const struct job *done);

/* A step of a login, by the kind of the job that has come back. */
static login_step account_read, verified, session_stored, hashed, registered;

static void login_done(struct server *srv, const struct job *job)
{
	static login_step *const steps[] = {
		[JOB_ACCOUNT] = account_read,	      [JOB_VERIFY] = verified,
		[JOB_SESSION_BEGIN] = session_stored, [JOB_HASH] = hashed,
		[JOB_REGISTER] = registered,
	};
	struct login *l = by_cookie(&srv->logins, job->cookie);

	if (l)
		steps[job->kind](srv, l, job);
}

/* Hands out the next step's job; without a way to do it the caller may try again. */
static void submit_step(struct server *srv, struct login *l, struct job *job)
{
	job->then = login_done;
	job->cookie = cookie_of(&srv->logins, l);
	if (srv_submit(srv, job) < 0)
		refuse(srv, l, ANSWER_TRY_AGAIN, "busy");
}

static void submit_password(struct server *srv, struct login *l, enum job_kind kind,
			    const char *hash)
{
	struct job job = { .kind = kind, .password.password_len = l->password_len };

	memcpy(job.password.password, l->password, sizeof(l->password));
	memcpy(job.password.hash, hash, JOB_HASH_MAX);
	submit_step(srv, l, &job);
	explicit_bzero(&job.password, sizeof(job.password));
}

static void account_read(struct server *srv, struct login *l, const struct job *done)
{
	static const char nobody[JOB_HASH_MAX];

	if (done->err < 0 && done->err != -ICQ_ENOENT)
		refuse(srv, l, ANSWER_TRY_AGAIN, "store");
	else
		submit_password(srv, l, JOB_VERIFY,
				done->err || done->account.blocked ? nobody : done->account.hash);
}

static void wrong_password(struct server *srv, struct login *l)
{
	limit_wrong_password(srv, l->uin, &l->addr);
	refuse(srv, l, ANSWER_WRONG_PASSWORD, "password");
}

static void verified(struct server *srv, struct login *l, const struct job *done)
{
	struct job job = { .kind = JOB_SESSION_BEGIN,
			   .session = { .uin = l->uin,
					.addr = l->addr,
					.port = l->port,
					.ip = l->ip,
					.status = l->status,
					.tcp_version = l->tcp_version,
					.mode = l->mode,
					.version = (uint8_t)l->version,
					.login_seq = l->number,
					.login_packet = l->seq,
					.now_s = srv->now.unix_s } };

	if (done->err < 0)
		refuse(srv, l, ANSWER_TRY_AGAIN, "busy");
	else if (!done->password.match)
		wrong_password(srv, l);
	else if (l->purpose == LOGIN_CHECK)
		finish(srv, l, ANSWER_CHECKED, l->uin);
	else
		submit_step(srv, l, &job);
}

static void session_stored(struct server *srv, struct login *l, const struct job *done)
{
	if (done->err < 0)
		refuse(srv, l, ANSWER_TRY_AGAIN, "store");
	else if (session_begin(srv, l, &done->session) < 0)
		refuse(srv, l, ANSWER_TRY_AGAIN, "too many sessions");
	else
		give_place(&srv->logins, l);
}

static void hashed(struct server *srv, struct login *l, const struct job *done)
{
	struct job job = { .kind = JOB_REGISTER,
			   .reg = { .addr = l->addr,
				    .seq = l->seq,
				    .tag = done->password.tag,
				    .want_invite = srv->conf.registration == REGISTRATION_INVITE,
				    .now_s = srv->now.unix_s } };

	memcpy(job.reg.hash, done->password.hash, JOB_HASH_MAX);
	if (job.reg.want_invite)
		memcpy(job.reg.invite, l->password, l->password_len);
	if (done->err < 0)
		refuse(srv, l, ANSWER_TRY_AGAIN, "busy");
	else
		submit_step(srv, l, &job);
	explicit_bzero(&job.reg, sizeof(job.reg));
}

static void remember_newcomer(struct server *srv, const struct addr *addr, uint32_t uin)
{
	struct logins *t = &srv->logins;
	uint32_t i = t->newcomer++ % NEWCOMERS;

	t->newcomers[i].addr = *addr;
	t->newcomers[i].uin = uin;
	t->newcomers[i].since_ms = srv->now.mono_ms;
}

bool login_registered_here(const struct server *srv, const struct addr *addr, uint32_t uin)
{
	const struct logins *t = &srv->logins;

	for (uint32_t i = 0; i < NEWCOMERS; i++)
		if (uin && t->newcomers[i].uin == uin && addr_equal(&t->newcomers[i].addr, addr) &&
		    srv->now.mono_ms - t->newcomers[i].since_ms < NEWCOMER_MS)
			return true;
	return false;
}

void login_forget(struct server *srv, uint32_t uin)
{
	struct logins *t = &srv->logins;

	for (uint32_t i = 0; i < LOGINS_MAX; i++)
		if (t->at[i].used && t->at[i].uin == uin)
			give_place(t, &t->at[i]);
}

static void registered(struct server *srv, struct login *l, const struct job *done)
{
	if (done->err < 0) {
		refuse(srv, l, ANSWER_TRY_AGAIN, done->err == -ICQ_EDENIED ? "invite" : "store");
		return;
	}
	srv->counters.registrations++;
	remember_newcomer(srv, &l->addr, done->reg.uin);
	srv_log(srv, LOG_LEVEL_INFO, "registered", done->reg.uin, &l->addr, NULL);
	finish(srv, l, ANSWER_REGISTERED, done->reg.uin);
}

/* ---- start ----------------------------------------------------------------------------- */

/* The login of a session that lives already, sent again because its answer was lost. */
static bool repeats_session(struct server *srv, const struct login *wanted)
{
	struct session *s = session_find(&srv->sessions, wanted->uin);

	if (wanted->purpose != LOGIN_SESSION || !s || !addr_equal(&s->addr, &wanted->addr) ||
	    s->login_packet != wanted->seq || srv->now.mono_ms - s->began_ms > REPEAT_MS)
		return false;
	acknowledge(srv, wanted);
	link_allow(&s->link, (size_t)wanted->credit);
	if (s->verified)
		s->dialect->welcome(srv, s);
	else
		link_hurry(&s->link, srv->now.mono_ms);
	session_wake(srv, s);
	return true;
}

static void first_step(struct server *srv, struct login *l)
{
	struct job job = { .kind = JOB_ACCOUNT, .account.uin = l->uin };

	if (l->purpose != LOGIN_REGISTER && !limit_may_guess(srv, l->uin, &l->addr))
		refuse(srv, l, limit_may_say_busy(srv, l->uin) ? ANSWER_TRY_AGAIN : ANSWER_NONE,
		       "too many wrong passwords");
	else if (l->purpose != LOGIN_REGISTER)
		submit_step(srv, l, &job);
	else if (srv->conf.registration == REGISTRATION_CLOSED)
		refuse(srv, l, ANSWER_TRY_AGAIN, "closed");
	else if (!l->password_len)
		refuse(srv, l, ANSWER_TRY_AGAIN, "no password");
	else if (!limit_register(srv, &l->addr))
		refuse(srv, l, ANSWER_TRY_AGAIN, "too many registrations");
	else
		submit_password(srv, l, JOB_HASH, (const char[JOB_HASH_MAX]){ 0 });
}

void login_start(struct server *srv, const struct login *wanted)
{
	struct login *l = find_repeated(&srv->logins, wanted);

	if (l) {
		l->credit += wanted->credit;
		acknowledge(srv, wanted);
		return;
	}
	if (repeats_session(srv, wanted))
		return;
	l = take_place(&srv->logins, wanted);
	acknowledge(srv, wanted);
	if (l) {
		first_step(srv, l);
		return;
	}
	srv->counters.logins_busy++;
	answer(srv, wanted, ANSWER_TRY_AGAIN, 0);
}
