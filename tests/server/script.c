/* SPDX-License-Identifier: MIT */
#include "server/script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"
#include "server/script_bytes.h"

enum { LINE = 4096, CLIENT_HEAD = 10, VERSION = 2, NOBODY = 999999999 };

/* ---- people ---------------------------------------------------------------------------- */

static struct person *find_person(struct script *s, const char *name)
{
	struct person *p = s->people;

	while (p < s->people + s->count && strcmp(p->name, name) != 0)
		p++;
	return p < s->people + s->count ? p : NULL;
}

static struct person *make_person(struct script *s, const char *name)
{
	struct person *p = &s->people[s->count];

	check(s->count < SCRIPT_PEOPLE && strlen(name) < sizeof(p->name));
	strcpy(p->name, name);
	p->version = VERSION;
	p->addr = s->world.place(s->world.ctx, s->count++, AT_HOME);
	return p;
}

struct person *script_person(struct script *s, const char *name)
{
	struct person *p = find_person(s, name);

	if (!p) {
		p = make_person(s, name);
		p->uin = strcmp(name, "nobody") ? s->world.account(s->world.ctx) : NOBODY;
	}
	return p;
}

static unsigned number_of(const struct script *s, const struct person *p)
{
	return (unsigned)(p - s->people);
}

static void move(struct script *s, struct person *p, const char *where)
{
	enum script_place place = strcmp(where, "to another port") == 0	  ? AT_ANOTHER_PORT
				  : strcmp(where, "to another host") == 0 ? AT_ANOTHER_HOST
									  : AT_HOME;

	check(place != AT_HOME || strcmp(where, "back") == 0);
	p->addr = s->world.place(s->world.ctx, number_of(s, p), place);
}

/* ---- sending --------------------------------------------------------------------------- */

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

static void note(struct script *s, const uint8_t *packet, size_t n)
{
	if (n >= 4 && packet[0] <= 2 && packet[3] < SCRIPT_CODES >> 8)
		s->saw[packet[0]][packet[2] | packet[3] << 8] = true;
}

static void send_last(struct script *s, const struct person *p)
{
	note(s, p->last, p->last_len);
	s->world.send(s->world.ctx, &p->addr, p->last, p->last_len);
}

static bool is_bare(const struct person *p, unsigned code)
{
	const struct icq_message *m = icq_describe(
		icq_find(ICQ_CLIENT, p->version, (uint16_t)code));

	return m && m->channel == ICQ_BARE;
}

static void begin_packet(struct bytes *packet, const struct person *p, unsigned code, uint16_t seq)
{
	bytes_add(packet, p->version, 2);
	bytes_add(packet, code, 2);
	bytes_add(packet, seq, 2);
}

static void send_words(struct script *s, struct person *p, struct bytes *packet, const char *words)
{
	bytes_add_words(s, packet, words);
	memcpy(p->last, packet->b, packet->n);
	p->last_len = packet->n;
	free(packet);
	send_last(s, p);
}

/* CODE [#SEQ] BODY */
static void say(struct script *s, struct person *p, const char *text)
{
	struct bytes *packet = bytes_new();
	unsigned code;
	int len;
	uint16_t seq;

	if (sscanf(text, "%4x%n", &code, &len) != 1)
		fail_msg("no code: %s", text);
	text += len;
	if (!take_number(&text, &seq))
		seq = (uint16_t)(p->seq + 1);
	p->seq = seq;
	begin_packet(packet, p, code, seq);
	if (!is_bare(p, code))
		bytes_add(packet, p->uin, 4);
	send_words(s, p, packet, text);
}

static void acknowledge(struct script *s, const struct person *p, uint16_t seq)
{
	struct icq_head head = { .version = p->version, .seq = seq, .uin = p->uin };
	uint8_t packet[CLIENT_HEAD];

	assert_int_equal(icq_pack(M_c_ack, &head, NULL, packet, sizeof(packet)), sizeof(packet));
	note(s, packet, sizeof(packet));
	s->world.send(s->world.ctx, &p->addr, packet, sizeof(packet));
}

/* ---- hearing --------------------------------------------------------------------------- */

static bool wants_ack(unsigned code)
{
	static const uint16_t without[] = { 0x0A, 0x28, 0x32, 0x46, 0x64, 0xF0, 0xFA };

	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		if (without[i] == code)
			return false;
	return true;
}

static struct parcel *take(struct script *s, const struct addr *to, bool awaited)
{
	struct parcel *got = s->world.take(s->world.ctx, to, awaited);

	if (got)
		note(s, got->p, got->n);
	return got;
}

