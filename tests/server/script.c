/* SPDX-License-Identifier: MIT */
#include "server/script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

enum { LINE = 4096, CLIENT_HEAD = 10, BARE_HEAD = 6, SERVER_HEAD = 6, VERSION = 2 };

/* Bytes to send or to expect. */
struct bytes {
	size_t n;
	bool open; /* any rest may follow */
	uint8_t b[SCRIPT_DATAGRAM];
	bool any[SCRIPT_DATAGRAM];
};

/* ---- people ---------------------------------------------------------------------------- */

struct person *script_person(struct script *s, const char *name)
{
	struct person *p = s->people;

	while (p < s->people + s->count && strcmp(p->name, name) != 0)
		p++;
	if (p < s->people + s->count)
		return p;
	check(s->count < SCRIPT_PEOPLE && strlen(name) < sizeof(p->name));
	s->count++;
	strcpy(p->name, name);
	p->addr = addr_v4(0x0A000000u + (uint32_t)s->count, (uint16_t)(4000 + s->count));
	p->uin = strcmp(name, "nobody") == 0 ? 99999 : rig_account(s->rig, "secret");
	return p;
}

/* ---- bodies ---------------------------------------------------------------------------- */

static void add(struct bytes *to, uint64_t value, size_t size)
{
	check(to->n + size <= sizeof(to->b));
	for (; size; size--, value >>= 8)
		to->b[to->n++] = (uint8_t)value;
}

static void add_hex(struct bytes *to, const char *text)
{
	struct hex hex = hex_bytes(text);

	for (size_t i = 0; i < hex.n; i++)
		add(to, hex.b[i], 1);
}

/* What stands between the quotes; returns what follows. */
static const char *add_text(struct bytes *to, const char *text)
{
	size_t at = to->n;

	add(to, 0, 2);
	for (text++; *text != '"'; text++) {
		check(*text);
		if (*text == '\\') {
			add_hex(to, (const char[]){ text[1], text[2], 0 });
			text += 2;
		} else {
			add(to, *text == '~' ? 0xFE : (uint8_t)*text, 1);
		}
	}
	add(to, 0, 1);
	to->b[at] = (uint8_t)(to->n - at - 2);
	to->b[at + 1] = (uint8_t)((to->n - at - 2) >> 8);
	return text + 1;
}

static void add_long_text(struct bytes *to, size_t len)
{
	add(to, len + 1, 2);
	for (; len; len--)
		add(to, 'x', 1);
	add(to, 0, 1);
}

static void add_word(struct script *s, struct bytes *to, const char *word)
{
	unsigned size, len;
	unsigned long long value;

	if (*word == '@') {
		add(to, script_person(s, word + 1)->uin, 4);
	} else if (sscanf(word, "s:%u", &len) == 1) {
		add_long_text(to, len);
	} else if (sscanf(word, "%u:%llu", &size, &value) == 2) {
		add(to, value, size);
	} else if (strcmp(word, "..") == 0) {
		to->any[to->n] = true;
		add(to, 0, 1);
	} else if (strcmp(word, "*") == 0) {
		to->open = true;
	} else {
		add_hex(to, word);
	}
}

static void add_words(struct script *s, struct bytes *to, const char *text)
{
	char word[LINE];
	int len;

	for (;;) {
		text += strspn(text, " ");
		if (*text == '"') {
			text = add_text(to, text);
		} else if (sscanf(text, "%4095s%n", word, &len) == 1) {
			add_word(s, to, word);
			text += len;
		} else {
			return;
		}
	}
}

/* "#7" at the front of a text. */
static bool take_number(const char **text, uint16_t *number_out)
{
	unsigned number;
	int len;

	if (sscanf(*text, " #%u%n", &number, &len) != 1)
		return false;
	*number_out = (uint16_t)number;
	*text += len;
	return true;
}

/* ---- sending --------------------------------------------------------------------------- */

static void send_bytes(struct script *s, struct person *p, const struct bytes *what)
{
	memcpy(p->last, what->b, what->n);
	p->last_len = what->n;
	rig_input(s->rig, &p->addr, p->last, p->last_len);
}

