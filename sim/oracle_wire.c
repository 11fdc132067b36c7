/* SPDX-License-Identifier: MIT */
/* What the oracle makes of datagrams. */
#include <inttypes.h>
#include <string.h>

#include "sim/oracle_parts.h"

enum {
	WINDOW = 32,
	IN_FLIGHT_MS = 9900, /* what is not acknowledged is sent again after 10 s at most */
	LOOK_BACK = 128,     /* numbers that may still be in flight */
	BUDGET = 3,
	PATIENCE_MS = 30 * 1000,
	TEXT_AT = 18, /* of a message from a client */
};

/* ---- what the server hears ------------------------------------------------------------- */

/* Also of a packet that was cut off: whoever acknowledges that has not stored it. */
static uint32_t message_of(const struct oracle *o, uint16_t command, const uint8_t *p, size_t n)
{
	uint32_t part;

	if (n <= TEXT_AT || (command != icq_describe(M_c_send_message)->code &&
			     command != icq_describe(M_c_message_new_user)->code))
		return NO_MESSAGE;
	return oracle_parse(o, p + TEXT_AT, n - TEXT_AT, &part);
}

/* What is in flight in the session that the server knows; the disk may know a newer one. */
static uint32_t flight_of(const struct party *p)
{
	return p->pending ? p->replaced : p->flight;
}

static void on_ack(struct oracle *o, struct party *p, struct place *at, uint16_t seq)
{
	struct fact *f = oracle_fact(o, flight_of(p));
	struct numbered *n = party_number(p, seq);

	if (!n->hash) /* of nothing that was sent */
		return;
	n->acked = true;
	n->done = n->sent;
	at->proven |= seq == 0;
	if (seq == 0 && p->welcomed_ms == NEVER_MS)
		p->welcomed_ms = oracle_now(o);
	if (p->end_n == seq && p->end_acked_ms == NEVER_MS)
		p->end_acked_ms = oracle_now(o);
	if (flight_of(p) && f->flight_epoch == p->epoch && f->flight_n == seq && n->last)
		f->acked_epoch = p->epoch;
}

void oracle_heard(void *ctx, const struct addr *from, const void *p, size_t n)
{
	struct oracle *o = ctx;
	struct place *at = oracle_place(o, from);
	struct icq_head head;
	union icq_msg msg;
	enum icq_id id;
	struct party *who;

	oracle_digest(o, 'h', p, n);
	at->in += n;
	if (icq_unpack(ICQ_CLIENT, p, n, &head, &id, &msg) < 0)
		id = M_NONE;
	if (icq_head_read(ICQ_CLIENT, p, n, &head) < 0)
		return;
	if (id != M_c_ack) { /* whose numbers are the server's */
		at->heard[head.seq % HEARD_RING].seq = head.seq + 1u;
		at->heard[head.seq % HEARD_RING].fact = message_of(o, head.command, p, n);
	}
	who = oracle_party(o, head.uin);
	if (!who || !addr_equal(&who->addr, from))
		return;
	if (id == M_c_ack)
		on_ack(o, who, at, head.seq);
	else if (id == M_c_ack_messages)
		who->confirmed_epoch = who->epoch;
}

/* ---- what the server says -------------------------------------------------------------- */

static void check_ack(struct oracle *o, const struct place *at, uint16_t seq)
{
	struct fact *f;

	if (at->heard[seq % HEARD_RING].seq != seq + 1u) {
		oracle_break(o, "I12: acknowledges number %" PRIu16 ", which nobody sent", seq);
		return;
	}
	if (!at->heard[seq % HEARD_RING].fact)
		return;
	f = oracle_fact(o, at->heard[seq % HEARD_RING].fact);
	if (!f->stable)
		oracle_break(o, "I1: a message is acknowledged before it is stable");
	if (!f->accepted && f->refused)
		o->verdict.refused++;
	else if (!f->accepted)
		o->verdict.accepted++;
	f->accepted = true;
}

/* Packets with a number of the session's own. */
static bool is_numbered(uint16_t command)
{
	static const enum icq_id others[] = { M_s_ack,	      M_s_not_connected, M_s_try_again,
					      M_s_new_uin,    M_s_bad_password,	 M_s_go_away,
					      M_s_login_check };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (icq_describe(others[i])->code == command)
			return false;
	return true;
}

static uint64_t hash_of(const uint8_t *p, size_t n)
{
	uint64_t h = 0x9e3779b97f4a7c15u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h | 1;
}

static uint32_t in_flight(const struct oracle *o, const struct party *p)
{
	uint32_t first = p->top > LOOK_BACK ? p->top - LOOK_BACK : 0, count = 0;

	for (uint32_t i = first; i < p->top && i < p->numbers_cap; i++)
		count += p->numbers[i].hash && !p->numbers[i].acked &&
			 oracle_now(o) - p->numbers[i].sent_ms < IN_FLIGHT_MS;
	return count;
}

static struct party *whose(struct oracle *o, const struct addr *a)
{
	for (uint32_t i = 0; i < o->party_count; i++)
		if (o->parties[i].epoch && addr_equal(&o->parties[i].addr, a))
			return &o->parties[i];
	return NULL;
}

