/* SPDX-License-Identifier: MIT */
#include "cmd/icq/streams.h"

#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/sockaddr.h"

enum {
	BACKLOG = 16,
	ALIVE_S = 60, /* of silence, before the other side is asked whether it is there */
	UNSENT_MAX = 1
		     << 19, /* for somebody who does not read: more is dropped, packet by packet */
};

/* The loop owns it until it is closed. */
struct stream {
	uv_tcp_t tcp;
	uv_connect_t connect;
	struct streams *home;
	struct stream *next;
	uint32_t number;
	bool full; /* the engine waits for room */
};

/* A port where others connect. The loop owns it until it is closed. */
struct port {
	uv_tcp_t tcp;
	struct streams *home;
	struct port *next;
	uint32_t number; /* the engine's; 0: that for messages */
};

struct streams {
	uv_loop_t *loop;
	struct addr at; /* where ports are opened */
	struct port *ports;
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
	uv_tcp_keepalive(&stream->tcp, 1, ALIVE_S);
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

/* The other side has ended it, or the network (broken). */
static void lost(struct stream *stream, bool broken)
{
	struct streams *s = stream->home;
	uint32_t number = stream->number;

	drop(stream);
	icq_client_stream_closed(s->client, clock_now(), number, broken);
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
		lost(stream, n != UV_EOF);
	} else if (n > 0) {
		icq_client_stream_data(s->client, clock_now(), stream->number, buf->base,
				       (size_t)n);
		s->touched(s->ctx);
	}
}

static size_t unsent(const struct stream *stream)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&stream->tcp);
}

/* Half of it has left again. */
static void tell_room(struct stream *stream)
{
	struct streams *s = stream->home;

	if (!stream->full || uv_is_closing((uv_handle_t *)&stream->tcp) ||
	    unsent(stream) > UNSENT_MAX / 2)
		return;
	stream->full = false;
	icq_client_stream_room(s->client, clock_now(), stream->number);
	s->touched(s->ctx);
}

/* Errors show when reading, too; what is cancelled belongs to a stream that is gone. */
static void on_written(uv_write_t *write, int status)
{
	struct writing *w = write->data;
	struct stream *stream = write->handle->data;

	free(w);
	if (status == 0)
		tell_room(stream);
}

size_t streams_room(const struct streams *s, uint32_t number)
{
	struct stream *stream = stream_of(s, number);
	size_t n = stream ? unsent(stream) : UNSENT_MAX;

	if (stream && n > UNSENT_MAX / 2)
		stream->full = true;
	return n < UNSENT_MAX ? UNSENT_MAX - n : 0;
}

static void on_shut(uv_shutdown_t *shutdown, int status)
{
	(void)status;
	free(shutdown);
}

void streams_end(struct streams *s, uint32_t number)
{
	struct stream *stream = stream_of(s, number);
	uv_shutdown_t *shutdown = stream ? malloc(sizeof(*shutdown)) : NULL;

	if (shutdown && uv_shutdown(shutdown, (uv_stream_t *)&stream->tcp, on_shut) < 0)
		free(shutdown);
}

void streams_hold(struct streams *s, uint32_t number, bool hold)
{
	struct stream *stream = stream_of(s, number);

	if (stream && hold)
		uv_read_stop((uv_stream_t *)&stream->tcp);
	else if (stream)
		uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read);
}

void streams_send(struct streams *s, uint32_t number, const void *p, size_t n)
{
	struct stream *stream = stream_of(s, number);
	uv_stream_t *tcp = (uv_stream_t *)&stream->tcp;
	struct writing *w;
	uv_buf_t buf;

	if (!stream || unsent(stream) + n > UNSENT_MAX)
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
		lost(stream, true);
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
static uint32_t introduce(struct port *port, struct stream *stream)
{
	struct sockaddr_storage at;
	int len = sizeof(at);
	struct addr from;

	if (uv_accept((uv_stream_t *)&port->tcp, (uv_stream_t *)&stream->tcp) < 0 ||
	    uv_tcp_getpeername(&stream->tcp, (struct sockaddr *)&at, &len) < 0 ||
	    !sockaddr_read(&at, &from))
		return 0;
	return icq_client_stream_accepted(port->home->client, clock_now(), port->number, &from);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct port *port = listener->data;
	struct streams *s = port->home;
	struct stream *stream = status < 0 ? NULL : stream_new(s);

	if (!stream)
		return;
	stream->number = introduce(port, stream);
	if (!stream->number)
		drop(stream);
	else if (uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read) < 0)
		lost(stream, true);
	s->touched(s->ctx);
}

static void close_port(struct port *port)
{
	struct port **at = &port->home->ports;

	while (*at != port)
		at = &(*at)->next;
	*at = port->next;
	uv_close((uv_handle_t *)&port->tcp, on_closed);
}

static int open_port(struct streams *s, uint32_t number, const struct addr *where,
		     uint16_t *port_out)
{
	struct port *port = calloc(1, sizeof(*port));
	struct sockaddr_storage at;
	int len = sizeof(at);
	struct addr bound;

	if (!port)
		return -ICQ_ENOMEM;
	uv_tcp_init(s->loop, &port->tcp);
	port->tcp.data = port;
	port->home = s;
	port->number = number;
	port->next = s->ports;
	s->ports = port;
	if (sockaddr_make(where, &at) &&
	    uv_tcp_bind(&port->tcp, (const struct sockaddr *)&at, 0) == 0 &&
	    uv_listen((uv_stream_t *)&port->tcp, BACKLOG, on_connection) == 0 &&
	    uv_tcp_getsockname(&port->tcp, (struct sockaddr *)&at, &len) == 0 &&
	    sockaddr_read(&at, &bound)) {
		*port_out = bound.port;
		return 0;
	}
	close_port(port);
	return -ICQ_EDENIED;
}

int streams_serve(struct streams *s, uint16_t *port_out)
{
	return open_port(s, 0, &s->at, port_out);
}

int streams_listen(struct streams *s, uint32_t listener, uint16_t *port_out)
{
	struct addr at = s->at;

	at.port = 0;
	return open_port(s, listener, &at, port_out);
}

void streams_listen_end(struct streams *s, uint32_t listener)
{
	struct port *port = s->ports;

	while (port && port->number != listener)
		port = port->next;
	if (port)
		close_port(port);
}

/* ---- opening and closing --------------------------------------------------------------- */

int streams_open(struct streams **out, uv_loop_t *loop, const struct addr *at)
{
	struct streams *s = calloc(1, sizeof(*s));

	*out = s;
	if (!s)
		return -ICQ_ENOMEM;
	s->loop = loop;
	s->at = *at;
	return 0;
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
	while (s->ports)
		close_port(s->ports);
	free(s);
}
