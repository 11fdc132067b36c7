/* SPDX-License-Identifier: MIT */
/* What the oracle makes of the jobs that reach the disk. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/mailbox.h"
#include "sim/oracle_parts.h"

enum { CONFIRM_MS = 60 * 1000 };

/* ---- messages come --------------------------------------------------------------------- */

static void take_off(struct oracle *o, uint64_t epoch, uint32_t n, uint32_t part, bool old,
		     uint32_t id)
{
	struct fact *f = oracle_fact(o, id);

	if (f->flight_epoch == epoch && f->flight_part == part && f->flight_n != n)
		oracle_break(o,
			     "G4: message g=%" PRIu64 " changes its number from %" PRIu32
			     " to %" PRIu32,
			     f->g, f->flight_n, n);
	f->flight_epoch = epoch;
	f->flight_n = n;
	f->flight_part = part;
	f->flight_old = old;
	o->parties[f->to].flight = id;
}

static void check_quota(struct oracle *o, const char *what, uint64_t amount, int64_t limit)
{
	if (amount > (uint64_t)limit)
		oracle_break(o, "I8: %" PRIu64 " %s wait for one user", amount, what);
}

/* After one more message from this user, or notice. */
static void check_quotas(struct oracle *o, const struct party *to, uint32_t from)
{
	const struct conf *conf = &o->machine->conf;
	uint64_t messages = 0, bytes = 0, from_one = 0, notices = 0;

	for (uint32_t id = to->first; id; id = oracle_fact(o, id)->next) {
		const struct fact *f = oracle_fact(o, id);

		notices += f->notice;
		messages += !f->notice;
		bytes += f->len;
		from_one += f->from == from;
	}
	check_quota(o, "messages", messages, conf->limit_mailbox);
	check_quota(o, "bytes", bytes, conf->limit_mailbox_bytes);
	check_quota(o, "notices", notices, conf->limit_mailbox_notices);
	if (from != ORACLE_NOBODY)
		check_quota(o, "messages of one sender", from_one, conf->limit_mailbox_from_one);
}

static void append(struct oracle *o, struct party *to, uint32_t id, uint64_t g)
{
	struct fact *f = oracle_fact(o, id);
	const struct fact *last = oracle_fact(o, to->last);

	if (to->last && last->g >= g)
		oracle_break(o, "g=%" PRIu64 " was given after g=%" PRIu64, g, last->g);
	f->g = g;
	o->last_g = g;
	if (to->first)
		oracle_fact(o, to->last)->next = id;
	else
		to->first = id;
	to->last = id;
	check_quotas(o, to, f->from);
}

static void put_notice(struct oracle *o, const struct job_message_put *put)
{
	struct party *from = oracle_party(o, put->from);
	uint32_t id = oracle_new_fact(o, ORACLE_NOBODY, oracle_index(o, from));

	oracle_fact(o, id)->notice = true;
	from->notices++;
	append(o, from, id, put->g);
}

static void on_put(struct oracle *o, const struct job *job)
{
	const struct job_message_put *put = &job->put;
	struct party *to = oracle_party(o, put->to);
	uint32_t part, id = oracle_parse(o, job->text, job->text_len, &part);

	if (job->err || id == NO_MESSAGE)
		return;
	if (put->repeat != oracle_fact(o, id)->stable) {
		oracle_break(o, "G2: message %" PRIu32 " is %s", id,
			     put->repeat ? "taken for another one" : "stored twice");
		return;
	}
	if (put->repeat)
		return;
	oracle_fact(o, id)->stable = true;
	oracle_fact(o, id)->refused = put->refused != REFUSED_NOT;
	if (put->refused) {
		put_notice(o, put);
		return;
	}
	if (!to) {
		oracle_break(o, "message %" PRIu32 " is stored for nobody", id);
		return;
	}
	append(o, to, id, put->g);
	if (put->flight_epoch && put->flight_epoch == to->stored_epoch)
		take_off(o, put->flight_epoch, put->flight_n, 0, false, id);
}

