/* SPDX-License-Identifier: MIT */
/* The simulated network does what it is told: faults that never arrive would prove nothing. */
#include "harness.h"

#include <string.h>

#include "sim/script.h"

enum { BATCH = 50, BATCHES = 200 };

struct pair {
	struct world *world;
	struct script near, far;
};

static void pair_init(struct pair *p, uint64_t seed)
{
	struct addr near = addr_v4(0x0A000001, 1), far = addr_v4(0x0A000002, 2);

	p->world = world_new(seed);
	script_init(&p->near, p->world, near, far);
	script_init(&p->far, p->world, far, near);
}

static void pair_free(struct pair *p)
{
	script_free(&p->near);
	script_free(&p->far);
	world_free(&p->world);
}

static void send(struct pair *p, uint8_t letter)
{
	script_send(&p->near, &letter, 1);
}

/* What has come, as letters in the order of arrival. */
static const char *come(struct pair *p, char out[SCRIPT_INBOX + 1])
{
	for (size_t i = 0; i < p->far.count; i++)
		out[i] = (char)p->far.inbox[i].p[0];
	out[p->far.count] = '\0';
	script_forget(&p->far);
	return out;
}

/* How many of 10,000 datagrams come. */
static size_t survivors(struct weather weather, uint64_t seed)
{
	struct pair p;
	size_t count = 0;

	pair_init(&p, seed);
	for (int batch = 0; batch < BATCHES; batch++) {
		world_set_weather(p.world, weather);
		for (int i = 0; i < BATCH; i++)
			send(&p, 'x');
		world_run(p.world, 1000);
		count += p.far.count;
		script_forget(&p.far);
	}
	pair_free(&p);
	return count;
}

TEST(datagrams_come_in_order_after_the_delay)
{
	char got[SCRIPT_INBOX + 1];
	struct pair p;

	pair_init(&p, 1);
	for (uint8_t c = 'a'; c <= 'e'; c++)
		send(&p, c);
	world_run(p.world, 19);
	assert_string_equal(come(&p, got), "");
	world_run(p.world, 1);
	assert_string_equal(come(&p, got), "abcde");
	assert_int_equal(world_sent(p.world), 5);
	assert_int_equal(world_now(p.world).mono_ms, 20);
	pair_free(&p);
}

TEST(jitter_reorders)
{
	char got[SCRIPT_INBOX + 1], sorted[] = "abcdefghijklmnopqrstuvwxyz";
	struct pair p;

	pair_init(&p, harness_seed());
	world_set_weather(p.world, (struct weather){ .delay_ms = 5, .jitter_ms = 100 });
	for (uint8_t c = 'a'; c <= 'z'; c++)
		send(&p, c);
	world_run(p.world, 105);
	assert_int_equal(strlen(come(&p, got)), 26);
	check(strcmp(got, sorted) != 0);
	pair_free(&p);
}

TEST(loss_and_repeats_come_at_the_stated_rate)
{
	uint64_t seed = harness_seed();

	assert_int_equal(survivors((struct weather){ 0 }, seed), BATCH * BATCHES);
	assert_in_range(survivors((struct weather){ .loss_percent = 20 }, seed), 7800, 8200);
	assert_in_range(survivors((struct weather){ .repeat_percent = 10 }, seed), 10800, 11200);
	assert_int_equal(survivors((struct weather){ .loss_percent = 100 }, seed), 0);
}

static void third_is_lost_fourth_is_late(void *ctx, const struct passage *p, struct fate *fate)
{
	(void)ctx;
	if (p->index == 2)
		fate->copies = 0;
	if (p->index == 3)
		*fate = (struct fate){ .copies = 2, .delay_ms = 50 };
}

TEST(the_fate_of_one_datagram_can_be_chosen)
{
	char got[SCRIPT_INBOX + 1];
	struct pair p;

	pair_init(&p, 1);
	world_watch(p.world, third_is_lost_fourth_is_late, NULL, NULL);
	for (uint8_t c = 'a'; c <= 'e'; c++)
		send(&p, c);
	world_run(p.world, 100);
	assert_string_equal(come(&p, got), "abedd");
	pair_free(&p);
}

static void hash_line(void *ctx, const char *line)
{
	uint64_t *hash = ctx;

	for (; *line; line++)
		*hash = (*hash ^ (uint8_t)*line) * 0x100000001b3u;
}

static uint64_t run_hash(uint64_t seed)
{
	uint64_t hash = 0;
	struct pair p;

	pair_init(&p, seed);
	world_watch(p.world, NULL, hash_line, &hash);
	world_set_weather(p.world, (struct weather){ .loss_percent = 20,
						     .repeat_percent = 10,
						     .delay_ms = 5,
						     .jitter_ms = 100 });
	for (int i = 0; i < BATCH; i++)
		send(&p, (uint8_t)i);
	world_run(p.world, 1000);
	pair_free(&p);
	return hash;
}

TEST(the_same_seed_gives_the_same_run)
{
	uint64_t seed = harness_seed();

	assert_true(run_hash(seed) == run_hash(seed));
	assert_true(run_hash(seed) != run_hash(seed + 1));
}
