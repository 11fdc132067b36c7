/* SPDX-License-Identifier: MIT */
/*
 * What the oracle makes of a start of the server: after a crash at any write the disk must hold
 * just what was written until then, and the server must go on with all of that, however often its
 * starts were cut off.
 */
#include <inttypes.h>
#include <string.h>

#include "server/operator.h"
#include "sim/oracle_parts.h"

/* ---- a session ------------------------------------------------------------------------- */

static bool is_read(const struct party *p, const struct fact *f)
{
	return f->flight_epoch == p->stored_epoch && f->flight_old && f->g <= p->stored_read;
}

/* The message in flight; NO_MESSAGE: none. */
static uint32_t flight_of(const struct oracle *o, const struct party *p)
{
	uint32_t flight = NO_MESSAGE;

	for (uint32_t id = p->first; id; id = oracle_fact(o, id)->next) {
		const struct fact *f = oracle_fact(o, id);

		if (f->flight_epoch == p->stored_epoch && !is_read(p, f) &&
		    (!flight || f->flight_n > oracle_fact(o, flight)->flight_n))
			flight = id;
	}
	return flight;
}

static uint32_t waiting(const struct oracle *o, const struct party *p)
{
	uint32_t count = 0;

	for (uint32_t id = p->first; id; id = oracle_fact(o, id)->next)
		count++;
	return count;
}

/* What is wrong with the session that the server is given? NULL: nothing. */
static const char *difference(const struct oracle *o, const struct party *p,
			      const struct saved_session *saved)
{
	const struct fact *flight = oracle_fact(o, flight_of(o, p));

	if (saved->session.epoch != p->stored_epoch)
		return "epoch";
	if (saved->mark != p->stored_mark)
		return "mark";
	if (saved->state.status != p->saved.status || saved->state.verified != p->saved.verified ||
	    saved->state.wants_ids != p->saved.wants_ids || saved->state.old != p->saved.old)
		return "state";
	if (saved->session.waiting != waiting(o, p))
		return "number of messages";
	if (saved->flight != flight->g)
		return "message in flight";
	if (flight->g &&
	    (saved->flight_n != flight->flight_n || saved->flight_part != flight->flight_part ||
	     saved->flight_old != flight->flight_old))
		return "number in flight";
	return NULL;
}

void oracle_restored(void *ctx, const struct saved_session *saved)
{
	struct oracle *o = ctx;
	struct party *p = oracle_party(o, saved->session.uin);
	const char *what = p ? difference(o, p, saved) : "user";

	o->taken_over++;
	if (what && !sabotage_hides(o->machine)) /* what that leads to is to be seen */
		oracle_break(o, "I9: after a start user %" PRIu32 " has another %s",
			     oracle_index(o, p), what);
}

/* ---- all of them ----------------------------------------------------------------------- */

/* The first message from this one on that the store still gives out. */
static uint32_t unread(const struct oracle *o, const struct party *p, uint32_t id)
{
	while (id && is_read(p, oracle_fact(o, id)))
		id = oracle_fact(o, id)->next;
	return id;
}

static bool is_fact(const struct oracle *o, uint32_t id, const struct job *job)
{
	uint32_t part;

	return id && oracle_fact(o, id)->g == job->next.g &&
	       (oracle_fact(o, id)->notice ||
		oracle_parse(o, job->text, job->text_len, &part) == id);
}

/* Reads a mailbox from the disk, without changing anything there. */
static void check_mailbox(struct oracle *o, const struct party *p, uint32_t uin)
{
	uint32_t id = unread(o, p, p->first);
	struct job job;

	job.kind = JOB_MESSAGE_NEXT;
	job.text_len = 0;
	job.next = (struct job_message_next){ .uin = uin };
	for (;;) {
		store_mem_run(o->machine->disk, (struct job *[]){ &job }, 1);
		if (job.err || !is_fact(o, id, &job))
			break;
		id = unread(o, p, oracle_fact(o, id)->next);
		job.next.after = job.next.g;
	}
	if (id || !job.err)
		oracle_break(o, "I9: the mailbox of user %" PRIu32 " is another after a crash",
			     oracle_index(o, p));
}

static void look_at(struct oracle *o, const struct party *p, uint32_t uin)
{
	struct operator_view view;
	bool there = operator_look(o->machine->srv, world_now(o->machine->world), uin, &view) == 0;

	if (there != (p->stored_epoch != 0))
		oracle_break(o, "I9: the session of user %" PRIu32 " does not outlive the server",
			     oracle_index(o, p));
}

void oracle_judge_start(struct oracle *o)
{
	uint32_t sessions = 0;

	if (sabotage_hides(o->machine))
		return;
	for (uint32_t i = 0; i < o->party_count; i++) {
		sessions += o->parties[i].stored_epoch != 0;
		check_mailbox(o, &o->parties[i], STORE_FIRST_UIN + i);
		look_at(o, &o->parties[i], STORE_FIRST_UIN + i);
	}
	if (o->taken_over != sessions)
		oracle_break(o, "I9: of %" PRIu32 " sessions %" PRIu32 " go on after a start",
			     sessions, o->taken_over);
}

/* ---- tables ---------------------------------------------------------------------------- */

void oracle_check_tables(struct oracle *o, uint32_t uin)
{
	const struct machine *m = o->machine;
	struct operator_view view;

	if (srv_session_count(m->srv) > (uint64_t)m->conf.limit_sessions)
		oracle_break(o, "I11: %" PRIu32 " sessions", srv_session_count(m->srv));
	if (operator_look(m->srv, world_now(m->world), uin, &view) < 0)
		return;
	if (view.contacts > (uint64_t)m->conf.limit_contacts)
		oracle_break(o, "I11: user %" PRIu32 " watches %" PRIu32 " others",
			     oracle_index(o, oracle_party(o, uin)), view.contacts);
}
