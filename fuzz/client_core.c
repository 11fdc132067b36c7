/* SPDX-License-Identifier: MIT */
/*
 * Any history of datagrams, streams, time and commands leaves the client engine consistent: it
 * sends to no stream that is not there, and always knows when it wants to be called.
 */
#include "fuzz.h"

#include <string.h>

#include "client/client.h"

enum {
	ME = 20001,
	ANN = 10001,
	PORT = 5601,
	JOBS = 64,
	FILE_JOBS = 16,
	STREAMS = 80,
	PART_MAX = 255,
	TIME_MAX_S = 20,
	CHORES = 6, /* packets behind a login, at most */
};

struct world {
	const uint8_t *at, *end;
	struct icq_client *client;
	struct history_mem *history;
	struct now now;
	uint16_t login_seq, seq;
	size_t job_count;
	struct history_job jobs[JOBS];
	uint32_t streams[STREAMS]; /* that are there; 0: free */
	uint32_t listener;	   /* the last one; 0: none yet */
	size_t file_count;
	struct icq_client_file_job files[FILE_JOBS];
};

static const struct addr server = { .ip = { [10] = 0xff, 0xff, 127, 0, 0, 1 }, .port = 4000 };
static const struct addr home = { .ip = { [10] = 0xff, 0xff, 127, 0, 0, 1 }, .port = 40000 };

static uint8_t next_byte(struct world *w)
{
	return w->at < w->end ? *w->at++ : 0;
}

static size_t next_bytes(struct world *w, uint8_t out[PART_MAX])
{
	size_t n = next_byte(w), left = (size_t)(w->end - w->at);

	if (n > left)
		n = left;
	memcpy(out, w->at, n);
	w->at += n;
	return n;
}

/* ---- what the engine asks for ---------------------------------------------------------- */

static uint32_t *place_of(struct world *w, uint32_t stream)
{
	uint32_t *at = w->streams;

	while (at < w->streams + STREAMS && *at != stream)
		at++;
	return at < w->streams + STREAMS ? at : NULL;
}

static void add_stream(struct world *w, uint32_t stream)
{
	uint32_t *at = place_of(w, 0);

	must(stream && !place_of(w, stream));
	must(at); /* it has limits of its own */
	*at = stream;
}

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct world *w = ctx;
	struct icq_head head;
	enum icq_id id;
	union icq_msg msg;

	must(addr_equal(to, &server));
	must(icq_unpack(ICQ_CLIENT, p, n, &head, &id, &msg) == 0);
	if (id == M_c_login)
		w->login_seq = msg.c_login.login_seq;
	if (id != M_c_ack)
		w->seq = head.seq;
}

static int on_submit(void *ctx, const struct history_job *job)
{
	struct world *w = ctx;

	if (w->job_count == JOBS)
		return -ICQ_EFULL;
	memcpy(&w->jobs[w->job_count++], job, history_job_size(job));
	return 0;
}

static void on_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 0x5a, n);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	(void)ctx;
	must(ev->name);
}

static void on_event(void *ctx, const struct icq_client_event *ev)
{
	(void)ctx;
	(void)ev;
}

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	must(to->port >= 1024);
	add_stream(ctx, stream);
	return 0;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	must(place_of(ctx, stream) && p && n);
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	uint32_t *at = place_of(ctx, stream);

	must(at);
	*at = 0;
}

static void on_stream_end(void *ctx, uint32_t stream)
{
	must(place_of(ctx, stream));
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	must(place_of(ctx, stream));
	return 4096;
}

static void on_stream_hold(void *ctx, uint32_t stream, bool hold)
{
	(void)hold;
	must(place_of(ctx, stream));
}

static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	((struct world *)ctx)->listener = listener;
	*port_out = PORT + 1;
	return 0;
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	struct world *w = ctx;

	if (w->listener == listener)
		w->listener = 0;
}

static int on_file(void *ctx, const struct icq_client_file_job *job)
{
	struct world *w = ctx;

	if (w->file_count == FILE_JOBS)
		return -ICQ_EFULL;
	w->files[w->file_count++] = *job;
	return 0;
}

