/* SPDX-License-Identifier: MIT */
#include "sim/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { TRANSACTION_MAX = 256, QUEUE_MAX = 4096 };

/* ---- what the server asks of the world ------------------------------------------------- */

static int64_t clock_ms(const struct machine *m)
{
	return world_now(m->world).mono_ms;
}

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct machine *m = ctx;

	if (m->watch.sent)
		m->watch.sent(m->watch.ctx, to, p, n);
	world_send(m->world, &m->host, to, p, n);
	sabotage_sent(m, to, p, n);
}

static bool is_password(const struct job *job)
{
	return job->kind == JOB_HASH || job->kind == JOB_VERIFY;
}

static int on_submit(void *ctx, const struct job *job)
{
	struct machine *m = ctx;
	struct errand *e;

	if (!is_password(job) && m->waiting >= m->queue_max)
		return -ICQ_EFULL;
	e = errand_new(job, job_size(job), sizeof(*job));
	if (is_password(job)) {
		errands_put(&m->passwords, e, clock_ms(m) + m->password_ms);
		return 0;
	}
	m->waiting++;
	errands_put(&m->writing, e, clock_ms(m) + m->commit_ms);
	return 0;
}

static void on_random(void *ctx, void *p, size_t n)
{
	struct machine *m = ctx;

	rng_bytes(world_rng(m->world), p, n);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	struct machine *m = ctx;
	char line[256];

	log_format(ev, line, sizeof(line));
	world_trace(m->world, line);
}

/* ---- the work -------------------------------------------------------------------------- */

/* Carries out a transaction, or what a full disk takes of it. */
static void run(struct machine *m, struct job *const *jobs, size_t n)
{
	struct job *some[TRANSACTION_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (m->full && job_needs_room(jobs[i]->kind))
			jobs[i]->err = -ICQ_EIO;
		else
			some[count++] = jobs[i];
	}
	sabotage_run(m, some, count);
	for (size_t i = 0; i < count; i++)
		if (m->watch.committed && some[i]->err != -ICQ_EIO)
			m->watch.committed(m->watch.ctx, some[i]);
}

/* Does the plan strike in the next n writes? Says how many of them are done. */
static bool strikes(struct machine *m, size_t *n)
{
	uint64_t ahead = m->plan.write - m->writes;
	bool now = (m->plan.moment == CRASH_BEFORE || m->plan.moment == CRASH_IN) && !m->struck &&
		   ahead < *n;

	if (!now)
		return false;
	*n = (size_t)ahead + (m->plan.moment == CRASH_IN);
	m->struck = true;
	return true;
}

/* Does the plug come out before the last of n jobs is answered? Says how many are done. */
static bool is_last(struct machine *m, size_t *n)
{
	if (strikes(m, n))
		return true;
	if (m->writes_left < 0 || (size_t)m->writes_left > *n) {
		m->writes_left -= m->writes_left < 0 ? 0 : (int64_t)*n;
		return false;
	}
	*n = (size_t)m->writes_left;
	return true;
}

/* Everything that waits becomes one transaction; the answers come a little later. */
static void commit(struct machine *m)
{
	struct errand *e;
	struct job *jobs[TRANSACTION_MAX];
	size_t n = 0;

	while (n < TRANSACTION_MAX && (e = errands_take(&m->writing, NEVER_MS))) {
		errands_put(&m->written, e, clock_ms(m) + m->answer_ms);
		jobs[n++] = (struct job *)e->job;
	}
	m->waiting -= (uint32_t)n;

	bool last = is_last(m, &n);

	if (n && m->failing)
		last = true;
	else
		run(m, jobs, n);
	m->writes += m->failing ? 0 : n;
	m->failing = false;
	if (last)
		machine_crash(m);
}

/* Stands in for the slow hash: the password itself, legible. */
static void legible_hash(const struct job_password *p, char out[JOB_HASH_MAX])
{
	snprintf(out, JOB_HASH_MAX, "$legible$%.*s", p->password_len, (const char *)p->password);
}

static void check_password(struct job *job)
{
	struct job_password *p = &job->password;
	char hash[JOB_HASH_MAX];

	legible_hash(p, hash);
	job->err = 0;
	if (job->kind == JOB_VERIFY) {
		p->match = strcmp(hash, p->hash) == 0;
		return;
	}
	memcpy(p->hash, hash, sizeof(hash));
	p->tag = 0;
	memcpy(&p->tag, p->password, p->password_len);
}

/* Does the plan strike behind the answer that was the last one? */
static bool was_planned(struct machine *m)
{
	bool now = m->plan.moment == CRASH_AFTER && !m->struck && m->plan.write < m->answered;

	m->struck |= now;
	return now;
}

