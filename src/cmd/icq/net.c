/* SPDX-License-Identifier: MIT */
#include "cmd/icq/net.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/icq/streams.h"
#include "io/clock.h"
#include "io/lookup.h"
#include "io/random.h"
#include "io/sockaddr.h"

/* One for each session; the loop owns it until it is closed. */
struct door {
	uv_udp_t udp;
	struct net *net;
};

struct net {
	struct icq_client *client;
	struct net_calls calls;
	struct addr server;
	struct door *door;
	uv_timer_t timer;
	struct streams *streams;
	uint16_t listen_port;
	struct archive *archive; /* borrowed */
	bool refused;		 /* nobody has the port, and the user was told */
	uint8_t buffer[65536];
};

struct icq_client *net_client(struct net *n)
{
	return n->client;
}

const struct addr *net_server(const struct net *n)
{
	return &n->server;
}

/* ---- what the engine asks of the world ------------------------------------------------- */

/* The kernel's word that nobody has the port. It may be forged, or over soon, so the engine goes on
 * as in silence; but whoever mistyped the address wants to know. */
static void take_refusal(struct net *n)
{
	const struct icq_client_event ev = {
		.kind = ICQ_CLIENT_EV_NOTICE,
		.notice = { .level = LOG_LEVEL_WARN,
			    .code = "no_server",
			    .text = "There seems to be no server at this address; still trying." }
	};

	if (!n->refused)
		n->calls.event(n->calls.ctx, &ev);
	n->refused = true;
}

/* Told as loudly: who was warned waits for it. */
static void end_refusal(struct net *n)
{
	const struct icq_client_event ev = { .kind = ICQ_CLIENT_EV_NOTICE,
					     .notice = { .level = LOG_LEVEL_WARN,
							 .code = "server",
							 .text = "The server is there again." } };

	if (n->refused)
		n->calls.event(n->calls.ctx, &ev);
	n->refused = false;
}

/* What does not leave is sent again by the engine, as if it had been lost on the way. */
static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct net *net = ctx;
	char *base = (char *)(uintptr_t)p; /* libuv only reads it */
	uv_buf_t buf = uv_buf_init(base, (unsigned)n);

	(void)to;
	if (net->door && uv_udp_try_send(&net->door->udp, &buf, 1, NULL) == UV_ECONNREFUSED)
		take_refusal(net);
}

static int on_submit(void *ctx, const struct history_job *job)
{
	struct net *n = ctx;

	return archive_submit(n->archive, job);
}

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	struct net *n = ctx;

	return streams_connect(n->streams, stream, to);
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t len)
{
	struct net *n = ctx;

	streams_send(n->streams, stream, p, len);
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	struct net *n = ctx;

	streams_close(n->streams, stream);
}

static void on_stream_end(void *ctx, uint32_t stream)
{
	struct net *n = ctx;

	streams_end(n->streams, stream);
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	struct net *n = ctx;

	return streams_room(n->streams, stream);
}

static void on_stream_hold(void *ctx, uint32_t stream, bool hold)
{
	struct net *n = ctx;

	streams_hold(n->streams, stream, hold);
}

static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	struct net *n = ctx;

	return streams_listen(n->streams, listener, port_out);
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	struct net *n = ctx;

	streams_listen_end(n->streams, listener);
}

static int on_file(void *ctx, const struct icq_client_file_job *job)
{
	struct net *n = ctx;

	return files_submit(n->calls.files, job);
}

static void on_file_end(void *ctx, uint32_t transfer)
{
	struct net *n = ctx;

	files_end(n->calls.files, transfer);
}

/* Towards the server, which may be one of several. */
static uint32_t on_inner_ip(void *ctx)
{
	struct net *n = ctx;
	struct sockaddr_storage own;
	int len = sizeof(own);
	struct addr at;

	if (!n->door || uv_udp_getsockname(&n->door->udp, (struct sockaddr *)&own, &len) < 0 ||
	    !sockaddr_read(&own, &at))
		return 0;
	return addr_ip4(&at);
}

static void on_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	random_bytes(p, n);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	struct net *n = ctx;

	n->calls.log(n->calls.ctx, ev);
}

static void on_event(void *ctx, const struct icq_client_event *ev)
{
	struct net *n = ctx;

	n->calls.event(n->calls.ctx, ev);
}

static void on_done(void *ctx, const struct history_job *job)
{
	struct net *n = ctx;

	icq_client_done(n->client, clock_now(), job);
	net_touch(n);
}

/* ---- what libuv tells ------------------------------------------------------------------ */

static void on_timer(uv_timer_t *timer)
{
	struct net *n = timer->data;

	icq_client_tick(n->client, clock_now());
	net_touch(n);
}

