/* SPDX-License-Identifier: MIT */
#include "server/rig.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { SESSIONS = 64, START_S = 900000000 };

/* ---- what the server asks of the world ------------------------------------------------- */

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct rig *r = ctx;
	struct parcel *parcel = malloc(sizeof(*parcel) + n);

	assert(parcel);
	*parcel = (struct parcel){ .to = *to, .n = n };
	memcpy(parcel->p, p, n);
	*r->end = parcel;
	r->end = &parcel->next;
}

static int on_submit(void *ctx, const struct job *job)
{
	struct rig *r = ctx;
	struct job *copy;

	if (r->full || r->job_count == RIG_JOBS)
		return -ICQ_EFULL;
	copy = malloc(sizeof(*copy));
	assert(copy);
	memcpy(copy, job, job_size(job));
	r->jobs[r->job_count++] = copy;
	r->submitted++;
	return 0;
}

static void on_random(void *ctx, void *p, size_t n)
{
	rng_bytes(&((struct rig *)ctx)->rng, p, n);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	char line[256];

	(void)ctx;
	log_format(ev, line, sizeof(line));
	assert(!strstr(line, RIG_PASSWORD));
}

static void on_answer(void *ctx, const struct job *job)
{
	struct rig *r = ctx;

	memcpy(&r->answer, job, job_size(job));
	r->answers++;
}

static void on_trace(void *ctx, uint32_t uin, bool out, const struct addr *peer, const void *p,
		     size_t n)
{
	struct rig *r = ctx;
	size_t len = strlen(r->traced);

	(void)peer;
	len += (size_t)snprintf(r->traced + len, sizeof(r->traced) - len, "%u%c", uin,
				out ? '>' : '<');
	icq_show_line(out ? ICQ_SERVER : ICQ_CLIENT, p, n, false, r->traced + len,
		      sizeof(r->traced) - len - 1);
	strcat(r->traced, "\n");
}

/* ---- jobs ------------------------------------------------------------------------------ */

/* A hash is the password itself, behind a mark that tells it from "". */
static void do_hash(struct job_password *q)
{
	memset(q->hash, 0, sizeof(q->hash));
	q->hash[0] = '=';
	memcpy(q->hash + 1, q->password, q->password_len);
	q->tag = 1;
	for (size_t i = 0; i < q->password_len; i++)
		q->tag = (uint16_t)(q->tag * 31 + q->password[i]);
}

static void do_verify(struct job_password *q)
{
	struct job_password like = *q;

	do_hash(&like);
	q->match = memcmp(like.hash, q->hash, sizeof(like.hash)) == 0;
}

static void do_job(struct rig *r, struct job *job)
{
	job->err = 0;
	if (job->kind == JOB_HASH)
		do_hash(&job->password);
	else if (job->kind == JOB_VERIFY)
		do_verify(&job->password);
	else
		store_mem_run(r->store, &job, 1);
}

void rig_answer(struct rig *r, size_t n)
{
	for (; n && r->job_count; n--) {
		struct job *job = r->jobs[0];

		memmove(r->jobs, r->jobs + 1, --r->job_count * sizeof(*r->jobs));
		do_job(r, job);
		srv_done(r->srv, r->now, job);
		free(job);
	}
}

static void settle(struct rig *r)
{
	if (!r->hold)
		rig_answer(r, SIZE_MAX);
}

uint32_t rig_account(struct rig *r, const char *password)
{
	struct job job = { .kind = JOB_HASH }, *jobs[] = { &job };
	struct job_password q = { .password_len = (uint8_t)strlen(password) };

	memcpy(q.password, password, q.password_len);
	do_hash(&q);
	job.kind = JOB_REGISTER;
	job.reg = (struct job_register){ .tag = (uint16_t)++r->submitted, .now_s = r->now.unix_s };
	memcpy(job.reg.hash, q.hash, sizeof(q.hash));
	store_mem_run(r->store, jobs, 1);
	assert(job.err == 0);
	return job.reg.uin;
}

void rig_invite(struct rig *r, const char *code)
{
	struct job job = { .kind = JOB_INVITE }, *jobs[] = { &job };

	snprintf(job.invite.code, sizeof(job.invite.code), "%s", code);
	store_mem_run(r->store, jobs, 1);
	assert(job.err == 0);
}

/* ---- the world ------------------------------------------------------------------------- */

struct conf rig_conf(void)
{
	struct conf conf;

	conf_preset(&conf);
	conf.limit_sessions = SESSIONS;
	/* A conversation is faster than people are; tests of these rates set them. */
	conf.rate_session.burst = conf.rate_send.burst = conf.rate_send_stranger.burst = 1000;
	conf.rate_receive.burst = conf.rate_search.burst = conf.rate_info.burst = 1000;
	return conf;
}

static void restore(void *ctx, const struct saved_session *saved)
{
	struct rig *r = ctx;

	assert(srv_restore(r->srv, r->now, saved) == 0);
}

static void start(struct rig *r)
{
	struct srv_env env = { r, on_send, on_submit, on_random, on_log, on_answer, on_trace };

	r->srv = srv_new(&r->conf, &env, r->now);
	assert(r->srv);
	store_mem_sessions(r->store, restore, r);
	srv_restored(r->srv, r->now);
	settle(r);
}

static void forget_jobs(struct rig *r)
{
	while (r->job_count)
		free(r->jobs[--r->job_count]);
}

void rig_crash(struct rig *r)
{
	forget_jobs(r);
	srv_free(&r->srv);
	start(r);
}

struct rig *rig_new(const struct conf *conf)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert(r);
	r->now = (struct now){ .mono_ms = 5000, .unix_s = START_S };
	r->end = &r->first;
	r->store = store_mem_new();
	r->conf = *conf;
	assert(r->store);
	start(r);
	return r;
}

void rig_free(struct rig **r)
{
	forget_jobs(*r);
	rig_deafen(*r);
	srv_free(&(*r)->srv);
	store_mem_free(&(*r)->store);
	free(*r);
	*r = NULL;
}

void rig_input(struct rig *r, const struct addr *from, const void *p, size_t n)
{
	srv_input(r->srv, r->now, from, p, n);
	settle(r);
}

static void clock_to(struct rig *r, int64_t ms)
{
	r->now.mono_ms = ms;
	r->now.unix_s = START_S + ms / 1000;
}

void rig_wait(struct rig *r, int64_t ms)
{
	int64_t until = r->now.mono_ms + ms, at;

	while ((at = srv_deadline(r->srv)) <= until) {
		assert(at >= r->now.mono_ms);
		clock_to(r, at);
		srv_tick(r->srv, r->now);
		settle(r);
		assert(srv_deadline(r->srv) > at);
	}
	clock_to(r, until);
}

struct parcel *rig_take(struct rig *r, const struct addr *to)
{
	struct parcel **at = &r->first, *found;

	while (*at && !addr_equal(&(*at)->to, to))
		at = &(*at)->next;
	found = *at;
	if (found) {
		*at = found->next;
		if (!*at)
			r->end = at;
	}
	return found;
}

void rig_deafen(struct rig *r)
{
	for (struct parcel *next; r->first; r->first = next) {
		next = r->first->next;
		free(r->first);
	}
	r->end = &r->first;
}