static void on_next(struct oracle *o, const struct job *job)
{
	const struct job_message_next *next = &job->next;
	struct party *p = oracle_party(o, next->uin);
	uint32_t id;

	if (p && next->epoch == p->stored_epoch && p->stored_read < next->read)
		p->stored_read = next->read;
	if (job->err || !p || next->epoch != p->stored_epoch)
		return;
	for (id = p->first; id && oracle_fact(o, id)->g != next->g;)
		id = oracle_fact(o, id)->next;
	if (id)
		take_off(o, next->epoch, next->n, next->part, next->old, id);
	else
		oracle_break(o, "message g=%" PRIu64 " comes back from nowhere", next->g);
}

/* ---- messages go ----------------------------------------------------------------------- */

static bool confirmed(const struct oracle *o, const struct party *p, const struct fact *f)
{
	return p->confirmed_epoch >= f->acked_epoch ||
	       oracle_now(o) - CONFIRM_MS >= p->end_acked_ms;
}

static void check_gone(struct oracle *o, const struct party *p, const struct fact *f)
{
	if (!f->acked_epoch)
		oracle_break(o,
			     "I6: message g=%" PRIu64 " of user %" PRIu32
			     " leaves the store unacknowledged",
			     f->g, f->to);
	else if (f->flight_old && !confirmed(o, p, f))
		oracle_break(o,
			     "I6: stored message g=%" PRIu64 " of user %" PRIu32
			     " leaves the store unconfirmed",
			     f->g, f->to);
}

static void on_drop(struct oracle *o, const struct job *job)
{
	struct party *p = oracle_party(o, job->drop.uin);
	uint32_t before = 0;

	for (uint32_t id = p ? p->first : 0; id; id = oracle_fact(o, id)->next) {
		struct fact *f = oracle_fact(o, id);

		if (f->g < job->drop.first || f->g > job->drop.last) {
			before = id;
			continue;
		}
		check_gone(o, p, f);
		f->gone = true;
		if (before)
			oracle_fact(o, before)->next = f->next;
		else
			p->first = f->next;
		if (p->last == id)
			p->last = before;
	}
}

/* ---- sessions -------------------------------------------------------------------------- */

/* The session on the disk is over. What it has sent and not removed will come again: one message
 * that was in flight, and stored ones that were not confirmed. */
static void count_unfinished(struct oracle *o, struct party *p)
{
	uint32_t in_flight = 0;

	if (!p->stored_epoch)
		return;
	for (uint32_t id = p->first; id; id = oracle_fact(o, id)->next) {
		const struct fact *f = oracle_fact(o, id);

		if (f->flight_epoch != p->stored_epoch)
			continue;
		p->may_repeat++;
		in_flight += !f->flight_old;
	}
	if (in_flight > 1)
		oracle_break(o,
			     "G4: %" PRIu32 " messages of a session of user %" PRIu32 " come again",
			     in_flight, oracle_index(o, p));
}

static void on_begin(struct oracle *o, const struct job *job)
{
	struct party *p = oracle_party(o, job->session.uin);

	if (!p || job->err)
		return;
	if (job->session.epoch <= p->stored_epoch || job->session.epoch <= p->epoch)
		oracle_break(o, "epochs go back to %" PRIu64, job->session.epoch);
	count_unfinished(o, p);
	if (!p->pending)
		p->replaced = p->flight;
	p->stored_epoch = p->pending = job->session.epoch;
	p->stored_mark = STORE_NUMBERS;
	p->stored_read = 0;
	p->saved = (struct job_session_save){ .status = job->session.status };
	p->pending_addr = job->session.addr;
	p->flight = NO_MESSAGE;
}

static void on_end(struct oracle *o, const struct job *job)
{
	struct party *p = oracle_party(o, job->session.uin);

	if (p && p->stored_epoch == job->session.epoch) {
		count_unfinished(o, p);
		p->stored_epoch = 0;
		if (p->epoch == job->session.epoch) /* which hears nothing more */
			p->epoch = 0;
		p->flight = NO_MESSAGE;
	}
}