/* New messages may overtake stored ones that nobody asked for in time, or not before they were
 * stored themselves. */
static void note_overtaking(const struct oracle *o, struct party *p)
{
	const struct fact *f = oracle_fact(o, p->flight);

	if ((p->asked_epoch != p->epoch || f->g <= p->asked_g) &&
	    oracle_now(o) - PATIENCE_MS >= p->welcomed_ms && p->overtook_g < f->g)
		p->overtook_g = f->g;
}

/* What was stored before the client asked for it may come late. */
static void check_sending_order(struct oracle *o, struct party *p, const struct fact *f)
{
	if (f->g < p->sent_g && f->g >= p->overtook_g)
		oracle_break(
			o, "I7: message g=%" PRIu64 " leaves after g=%" PRIu64 " for user %" PRIu32,
			f->g, p->sent_g, f->to);
	if (p->sent_g < f->g)
		p->sent_g = f->g;
}

/* Is it the one that is in flight, with its stored number? And is the one before it through? */
static void check_message(struct oracle *o, struct party *p, const struct icq_head *head,
			  const struct icq_str *text, bool again)
{
	const struct fact *f = oracle_fact(o, p->flight);
	struct numbered *n = party_number(p, head->seq);
	uint32_t part, id = oracle_parse(o, text->p, text->len, &part);

	n->message = true;
	n->last = id == NO_MESSAGE || (text->len && text->p[text->len - 1] == '!');
	if (p->pending) /* a newer session is on the disk already */
		return;
	if (!p->flight || f->flight_n != head->seq || f->flight_epoch != p->epoch)
		oracle_break(o, "I4: message with number %" PRIu16 " is not stored as in flight",
			     head->seq);
	else if (id != NO_MESSAGE && id != p->flight)
		oracle_break(o, "I4: number %" PRIu16 " carries another message", head->seq);
	else if (!again)
		check_sending_order(o, p, f);
	if (!again)
		for (uint32_t i = p->top > LOOK_BACK ? p->top - LOOK_BACK : 0; i < p->top; i++)
			if (i != head->seq && p->numbers[i].message && !p->numbers[i].acked)
				oracle_break(o,
					     "I3: messages %" PRIu32 " and %" PRIu16 " in flight",
					     i, head->seq);
}

static void check_number(struct oracle *o, struct party *p, const struct icq_head *head,
			 uint64_t hash)
{
	struct numbered *n = party_number(p, head->seq);
	const struct fact *f = oracle_fact(o, flight_of(p));
	bool resumed = head->seq == 0 || (flight_of(p) && f->flight_n == head->seq);

	if (head->seq >= p->mark)
		oracle_break(o, "I4: number %" PRIu16 " is not reserved", head->seq);
	if (n->hash && n->hash != hash)
		oracle_break(o, "I5: number %" PRIu16 " names two packets", head->seq);
	if (n->message && n->done)
		oracle_break(o, "G4: message %" PRIu16 " again after its acknowledgement",
			     head->seq);
	if (!n->hash && head->seq < p->floor && !resumed)
		oracle_break(o, "I5: number %" PRIu16 " after a restart", head->seq);
	n->hash = hash;
	n->sent_ms = oracle_now(o);
	n->sent = true;
	if (p->top <= head->seq)
		p->top = head->seq + 1u;
	if (in_flight(o, p) > WINDOW)
		oracle_break(o, "I3: more than %d packets in flight", WINDOW);
}

static void check_session(struct oracle *o, struct party *p, const void *packet, size_t len,
			  const struct icq_head *head)
{
	bool again = party_number(p, head->seq)->hash != 0;
	struct icq_head same;
	union icq_msg msg;
	enum icq_id id;

	check_number(o, p, head, hash_of(packet, len));
	if (icq_unpack(ICQ_SERVER, packet, len, &same, &id, &msg) < 0)
		oracle_break(o, "the server sends a malformed packet");
	else if (id == M_s_message) {
		check_message(o, p, head, &msg.s_message.text, again);
		note_overtaking(o, p);
	} else if (id == M_s_stored_message)
		check_message(o, p, head, &msg.s_stored_message.text, again);
	else if (id == M_s_stored_end)
		p->end_n = head->seq;
}

static void check_budget(struct oracle *o, const struct place *at)
{
	if (!at->proven && at->out > BUDGET * at->in)
		oracle_break(o, "I10: %" PRIu64 " bytes to an address that sent %" PRIu64, at->out,
			     at->in);
}

void oracle_sent(void *ctx, const struct addr *to, const void *packet, size_t len)
{
	struct oracle *o = ctx;
	struct place *at = oracle_place(o, to);
	struct party *p = whose(o, to);
	struct icq_head head;

	oracle_digest(o, 's', packet, len);
	at->out += len;
	check_budget(o, at);
	if (icq_head_read(ICQ_SERVER, packet, len, &head) < 0)
		oracle_break(o, "the server sends a malformed packet");
	else if (head.command == icq_describe(M_s_ack)->code)
		check_ack(o, at, head.seq);
	else if (is_numbered(head.command) && p)
		check_session(o, p, packet, len, &head);
	else if (is_numbered(head.command))
		oracle_break(o, "I12: packet %04X to nobody's session", head.command);
}
