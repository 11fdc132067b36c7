/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "io/clock.h"
#include "io/loop.h"
#include "io/udp.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

struct machine {
	struct loop *loop;
	struct udp *udp;
	struct addr bound;
	int64_t deadline_ms;
	unsigned inputs, ticks, wakes;
	int signal_number;
	int64_t ticked_ms;
	char last;
};

static void on_input(void *ctx, struct now now, const struct addr *from, const void *p, size_t n)
{
	struct machine *m = ctx;

	(void)now;
	check(n == 1);
	m->inputs++;
	m->last = *(const char *)p;
	if (m->last == 'q')
		udp_send(m->udp, from, "a", 1); /* to itself: comes in the next turn */
	else
		loop_stop(m->loop);
}

static void on_tick(void *ctx, struct now now)
{
	struct machine *m = ctx;

	m->ticks++;
	m->ticked_ms = now.mono_ms;
	if (now.mono_ms >= m->deadline_ms)
		loop_stop(m->loop);
}

static int64_t on_deadline(void *ctx)
{
	const struct machine *m = ctx;

	return m->deadline_ms;
}

static void on_woken(void *ctx, struct now now)
{
	struct machine *m = ctx;

	(void)now;
	m->wakes++;
	loop_stop(m->loop);
}

static void on_signal(void *ctx, int number)
{
	struct machine *m = ctx;

	m->signal_number = number;
	loop_stop(m->loop);
}

static void open_machine(struct machine *m)
{
	const struct loop_calls calls = { m, on_input, on_tick, on_deadline, on_woken, on_signal };
	struct addr at = addr_v4(0x7f000001, 0);

	*m = (struct machine){ .deadline_ms = NEVER_MS };
	assert_int_equal(udp_new(&m->udp, 100), 0);
	assert_int_equal(udp_listen(m->udp, &at, &m->bound), 0);
	assert_int_equal(loop_new(&m->loop, m->udp, &calls), 0);
}

static void close_machine(struct machine *m)
{
	loop_free(&m->loop);
	udp_free(&m->udp);
}

TEST(output_of_a_turn_leaves_at_its_end)
{
	struct machine m;

	open_machine(&m);
	udp_send(m.udp, &m.bound, "q", 1);
	loop_run(m.loop);
	assert_int_equal(m.inputs, 2);
	assert_int_equal(m.last, 'a');
	close_machine(&m);
}

TEST(tick_comes_at_the_deadline)
{
	struct machine m;

	open_machine(&m);
	m.deadline_ms = clock_now().mono_ms + 5;
	loop_run(m.loop);
	assert_true(m.ticks >= 1);
	assert_true(m.ticked_ms >= m.deadline_ms);
	close_machine(&m);
}

TEST(deadline_of_the_past_is_now)
{
	struct machine m;

	open_machine(&m);
	m.deadline_ms = 0;
	loop_run(m.loop);
	assert_int_equal(m.ticks, 1);
	close_machine(&m);
}

static void *wake_from_thread(void *loop)
{
	loop_wake(loop);
	return NULL;
}

TEST(another_thread_can_wake)
{
	struct machine m;
	pthread_t thread;

	open_machine(&m);
	assert_int_equal(pthread_create(&thread, NULL, wake_from_thread, m.loop), 0);
	loop_run(m.loop);
	assert_int_equal(m.wakes, 1);
	pthread_join(thread, NULL);
	close_machine(&m);
}

TEST(signals_arrive_as_calls)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };

	for (unsigned i = 0; i < 3; i++) {
		struct machine m;

		open_machine(&m);
		kill(getpid(), numbers[i]);
		loop_run(m.loop);
		assert_int_equal(m.signal_number, numbers[i]);
		close_machine(&m);
	}
}