static bool is_bare(unsigned code)
{
	const struct icq_message *m = icq_describe(icq_find(ICQ_CLIENT, VERSION, (uint16_t)code));

	return m && m->channel == ICQ_BARE;
}

/* CODE [#SEQ] BODY */
static void say(struct script *s, struct person *p, const char *text)
{
	struct bytes *packet = calloc(1, sizeof(*packet));
	unsigned code;
	int len;
	uint16_t seq;

	check(packet);
	if (sscanf(text, "%4x%n", &code, &len) != 1)
		fail_msg("no code: %s", text);
	text += len;
	if (!take_number(&text, &seq))
		seq = (uint16_t)(p->seq + 1);
	p->seq = seq;
	add(packet, VERSION, 2);
	add(packet, code, 2);
	add(packet, seq, 2);
	if (!is_bare(code))
		add(packet, p->uin, 4);
	add_words(s, packet, text);
	send_bytes(s, p, packet);
	free(packet);
}

static void say_raw(struct script *s, struct person *p, const char *text)
{
	struct bytes *packet = calloc(1, sizeof(*packet));

	check(packet);
	add_words(s, packet, text);
	send_bytes(s, p, packet);
	free(packet);
}

static void acknowledge(struct script *s, const struct person *p, uint16_t seq)
{
	struct icq_head head = { .version = VERSION, .seq = seq, .uin = p->uin };
	uint8_t packet[CLIENT_HEAD];

	assert_int_equal(icq_pack(M_c_ack, &head, NULL, packet, sizeof(packet)), sizeof(packet));
	rig_input(s->rig, &p->addr, packet, sizeof(packet));
}

/* ---- hearing --------------------------------------------------------------------------- */

static bool wants_ack(unsigned code)
{
	static const uint16_t without[] = { 0x0A, 0x28, 0x46, 0x64, 0xF0, 0xFA };

	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		if (without[i] == code)
			return false;
	return true;
}

/* What may be anything is made equal. */
static void compare(const char *step, struct bytes *expected, const struct parcel *got)
{
	for (size_t i = 0; i < expected->n && i < got->n; i++)
		if (expected->any[i])
			expected->b[i] = got->p[i];
	for (size_t i = expected->n; expected->open && i < got->n; i++)
		add(expected, got->p[i], 1);
	if (expected->n != got->n || memcmp(expected->b, got->p, got->n) != 0)
		fprintf(stderr, "in: %s\n", step);
	assert_bytes(expected->b, expected->n, got->p, got->n);
}

/* [#SEQ] BODY behind a code. */
static void expect(struct script *s, struct person *p, unsigned code, const char *text, bool ack)
{
	struct bytes *expected = calloc(1, sizeof(*expected));
	struct parcel *got = rig_take(s->rig, &p->addr);
	uint16_t seq = p->seq;
	bool numbered = take_number(&text, &seq) || code == 0x0A;

	check(expected);
	if (!got)
		fail_msg("nothing has come for %s: %04X%s", p->name, code, text);
	add(expected, VERSION, 2);
	add(expected, code, 2);
	add(expected, seq, 2);
	expected->any[4] = expected->any[5] = !numbered;
	add_words(s, expected, text);
	compare(text, expected, got);
	if (ack && wants_ack(code))
		acknowledge(s, p, (uint16_t)(got->p[4] | got->p[5] << 8));
	free(got);
	free(expected);
}

static void hear(struct script *s, struct person *p, const char *text, bool ack)
{
	unsigned code = 0x0A;
	int len = 0;

	sscanf(text, "ack%n", &len);
	if (!len && sscanf(text, "%4x%n", &code, &len) != 1)
		fail_msg("no code: %s", text);
	expect(s, p, code, text + len, ack);
}

static void be_quiet(struct script *s, struct person *p)
{
	struct parcel *got = rig_take(s->rig, &p->addr);

	if (got)
		fail_msg("%s has a packet %02X%02X", p->name, got->p[3], got->p[2]);
}

static void nothing_left(struct script *s)
{
	char to[ADDR_TEXT_MAX];

	if (s->rig->first)
		fail_msg("nobody expected packet %02X%02X for %s", s->rig->first->p[3],
			 s->rig->first->p[2], addr_text(&s->rig->first->to, to));
}

