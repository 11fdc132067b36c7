/* SPDX-License-Identifier: MIT */
#include "link/link.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/now.h"

enum { SEQ_AT = 4, COMMAND_AT = 2 };

enum slot_state {
	WAITING,  /* not sent yet */
	FLYING,	  /* sent, its turn comes at due_ms */
	LINGERING /* a message that nobody acknowledged: sent again when the other side is heard */
};

/* Owned by its link, memory from the pool. */
struct link_slot {
	struct link_slot *next;
	int64_t due_ms;
	uint64_t cookie;
	uint16_t seq, len;
	uint8_t turn; /* transmissions and prods so far */
	uint8_t state;
	bool message, numbered, given_up;
	uint8_t packet[];
};

struct heard {
	uint32_t at_s;
	uint16_t seq, command, len;
	uint8_t state;
};

enum { HEARD_NOT, HEARD_ANSWERED, HEARD_PENDING };

struct link_block {
	struct heard at[LINK_BLOCK];
};

static size_t slot_size(const struct link_slot *s)
{
	return sizeof(*s) + s->len;
}

static uint16_t word_at(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

void link_open(struct link *l, const struct link_rules *rules, uint32_t first)
{
	*l = (struct link){ .rules = rules,
			    .next = first,
			    .mark = UINT32_MAX,
			    .credit = LINK_UNLIMITED,
			    .deadline_ms = NEVER_MS };
}

void link_close(struct link *l, struct link_pool *pool)
{
	for (struct link_slot *s = l->first, *next; s; s = next) {
		next = s->next;
		link_pool_give(pool, s, slot_size(s));
	}
	link_forget(l, pool);
	link_open(l, l->rules, l->next);
}

static struct link_slot *append(struct link *l, struct link_pool *pool, const void *packet,
				size_t len)
{
	struct link_slot *s = link_pool_take(pool, sizeof(*s) + len);

	assert(len >= SEQ_AT + 2 && len <= UINT16_MAX);
	if (!s)
		return NULL;
	*s = (struct link_slot){ .len = (uint16_t)len, .state = WAITING };
	memcpy(s->packet, packet, len);
	if (l->last)
		l->last->next = s;
	else
		l->first = s;
	l->last = s;
	l->deadline_ms = INT64_MIN;
	return s;
}

int link_queue(struct link *l, struct link_pool *pool, const void *packet, size_t len,
	       enum link_flag flags, uint64_t cookie, int64_t not_before_ms)
{
	struct link_slot *s = append(l, pool, packet, len);

	if (!s)
		return -ICQ_EFULL;
	s->cookie = cookie;
	s->message = flags & LINK_MESSAGE;
	s->due_ms = not_before_ms;
	return 0;
}

int link_queue_claimed(struct link *l, struct link_pool *pool, const void *packet, size_t len,
		       uint64_t cookie, uint32_t number)
{
	struct link_slot *s = append(l, pool, packet, len);

	if (!s)
		return -ICQ_EFULL;
	s->cookie = cookie;
	s->message = true;
	s->numbered = true;
	s->seq = (uint16_t)number;
	s->due_ms = INT64_MIN;
	return 0;
}

/* ---- numbers --------------------------------------------------------------------------- */

int link_claim(struct link *l, uint32_t *number_out)
{
	if (l->next >= l->rules->numbers)
		return -ICQ_ERANGE;
	if (l->next >= l->mark)
		return -ICQ_EFULL;
	*number_out = l->next++;
	l->deadline_ms = INT64_MIN; /* the reserve may be low */
	return 0;
}

void link_unclaim(struct link *l, uint32_t number)
{
	if (l->next == number + 1)
		l->next = number;
}

void link_reserve(struct link *l, uint32_t mark)
{
	l->mark = mark;
	if (l->first)
		l->deadline_ms = INT64_MIN;
}

void link_skip(struct link *l, uint32_t to)
{
	l->skip = to;
}

/* Puts the number into the packet. Returns whether there is one for it. */
static bool number(struct link *l, struct link_slot *s, unsigned *events)
{
	if (!s->numbered && l->next >= l->rules->numbers)
		*events |= LINK_SPENT;
	if (!s->numbered && (l->next >= l->rules->numbers || l->next >= l->mark))
		return false;
	if (!s->numbered)
		s->seq = (uint16_t)l->next;
	s->packet[SEQ_AT] = (uint8_t)s->seq;
	s->packet[SEQ_AT + 1] = (uint8_t)(s->seq >> 8);
	return true;
}

/* ---- sending --------------------------------------------------------------------------- */

/* One pass of link_pump. */
struct pump {
	struct link *l;
	struct link_pool *pool;
	int64_t now_ms;
	const struct link_out *out;
	unsigned events;
	bool dry; /* the credit did not suffice: what comes behind waits too */
};

static bool transmit(struct pump *p, struct link_slot *s)
{
	p->dry = p->dry || !link_spend(p->l, s->len);
	if (p->dry)
		return false;
	p->out->send(p->out->ctx, s->packet, s->len);
	s->due_ms = p->now_ms + p->l->rules->retry_ms;
	return true;
}

static void launch(struct pump *p, struct link_slot *s)
{
	struct link *l = p->l;

	/* The window may have opened for one further ahead: the next pass sees to it. */
	if (p->events & LINK_GAVE_UP)
		return;
	if (l->in_flight >= l->rules->window || (s->message && l->message_in_flight))
		return;
	if (!number(l, s, &p->events) || !transmit(p, s))
		return;
	if (!s->numbered)
		l->next = l->next + 1 > l->skip ? l->next + 1 : l->skip;
	l->in_flight++;
	l->message_in_flight |= s->message;
	s->state = FLYING;
	s->turn = 1;
}

/* The last transmission of the last round stayed unanswered. Returns whether the slot goes. */
static bool give_up(struct pump *p, struct link_slot *s)
{
	if (!s->given_up && ++p->l->dead >= p->l->rules->dead_packets)
		p->events |= LINK_DEAD;
	s->given_up = true;
	p->events |= LINK_GAVE_UP;
	p->l->deadline_ms = INT64_MIN;
	if (s->message)
		s->state = LINGERING;
	return !s->message;
}

/* A round is `sends` transmissions and one turn for its end. Returns whether the slot goes. */
static bool repeat(struct pump *p, struct link_slot *s)
{
	const struct link_rules *rules = p->l->rules;
	unsigned turns = rules->sends + 1u;

	if (s->turn % turns < rules->sends) {
		if (transmit(p, s)) {
			s->turn++;
			p->events |= LINK_RESENT;
		}
		return false;
	}
	if (s->turn / turns + 1u >= rules->rounds)
		return give_up(p, s);
	s->turn++;
	s->due_ms = p->now_ms + rules->retry_ms;
	p->events |= LINK_PROD;
	return false;
}

/* Takes out a slot that is not waiting. */
static void unlink_slot(struct link *l, struct link_slot **at, struct link_slot *before)
{
	struct link_slot *s = *at;

	*at = s->next;
	if (l->last == s)
		l->last = before;
	l->in_flight--;
	if (s->message)
		l->message_in_flight = false;
}

/* When the slot wants attention next, if nothing is heard before. What is still due after its
 * turn is held back by window, credit or another message: an ACK opens the way. */
static int64_t slot_deadline(const struct link_slot *s, int64_t now_ms)
{
	return s->state == LINGERING || s->due_ms <= now_ms ? NEVER_MS : s->due_ms;
}

unsigned link_pump(struct link *l, struct link_pool *pool, int64_t now_ms,
		   const struct link_out *out)
{
	struct pump p = { .l = l, .pool = pool, .now_ms = now_ms, .out = out };
	struct link_slot **at = &l->first, *before = NULL, *s;
	int64_t due;

	if (l->deadline_ms > now_ms)
		return 0;
	l->deadline_ms = NEVER_MS;
	while ((s = *at)) {
		if (s->state == WAITING && s->due_ms <= now_ms) {
			launch(&p, s);
		} else if (s->state == FLYING && s->due_ms <= now_ms && repeat(&p, s)) {
			unlink_slot(l, at, before);
			link_pool_give(pool, s, slot_size(s));
			continue;
		}
		due = slot_deadline(s, now_ms);
		if (due < l->deadline_ms)
			l->deadline_ms = due;
		before = s;
		at = &s->next;
	}
	if (l->next + LINK_FEW >= l->mark)
		p.events |= LINK_LOW;
	return p.events;
}

/* ---- hearing about what was sent ------------------------------------------------------- */

int link_acked(struct link *l, struct link_pool *pool, uint16_t seq, struct link_done *done)
{
	struct link_slot **at = &l->first, *before = NULL, *s;

	while ((s = *at) && (s->state == WAITING || s->seq != seq)) {
		before = s;
		at = &s->next;
	}
	if (!s)
		return -ICQ_ENOENT;
	*done = (struct link_done){ .cookie = s->cookie,
				    .command = word_at(s->packet + COMMAND_AT),
				    .seq = seq,
				    .message = s->message };
	unlink_slot(l, at, before);
	link_pool_give(pool, s, slot_size(s));
	l->dead = 0;
	l->deadline_ms = INT64_MIN; /* the window has opened */
	return 0;
}

void link_heard(struct link *l, int64_t now_ms)
{
	for (struct link_slot *s = l->message_in_flight ? l->first : NULL; s; s = s->next) {
		if (s->state != LINGERING)
			continue;
		/* One more transmission at once: the wait after the last one is over. */
		s->state = FLYING;
		s->turn--;
		s->due_ms = now_ms;
		l->deadline_ms = INT64_MIN;
	}
}

void link_hurry(struct link *l, int64_t now_ms)
{
	for (struct link_slot *s = l->first; s; s = s->next)
		if (s->state == FLYING && s->turn % (l->rules->sends + 1u) < l->rules->sends)
			s->due_ms = now_ms;
	l->deadline_ms = INT64_MIN;
}

void link_allow(struct link *l, size_t bytes)
{
	if (l->credit == LINK_UNLIMITED)
		return;
	l->credit = bytes < (size_t)(LINK_UNLIMITED - 1 - l->credit) ? l->credit + (int32_t)bytes
								     : LINK_UNLIMITED - 1;
	l->deadline_ms = INT64_MIN;
}

bool link_spend(struct link *l, size_t bytes)
{
	if (l->credit == LINK_UNLIMITED)
		return true;
	if (bytes > (size_t)l->credit)
		return false;
	l->credit -= (int32_t)bytes;
	return true;
}

bool link_has_sent(const struct link *l, uint16_t seq)
{
	return seq < l->next;
}

size_t link_waiting(const struct link *l, size_t *messages_out)
{
	size_t all = 0, messages = 0;

	for (const struct link_slot *s = l->first; s; s = s->next) {
		all++;
		messages += s->message;
	}
	if (messages_out)
		*messages_out = messages;
	return all;
}

/* ---- what was heard -------------------------------------------------------------------- */

/* The one place where this number may be noted; NULL if its block is not there. */
static struct heard *heard_place(const struct link *l, uint16_t seq)
{
	struct link_block *b = l->heard[seq % LINK_REMEMBER / LINK_BLOCK];

	return b ? &b->at[seq % LINK_BLOCK] : NULL;
}

static struct heard *heard_make(struct link *l, struct link_pool *pool, uint16_t seq)
{
	struct link_block **b = &l->heard[seq % LINK_REMEMBER / LINK_BLOCK];

	if (!*b && (*b = link_pool_take(pool, sizeof(**b))))
		memset(*b, 0, sizeof(**b));
	return heard_place(l, seq);
}

enum link_seen link_note(struct link *l, struct link_pool *pool, int64_t now_ms, uint16_t seq,
			 uint16_t command, uint16_t len, bool later)
{
	uint32_t now_s = (uint32_t)(now_ms / 1000);
	struct heard *h = heard_make(l, pool, seq);

	if (!h)
		return LINK_NEW;
	if (h->state != HEARD_NOT && h->seq == seq && h->command == command && h->len == len &&
	    now_s - h->at_s < LINK_REMEMBER_MS / 1000)
		return h->state == HEARD_PENDING ? LINK_PENDING : LINK_REPEAT;
	*h = (struct heard){ .at_s = now_s,
			     .seq = seq,
			     .command = command,
			     .len = len,
			     .state = later ? HEARD_PENDING : HEARD_ANSWERED };
	return LINK_NEW;
}

void link_settle(struct link *l, uint16_t seq, uint16_t command, bool answered)
{
	struct heard *h = heard_place(l, seq);

	if (h && h->state == HEARD_PENDING && h->seq == seq && h->command == command)
		h->state = answered ? HEARD_ANSWERED : HEARD_NOT;
}

void link_forget(struct link *l, struct link_pool *pool)
{
	for (size_t i = 0; i < LINK_REMEMBER / LINK_BLOCK; i++) {
		link_pool_give(pool, l->heard[i], sizeof(**l->heard));
		l->heard[i] = NULL;
	}
}
