/* SPDX-License-Identifier: MIT */
#include "link/side.h"

#include <stdio.h>

#include "base/now.h"
#include "harness.h"

const struct link_rules side_server = { .retry_ms = 10000,
					.sends = 6,
					.rounds = 1,
					.window = 32,
					.dead_packets = 2,
					.numbers = 65000 };
const struct link_rules side_client = {
	.retry_ms = 10000, .sends = 6, .rounds = 2, .window = 8, .dead_packets = 1, .numbers = 65536
};

/* The diary has no line for LINK_RESENT: it shows the transmission itself. */
static const struct {
	enum link_event bit;
	const char *word;
} event_words[] = {
	{ LINK_PROD, "prod" },
	{ LINK_GAVE_UP, "gave-up" },
	{ LINK_DEAD, "dead" },
	{ LINK_SPENT, "spent" },
};

static void say(struct side *s, const char *word)
{
	int n = snprintf(s->said + s->said_len, sizeof(s->said) - s->said_len, "%s@%g ", word,
			 (double)s->now_ms / 1000);

	check(n > 0 && s->said_len + (size_t)n < sizeof(s->said));
	s->said_len += (size_t)n;
}

static void on_send(void *ctx, const void *packet, size_t n)
{
	const uint8_t *p = packet;
	char word[16];

	assert_int_equal(n, SIDE_PACKET);
	snprintf(word, sizeof(word), "%c%d", p[2], p[4] | p[5] << 8);
	say(ctx, word);
}

void side_open(struct side *s, const struct link_rules *rules)
{
	*s = (struct side){ .rules = *rules, .pool = link_pool_new(1) };
	assert_non_null(s->pool);
	link_open(&s->link, &s->rules, 0);
}

void side_close(struct side *s)
{
	link_close(&s->link, s->pool);
	link_close(&s->link, s->pool);
	assert_int_equal(link_pool_used(s->pool), 0);
	link_pool_free(&s->pool);
}

void side_queue(struct side *s, char letter, enum link_flag flags, int64_t not_before_ms)
{
	uint8_t packet[SIDE_PACKET] = { 2, 0, (uint8_t)letter };

	assert_int_equal(link_queue(&s->link, s->pool, packet, sizeof(packet), flags,
				    (uint64_t)letter, not_before_ms),
			 0);
}

static void pump(struct side *s)
{
	const struct link_out out = { .ctx = s, .send = on_send };
	unsigned events = link_pump(&s->link, s->pool, s->now_ms, &out);

	for (size_t i = 0; i < sizeof(event_words) / sizeof(*event_words); i++)
		if (events & event_words[i].bit)
			say(s, event_words[i].word);
}

void side_run(struct side *s, int64_t until_ms)
{
	while (s->link.deadline_ms <= until_ms) {
		if (s->now_ms < s->link.deadline_ms)
			s->now_ms = s->link.deadline_ms;
		pump(s);
	}
	s->now_ms = until_ms;
}

void side_acked(struct side *s, uint16_t seq, char letter)
{
	struct link_done done;

	assert_int_equal(link_acked(&s->link, s->pool, seq, &done), 0);
	assert_int_equal(done.seq, seq);
	assert_int_equal(done.command, letter);
	assert_int_equal(done.cookie, letter);
}