static void on_save(struct oracle *o, const struct job *job)
{
	struct party *p = oracle_party(o, job->save.uin);

	if (p && p->stored_epoch == job->save.epoch)
		p->saved = job->save;
	if (!p || job->save.old == OLD_WAITING || p->asked_epoch == job->save.epoch)
		return;
	p->asked_epoch = job->save.epoch;
	p->asked_g = o->last_g;
}

static void on_reserve(struct oracle *o, const struct job *job)
{
	struct party *p = oracle_party(o, job->reserve.uin);

	if (p && p->epoch == job->reserve.epoch && p->mark < job->reserve.mark)
		p->mark = job->reserve.mark;
	if (p && p->stored_epoch == job->reserve.epoch && p->stored_mark < job->reserve.mark)
		p->stored_mark = job->reserve.mark;
}

/* A line for each job about messages and their sessions. */
static void trace(const struct oracle *o, const struct job *j)
{
	char line[160] = "";

	if (j->kind == JOB_MESSAGE_PUT)
		snprintf(line, sizeof(line),
			 "put %" PRIu32 " for %" PRIu32 " g=%" PRIu64 "%s%s n=%" PRIu32,
			 j->put.from, j->put.to, j->put.g, j->put.repeat ? " repeat" : "",
			 j->put.refused ? " refused" : "", j->put.flight_n);
	else if (j->kind == JOB_MESSAGE_NEXT)
		snprintf(line, sizeof(line),
			 "next of %" PRIu32 " after %" PRIu64 ": g=%" PRIu64 " n=%" PRIu32
			 " read=%" PRIu64,
			 j->next.uin, j->next.after, j->next.g, j->next.n, j->next.read);
	else if (j->kind == JOB_MESSAGE_DROP)
		snprintf(line, sizeof(line), "drop of %" PRIu32 " %" PRIu64 "-%" PRIu64,
			 j->drop.uin, j->drop.first, j->drop.last);
	else if (j->kind == JOB_SESSION_BEGIN || j->kind == JOB_SESSION_END)
		snprintf(line, sizeof(line), "session of %" PRIu32 " %s epoch=%" PRIu64,
			 j->session.uin, j->kind == JOB_SESSION_BEGIN ? "begins" : "ends",
			 j->session.epoch);
	else if (j->kind == JOB_SESSION_SAVE)
		snprintf(line, sizeof(line), "save of %" PRIu32 "%s%s old=%u", j->save.uin,
			 j->save.verified ? " verified" : "", j->save.wants_ids ? " ids" : "",
			 j->save.old);
	if (*line)
		world_trace(o->machine->world, line);
}

void oracle_committed(void *ctx, const struct job *job)
{
	struct oracle *o = ctx;

	oracle_digest(o, 'c', job->text, job->text_len);
	if (world_is_traced(o->machine->world))
		trace(o, job);
	switch (job->kind) {
	case JOB_MESSAGE_PUT:
		on_put(o, job);
		break;
	case JOB_MESSAGE_NEXT:
		on_next(o, job);
		break;
	case JOB_MESSAGE_DROP:
		on_drop(o, job);
		break;
	case JOB_SESSION_BEGIN:
		on_begin(o, job);
		break;
	case JOB_SESSION_END:
		on_end(o, job);
		break;
	case JOB_SESSION_SAVE:
		on_save(o, job);
		break;
	case JOB_SESSION_LIST:
		oracle_check_tables(o, job->list.uin);
		break;
	case JOB_SESSION_RESERVE:
		on_reserve(o, job);
		break;
	default:
		break;
	}
}

void oracle_answered(void *ctx, const struct job *job)
{
	struct oracle *o = ctx;
	struct party *p = job->kind == JOB_SESSION_BEGIN && !job->err
				  ? oracle_party(o, job->session.uin)
				  : NULL;

	if (p && p->pending == job->session.epoch)
		party_switch(p);
}
