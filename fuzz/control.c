/* SPDX-License-Identifier: MIT */
/*
 * Lines from the operator's socket: whatever comes, the answers are lines of JSON, and nothing is
 * left of a request when its peer has gone. A line "?" lets the server answer one job; without it
 * all are answered after each line that does not end with a blank. A line "!" is a peer who leaves.
 */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "cmd/icqd/control.h"
#include "io/local.h"
#include "server/rig.h"

enum { INPUT_MAX = 8192 };

/* In place of the socket. */
struct local {
	struct local_calls calls;
};

struct local_peer {
	struct local *local;
	bool gone;
};

static struct local local;
static struct local_peer peer;

int local_listen(struct local **out, struct loop *loop, const char *path,
		 const struct local_calls *calls)
{
	(void)loop;
	(void)path;
	local.calls = *calls;
	*out = &local;
	return 0;
}

void local_free(struct local **l)
{
	*l = NULL;
}

void local_write(struct local_peer *to, const char *text, size_t n)
{
	json_t *line = json_loadb(text, n, 0, NULL);

	must(!to->gone && line && !memchr(text, '\n', n));
	json_decref(line);
}

bool local_slow(struct local_peer *to)
{
	must(!to->gone);
	return false;
}

void local_close(struct local_peer *to)
{
	must(!to->gone);
	to->gone = true;
	local.calls.gone(local.calls.ctx, to);
}

uint32_t local_uid(const struct local_peer *to)
{
	must(to == &peer);
	return 0;
}

unsigned local_place(const struct local_peer *to)
{
	must(to == &peer);
	return 0;
}

/* ---- the daemon ------------------------------------------------------------------------ */

struct world {
	struct rig *rig;
	struct control *control;
};

static struct now on_now(void *ctx)
{
	return ((struct world *)ctx)->rig->now;
}

static void on_audit(void *ctx, const struct log_event *ev)
{
	char line[512];

	(void)ctx;
	log_format(ev, line, sizeof(line));
	must(!strchr(line, '\n'));
}

static int on_reload(void *ctx, void (*tell)(void *ctx, const char *complaint), void *tell_ctx)
{
	(void)ctx;
	tell(tell_ctx, "a complaint");
	return -ICQ_ERANGE;
}

static void on_stop(void *ctx)
{
	(void)ctx;
}

static void begin(struct world *w)
{
	static struct addr listen;
	struct conf conf = rig_conf();
	struct control_env env = { .ctx = w,
				   .now = on_now,
				   .audit = on_audit,
				   .reload = on_reload,
				   .stop = on_stop,
				   .data = "/nowhere",
				   .listen = &listen,
				   .listen_count = 1 };

	w->rig = rig_new(&conf);
	env.server = w->rig->srv;
	must(rig_account(w->rig, RIG_PASSWORD) && rig_account(w->rig, RIG_PASSWORD));
	must(control_open(&w->control, NULL, "", &env) == 0);
}

/* One job after the other, and each answer to whoever asked. */
static void answer(struct world *w, size_t n)
{
	for (; n && w->rig->job_count; n--) {
		w->rig->answers = 0;
		rig_answer(w->rig, 1);
		if (w->rig->answers)
			control_answer(w->control, &w->rig->answer);
	}
}

static void leave(void)
{
	if (peer.gone)
		return;
	peer.gone = true;
	local.calls.gone(local.calls.ctx, &peer);
}

static void take_line(struct world *w, char *line, size_t n)
{
	bool patient = n && line[n - 1] == ' ';

	if (n == 1 && *line == '?') {
		answer(w, 1);
	} else if (n == 1 && *line == '!') {
		leave();
	} else {
		peer.gone = false; /* the next one */
		local.calls.line(local.calls.ctx, &peer, line, n);
		answer(w, patient ? 0 : SIZE_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char input[INPUT_MAX + 1];
	struct world w = { 0 };
	size_t len = size < INPUT_MAX ? size : INPUT_MAX, n;

	begin(&w);
	peer = (struct local_peer){ .local = &local, .gone = true };
	w.rig->hold = true;
	memcpy(input, data, len);
	for (char *line = input; line < input + len; line += n + 1) {
		const char *end = memchr(line, '\n', (size_t)(input + len - line));

		n = end ? (size_t)(end - line) : (size_t)(input + len - line);
		line[n] = 0;
		take_line(&w, line, n);
	}
	leave();
	answer(&w, SIZE_MAX);
	control_free(&w.control);
	rig_free(&w.rig);
	return 0;
}