static void log_in(struct script *s, struct person *p, const char *text)
{
	unsigned status = 0, tcp = 3;
	char body[LINE];

	sscanf(text, "%x %x", &status, &tcp);
	snprintf(body, sizeof(body), "03E8 4:%u \"secret\" 4:114 0A0B0C0D 04 4:%u 4:%u 2:2 4:0 4:0",
		 5000u + p->uin - STORE_FIRST_UIN, status, tcp);
	say(s, p, body);
	expect(s, p, 0x0A, "", false);
	expect(s, p, 0x5A, " #0 *", true);
}

static void forget(struct script *s, const struct person *p)
{
	struct parcel *got;

	while ((got = rig_take(s->rig, &p->addr)))
		free(got);
}

/* ---- steps ----------------------------------------------------------------------------- */

static bool of_person(struct script *s, struct person *p, const char *verb, const char *rest)
{
	if (strcmp(verb, ">") == 0)
		say(s, p, rest);
	else if (strcmp(verb, "<") == 0)
		hear(s, p, rest, true);
	else if (strcmp(verb, "<<") == 0)
		hear(s, p, rest, false);
	else if (strcmp(verb, "raw") == 0)
		say_raw(s, p, rest);
	else if (strcmp(verb, "again") == 0)
		rig_input(s->rig, &p->addr, p->last, p->last_len);
	else if (strcmp(verb, "acks") == 0)
		acknowledge(s, p, (uint16_t)atoi(rest));
	else if (strcmp(verb, "quiet") == 0)
		be_quiet(s, p);
	else if (strcmp(verb, "forgets") == 0)
		forget(s, p);
	else if (strcmp(verb, "logs") == 0)
		log_in(s, p, rest + strlen("in"));
	else if (strcmp(verb, "is") == 0)
		assert_int_equal(addr_parse(rest + strlen("at "), &p->addr), 0);
	else
		return false;
	return true;
}

static bool of_world(struct rig *r, const char *step)
{
	double seconds;
	unsigned n;

	if (sscanf(step, "wait %lf", &seconds) == 1) {
		rig_wait(r, (int64_t)(seconds * 1000 + 0.5));
	} else if (strcmp(step, "hold") == 0) {
		r->hold = true;
	} else if (sscanf(step, "answer %u", &n) == 1) {
		rig_answer(r, n);
	} else if (strcmp(step, "answer") == 0) {
		r->hold = false;
		rig_answer(r, SIZE_MAX);
	} else if (strcmp(step, "crash") == 0) {
		rig_crash(r);
	} else if (strncmp(step, "store fails", 11) == 0) {
		store_mem_fail(r->store, sscanf(step + 11, "%u", &n) == 1 ? n : 1);
	} else if (strncmp(step, "queue ", 6) == 0) {
		r->full = strcmp(step + 6, "full") == 0;
	} else {
		return false;
	}
	return true;
}

static void play_step(struct script *s, const char *step)
{
	char name[12], verb[8];
	int len = 0;

	if (!*step || of_world(s->rig, step))
		return;
	if (sscanf(step, "%11s %7s %n", name, verb, &len) < 2 || len == 0 ||
	    !of_person(s, script_person(s, name), verb, step + len))
		fail_msg("no step: %s", step);
}

void script_play(struct script *s, const char *steps)
{
	char step[LINE];

	while (*steps) {
		size_t len = strcspn(steps, "\n");

		check(len < sizeof(step));
		memcpy(step, steps, len);
		step[len] = 0;
		play_step(s, step);
		steps += len + (steps[len] == '\n');
	}
	nothing_left(s);
}

struct script *script_new(const struct conf *conf)
{
	struct conf preset = rig_conf();
	struct script *s = calloc(1, sizeof(*s));

	check(s);
	s->rig = rig_new(conf ? conf : &preset);
	return s;
}

void script_free(struct script **s)
{
	rig_free(&(*s)->rig);
	free(*s);
	*s = NULL;
}

void script_once(const char *steps)
{
	struct script *s = script_new(NULL);

	script_play(s, steps);
	script_free(&s);
}
