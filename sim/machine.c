/* SPDX-License-Identifier: MIT */
#include "sim/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRANSACTION_MAX = 256 };

/* ---- what the server asks of the world ------------------------------------------------- */

static int64_t clock_ms(const struct machine *m)
{
	return world_now(m->world).mono_ms;
}

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct machine *m = ctx;

	world_send(m->world, &m->host, to, p, n);
}

static bool is_password(const struct job *job)
{
	return job->kind == JOB_HASH || job->kind == JOB_VERIFY;
}

static int on_submit(void *ctx, const struct job *job)
{
	struct machine *m = ctx;
	struct errand *e = errand_new(job, job_size(job), sizeof(*job));

	if (is_password(job))
		errands_put(&m->passwords, e, clock_ms(m) + m->password_ms);
	else
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
	store_mem_run(m->disk, jobs, n);
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

static void answer(struct machine *m, struct errands *q)
{
	for (struct errand *e; (e = errands_take(q, clock_ms(m)));) {
		struct job *job = (struct job *)e->job;

		if (is_password(job))
			check_password(job);
		srv_done(m->srv, world_now(m->world), job);
		free(e);
	}
}

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	struct machine *m = self;

	srv_input(m->srv, world_now(m->world), from, p, n);
}

static void on_tick(void *self)
{
	struct machine *m = self;

	if (errands_due(&m->writing) <= clock_ms(m))
		commit(m);
	answer(m, &m->written);
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
		.disk = store_mem_new(),
	};
	if (!m->disk)
		abort();
	conf_preset(&m->conf);
	m->conf.limit_sessions = 16; /* a small table: tests make thousands of machines */
}

static void restore_one(void *ctx, const struct saved_session *saved)
{
	struct machine *m = ctx;

	srv_restore(m->srv, world_now(m->world), saved);
}

void machine_start(struct machine *m)
{
	const struct srv_env env = {
		.ctx = m, .send = on_send, .submit = on_submit, .random = on_random, .log = on_log
	};

	m->srv = srv_new(&m->conf, &env, world_now(m->world));
	if (!m->srv)
		abort();
	world_trace(m->world, "---- server starts");
	store_mem_sessions(m->disk, restore_one, m);
	srv_restored(m->srv, world_now(m->world));
	world_join(m->world, &m->host);
}

void machine_crash(struct machine *m)
{
	world_trace(m->world, "---- server crashes");
	world_leave(m->world, &m->host);
	srv_free(&m->srv);
	errands_drop(&m->writing);
	errands_drop(&m->written);
	errands_drop(&m->passwords);
}

void machine_free(struct machine *m)
{
	machine_crash(m);
	store_mem_free(&m->disk);
}

bool machine_has_mail(struct machine *m, uint32_t uin)
{
	struct job job = { .kind = JOB_MESSAGE_NEXT, .next.uin = uin };

	store_mem_run(m->disk, (struct job *[]){ &job }, 1);
	return job.err == 0;
}
