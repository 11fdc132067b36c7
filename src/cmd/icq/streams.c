/* SPDX-License-Identifier: MIT */
#include "cmd/icq/streams.h"

#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/sockaddr.h"

enum {
	BACKLOG = 16,
	UNSENT_MAX = 65536, /* for somebody who does not read: more is dropped, packet by packet */
};

/* The loop owns it until it is closed. */
struct stream {
	uv_tcp_t tcp;
	uv_connect_t connect;
	struct streams *home;
	struct stream *next;
	uint32_t number;
};

struct streams {
	uv_tcp_t listener;
	bool listening;
	uv_loop_t *loop;
	struct icq_client *client;
	void (*touched)(void *ctx);
	void *ctx;
	struct stream *first;
	char buffer[65536];
};

struct writing {
	uv_write_t write;
	char bytes[];
};

static struct stream *stream_of(const struct streams *s, uint32_t number)
{
	struct stream *stream = s->first;

	while (stream && stream->number != number)
		stream = stream->next;
	return stream;
}

/* ---- coming and going ------------------------------------------------------------------ */

static struct stream *stream_new(struct streams *s)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	uv_tcp_init(s->loop, &stream->tcp);
	stream->tcp.data = stream;
	stream->home = s;
	stream->next = s->first;
	s->first = stream;
	return stream;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void drop(struct stream *stream)
{
	struct stream **at = &stream->home->first;

	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
	uv_close((uv_handle_t *)&stream->tcp, on_closed);
}

/* The other side has ended it. */
static void lost(struct stream *stream)
{
	struct streams *s = stream->home;
	uint32_t number = stream->number;

	drop(stream);
	icq_client_stream_closed(s->client, clock_now(), number);
	s->touched(s->ctx);
}

void streams_close(struct streams *s, uint32_t number)
{
	struct stream *stream = stream_of(s, number);

	if (stream)
		drop(stream);
}

/* ---- bytes ----------------------------------------------------------------------------- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct stream *stream = handle->data;

	(void)suggested;
	*buf = uv_buf_init(stream->home->buffer, sizeof(stream->home->buffer));
}

static void on_read(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buf)
{
	struct stream *stream = tcp->data;
	struct streams *s = stream->home;

	if (n < 0) {
		lost(stream);
	} else if (n > 0) {
		icq_client_stream_data(s->client, clock_now(), stream->number, buf->base,
				       (size_t)n);
		s->touched(s->ctx);
	}
}

/* Errors show when reading, too. */
static void on_written(uv_write_t *write, int status)
{
	(void)status;
	free(write->data);
}

void streams_send(struct streams *s, uint32_t number, const void *p, size_t n)
{
	struct stream *stream = stream_of(s, number);
	uv_stream_t *tcp = (uv_stream_t *)&stream->tcp;
	struct writing *w;
	uv_buf_t buf;

	if (!stream || uv_stream_get_write_queue_size(tcp) > UNSENT_MAX)
		return;
	w = malloc(sizeof(*w) + n);
	if (!w)
		return;
	memcpy(w->bytes, p, n);
	w->write.data = w;
	buf = uv_buf_init(w->bytes, (unsigned)n);
	if (uv_write(&w->write, tcp, &buf, 1, on_written) < 0)
		free(w);
}

/* ---- connecting ------------------------------------------------------------------------ */

/* When we have closed it ourselves, nobody is told. */
static void on_connected(uv_connect_t *connect, int status)
{
	struct stream *stream = connect->data;
	struct streams *s = stream->home;

	if (status == UV_ECANCELED)
		return;
	if (status < 0 || uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read) < 0) {
		lost(stream);
		return;
	}
	icq_client_stream_opened(s->client, clock_now(), stream->number);
	s->touched(s->ctx);
}

int streams_connect(struct streams *s, uint32_t number, const struct addr *to)
{
	struct sockaddr_storage at;
	struct stream *stream;

	if (!sockaddr_make(to, &at))
		return -ICQ_EIO;
	stream = stream_new(s);
	if (!stream)
		return -ICQ_ENOMEM;
	stream->number = number;
	stream->connect.data = stream;
	if (uv_tcp_connect(&stream->connect, &stream->tcp, (const struct sockaddr *)&at,
			   on_connected) == 0)
		return 0;
	drop(stream);
	return -ICQ_EIO;
}

/* ---- listening ------------------------------------------------------------------------- */

/* The client's number for it, 0: nobody wants it. */
static uint32_t introduce(struct streams *s, struct stream *stream)
{
	struct sockaddr_storage at;
	int len = sizeof(at);
	struct addr from;

	if (uv_accept((uv_stream_t *)&s->listener, (uv_stream_t *)&stream->tcp) < 0 ||
	    uv_tcp_getpeername(&stream->tcp, (struct sockaddr *)&at, &len) < 0 ||
	    !sockaddr_read(&at, &from))
		return 0;
	return icq_client_stream_accepted(s->client, clock_now(), &from);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct streams *s = listener->data;
	struct stream *stream = status < 0 ? NULL : stream_new(s);

	if (!stream)
		return;
	stream->number = introduce(s, stream);
	if (!stream->number)
		drop(stream);
	else if (uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read) < 0)
		lost(stream);
	s->touched(s->ctx);
}

static int start_listening(struct streams *s, const struct addr *listen, uint16_t *port_out)
{
	struct sockaddr_storage at;
	int len = sizeof(at);
	struct addr bound;

	uv_tcp_init(s->loop, &s->listener);
	s->listener.data = s;
	s->listening = true;
	if (!sockaddr_make(listen, &at) ||
	    uv_tcp_bind(&s->listener, (const struct sockaddr *)&at, 0) < 0 ||
	    uv_listen((uv_stream_t *)&s->listener, BACKLOG, on_connection) < 0 ||
	    uv_tcp_getsockname(&s->listener, (struct sockaddr *)&at, &len) < 0 ||
	    !sockaddr_read(&at, &bound))
		return -ICQ_EDENIED;
	*port_out = bound.port;
	return 0;
}

int streams_open(struct streams **out, uv_loop_t *loop, const struct addr *listen,
		 uint16_t *port_out)
{
	struct streams *s = calloc(1, sizeof(*s));

	*port_out = 0;
	*out = s;
	if (!s)
		return -ICQ_ENOMEM;
	s->loop = loop;
	return listen ? start_listening(s, listen, port_out) : 0;
}

void streams_attend(struct streams *s, struct icq_client *client, void (*touched)(void *ctx),
		    void *ctx)
{
	s->client = client;
	s->touched = touched;
	s->ctx = ctx;
}

void streams_free(struct streams **at)
{
	struct streams *s = *at;

	*at = NULL;
	if (!s)
		return;
	while (s->first)
		drop(s->first);
	if (s->listening)
		uv_close((uv_handle_t *)&s->listener, on_closed);
	else
		free(s);
}
