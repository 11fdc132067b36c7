/* SPDX-License-Identifier: MIT */
/*
 * What the oracle makes of direct connections. It believes the receiving user, who shows a message
 * or does not, and checks by that what the sending client says of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/oracle_parts.h"

enum { NOTED_MS = 10 }; /* a client notes within what it was told */

/* ---- the sender's side ----------------------------------------------------------------- */

static void handed(struct oracle *o, struct fact *f)
{
	f->handed = true;
	if (!f->shown)
		oracle_break(o, "a message is acknowledged by user %" PRIu32 ", who has not got it",
			     f->to);
}

static void returned(struct oracle *o, struct fact *f)
{
	o->verdict.returned += !f->returned;
	f->returned = true;
	if (f->shown > f->breaks)
		oracle_break(o, "user %" PRIu32 " shows a message and returns it", f->to);
}

static void trace(const struct oracle *o, uint32_t who, uint32_t id, enum icq_client_sent state,
		  enum history_via via)
{
	char line[80];

	snprintf(line, sizeof(line), "message %" PRIu32 " of user %" PRIu32 " is %s%s", id, who,
		 icq_client_sent_name(state), via == HISTORY_PEER ? " directly" : "");
	world_trace(o->machine->world, line);
}

void oracle_sending(struct oracle *o, uint32_t who, const void *text, size_t len,
		    enum icq_client_sent state, enum history_via via)
{
	struct party *p = &o->parties[who];
	uint32_t part, id = oracle_parse(o, text, len, &part);

	if (id == NO_MESSAGE) {
		oracle_break(o, "user %" PRIu32 " sends what he did not say", who);
		return;
	}
	if (world_is_traced(o->machine->world))
		trace(o, who, id, state, via);
	oracle_fact(o, id)->kept = true;
	if (state == ICQ_CLIENT_QUEUED)
		return;
	p->under_way = state == ICQ_CLIENT_SENT && via == HISTORY_PEER ? id : NO_MESSAGE;
	p->settled = id;
	p->settled_ms = oracle_now(o);
	if (state == ICQ_CLIENT_DELIVERED)
		handed(o, oracle_fact(o, id));
	else if (state == ICQ_CLIENT_RETURNED)
		returned(o, oracle_fact(o, id));
}

static void count_break(struct oracle *o, uint32_t from, uint32_t to)
{
	struct fact *f = oracle_fact(o, o->parties[from].under_way);

	if (o->parties[from].under_way && f->to == to)
		f->breaks++;
}

void oracle_stream_down(struct oracle *o, uint32_t a, uint32_t b)
{
	count_break(o, a, b);
	count_break(o, b, a);
}

/* ---- the receiver's side --------------------------------------------------------------- */

void oracle_shown_directly(struct oracle *o, uint32_t who, const void *text, size_t len)
{
	struct party *p = &o->parties[who];
	uint32_t part, id = oracle_parse(o, text, len, &part);
	const struct fact *f = oracle_fact(o, id);

	if (id == NO_MESSAGE || f->from == ORACLE_NOBODY) {
		oracle_break(o, "user %" PRIu32 " is shown what nobody has said", who);
		return;
	}
	/* What lies in a broken connection for long has gone another way meanwhile. */
	if (!f->shown && !f->stable && id < p->direct_from[f->from])
		oracle_break(o,
			     "message %" PRIu32 " came directly to user %" PRIu32
			     " after message %" PRIu32 " of the same sender",
			     id, who, p->direct_from[f->from]);
	if (!f->shown)
		p->direct_from[f->from] = id;
	o->verdict.direct++;
	oracle_show(o, who, 0, text, len, true);
}

/* ---- away texts ------------------------------------------------------------------------ */

void oracle_away_text(uint32_t who, char out[ORACLE_AWAY_MAX])
{
	snprintf(out, ORACLE_AWAY_MAX, "user %" PRIu32 " is away", who);
}

void oracle_peeks(struct oracle *o, uint32_t who)
{
	o->parties[who].peeks++;
}

void oracle_peeked(struct oracle *o, uint32_t who, uint32_t whom, const struct icq_str *text)
{
	char known[ORACLE_AWAY_MAX];

	if (o->parties[who].peeks-- == 0)
		oracle_break(o, "user %" PRIu32 " is answered twice", who);
	if (!text || !text->len)
		return;
	oracle_away_text(whom, known);
	if (text->len != strlen(known) || memcmp(text->p, known, text->len) != 0)
		oracle_break(o, "user %" PRIu32 " reads a wrong away text of user %" PRIu32, who,
			     whom);
}

void oracle_left(struct oracle *o, uint32_t who)
{
	struct party *p = &o->parties[who];

	/* An acknowledgement that is not noted yet when he crashes might as well not have come. */
	if (p->settled && oracle_now(o) - p->settled_ms < NOTED_MS)
		oracle_fact(o, p->settled)->breaks++;
	p->peeks = 0;
	p->under_way = p->settled = NO_MESSAGE;
}

void oracle_judge_sender(struct oracle *o, const struct party *p)
{
	if (p->peeks)
		oracle_break(o, "%" PRIu32 " questions of user %" PRIu32 " have no answer",
			     p->peeks, oracle_index(o, p));
}

/* Between the two ways a message may get lost that neither the server nor the other client has. */
bool fact_is_astray(const struct fact *f)
{
	return f->kept && !f->accepted && !f->handed && !f->returned;
}