/* [#SEQ] BODY behind a code. */
static void expect(struct script *s, struct person *p, unsigned code, const char *text, bool ack)
{
	struct bytes *expected = bytes_new();
	struct parcel *got = take(s, &p->addr, true);
	uint16_t seq = p->seq;
	bool numbered = take_number(&text, &seq) || code == 0x0A;

	if (!got)
		fail_msg("nothing has come for %s: %04X%s", p->name, code, text);
	begin_packet(expected, p, code, seq);
	expected->any[4] = expected->any[5] = !numbered;
	bytes_add_words(s, expected, text);
	bytes_expect(expected, got, text);
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

/* Nothing more has come, for somebody or for anybody. */
static void be_quiet(struct script *s, const struct addr *who)
{
	struct parcel *got = take(s, who, false);
	char to[ADDR_TEXT_MAX];

	if (got)
		fail_msg("nobody expected packet %02X%02X for %s", got->p[3], got->p[2],
			 addr_text(&got->to, to));
}

static void forget(struct script *s, const struct person *p)
{
	struct parcel *got;

	while ((got = take(s, &p->addr, false)))
		free(got);
}

/* ---- steps ----------------------------------------------------------------------------- */

static void log_in(struct script *s, struct person *p, const char *text)
{
	unsigned status = 0, tcp = 3;
	char body[LINE];

	sscanf(text, "%x %x", &status, &tcp);
	snprintf(body, sizeof(body), "03E8 4:%u \"secret\" 4:114 0A0B0C0D 04 4:%u 4:%u 2:2 4:0 4:0",
		 5000u + number_of(s, p), status, tcp);
	say(s, p, body);
	expect(s, p, 0x0A, "", false);
	expect(s, p, 0x5A, " #0 *", true);
}

static void log_out(struct script *s, struct person *p)
{
	say(s, p, "0438 \"B_USER_DISCONNECTED\" 2:5");
	expect(s, p, 0x0A, "", false);
}

static bool speaks(struct script *s, struct person *p, const char *verb, const char *rest)
{
	if (strcmp(verb, ">") == 0)
		say(s, p, rest);
	else if (strcmp(verb, "raw") == 0)
		send_words(s, p, bytes_new(), rest);
	else if (strcmp(verb, "again") == 0)
		send_last(s, p);
	else if (strcmp(verb, "acks") == 0)
		acknowledge(s, p, (uint16_t)atoi(rest));
	else if (strcmp(verb, "logs") == 0 && strncmp(rest, "in", 2) == 0)
		log_in(s, p, rest + strlen("in"));
	else if (strcmp(verb, "logs") == 0 && strcmp(rest, "out") == 0)
		log_out(s, p);
	else
		return false;
	return true;
}

static bool hears(struct script *s, struct person *p, const char *verb, const char *rest)
{
	if (strcmp(verb, "<") == 0)
		hear(s, p, rest, true);
	else if (strcmp(verb, "<<") == 0)
		hear(s, p, rest, false);
	else if (strcmp(verb, "quiet") == 0)
		be_quiet(s, &p->addr);
	else if (strcmp(verb, "forgets") == 0)
		forget(s, p);
	else
		return false;
	return true;
}

static bool changes(struct script *s, struct person *p, const char *verb, const char *rest)
{
	if (strcmp(verb, "is") == 0)
		assert_int_equal(addr_parse(rest + strlen("at "), &p->addr), 0);
	else if (strcmp(verb, "moves") == 0)
		move(s, p, rest);
	else if (strcmp(verb, "speaks") == 0)
		p->version = (uint16_t)atoi(rest);
	else
		return false;
	return true;
}

static bool of_person(struct script *s, const char *name, const char *verb, const char *rest)
{
	struct person *p;

	if (strcmp(verb, "is") == 0 && strcmp(rest, "new") == 0) {
		make_person(s, name);
		return true;
	}
	p = script_person(s, name);
	return speaks(s, p, verb, rest) || hears(s, p, verb, rest) || changes(s, p, verb, rest);
}

static void play_step(struct script *s, const char *step)
{
	char name[12], verb[8];
	int len = 0;

	if (!*step || s->world.step(s->world.ctx, step))
		return;
	if (sscanf(step, "%11s %7s %n", name, verb, &len) < 2 || len == 0 ||
	    !of_person(s, name, verb, step + len))
		fail_msg("no step: %s", step);
}

/* ---- lines ----------------------------------------------------------------------------- */

/* What a word in braces stands for; returns its length. */
static size_t substitute(struct script *s, const char *word, char *out, size_t cap)
{
	int n;

	if (strcmp(word, "i") == 0)
		n = snprintf(out, cap, "%u", s->i);
	else if (strcmp(word, "run") == 0)
		n = snprintf(out, cap, "%s", s->world.run);
	else
		n = snprintf(out, cap, "%" PRIu32, script_person(s, word)->uin);
	check(n > 0 && (size_t)n < cap);
	return (size_t)n;
}

/* A line without its indentation, and with what its braces stand for. */
static void read_line(struct script *s, const char *line, size_t len, char out[LINE])
{
	const char *end = line + len;
	size_t n = 0;
	char word[12];

	for (; line < end && (*line == ' ' || *line == '\t'); line++)
		;
	while (line < end) {
		check(n < LINE - 1);
		if (sscanf(line, "{%11[a-z0-9]}", word) == 1) {
			n += substitute(s, word, out + n, LINE - n);
			line = strchr(line, '}') + 1;
		} else {
			out[n++] = *line++;
		}
	}
	out[n] = 0;
}

static void play_lines(struct script *s, const char *steps, const char *end);

/* The steps up to `end`; returns what follows. */
static const char *play_times(struct script *s, unsigned times, const char *steps)
{
	const char *last = strstr(steps, "end\n");

	check(last);
	for (s->i = 1; s->i <= times; s->i++)
		play_lines(s, steps, last);
	return last + strlen("end\n");
}

static void play_lines(struct script *s, const char *steps, const char *end)
{
	char step[LINE];
	unsigned times;

	while (steps < end) {
		size_t len = strcspn(steps, "\n");

		read_line(s, steps, len < (size_t)(end - steps) ? len : (size_t)(end - steps),
			  step);
		steps += len + (steps[len] == '\n');
		if (sscanf(step, "%u times", &times) == 1)
			steps = play_times(s, times, steps);
		else
			play_step(s, step);
	}
}

void script_play(struct script *s, const char *steps)
{
	play_lines(s, steps, steps + strlen(steps));
	be_quiet(s, NULL);
}

struct script *script_in(const struct script_world *world)
{
	struct script *s = calloc(1, sizeof(*s));

	check(s);
	s->world = *world;
	return s;
}