static void answer(struct machine *m, struct errands *q)
{
	for (struct errand *e; (e = errands_take(q, clock_ms(m)));) {
		struct job *job = (struct job *)e->job;

		if (is_password(job))
			check_password(job);
		else if (m->watch.answered)
			m->watch.answered(m->watch.ctx, job);
		srv_done(m->srv, world_now(m->world), job);
		m->answered += q == &m->written;
		free(e);
		if (q == &m->written && was_planned(m)) {
			machine_crash(m);
			return;
		}
	}
}

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	struct machine *m = self;
	struct addr seen = *from;

	if (m->watch.heard)
		m->watch.heard(m->watch.ctx, from, p, n);
	sabotage_heard(m, &seen, p, n);
	srv_input(m->srv, world_now(m->world), &seen, p, n);
}

static void on_tick(void *self)
{
	struct machine *m = self;

	if (errands_due(&m->writing) <= clock_ms(m))
		commit(m);
	if (!m->srv)
		return;
	answer(m, &m->written);
	if (!m->srv)
		return;
	answer(m, &m->passwords);
	srv_tick(m->srv, world_now(m->world));
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t on_deadline(const void *self)
{
	const struct machine *m = self;

	return earlier(earlier(errands_due(&m->writing), errands_due(&m->written)),
		       earlier(errands_due(&m->passwords), srv_deadline(m->srv)));
}

/* ---- life ------------------------------------------------------------------------------ */

void machine_init(struct machine *m, struct world *w)
{
	*m = (struct machine){
		.world = w,
		.host = { .addr = addr_v4(0x0A000001, 4000),
			  .speaks = ICQ_SERVER,
			  .self = m,
			  .input = on_input,
			  .tick = on_tick,
			  .deadline = on_deadline },
		.commit_ms = 3,
		.answer_ms = 1,
		.password_ms = 50,
		.queue_max = QUEUE_MAX,
		.writes_left = MACHINE_NO_CRASH,
		.disk = store_mem_new(),
	};
	if (!m->disk)
		abort();
	conf_preset(&m->conf);
	m->conf.limit_sessions = 16; /* a small table: tests make thousands of machines */
}

/* A recovery, to its end or to the plug. */
struct recovery {
	struct machine *machine;
	uint32_t sessions_left;
};

static void restore_one(void *ctx, const struct saved_session *saved)
{
	struct recovery *r = ctx;
	struct machine *m = r->machine;

	if (r->sessions_left == 0)
		return;
	r->sessions_left--;
	if (m->watch.restored)
		m->watch.restored(m->watch.ctx, saved);
	if (sabotage_takes_over(m, saved))
		srv_restore(m->srv, world_now(m->world), saved);
}

static void recover(struct machine *m, uint32_t sessions)
{
	struct recovery r = { m, sessions };
	const struct srv_env env = {
		.ctx = m, .send = on_send, .submit = on_submit, .random = on_random, .log = on_log
	};

	m->srv = srv_new(&m->conf, &env, world_now(m->world));
	if (!m->srv)
		abort();
	world_trace(m->world, "---- server starts");
	store_mem_sessions(m->disk, restore_one, &r);
}

void machine_start(struct machine *m)
{
	m->writes_left = MACHINE_NO_CRASH;
	recover(m, UINT32_MAX);
	if (m->watch.started)
		m->watch.started(m->watch.ctx);
	srv_restored(m->srv, world_now(m->world));
	world_join(m->world, &m->host);
}

void machine_start_and_crash(struct machine *m, uint32_t sessions)
{
	recover(m, sessions);
	machine_crash(m);
}

static void switch_off(struct machine *m)
{
	world_leave(m->world, &m->host);
	srv_free(&m->srv);
	errands_drop(&m->writing);
	errands_drop(&m->written);
	errands_drop(&m->passwords);
	m->waiting = 0;
	m->answered = m->writes;
	/* If it crashes by itself before the answer, there is no other moment behind that write. */
	was_planned(m);
}

void machine_crash(struct machine *m)
{
	world_trace(m->world, "---- server crashes");
	switch_off(m);
	sabotage_crashed(m);
	if (m->watch.crashed)
		m->watch.crashed(m->watch.ctx);
}

void machine_free(struct machine *m)
{
	switch_off(m);
	sabotage_free(m);
	store_mem_free(&m->disk);
}

uint32_t machine_account(struct machine *m, const char *password)
{
	struct job job = { .kind = JOB_ACCOUNT_ADD };
	struct job_password p = { .password_len = (uint8_t)strlen(password) };

	memcpy(p.password, password, p.password_len);
	legible_hash(&p, job.account_add.hash);
	sabotage_run(m, (struct job *[]){ &job }, 1);
	return job.account_add.uin;
}

bool machine_has_mail(struct machine *m, uint32_t uin)
{
	struct job job = { .kind = JOB_MESSAGE_NEXT, .next.uin = uin };

	store_mem_run(m->disk, (struct job *[]){ &job }, 1);
	return job.err == 0;
}
