/* SPDX-License-Identifier: MIT */
#include "io/loop.h"

#include "base/err.h"
#include "io/clock.h"
#include "io/udp.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <uv.h>

static const int watched_signals[] = { SIGTERM, SIGINT, SIGHUP };

enum {
	SIGNALS = sizeof(watched_signals) / sizeof(watched_signals[0]),
	LOOP_DESCRIPTORS = 8, /* libuv's own */
};

struct watch {
	uv_poll_t poll;
	struct loop *loop;
	unsigned socket;
};

struct loop {
	uv_loop_t uv;
	uv_prepare_t turn_end;
	uv_timer_t timer;
	uv_async_t wake;
	uv_signal_t signals[SIGNALS];
	struct watch watches[UDP_SOCKETS_MAX];
	struct loop_calls calls;
	struct udp *udp;
	struct now now;
	bool now_known; /* the clock has been read in this turn */
};

struct now loop_now(struct loop *l)
{
	if (!l->now_known)
		l->now = clock_now();
	l->now_known = true;
	return l->now;
}

/* ---- what happens ---------------------------------------------------------------------- */

static void on_datagram(void *ctx, const struct addr *from, const void *p, size_t n)
{
	struct loop *l = ctx;

	l->calls.input(l->calls.ctx, loop_now(l), from, p, n);
}

/* An error of the socket shows as readable, too, and reading takes it off. */
static void on_readable(uv_poll_t *poll, int status, int events)
{
	const struct watch *w = poll->data;

	(void)status, (void)events;
	udp_receive(w->loop->udp, w->socket, on_datagram, w->loop);
}

static void on_timer(uv_timer_t *timer)
{
	struct loop *l = timer->data;

	l->calls.tick(l->calls.ctx, loop_now(l));
}

static void on_wake(uv_async_t *wake)
{
	struct loop *l = wake->data;

	l->calls.woken(l->calls.ctx, loop_now(l));
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct loop *l = signal->data;

	l->calls.signalled(l->calls.ctx, number);
}

/* libuv calls this before it goes to sleep, that is after everything that happened. */
static void on_turn_end(uv_prepare_t *prepare)
{
	struct loop *l = prepare->data;
	int64_t deadline_ms = l->calls.deadline(l->calls.ctx);
	int64_t now_ms = loop_now(l).mono_ms;

	udp_flush(l->udp);
	if (deadline_ms == NEVER_MS)
		uv_timer_stop(&l->timer);
	else
		uv_timer_start(&l->timer, on_timer,
			       deadline_ms > now_ms ? (uint64_t)(deadline_ms - now_ms) : 0, 0);
	l->now_known = false;
}

/* ---- beginning and end ----------------------------------------------------------------- */

static int watch_sockets(struct loop *l)
{
	for (unsigned i = 0; i < udp_count(l->udp); i++) {
		struct watch *w = &l->watches[i];

		w->loop = l;
		w->socket = i;
		w->poll.data = w;
		if (uv_poll_init(&l->uv, &w->poll, udp_fd(l->udp, i)) < 0 ||
		    uv_poll_start(&w->poll, UV_READABLE, on_readable) < 0)
			return -ICQ_EIO;
	}
	return 0;
}

static int watch_signals(struct loop *l)
{
	for (unsigned i = 0; i < SIGNALS; i++) {
		l->signals[i].data = l;
		if (uv_signal_init(&l->uv, &l->signals[i]) < 0 ||
		    uv_signal_start(&l->signals[i], on_signal, watched_signals[i]) < 0)
			return -ICQ_EIO;
	}
	return 0;
}

static int watch_all(struct loop *l)
{
	l->turn_end.data = l->timer.data = l->wake.data = l;
	if (uv_prepare_init(&l->uv, &l->turn_end) < 0 ||
	    uv_prepare_start(&l->turn_end, on_turn_end) < 0 ||
	    uv_timer_init(&l->uv, &l->timer) < 0 || uv_async_init(&l->uv, &l->wake, on_wake) < 0)
		return -ICQ_EIO;
	if (watch_sockets(l) < 0)
		return -ICQ_EIO;
	return watch_signals(l);
}

/* libuv aborts the process when it finds none left for its own needs. */
static bool descriptors_left(void)
{
	int fds[LOOP_DESCRIPTORS], n = 0;

	while (n < LOOP_DESCRIPTORS && (fds[n] = eventfd(0, EFD_CLOEXEC)) >= 0)
		n++;
	for (int i = 0; i < n; i++)
		close(fds[i]);
	return n == LOOP_DESCRIPTORS;
}

int loop_new(struct loop **out, struct udp *udp, const struct loop_calls *calls)
{
	struct loop *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return -ICQ_ENOMEM;
	l->calls = *calls;
	l->udp = udp;
	if (!descriptors_left() || uv_loop_init(&l->uv) < 0) {
		free(l);
		return -ICQ_EIO;
	}
	if ((err = watch_all(l)) < 0)
		loop_free(&l);
	*out = l;
	return err;
}

static void close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

void loop_free(struct loop **lp)
{
	struct loop *l = *lp;

	*lp = NULL;
	if (!l)
		return;
	uv_walk(&l->uv, close_handle, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	uv_loop_close(&l->uv);
	free(l);
}

void loop_run(struct loop *l)
{
	uv_run(&l->uv, UV_RUN_DEFAULT);
	udp_flush(l->udp);
}

void loop_stop(struct loop *l)
{
	uv_stop(&l->uv);
}

struct uv_loop_s *loop_uv(struct loop *l)
{
	return &l->uv;
}

void loop_wake(struct loop *l)
{
	uv_async_send(&l->wake);
}