static void on_file_end(void *ctx, uint32_t transfer)
{
	struct world *w = ctx;
	size_t kept = 0;

	for (size_t i = 0; i < w->file_count; i++)
		if (w->files[i].transfer != transfer)
			w->files[kept++] = w->files[i];
	w->file_count = kept;
}

/* ---- what happens to it ---------------------------------------------------------------- */

static void answer(struct world *w)
{
	while (w->job_count) {
		struct history_job job = w->jobs[0];

		memmove(w->jobs, w->jobs + 1, --w->job_count * sizeof(*w->jobs));
		history_mem_run(w->history, &job);
		icq_client_done(w->client, w->now, &job);
	}
}

/* One job of a file: a disk with nothing but zeros, which fails when the byte is odd. */
static void answer_file(struct world *w)
{
	static const uint8_t zeros[4096];
	struct icq_client_file_job job = w->files[0];

	if (!w->file_count)
		return;
	memmove(w->files, w->files + 1, --w->file_count * sizeof(*w->files));
	job.err = next_byte(w) % 2 ? -ICQ_EIO : 0;
	if (job.kind == ICQ_CLIENT_FILE_READ) {
		job.p = zeros;
		job.n = job.n < sizeof(zeros) ? job.n : sizeof(zeros);
	} else if (job.kind == ICQ_CLIENT_FILE_CREATE) {
		job.offset = next_byte(w) % (job.size + 1ull);
	}
	icq_client_file_done(w->client, w->now, &job);
}

static void hear_server(struct world *w)
{
	uint8_t packet[6 + PART_MAX] = { 2 };

	packet[2] = next_byte(w); /* the code */
	packet[3] = next_byte(w);
	packet[4] = next_byte(w); /* the number */
	icq_client_input(w->client, w->now, &server, packet, 6 + next_bytes(w, packet + 6));
}

static void hear_ack(struct world *w)
{
	uint8_t packet[6] = { 2, 0, 0x0A, 0, (uint8_t)w->seq, (uint8_t)(w->seq >> 8) };

	icq_client_input(w->client, w->now, &server, packet, sizeof(packet));
}

static void welcome(struct world *w)
{
	uint8_t packet[256];
	struct icq_head head = { .version = 2 };
	union icq_msg msg;
	int n;

	icq_preset(M_s_login_reply, &msg);
	msg.s_login_reply.uin = ME;
	msg.s_login_reply.ip = 0x7F000001;
	msg.s_login_reply.login_seq = w->login_seq;
	n = icq_pack(M_s_login_reply, &head, &msg, packet, sizeof(packet));
	icq_client_input(w->client, w->now, &server, packet, (size_t)n);
}

static void come(struct world *w)
{
	uint32_t listener = next_byte(w) % 2 ? w->listener : 0;
	uint32_t stream = icq_client_stream_accepted(w->client, w->now, listener, &home);

	if (stream)
		add_stream(w, stream);
}

/* Bytes as they are, or as a packet. */
static void hear_stream(struct world *w, uint32_t stream, bool framed)
{
	uint8_t part[2 + PART_MAX];
	size_t n = next_bytes(w, part + 2);

	part[0] = (uint8_t)n;
	part[1] = 0;
	icq_client_stream_data(w->client, w->now, stream, framed ? part : part + 2,
			       framed ? n + 2 : n);
}

static void end_stream(struct world *w, uint32_t stream)
{
	if (!stream)
		return;
	*place_of(w, stream) = 0;
	icq_client_stream_closed(w->client, w->now, stream, next_byte(w) % 2);
}

static void pass(struct world *w, int64_t ms)
{
	int64_t end_ms = w->now.mono_ms + ms, due_ms;

	for (int ticks = 0; (due_ms = icq_client_deadline(w->client)) <= end_ms; ticks++) {
		must(ticks < 10000);
		if (due_ms > w->now.mono_ms)
			w->now.mono_ms = due_ms;
		icq_client_tick(w->client, w->now);
	}
	w->now.mono_ms = end_ms;
}

