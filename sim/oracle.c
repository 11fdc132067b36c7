/* SPDX-License-Identifier: MIT */
#include "sim/oracle.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/oracle_parts.h"

enum { WORD_MAX = 24 };

/* ---- its notes ------------------------------------------------------------------------- */

int64_t oracle_now(const struct oracle *o)
{
	return world_now(o->machine->world).mono_ms;
}

void oracle_break(struct oracle *o, const char *format, ...)
{
	struct verdict *v = &o->verdict;
	char line[ORACLE_WHY_MAX + 16];
	va_list ap;

	if (v->broken)
		return;
	v->broken = true;
	v->broken_ms = oracle_now(o);
	va_start(ap, format);
	vsnprintf(v->why, sizeof(v->why), format, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "==== BROKEN: %s", v->why);
	world_trace(o->machine->world, line);
}

void oracle_digest(struct oracle *o, uint8_t kind, const void *p, size_t n)
{
	uint64_t h = o->verdict.digest ^ (uint64_t)oracle_now(o) << 8 ^ kind;
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 0x100000001b3u;
	o->verdict.digest = h ^ h >> 29;
}

struct fact *oracle_fact(const struct oracle *o, uint32_t i)
{
	return &o->facts[i];
}

uint32_t oracle_new_fact(struct oracle *o, uint32_t from, uint32_t to)
{
	if (o->fact_count == o->fact_cap) {
		o->fact_cap = o->fact_cap ? 2 * o->fact_cap : 1024;
		o->facts = realloc(o->facts, o->fact_cap * sizeof(*o->facts));
		if (!o->facts)
			abort();
	}
	o->facts[o->fact_count] = (struct fact){ .from = from, .to = to };
	return o->fact_count++;
}

struct party *oracle_party(struct oracle *o, uint32_t uin)
{
	uint32_t i = uin - STORE_FIRST_UIN;

	return uin >= STORE_FIRST_UIN && i < o->party_count ? &o->parties[i] : NULL;
}

uint32_t oracle_index(const struct oracle *o, const struct party *p)
{
	return p ? (uint32_t)(p - o->parties) : ORACLE_NOBODY;
}

uint32_t oracle_add(struct oracle *o, enum memory memory)
{
	assert(o->party_count < PARTIES_MAX);
	o->parties[o->party_count] = (struct party){ .memory = memory,
						     .end_acked_ms = NEVER_MS,
						     .welcomed_ms = NEVER_MS,
						     .end_n = UINT32_MAX };
	return o->party_count++;
}

struct place *oracle_place(struct oracle *o, const struct addr *a)
{
	uint32_t key = addr_ip4(a) << 16 | a->port;
	uint32_t i = uintab_get(o->place_of, key);

	if (i)
		return o->places[i - 1];
	if (o->place_count == o->place_cap) {
		o->place_cap = o->place_cap ? 2 * o->place_cap : 64;
		o->places = realloc(o->places, o->place_cap * sizeof(struct place *));
		if (!o->places)
			abort();
	}
	o->places[o->place_count] = calloc(1, sizeof(struct place));
	if (!o->places[o->place_count] || uintab_set(o->place_of, key, o->place_count + 1) < 0)
		abort();
	return o->places[o->place_count++];
}

/* ---- sessions -------------------------------------------------------------------------- */

void party_switch(struct party *p)
{
	if (!p->pending)
		return;
	p->epoch = p->pending;
	p->addr = p->pending_addr;
	p->pending = 0;
	p->mark = STORE_NUMBERS;
	p->floor = p->top = 0;
	p->sent_g = 0;
	p->end_n = UINT32_MAX;
	p->end_acked_ms = p->welcomed_ms = NEVER_MS;
	if (p->numbers)
		memset(p->numbers, 0, p->numbers_cap * sizeof(*p->numbers));
}

struct numbered *party_number(struct party *p, uint32_t n)
{
	uint32_t cap = p->numbers_cap ? p->numbers_cap : STORE_NUMBERS;

	while (cap <= n)
		cap *= 2;
	if (cap != p->numbers_cap) {
		p->numbers = realloc(p->numbers, cap * sizeof(*p->numbers));
		if (!p->numbers)
			abort();
		memset(p->numbers + p->numbers_cap, 0,
		       (cap - p->numbers_cap) * sizeof(*p->numbers));
		p->numbers_cap = cap;
	}
	return &p->numbers[n];
}

