/* SPDX-License-Identifier: MIT */
#include "server/server.h"

#include <stdlib.h>

#include "base/err.h"
#include "server/core.h"

enum { WINDOW = 32, DEAD_PACKETS = 2 };

/* ---- making and settings --------------------------------------------------------------- */

static void set_conf(struct server *srv, const struct conf *conf)
{
	srv->conf = *conf;
	srv->link_rules = (struct link_rules){ .retry_ms = conf->retry_s * 1000,
					       .sends = (uint8_t)(conf->retries + 1),
					       .rounds = 1,
					       .window = WINDOW,
					       .dead_packets = DEAD_PACKETS,
					       .numbers = (uint32_t)conf->max_packets };
}

struct server *srv_new(const struct conf *conf, const struct srv_env *env, struct now now)
{
	struct server *srv = calloc(1, sizeof(*srv));
	uint32_t sessions = (uint32_t)conf->limit_sessions;

	if (!srv)
		return NULL;
	srv->env = *env;
	srv->now = now;
	srv->steady_s = now.unix_s - now.mono_ms / 1000;
	set_conf(srv, conf);
	srv->echo = (struct session){ .uin = STORE_ECHO_UIN, .mode = 6, .tcp_version = 2 };
	env->random(env->ctx, &srv->limits.key, sizeof(srv->limits.key));
	srv->pool = link_pool_new(sessions);
	if (!srv->pool || heap_init(&srv->timers, sessions) < 0 ||
	    sessions_init(&srv->sessions, sessions) < 0 ||
	    watches_init(&srv->watches, sessions) < 0)
		srv_free(&srv);
	return srv;
}

void srv_free(struct server **srv)
{
	if (!*srv)
		return;
	sessions_free(&(*srv)->sessions, (*srv)->pool);
	watches_free(&(*srv)->watches);
	heap_free(&(*srv)->timers);
	link_pool_free(&(*srv)->pool);
	free(*srv);
	*srv = NULL;
}

void srv_reconf(struct server *srv, const struct conf *conf)
{
	int64_t sessions = srv->conf.limit_sessions;

	set_conf(srv, conf);
	srv->conf.limit_sessions = sessions;
}

const struct srv_counters *srv_counters(const struct server *srv)
{
	return &srv->counters;
}

uint32_t srv_session_count(const struct server *srv)
{
	return srv->sessions.count;
}

/* ---- the world ------------------------------------------------------------------------- */

void srv_send(struct server *srv, const struct addr *to, const void *p, size_t n)
{
	srv->counters.datagrams_out++;
	srv->counters.bytes_out += n;
	if (srv->traces.count)
		trace_out(srv, to, p, n);
	srv->env.send(srv->env.ctx, to, p, n);
}

void srv_log(struct server *srv, enum log_level level, const char *name, uint32_t uin,
	     const struct addr *addr, const char *why)
{
	srv->env.log(srv->env.ctx,
		     &(struct log_event){
			     .level = level, .name = name, .uin = uin, .addr = addr, .why = why });
}

int64_t srv_steady_s(const struct server *srv)
{
	return srv->steady_s + srv->now.mono_ms / 1000;
}

int srv_submit(struct server *srv, const struct job *job)
{
	int err = srv->env.submit(srv->env.ctx, job);

	srv->counters.queue_full += err < 0;
	return err;
}

/* ---- the way of a packet --------------------------------------------------------------- */

const struct dialect *dialect_of(uint16_t version)
{
	return version == 1 || version == 2 ? &v2_dialect : NULL;
}

static struct caller caller_of(const struct request *r)
{
	return (struct caller){
		.addr = *r->from, .uin = r->head.uin, .version = r->head.version, .seq = r->head.seq
	};
}

/* The first packet of somebody without a session: only few commands mean anything. */
static void stranger(struct server *srv, const struct dialect *d, const struct request *r)
{
	const struct handler *h = &d->handlers[r->id];
	struct caller to = caller_of(r);

	if (r->id == M_c_ack || (h->stranger && r->broken))
		return;
	if (h->stranger) {
		h->stranger(srv, r);
		return;
	}
	srv->counters.stray++;
	if (!limit_stray(srv, r->from))
		return;
	srv->counters.stray_replies++;
	d->answer(srv, &to, ANSWER_NOT_CONNECTED, 0);
}

static void acknowledge(struct server *srv, struct session *s, const struct request *r)
{
	struct caller to = caller_of(r);

	s->dialect->ack(srv, &to);
}

/* Has it come before? Then it is dealt with here. */
static bool repeated(struct server *srv, struct session *s, const struct request *r,
		     const struct handler *h)
{
	enum link_seen seen = LINK_NEW;

	if (!(h->rules & UNNOTED))
		seen = link_note(&s->link, srv->pool, srv->now.mono_ms, r->head.seq,
				 r->head.command, r->body_len, true);
	srv->counters.repeats += seen != LINK_NEW;
	if (seen == LINK_REPEAT)
		acknowledge(srv, s, r);
	return seen != LINK_NEW;
}

