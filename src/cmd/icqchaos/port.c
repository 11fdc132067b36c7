/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/port.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "io/sockaddr.h"

enum { RECEIVE_BUFFER = 1 << 20 }; /* asked of the kernel, which may grant less */

struct port {
	uv_udp_t udp;
	port_input_fn *input;
	void *ctx;
};

/* A datagram dies before the next is read, so one room is enough for all ports. */
static char room[65536];

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)handle, (void)suggested;
	*buf = uv_buf_init(room, sizeof(room));
}

/* Errors are those of a host that is not there: silence, as on a real way. */
static void on_datagram(uv_udp_t *udp, ssize_t n, const uv_buf_t *buf, const struct sockaddr *from,
			unsigned flags)
{
	const struct port *p = udp->data;
	struct sockaddr_storage storage = { 0 };
	struct addr addr;

	(void)flags;
	if (n < 0 || !from || from->sa_family != AF_INET)
		return;
	memcpy(&storage, from, sizeof(struct sockaddr_in));
	if (sockaddr_read(&storage, &addr))
		p->input(p->ctx, &addr, buf->base, (size_t)n);
}

static int error_of(int uv_error)
{
	switch (uv_error) {
	case UV_EADDRINUSE:
		return -ICQ_EBUSY;
	case UV_EACCES:
		return -ICQ_EDENIED;
	case UV_EADDRNOTAVAIL:
		return -ICQ_ENOENT;
	case UV_EMFILE:
	case UV_ENFILE:
	case UV_ENOBUFS:
	case UV_ENOMEM:
		return -ICQ_EFULL;
	default:
		return -ICQ_EIO;
	}
}

int port_open(struct port **out, uv_loop_t *loop, const struct addr *at, port_input_fn *input,
	      void *ctx)
{
	struct port *p = calloc(1, sizeof(*p));
	struct sockaddr_storage storage = { 0 };
	int err, size = RECEIVE_BUFFER;

	if (!p)
		return -ICQ_EFULL;
	uv_udp_init(loop, &p->udp);
	p->udp.data = p;
	p->input = input;
	p->ctx = ctx;
	sockaddr_make(at, &storage);
	if ((err = uv_udp_bind(&p->udp, (const struct sockaddr *)&storage, 0)) < 0 ||
	    (err = uv_udp_recv_start(&p->udp, on_alloc, on_datagram)) < 0) {
		port_close(&p);
		return error_of(err);
	}
	uv_recv_buffer_size((uv_handle_t *)&p->udp, &size);
	*out = p;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void port_close(struct port **at)
{
	struct port *p = *at;

	*at = NULL;
	if (p)
		uv_close((uv_handle_t *)&p->udp, on_closed);
}

int port_addr(const struct port *p, struct addr *out)
{
	struct sockaddr_storage storage = { 0 };
	int len = sizeof(storage);

	if (uv_udp_getsockname(&p->udp, (struct sockaddr *)&storage, &len) < 0)
		return -ICQ_EIO;
	return sockaddr_read(&storage, out) ? 0 : -ICQ_EIO;
}

bool port_send(struct port *p, const struct addr *to, const void *bytes, size_t n)
{
	char *base = (char *)(uintptr_t)bytes; /* libuv only reads it */
	uv_buf_t buf = uv_buf_init(base, (unsigned)n);
	struct sockaddr_storage storage = { 0 };

	if (!sockaddr_make(to, &storage))
		return false;
	return uv_udp_try_send(&p->udp, &buf, 1, (const struct sockaddr *)&storage) >= 0;
}