static void on_crashed(void *ctx)
{
	struct oracle *o = ctx;

	o->verdict.crashes++;
	o->taken_over = 0;
}

/* The server goes on with what the disk holds, and above all numbers that were reserved. */
static void on_started(void *ctx)
{
	struct oracle *o = ctx;

	oracle_judge_start(o);
	for (uint32_t i = 0; i < o->party_count; i++) {
		struct party *p = &o->parties[i];

		party_switch(p);
		for (uint32_t n = 0; n < p->top && n < p->numbers_cap; n++)
			p->numbers[n].sent = p->numbers[n].done = false;
		p->floor = p->top && p->numbers[0].acked ? p->mark : 0;
		if (p->end_acked_ms != NEVER_MS) /* its time begins anew */
			p->end_acked_ms = oracle_now(o);
	}
}

/* ---- messages -------------------------------------------------------------------------- */

size_t oracle_say(struct oracle *o, uint32_t from, uint32_t to, uint32_t words,
		  char text[ORACLE_TEXT_MAX])
{
	uint32_t id = oracle_new_fact(o, from, to);
	size_t n = 0;

	for (uint32_t i = 0; i < words && n < ORACLE_TEXT_MAX - 2 * WORD_MAX; i++)
		n += (size_t)snprintf(text + n, WORD_MAX, "%" PRIu32 ".%" PRIu32 " ", id, i);
	text[n - 1] = '!';
	oracle_fact(o, id)->len = (uint32_t)n;
	return n;
}

uint32_t oracle_parse(const struct oracle *o, const void *text, size_t len, uint32_t *part_out)
{
	char word[WORD_MAX + 1] = "", *end;
	unsigned long id, part;

	memcpy(word, text, len < WORD_MAX ? len : WORD_MAX);
	id = strtoul(word, &end, 10);
	if (end == word || *end != '.' || id >= o->fact_count)
		return NO_MESSAGE;
	part = strtoul(end + 1, &end, 10);
	if (*end != ' ' && *end != '!')
		return NO_MESSAGE;
	*part_out = (uint32_t)part;
	return (uint32_t)id;
}

static void shown_again(struct oracle *o, struct party *p, const struct fact *f, uint64_t login)
{
	bool by_session = p->memory == MEMORY_SESSION || p->memory == MEMORY_FOREVER;

	if (p->memory == MEMORY_HISTORY && f->shown <= f->breaks + 1) {
		o->verdict.doubled++;
		return;
	}
	if (p->memory == MEMORY_HISTORY) {
		o->verdict.duplicated++;
		oracle_break(o, "G6: message g=%" PRIu64 " twice in the history of user %" PRIu32,
			     f->g, f->to);
		return;
	}
	if (by_session && f->shown_login == login)
		oracle_break(o, "G4: message g=%" PRIu64 " twice in one session of user %" PRIu32,
			     f->g, f->to);
	/* Within a session it is the network that repeats, for who remembers one number only. */
	p->repeated += f->shown_login != login;
	if (p->repeated > p->may_repeat)
		oracle_break(o,
			     "G4: user %" PRIu32 " was shown %" PRIu64
			     " repeats, but his broken sessions account for %" PRIu64,
			     f->to, p->repeated, p->may_repeat);
	o->verdict.repeated++;
}

static void check_order(struct oracle *o, struct party *p, const struct fact *f)
{
	if (p->memory != MEMORY_HISTORY)
		return;
	if (f->g <= p->shown_g && f->g < p->overtook_g)
		return;
	if (f->g <= p->shown_g) {
		o->verdict.reordered++;
		oracle_break(o, "G5: message g=%" PRIu64 " after g=%" PRIu64 " for user %" PRIu32,
			     f->g, p->shown_g, f->to);
	}
	p->shown_g = f->g;
}

void oracle_shown(struct oracle *o, uint32_t who, uint64_t login, const void *text, size_t len)
{
	oracle_show(o, who, login, text, len, false);
}

void oracle_show(struct oracle *o, uint32_t who, uint64_t login, const void *text, size_t len,
		 bool directly)
{
	struct party *p = &o->parties[who];
	uint32_t part, id = oracle_parse(o, text, len, &part);
	struct fact *f = oracle_fact(o, id);

	oracle_digest(o, 'v', text, len);
	if (id == NO_MESSAGE) {
		p->notices_shown++;
		return;
	}
	if (part) /* judged by its first part */
		return;
	if (f->to != who)
		oracle_break(o,
			     "message %" PRIu32 " shown to user %" PRIu32 " and meant for %" PRIu32,
			     id, who, f->to);
	if (f->shown++) {
		shown_again(o, p, f, login);
		f->shown_login = login;
		return;
	}
	f->shown_login = login;
	o->verdict.delivered++;
	if (!directly)
		check_order(o, p, f);
}

