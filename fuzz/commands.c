/* SPDX-License-Identifier: MIT */
/*
 * Lines of JSON for icq, which is online as soon as it logs in: what it tells are objects, what is
 * none is refused, and it always finds its end.
 */
#include "fuzz.h"

#include <string.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/json.h"

enum { INPUT_MAX = 8192, JOBS = 256, ACKS = 256 };

/* ---- in place of network and disk ------------------------------------------------------ */

struct net {
	struct icq_client *client;
	struct net_calls calls;
	struct addr server;
	uint16_t acks[ACKS], login_seq;
	size_t ack_count;
	bool login;
	uint32_t uin;
};

struct archive {
	struct history_mem *history;
	size_t job_count;
	struct history_job jobs[JOBS];
};

static struct net net;
static struct archive archive;

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct icq_head head;
	enum icq_id id;
	union icq_msg msg;

	(void)ctx;
	(void)to;
	must(icq_unpack(ICQ_CLIENT, p, n, &head, &id, &msg) == 0);
	if (id != M_c_ack && net.ack_count < ACKS)
		net.acks[net.ack_count++] = head.seq;
	if (id != M_c_login)
		return;
	net.login = true;
	net.login_seq = msg.c_login.login_seq;
	net.uin = head.uin;
}

static int on_submit(void *ctx, const struct history_job *job)
{
	(void)ctx;
	if (archive.job_count == JOBS)
		return -ICQ_EFULL;
	memcpy(&archive.jobs[archive.job_count++], job, history_job_size(job));
	return 0;
}

static void on_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 0x5a, n);
}

static void on_event(void *ctx, const struct icq_client_event *ev)
{
	(void)ctx;
	net.calls.event(net.calls.ctx, ev);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	(void)ctx;
	(void)ev;
}

static struct now now(void)
{
	return (struct now){ 1000, 1000000000 };
}

int net_open(struct net **out, uv_loop_t *loop, struct archive *a, const char *host, uint16_t port,
	     const struct icq_client_conf *conf, const struct net_calls *calls)
{
	struct icq_client_conf own = *conf;
	struct icq_client_env env = { .send = on_send,
				      .submit = on_submit,
				      .random = on_random,
				      .event = on_event,
				      .log = on_log };

	(void)loop;
	(void)host;
	must(a == &archive);
	net = (struct net){ .calls = *calls, .server = addr_v4(0x7F000001, port) };
	own.server = net.server;
	net.client = icq_client_new(&own, &env);
	must(net.client);
	*out = &net;
	return 0;
}

void net_close(struct net **at)
{
	icq_client_free(&net.client);
	*at = NULL;
}

struct icq_client *net_client(struct net *n)
{
	return n->client;
}

uint16_t net_listen_port(const struct net *n)
{
	must(n == &net);
	return 0;
}

int net_listen(struct net *n)
{
	must(n == &net);
	return 0;
}

const struct addr *net_server(const struct net *n)
{
	return &n->server;
}

void net_touch(struct net *n)
{
	must(icq_client_deadline(n->client) > 0);
}

int archive_open(struct archive **out, uv_loop_t *loop, const char *profile)
{
	(void)loop;
	must(profile);
	archive.job_count = 0;
	archive.history = history_mem_new();
	must(archive.history);
	*out = &archive;
	return EXIT_OK;
}

void archive_settle(struct archive *a)
{
	while (a->job_count) {
		struct history_job job = a->jobs[0];

		memmove(a->jobs, a->jobs + 1, --a->job_count * sizeof(*a->jobs));
		history_mem_run(a->history, &job);
		icq_client_done(net.client, now(), &job);
	}
}

void archive_close(struct archive **at)
{
	history_mem_free(&archive.history);
	*at = NULL;
}

/* ---- the server ------------------------------------------------------------------------ */

static void hear(enum icq_id id, uint16_t seq, const union icq_msg *msg)
{
	uint8_t packet[256];
	struct icq_head head = { .version = 2, .seq = seq };
	union icq_msg preset;

	icq_preset(id, &preset);

	int n = icq_pack(id, &head, msg ? msg : &preset, packet, sizeof(packet));

	icq_client_input(net.client, now(), &net.server, packet, (size_t)n);
}

static void welcome(void)
{
	union icq_msg msg;

	icq_preset(M_s_login_reply, &msg);
	msg.s_login_reply.uin = net.uin;
	msg.s_login_reply.login_seq = net.login_seq;
	net.login = false;
	hear(M_s_login_reply, 0, &msg);
}

static void settle(void)
{
	while (net.ack_count || net.login || archive.job_count) {
		archive_settle(&archive);
		if (net.ack_count) {
			uint16_t seq = net.acks[0];

			memmove(net.acks, net.acks + 1, --net.ack_count * sizeof(*net.acks));
			hear(M_s_ack, seq, NULL);
		} else if (net.login) {
			welcome();
		}
	}
}

/* ---- the user -------------------------------------------------------------------------- */

static size_t results;

static void on_told(struct face *f, json_t *ev)
{
	const char *name = json_string_value(json_object_get(ev, "ev"));
	char *line = json_dumps(ev, JSON_COMPACT);

	(void)f;
	must(name && line && strlen(line) > 0);
	results += strcmp(name, "result") == 0;
	free(line);
}

/* These name files and programs, and this world has the real disk. */
static bool is_about_files(const json_t *command)
{
	const char *key = json_string_value(json_object_get(command, "key"));

	return json_object_get(command, "path") || json_object_get(command, "paths") ||
	       (key && (strstr(key, "file") || strstr(key, "hook") || strstr(key, "sound")));
}

static void give_line(struct json_face *j, char *line, size_t n)
{
	json_t *command = json_loadb(line, n, JSON_REJECT_DUPLICATES, NULL);
	size_t before = results;

	if (!is_about_files(command)) {
		j->face.line(&j->face, line, n, false);
		settle();
		must(json_is_object(command) || results == before + 1);
	}
	json_decref(command);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void play(struct app *a, struct json_face *j, char *input, size_t len)
{
	size_t n;

	for (char *line = input; line < input + len && !a->leaving; line += n + 1) {
		const char *end = memchr(line, '\n', (size_t)(input + len - line));

		n = end ? (size_t)(end - line) : (size_t)(input + len - line);
		line[n] = 0;
		give_line(j, line, n);
		uv_run(a->loop, UV_RUN_NOWAIT);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char input[INPUT_MAX + 1];
	static struct settings settings;
	uv_loop_t loop;
	struct app app = { .loop = &loop, .settings = &settings, .profile = "fuzz" };
	struct json_face j;
	size_t len = size < INPUT_MAX ? size : INPUT_MAX;

	must(uv_loop_init(&loop) == 0);
	must(settings_read(&settings, "/proc/none/icq.conf", "fuzz") == 0); /* nothing is there */
	json_face_init(&j, &app);
	j.face.event = on_told;
	j.face.quiet = NULL;
	app.face = &j.face;
	must(app_open(&app, "127.0.0.1:9", 0) == EXIT_OK);
	memcpy(input, data, len);
	play(&app, &j, input, len);
	if (!app.leaving)
		app_leave(&app, "eof", EXIT_OK);
	settle();
	must(app.goodbye == 0);
	app_close(&app);
	uv_walk(&loop, close_handle, NULL);
	while (uv_run(&loop, UV_RUN_DEFAULT)) /* it was told to stop */
		;
	must(uv_loop_close(&loop) == 0);
	settings_free(&settings);
	return 0;
}