/* Too much of this kind: dropped as if it had never come, so that its repeat is judged afresh. */
static bool too_much(struct server *srv, struct session *s, const struct request *r,
		     const struct handler *h)
{
	if (limit_session(srv, s, h->class))
		return false;
	link_settle(&s->link, r->head.seq, r->head.command, false);
	return true;
}

/* Packets that mean nothing: a few are forgiven. */
static bool too_much_rubbish(struct server *srv, struct session *s, const struct request *r)
{
	if ((!r->broken && r->id != M_NONE) || limit_session(srv, s, CLASS_RUBBISH))
		return false;
	session_end(srv, s, END_RUBBISH);
	return true;
}

/* The handler may end the session. */
static void act(struct server *srv, struct session *s, const struct request *r,
		const struct handler *h)
{
	uint32_t uin = s->uin;
	uint64_t epoch = s->epoch;

	if (!r->broken && h->fn)
		h->fn(srv, s, r);
	else if (r->broken && h->broken)
		h->broken(srv, s, r);
	s = session_find(&srv->sessions, uin);
	if (s && s->epoch == epoch)
		s->previous_command = r->head.command;
}

static void in_session(struct server *srv, struct session *s, struct request *r)
{
	const struct handler *h = &s->dialect->handlers[r->id];

	if (h->stranger && !h->fn) { /* a login, which counts like that of a stranger */
		if (!r->broken && limit_address(srv, r->from))
			h->stranger(srv, r);
		return;
	}
	if (!limit_session(srv, s, CLASS_PACKET))
		return;
	session_heard(srv, s, r->from->door, r->datagram_len);
	if (r->id == M_c_ack) {
		session_acked(srv, s, r->head.seq);
		return;
	}
	r->plausible = session_plausible(s, r->head.seq);
	session_heard_seq(s, r->head.seq);
	if (repeated(srv, s, r, h) || too_much(srv, s, r, h) || too_much_rubbish(srv, s, r))
		return;
	if (r->broken || !(h->rules & LATER)) {
		link_settle(&s->link, r->head.seq, r->head.command, true);
		acknowledge(srv, s, r);
	}
	act(srv, s, r, h);
}

static void dispatch(struct server *srv, struct request *r)
{
	const struct dialect *d = dialect_of(r->head.version);
	struct session *s = r->head.uin ? session_find(&srv->sessions, r->head.uin) : NULL;

	if (s && s->dialect == d && addr_equal(&s->addr, r->from))
		in_session(srv, s, r);
	else if (limit_address(srv, r->from))
		stranger(srv, d, r);
}

static bool too_long(const struct server *srv, size_t n)
{
	return n > ICQ_MAX_datagram ||
	       (srv->conf.limits_enabled && (int64_t)n > srv->conf.limit_datagram);
}

static void datagram(struct server *srv, const struct addr *from, const void *p, size_t n)
{
	union icq_msg msg;
	struct request r = { .from = from, .datagram_len = n, .msg = &msg };
	int err = icq_unpack(ICQ_CLIENT, p, n, &r.head, &r.id, &msg);

	if (srv->traces.count && err != -ICQ_EVERSION && r.head.uin)
		trace_in(srv, r.head.uin, from, p, n);
	if (too_long(srv, n) || (err == -ICQ_ETRUNC && r.id == M_NONE)) {
		srv->counters.dropped_short++;
	} else if (err == -ICQ_EVERSION || !dialect_of(r.head.version)) {
		srv->counters.dropped_version++;
	} else {
		srv->counters.unknown_commands += err == -ICQ_EUNKNOWN;
		srv->counters.malformed += err == -ICQ_ETRUNC;
		r.broken = err == -ICQ_ETRUNC;
		r.body_len = (uint16_t)(n - (size_t)icq_head_read(ICQ_CLIENT, p, n, &r.head));
		dispatch(srv, &r);
	}
}

/* Sessions whose turn has come: something was queued for them, or time has passed. */
static void run_due(struct server *srv)
{
	presence_run(srv);
	while (heap_deadline(&srv->timers) <= srv->now.mono_ms)
		session_run(srv, (struct session *)heap_first(&srv->timers));
	later_run(srv);
}

int srv_restore(struct server *srv, struct now now, const struct saved_session *saved)
{
	srv->now = now;
	return session_restore(srv, saved);
}

void srv_restored(struct server *srv, struct now now)
{
	srv->now = now;
	presence_restored(srv);
	run_due(srv);
}

void srv_input(struct server *srv, struct now now, const struct addr *from, const void *p, size_t n)
{
	srv->now = now;
	srv->counters.datagrams_in++;
	srv->counters.bytes_in += n;
	datagram(srv, from, p, n);
	run_due(srv);
}

void srv_done(struct server *srv, struct now now, const struct job *job)
{
	srv->now = now;
	srv->counters.store_failures += job->err == -ICQ_EIO;
	if (job->then)
		job->then(srv, job);
	run_due(srv);
}

void srv_tick(struct server *srv, struct now now)
{
	srv->now = now;
	run_due(srv);
}

int64_t srv_deadline(const struct server *srv)
{
	int64_t first = heap_deadline(&srv->timers), answers = later_deadline(srv);
	int64_t presence = presence_deadline(srv);

	if (answers < first)
		first = answers;
	return presence < first ? presence : first;
}
