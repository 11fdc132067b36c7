/* SPDX-License-Identifier: MIT */
#include "io/udp_parts.h"

#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A burst of logins must find room while we write one batch; the kernel cuts this to its own
 * limit. */
#define SOCKET_BUFFER (8 * 1024 * 1024)

int udp_new(struct udp **out, size_t datagram_max)
{
	struct udp *u = calloc(1, sizeof(*u));

	assert(datagram_max > 0 && datagram_max <= UDP_DATAGRAM_MAX);
	if (!u)
		return -ICQ_ENOMEM;
	u->in.datagram_max = datagram_max;
	u->in.bytes = calloc(UDP_BATCH_MAX, datagram_max);
	if (!u->in.bytes) {
		udp_free(&u);
		return -ICQ_ENOMEM;
	}
	u->out.segments = true;
	*out = u;
	return 0;
}

void udp_free(struct udp **up)
{
	struct udp *u = *up;

	*up = NULL;
	if (!u)
		return;
	for (unsigned i = 0; i < u->socket_count; i++)
		close(u->sockets[i].fd);
	free(u->in.bytes);
	free(u);
}

/* ---- sockets --------------------------------------------------------------------------- */

static int listen_error(void)
{
	switch (errno) {
	case EADDRINUSE:
		return -ICQ_EBUSY;
	case EACCES:
	case EPERM:
		return -ICQ_EDENIED;
	case EADDRNOTAVAIL:
		return -ICQ_ENOENT;
	case EAFNOSUPPORT:
		return -ICQ_ERANGE;
	default:
		return -ICQ_EIO;
	}
}

/* Only the speed depends on these. */
static void tune(struct udp *u, int fd)
{
	const int size = SOCKET_BUFFER, no_segments = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &no_segments, sizeof(no_segments)) < 0)
		u->out.segments = false;
}

static int bind_to(int fd, const struct addr *at, struct addr *bound_out)
{
	struct sockaddr_storage name;
	socklen_t len = sockaddr_make(at, &name);

	if (bind(fd, (const struct sockaddr *)&name, len) < 0)
		return -1;
	len = sizeof(name);
	if (getsockname(fd, (struct sockaddr *)&name, &len) < 0 || !sockaddr_read(&name, bound_out))
		return -1;
	return sockaddr_want_local(fd, at);
}

int udp_listen(struct udp *u, const struct addr *at, struct addr *bound_out)
{
	struct sockaddr_storage name;
	int fd;

	if (u->socket_count == UDP_SOCKETS_MAX)
		return -ICQ_EFULL;
	if (sockaddr_make(at, &name) == 0)
		return -ICQ_ERANGE;
	fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return listen_error();
	if (bind_to(fd, at, bound_out) < 0) {
		int err = listen_error();

		close(fd);
		return err;
	}
	tune(u, fd);
	assert(u->door_count == u->socket_count); /* all sockets are open before the first input */
	u->doors[u->door_count++] = (struct door){ .socket = (uint8_t)u->socket_count };
	u->sockets[u->socket_count++] = (struct udp_socket){ .fd = fd };
	return 0;
}

unsigned udp_count(const struct udp *u)
{
	return u->socket_count;
}

int udp_fd(const struct udp *u, unsigned socket)
{
	return u->sockets[socket].fd;
}

const struct udp_stats *udp_stats(const struct udp *u)
{
	return &u->stats;
}

/* ---- input ----------------------------------------------------------------------------- */

/*
 * The door of a local address. There are few of them on a machine; only somebody on it who
 * sends to ever new 127.x.y.z could use up the table, and is answered from whatever address
 * the kernel chooses.
 */
static uint8_t door_of(struct udp *u, unsigned socket, const uint8_t ip[16])
{
	struct door *d;

	for (unsigned i = u->socket_count; i < u->door_count; i++) {
		d = &u->doors[i];
		if (d->socket == socket && memcmp(d->ip, ip, sizeof(d->ip)) == 0)
			return (uint8_t)i;
	}
	if (u->door_count == DOORS_MAX)
		return (uint8_t)socket;
	d = &u->doors[u->door_count];
	d->socket = (uint8_t)socket;
	d->pinned = true;
	memcpy(d->ip, ip, sizeof(d->ip));
	return (uint8_t)u->door_count++;
}

static uint8_t door_in(struct udp *u, unsigned socket, struct msghdr *m)
{
	uint8_t ip[16];

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (sockaddr_local_read(c, ip))
			return door_of(u, socket, ip);
	}
	return (uint8_t)socket;
}

/* The kernel writes into the headers, so they are filled in before each batch. */
static void prepare(struct udp_in *in, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		in->iov[i].iov_base = in->bytes + i * in->datagram_max;
		in->iov[i].iov_len = in->datagram_max;
		in->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &in->names[i],
			.msg_namelen = sizeof(in->names[i]),
			.msg_iov = &in->iov[i],
			.msg_iovlen = 1,
			.msg_control = &in->controls[i],
			.msg_controllen = sizeof(in->controls[i]),
		};
	}
}

static bool hand_over(struct udp *u, unsigned socket, unsigned i, udp_input_fn *input, void *ctx)
{
	struct msghdr *m = &u->in.messages[i].msg_hdr;
	struct addr from;

	if (m->msg_flags & MSG_TRUNC) {
		u->stats.too_long++;
		return false;
	}
	if (!sockaddr_read(&u->in.names[i], &from) || from.port == 0) {
		u->stats.bad_source++;
		return false;
	}
	from.door = door_in(u, socket, m);
	input(ctx, &from, u->in.iov[i].iov_base, u->in.messages[i].msg_len);
	return true;
}

size_t udp_receive(struct udp *u, unsigned socket, udp_input_fn *input, void *ctx)
{
	struct udp_socket *s = &u->sockets[socket];
	unsigned want = s->filling ? UDP_BATCH_MAX : UDP_BATCH;
	size_t handed = 0;
	int n;

	prepare(&u->in, want);
	n = recvmmsg(s->fd, u->in.messages, want, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		handed += hand_over(u, socket, (unsigned)i, input, ctx);
	s->filling = n == (int)want;
	return handed;
}
