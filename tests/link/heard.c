/* SPDX-License-Identifier: MIT */
/* The memory of what was heard, and the pool it lives in. */
#include "harness.h"

#include <string.h>

#include "link/side.h"

enum { COMMAND = 0x010E, LEN = 12, AT_ONCE = false, LATER = true };

static enum link_seen note(struct side *s, uint16_t seq, bool later)
{
	return link_note(&s->link, s->pool, s->now_ms, seq, COMMAND, LEN, later);
}

TEST(a_repeat_is_known)
{
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_NEW);
	assert_int_equal(note(&s, 2, AT_ONCE), LINK_NEW);
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_REPEAT);
	assert_int_equal(note(&s, 2, AT_ONCE), LINK_REPEAT);
	side_close(&s);
}

TEST(number_zero_of_an_empty_memory_is_new)
{
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(link_note(&s.link, s.pool, 0, 0, 0, 0, AT_ONCE), LINK_NEW);
	assert_int_equal(link_note(&s.link, s.pool, 0, 0, 0, 0, AT_ONCE), LINK_REPEAT);
	side_close(&s);
}

TEST(the_same_number_with_another_command_or_length_is_new)
{
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(note(&s, 5, AT_ONCE), LINK_NEW);
	assert_int_equal(link_note(&s.link, s.pool, 0, 5, COMMAND, LEN + 1, AT_ONCE), LINK_NEW);
	assert_int_equal(link_note(&s.link, s.pool, 0, 5, COMMAND + 1, LEN + 1, AT_ONCE), LINK_NEW);
	/* It has replaced the first, which is now new again. */
	assert_int_equal(note(&s, 5, AT_ONCE), LINK_NEW);
	side_close(&s);
}

TEST(the_last_128_numbers_are_remembered)
{
	struct side s;

	side_open(&s, &side_server);
	for (uint16_t seq = 1; seq <= LINK_REMEMBER; seq++)
		assert_int_equal(note(&s, seq, AT_ONCE), LINK_NEW);
	for (uint16_t seq = 1; seq <= LINK_REMEMBER; seq++)
		assert_int_equal(note(&s, seq, AT_ONCE), LINK_REPEAT);
	assert_int_equal(note(&s, LINK_REMEMBER + 1, AT_ONCE), LINK_NEW);
	assert_int_equal(note(&s, 2, AT_ONCE), LINK_REPEAT);
	/* A client that counts from 1 again without logging in. */
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_NEW);
	side_close(&s);
}

TEST(memory_goes_on_after_65535)
{
	struct side s;

	side_open(&s, &side_server);
	for (uint32_t n = 65500; n < 65600; n++)
		assert_int_equal(note(&s, (uint16_t)n, AT_ONCE), LINK_NEW);
	for (uint32_t n = 65500; n < 65600; n++)
		assert_int_equal(note(&s, (uint16_t)n, AT_ONCE), LINK_REPEAT);
	side_close(&s);
}

TEST(memory_fades_after_15_minutes)
{
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_NEW);
	s.now_ms = LINK_REMEMBER_MS - 1;
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_REPEAT);
	s.now_ms = LINK_REMEMBER_MS;
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_NEW);
	side_close(&s);
}

TEST(a_packet_is_pending_until_it_is_settled)
{
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(note(&s, 9, LATER), LINK_NEW);
	assert_int_equal(note(&s, 9, LATER), LINK_PENDING);
	link_settle(&s.link, 9, COMMAND + 1, true);
	link_settle(&s.link, 8, COMMAND, true);
	assert_int_equal(note(&s, 9, LATER), LINK_PENDING);
	link_settle(&s.link, 9, COMMAND, true);
	assert_int_equal(note(&s, 9, LATER), LINK_REPEAT);
	side_close(&s);
}

TEST(what_could_not_be_done_is_judged_afresh)
{
	struct side s;

	side_open(&s, &side_server);
	assert_int_equal(note(&s, 9, LATER), LINK_NEW);
	link_settle(&s.link, 9, COMMAND, false);
	assert_int_equal(note(&s, 9, LATER), LINK_NEW);
	link_settle(&s.link, 9, COMMAND, true);
	/* What is answered stays so. */
	link_settle(&s.link, 9, COMMAND, false);
	assert_int_equal(note(&s, 9, LATER), LINK_REPEAT);
	side_close(&s);
}

TEST(forgetting_gives_all_memory_back)
{
	struct side s;

	side_open(&s, &side_server);
	for (uint16_t seq = 0; seq < LINK_REMEMBER; seq++)
		note(&s, seq, AT_ONCE);
	assert_int_equal(link_pool_used(s.pool), LINK_REMEMBER / LINK_BLOCK);
	link_forget(&s.link, s.pool);
	assert_int_equal(link_pool_used(s.pool), 0);
	assert_int_equal(note(&s, 1, AT_ONCE), LINK_NEW);
	side_close(&s);
}

TEST(without_memory_every_packet_is_new)
{
	struct side s;
	void *taken[256];
	size_t count = 0;

	side_open(&s, &side_server);
	while ((taken[count] = link_pool_take(s.pool, 192)))
		assert_in_range(++count, 1, 255);
	assert_int_equal(note(&s, 1, LATER), LINK_NEW);
	assert_int_equal(note(&s, 1, LATER), LINK_NEW);
	link_settle(&s.link, 1, COMMAND, true);
	while (count)
		link_pool_give(s.pool, taken[--count], 192);
	assert_int_equal(note(&s, 1, LATER), LINK_NEW);
	assert_int_equal(note(&s, 1, LATER), LINK_PENDING);
	side_close(&s);
}

TEST(pieces_of_a_pool_do_not_overlap)
{
	struct rng rng = harness_rng();
	struct link_pool *pool = link_pool_new(10);
	struct {
		uint8_t *p;
		size_t n;
	} held[200] = { 0 };
	size_t out = 0;

	for (int turn = 0; turn < 20000; turn++) {
		size_t i = rng_below(&rng, 200), n = held[i].n;

		for (size_t at = 0; at < n; at++)
			check(held[i].p[at] == (uint8_t)i);
		out -= held[i].p != NULL;
		link_pool_give(pool, held[i].p, n);
		held[i].n = n ? 0 : 1 + rng_below(&rng, 1200);
		held[i].p = n ? NULL : link_pool_take(pool, held[i].n);
		if (!held[i].p)
			held[i].n = 0;
		else
			memset(held[i].p, (int)i, held[i].n);
		out += held[i].p != NULL;
		check(link_pool_used(pool) == out);
	}
	link_pool_free(&pool);
	assert_null(pool);
	link_pool_free(&pool);
}
