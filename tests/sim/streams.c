/* SPDX-License-Identifier: MIT */
/* Simulated streams do what TCP does, and what they are told to. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#include "sim/streams.h"

enum { PORT = 5190, HEARD = 1 << 18, NO_STREAM = 99 };

/* One end, which writes down all that happens to it. */
struct side {
	struct host host;
	struct outlet outlet;
	uint32_t takes; /* the number for who connects */
	unsigned opened, closed, broken, rooms;
	size_t n, pieces;
	uint8_t heard[HEARD];
};

struct line {
	struct world *world;
	struct streams *streams;
	bool cut;
	unsigned downs;
	struct side ann, bob;
};

static uint32_t on_accepted(void *self, uint32_t listener, const struct addr *from)
{
	struct side *s = self;

	(void)listener;
	check(addr_ip4(from) != addr_ip4(&s->host.addr));
	return s->takes;
}

static void on_opened(void *self, uint32_t stream)
{
	struct side *s = self;

	check(stream != NO_STREAM);
	s->opened++;
}

static void on_data(void *self, uint32_t stream, const void *p, size_t n)
{
	struct side *s = self;

	check(stream && s->n + n <= HEARD && !s->closed);
	memcpy(s->heard + s->n, p, n);
	s->n += n;
	s->pieces++;
}

static void on_room(void *self, uint32_t stream)
{
	struct side *s = self;

	check(stream);
	s->rooms++;
}

static void on_closed(void *self, uint32_t stream, bool broken)
{
	struct side *s = self;

	check(stream);
	s->closed++;
	s->broken += broken;
}

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	(void)self;
	(void)from;
	(void)p;
	(void)n;
}

static void on_tick(void *self)
{
	(void)self;
}

static int64_t on_deadline(const void *self)
{
	(void)self;
	return NEVER_MS;
}

static void settle(struct line *l, struct side *s, uint32_t ip, uint32_t takes)
{
	s->takes = takes;
	s->host = (struct host){ .addr = addr_v4(ip, 1024),
				 .self = s,
				 .input = on_input,
				 .tick = on_tick,
				 .deadline = on_deadline };
	s->outlet = (struct outlet){ .host = &s->host,
				     .self = s,
				     .accepted = on_accepted,
				     .opened = on_opened,
				     .data = on_data,
				     .room = on_room,
				     .closed = on_closed };
	world_join(l->world, &s->host);
	streams_plug(l->streams, &s->outlet);
}

static bool reaches(void *ctx, const struct host *from, const struct host *to)
{
	const struct line *l = ctx;

	check(from != to);
	return !l->cut;
}

static void down(void *ctx, const struct host *a, const struct host *b)
{
	struct line *l = ctx;

	check(a && b);
	l->downs++;
}

/* Bob takes streams, and gives them number 7; Ann connects with number 1. */
static void line_open(struct line *l, uint64_t seed, uint16_t port)
{
	memset(l, 0, sizeof(*l));
	l->world = world_new(seed);
	l->streams = streams_new(l->world, &(struct streams_watch){ l, reaches, down });
	settle(l, &l->ann, 0x0A00000B, 0);
	settle(l, &l->bob, 0x0A00000C, 7);
	streams_listen(l->streams, &l->bob.outlet, 0, PORT);

	struct addr to = addr_v4(0x0A00000C, port);

	streams_connect(l->streams, &l->ann.outlet, 1, &to);
	world_run(l->world, 1000);
}

static void line_close(struct line *l)
{
	streams_free(&l->streams);
	world_free(&l->world);
}

TEST(bytes_come_in_order_cut_anywhere)
{
	static struct line l;
	static uint8_t said[1 << 15];
	struct rng rng = harness_rng();

	line_open(&l, rng_next(&rng), PORT);
	assert_int_equal(l.ann.opened, 1);
	rng_bytes(&rng, said, sizeof(said));
	for (size_t at = 0; at < sizeof(said); at += 1 << 12)
		streams_send(l.streams, &l.ann.outlet, 1, said + at, 1 << 12);
	streams_send(l.streams, &l.bob.outlet, 7, "hello", 5);
	world_run(l.world, 1000);
	assert_bytes(said, sizeof(said), l.bob.heard, l.bob.n);
	assert_bytes("hello", 5, l.ann.heard, l.ann.n);
	check(l.bob.pieces > 8);
	streams_end(l.streams, &l.ann.outlet, 1);
	world_run(l.world, 1000);
	assert_int_equal(l.bob.closed, 1);
	assert_int_equal(l.ann.closed, 1);
	assert_int_equal(l.ann.broken + l.bob.broken, 0);
	line_close(&l);
}