/* ---- the end --------------------------------------------------------------------------- */

static bool is_owed(const struct oracle *o, const struct fact *f)
{
	return (f->accepted || f->handed) && !f->refused && !f->shown && !f->notice &&
	       o->parties[f->to].memory != MEMORY_FOREVER;
}

/* A message that waits; one whose removal was lost does no more than cost a repeat. */
static uint32_t left_in_store(const struct oracle *o, const struct party *p)
{
	uint32_t id = p->first;

	while (id && oracle_fact(o, id)->acked_epoch)
		id = oracle_fact(o, id)->next;
	return id;
}

bool oracle_at_rest(const struct oracle *o)
{
	for (uint32_t i = 0; i < o->party_count; i++)
		if (left_in_store(o, &o->parties[i]))
			return false;
	for (uint32_t i = 1; i < o->fact_count; i++)
		if (is_owed(o, oracle_fact(o, i)) || fact_is_astray(oracle_fact(o, i)))
			return false;
	return true;
}

static void judge_message(struct oracle *o, uint32_t i)
{
	const struct fact *f = oracle_fact(o, i);

	if (is_owed(o, f)) {
		o->verdict.lost++;
		oracle_break(o, "G1: message g=%" PRIu64 " to user %" PRIu32 " is lost", f->g,
			     f->to);
	}
	if (fact_is_astray(f)) {
		o->verdict.lost++;
		oracle_break(o, "message %" PRIu32 " of user %" PRIu32 " is lost on its way", i,
			     f->from);
	}
	if (f->accepted && !f->refused && !f->notice && !f->shown &&
	    o->parties[f->to].memory == MEMORY_FOREVER)
		o->verdict.discarded++;
}

static void judge_party(struct oracle *o, const struct party *p)
{
	uint32_t i = oracle_index(o, p), left = left_in_store(o, p);

	if (left)
		oracle_break(o,
			     "G3: message g=%" PRIu64 " to user %" PRIu32 " is left in the store",
			     oracle_fact(o, left)->g, i);
	if (p->memory == MEMORY_HISTORY && p->notices != p->notices_shown)
		oracle_break(o, "G7: user %" PRIu32 " was told of %" PRIu64 " refusals of %" PRIu64,
			     i, p->notices_shown, p->notices);
}

const struct verdict *oracle_end(struct oracle *o)
{
	for (uint32_t i = 1; i < o->fact_count; i++)
		judge_message(o, i);
	oracle_judge_files(o);
	for (uint32_t i = 0; i < o->party_count; i++) {
		judge_party(o, &o->parties[i]);
		oracle_judge_sender(o, &o->parties[i]);
	}
	return oracle_verdict(o);
}

const struct verdict *oracle_verdict(struct oracle *o)
{
	o->verdict.ms = oracle_now(o);
	o->verdict.writes = o->machine->writes;
	o->verdict.struck = o->machine->struck;
	return &o->verdict;
}

/* ---- life ------------------------------------------------------------------------------ */

struct oracle *oracle_new(struct machine *m)
{
	struct oracle *o = calloc(1, sizeof(*o));

	if (!o || !(o->place_of = uintab_new()))
		abort();
	o->machine = m;
	oracle_new_fact(o, ORACLE_NOBODY, ORACLE_NOBODY); /* NO_MESSAGE */
	m->watch = (struct machine_watch){ .ctx = o,
					   .heard = oracle_heard,
					   .sent = oracle_sent,
					   .committed = oracle_committed,
					   .answered = oracle_answered,
					   .restored = oracle_restored,
					   .started = on_started,
					   .crashed = on_crashed };
	return o;
}

void oracle_free(struct oracle **o)
{
	if (!*o)
		return;
	for (uint32_t i = 0; i < (*o)->party_count; i++)
		free((*o)->parties[i].numbers);
	for (uint32_t i = 0; i < (*o)->place_count; i++)
		free((*o)->places[i]);
	free((*o)->places);
	uintab_free(&(*o)->place_of);
	free((*o)->facts);
	free((*o)->files);
	free(*o);
	*o = NULL;
}
