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

/* ---- the sender's side ----------------------------------------------------------------- */

/* The place for the message that a row of his history is. */
static uint32_t *row_of(struct party *p, uint64_t row)
{
	while (p->row_cap <= row) {
		uint32_t cap = p->row_cap ? 2 * p->row_cap : 256;

		p->rows = realloc(p->rows, cap * sizeof(*p->rows));
		if (!p->rows)
			abort();
		memset(p->rows + p->row_cap, 0, (cap - p->row_cap) * sizeof(*p->rows));
		p->row_cap = cap;
	}
	return &p->rows[row];
}

void oracle_kept(struct oracle *o, uint32_t who, uint32_t id, uint64_t row)
{
	*row_of(&o->parties[who], row) = id;
	oracle_fact(o, id)->kept = true;
}

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

void oracle_sending(struct oracle *o, uint32_t who, uint64_t row, enum icq_client_sent state,
		    enum history_via via)
{
	struct party *p = &o->parties[who];
	uint32_t id = *row_of(p, row);

	if (id == NO_MESSAGE || state == ICQ_CLIENT_QUEUED)
		return;
	p->under_way = state == ICQ_CLIENT_SENT && via == HISTORY_PEER ? id : NO_MESSAGE;
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
	o->parties[who].peeks = 0;
	o->parties[who].under_way = NO_MESSAGE;
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