TEST(nobody_is_there_or_nobody_wants_it)
{
	static struct line l;

	line_open(&l, 1, PORT + 1);
	assert_int_equal(l.ann.opened, 0);
	assert_int_equal(l.ann.closed, 1);
	line_close(&l);
	line_open(&l, 1, PORT);
	l.bob.takes = 0;
	streams_connect(
		l.streams, &l.ann.outlet, 2,
		&(struct addr){ .ip = { [10] = 0xff, 0xff, 10, 0, 0, 0x0C }, .port = PORT });
	world_run(l.world, 1000);
	assert_int_equal(l.ann.opened, 1);
	assert_int_equal(l.ann.closed, 1);
	line_close(&l);
}

TEST(a_break_loses_what_is_on_its_way_and_both_learn_of_it_in_the_end)
{
	static struct line l;

	line_open(&l, harness_seed(), PORT);
	streams_send(l.streams, &l.ann.outlet, 1, "hello", 5);
	streams_break(l.streams, &l.bob.host);
	assert_int_equal(l.downs, 1);
	world_run(l.world, 30 * 1000);
	assert_int_equal(l.bob.n, 0);
	assert_int_equal(l.ann.broken, 1);
	assert_int_equal(l.bob.broken, 1);
	line_close(&l);
}

TEST(who_is_unplugged_hears_nothing_more)
{
	static struct line l;

	line_open(&l, harness_seed(), PORT);
	streams_send(l.streams, &l.ann.outlet, 1, "hello", 5);
	streams_unplug(l.streams, &l.bob.outlet);
	world_run(l.world, 30 * 1000);
	assert_int_equal(l.bob.n, 0);
	assert_int_equal(l.bob.closed, 0);
	assert_int_equal(l.ann.closed, 1);
	line_close(&l);
}

TEST(a_cut_line_holds_bytes_back_for_a_minute_and_then_breaks)
{
	static struct line l;

	line_open(&l, harness_seed(), PORT);
	l.cut = true;
	streams_send(l.streams, &l.ann.outlet, 1, "one", 3);
	world_run(l.world, 50 * 1000);
	assert_int_equal(l.bob.n, 0);
	l.cut = false;
	world_run(l.world, 2000);
	assert_bytes("one", 3, l.bob.heard, l.bob.n);
	l.cut = true;
	streams_send(l.streams, &l.ann.outlet, 1, "two", 3);
	world_run(l.world, 100 * 1000);
	assert_int_equal(l.bob.n, 3);
	assert_int_equal(l.ann.closed, 1);
	assert_int_equal(l.bob.closed, 1);
	line_close(&l);
}

TEST(what_is_held_fills_the_stream_and_room_is_told)
{
	static struct line l;
	static const uint8_t block[1 << 12];
	size_t all;

	line_open(&l, harness_seed(), PORT);
	all = streams_room(l.streams, &l.ann.outlet, 1);
	streams_hold(l.streams, &l.bob.outlet, 7, true);
	while (streams_room(l.streams, &l.ann.outlet, 1) >= sizeof(block))
		streams_send(l.streams, &l.ann.outlet, 1, block, sizeof(block));
	world_run(l.world, 1000);
	assert_int_equal(l.bob.n, 0);
	assert_int_equal(l.ann.rooms, 0);
	streams_hold(l.streams, &l.bob.outlet, 7, false);
	world_run(l.world, 1000);
	assert_int_equal(l.bob.n, all);
	assert_int_equal(l.ann.rooms, 1);
	line_close(&l);
}

TEST(pieces_break_streams_at_the_stated_rate)
{
	struct rng rng = harness_rng();
	unsigned broken = 0;

	for (int i = 0; i < 1000; i++) {
		static struct line l;

		line_open(&l, rng_next(&rng), PORT);
		streams_set(l.streams, (struct currents){ .break_per_10000 = 2000 });
		streams_send(l.streams, &l.ann.outlet, 1, "x", 1);
		world_run(l.world, 1000);
		broken += l.downs;
		line_close(&l);
	}
	assert_in_range(broken, 150, 250);
}