void net_touch(struct net *n)
{
	int64_t due_ms = icq_client_deadline(n->client), now_ms = clock_now().mono_ms;

	if (due_ms == NEVER_MS) {
		uv_timer_stop(&n->timer);
		return;
	}
	uv_update_time(n->timer.loop);
	uv_timer_start(&n->timer, on_timer, due_ms > now_ms ? (uint64_t)(due_ms - now_ms) : 0, 0);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct door *door = handle->data;

	(void)suggested;
	*buf = uv_buf_init((char *)door->net->buffer, sizeof(door->net->buffer));
}

static void on_datagram(uv_udp_t *udp, ssize_t len, const uv_buf_t *buf,
			const struct sockaddr *from, unsigned flags)
{
	struct door *door = udp->data;
	struct net *n = door->net;

	if (len == UV_ECONNREFUSED)
		take_refusal(n);
	if (len <= 0 || !from || flags & UV_UDP_PARTIAL)
		return;
	end_refusal(n);
	icq_client_input(n->client, clock_now(), &n->server, buf->base, (size_t)len);
	net_touch(n);
}

/* ---- opening and closing --------------------------------------------------------------- */

static void on_door_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void close_door(struct net *n)
{
	if (n->door)
		uv_close((uv_handle_t *)&n->door->udp, on_door_closed);
	n->door = NULL;
}

static int open_door(struct net *n)
{
	struct sockaddr_storage to;
	struct door *door = calloc(1, sizeof(*door));

	if (!door)
		return -ICQ_ENOMEM;
	door->net = n;
	door->udp.data = door;
	uv_udp_init(n->timer.loop, &door->udp);
	n->door = door;
	if (!sockaddr_make(&n->server, &to) ||
	    uv_udp_connect(&door->udp, (const struct sockaddr *)&to) < 0 ||
	    uv_udp_recv_start(&door->udp, on_alloc, on_datagram) < 0) {
		close_door(n);
		return -ICQ_EIO;
	}
	return 0;
}

/* Without a new one nothing leaves, and the engine tries again later. */
static void on_new_port(void *ctx)
{
	struct net *n = ctx;

	close_door(n);
	open_door(n);
}

static void on_streamed(void *ctx)
{
	net_touch(ctx);
}

uint16_t net_listen_port(const struct net *n)
{
	return n->listen_port;
}

int net_listen(struct net *n)
{
	return streams_serve(n->streams, &n->listen_port);
}

static int make_client(struct net *n, const struct icq_client_conf *conf)
{
	struct icq_client_conf own = *conf;
	struct icq_client_env env = { .ctx = n,
				      .send = on_send,
				      .submit = on_submit,
				      .random = on_random,
				      .log = on_log,
				      .event = on_event,
				      .new_port = on_new_port,
				      .connect = on_connect,
				      .stream_send = on_stream_send,
				      .stream_close = on_stream_close,
				      .stream_end = on_stream_end,
				      .stream_room = on_stream_room,
				      .stream_hold = on_stream_hold,
				      .listen = on_listen,
				      .listen_end = on_listen_end,
				      .file = on_file,
				      .file_end = on_file_end,
				      .inner_ip = on_inner_ip };

	own.server = n->server;
	own.listen_port = n->listen_port;
	n->client = icq_client_new(&own, &env);
	archive_attend(n->archive, on_done, n);
	streams_attend(n->streams, n->client, on_streamed, n);
	files_attend(n->calls.files, n->client, on_streamed, n);
	return n->client ? 0 : -ICQ_ENOMEM;
}

int net_open(struct net **out, uv_loop_t *loop, struct archive *archive, const char *host,
	     uint16_t port, const struct icq_client_conf *conf, const struct net_calls *calls)
{
	struct net *n = calloc(1, sizeof(*n));
	int err;

	if (!n)
		return -ICQ_ENOMEM;
	n->calls = *calls;
	n->archive = archive;
	uv_timer_init(loop, &n->timer);
	n->timer.data = n;
	if ((err = lookup_host(host, port, &n->server)) < 0 ||
	    (err = streams_open(&n->streams, loop, &calls->at)) < 0 ||
	    (err = calls->listen ? net_listen(n) : 0) < 0 || (err = make_client(n, conf)) < 0 ||
	    (err = open_door(n)) < 0) {
		net_close(&n);
		return err;
	}
	*out = n;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void net_close(struct net **at)
{
	struct net *n = *at;

	*at = NULL;
	archive_attend(n->archive, NULL, NULL);
	streams_free(&n->streams);
	icq_client_free(&n->client);
	close_door(n);
	uv_close((uv_handle_t *)&n->timer, on_closed);
}