static void command(struct world *w)
{
	uint8_t text[PART_MAX + 1], what = next_byte(w), number = next_byte(w) % 8;
	struct icq_str str = { text, (uint16_t)next_bytes(w, text) };
	struct icq_client_file file = { str, number };

	switch (what % 12) {
	case 0:
		icq_client_send_by(w->client, w->now, 1, ANN, T_text, str,
				   (enum icq_client_via)(number % 3),
				   (enum icq_client_mode)(what / 12 % 3));
		break;
	case 1:
		icq_client_peek(w->client, w->now, 1, ANN);
		break;
	case 2:
		icq_client_peer(w->client, w->now, 1, ANN, number % 2);
		break;
	case 3:
		icq_client_resend(w->client, w->now, 1, number,
				  (enum icq_client_mode)(what / 12 % 3));
		break;
	case 4:
		icq_client_accept(w->client, w->now, 1, number);
		break;
	case 5:
		icq_client_refuse(w->client, w->now, 1, number, str);
		break;
	case 6:
		icq_client_cancel(w->client, w->now, 1, number);
		break;
	case 7:
		icq_client_send_files(w->client, w->now, 1, ANN, &file, 1, str);
		break;
	case 8:
		icq_client_chat(w->client, w->now, 1, ANN, str, number);
		break;
	case 9:
		text[str.len] = 0;
		icq_client_chat_type(w->client, w->now, 1, number, (const char *)text);
		break;
	case 10:
		icq_client_pause(w->client, w->now, 1, number, what / 12 % 2);
		break;
	default:
		icq_client_status(w->client, w->now, 1, what);
	}
}

static void step(struct world *w)
{
	uint8_t what = next_byte(w);
	uint32_t stream = w->streams[what / 11 % STREAMS];

	switch (what % 11) {
	case 0:
		hear_server(w);
		break;
	case 1:
		hear_ack(w);
		break;
	case 2:
		come(w);
		break;
	case 3:
	case 4:
		if (stream)
			hear_stream(w, stream, what % 11 == 3);
		break;
	case 5:
		end_stream(w, stream);
		break;
	case 6:
		if (stream)
			icq_client_stream_opened(w->client, w->now, stream);
		break;
	case 7:
		answer(w);
		break;
	case 8:
		command(w);
		break;
	case 9:
		answer_file(w);
		break;
	default:
		pass(w, 1000 * (next_byte(w) % TIME_MAX_S));
	}
}

static void begin(struct world *w)
{
	const struct icq_client_conf conf = { .server = server,
					      .direct = ICQ_CLIENT_DIRECT_ON,
					      .peer_first = true,
					      .listen_port = PORT };
	const struct icq_client_env env = { .ctx = w,
					    .send = on_send,
					    .submit = on_submit,
					    .random = on_random,
					    .log = on_log,
					    .event = on_event,
					    .connect = on_connect,
					    .stream_send = on_stream_send,
					    .stream_close = on_stream_close,
					    .stream_end = on_stream_end,
					    .stream_room = on_stream_room,
					    .stream_hold = on_stream_hold,
					    .listen = on_listen,
					    .listen_end = on_listen_end,
					    .file = on_file,
					    .file_end = on_file_end };

	w->client = icq_client_new(&conf, &env);
	w->history = history_mem_new();
	must(w->client && w->history);
	icq_client_put_contact(w->client, w->now, 0, &(struct icq_client_contact){ .uin = ANN });
	icq_client_login(w->client, w->now, 1, ME, icq_str_of("secret"), ICQ_STATUS_online);
	welcome(w);
	for (int i = 0; i < CHORES; i++)
		hear_ack(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;

	w = (struct world){ .at = data, .end = data + size, .now = { 1000, 1000000000 } };
	begin(&w);
	while (w.at < w.end)
		step(&w);
	icq_client_free(&w.client);
	history_mem_free(&w.history);
	return 0;
}
