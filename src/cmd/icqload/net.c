/* SPDX-License-Identifier: MIT */
#include "cmd/icqload/net.h"

#include "base/err.h"
#include "io/sockaddr.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BATCH = 64,
	DATAGRAM_MAX = 1024, /* the server keeps below for clients of version 2 */
	FIRST_USER_IP = 0x7F010000,
	RECEIVE_BUFFER = 8 << 20,
};

union control {
	struct cmsghdr align;
	char room[CMSG_SPACE(SOCKADDR_LOCAL_MAX)];
};

/* The same parts for both directions. */
struct batch {
	unsigned count;
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_storage names[BATCH];
	union control controls[BATCH];
	uint8_t bytes[BATCH][DATAGRAM_MAX];
};

struct net {
	int fd;
	struct addr server;
	struct batch in, out;
};

int net_new(struct net **out, const struct addr *server)
{
	const struct addr any = addr_v4(0, 0);
	const int size = RECEIVE_BUFFER;
	struct sockaddr_storage name;
	socklen_t len = sockaddr_make(&any, &name);

	struct net *n = calloc(1, sizeof(*n));

	if (!n)
		return -ICQ_ENOMEM;
	n->server = *server;
	n->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (n->fd < 0 || sockaddr_want_local(n->fd, &any) < 0 ||
	    bind(n->fd, (struct sockaddr *)&name, len) < 0) {
		net_free(&n);
		return -ICQ_EIO;
	}
	/* Beyond the system's limit where that is allowed; what does not fit is sent again. */
	if (setsockopt(n->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(n->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	*out = n;
	return 0;
}

void net_free(struct net **n)
{
	if (*n && (*n)->fd >= 0)
		close((*n)->fd);
	free(*n);
	*n = NULL;
}

int net_fd(const struct net *n)
{
	return n->fd;
}

/* ---- out ------------------------------------------------------------------------------- */

void net_send(struct net *n, uint32_t user, const void *p, size_t len)
{
	struct batch *b = &n->out;

	if (b->count == BATCH)
		net_flush(n);

	unsigned i = b->count++;
	struct addr from = addr_v4(FIRST_USER_IP + user, 0);

	memcpy(b->bytes[i], p, len);
	b->iov[i] = (struct iovec){ b->bytes[i], len };
	b->messages[i].msg_hdr = (struct msghdr){
		.msg_name = &b->names[i],
		.msg_namelen = sockaddr_make(&n->server, &b->names[i]),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
		.msg_control = &b->controls[i],
	};
	b->messages[i].msg_hdr.msg_controllen = sockaddr_local_make(&b->controls[i].align, from.ip);
}

/* A full socket is waited for; a datagram that is refused is dropped, as a network may. */
void net_flush(struct net *n)
{
	struct batch *b = &n->out;
	unsigned done = 0;

	while (done < b->count) {
		int sent = sendmmsg(n->fd, b->messages + done, b->count - done, 0);

		if (sent > 0)
			done += (unsigned)sent;
		else if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = n->fd, .events = POLLOUT }, 1, -1);
		else if (errno != EINTR)
			done++;
	}
	b->count = 0;
}

/* ---- in -------------------------------------------------------------------------------- */

static bool user_of(struct msghdr *m, uint32_t *user)
{
	struct addr to = { 0 };

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (sockaddr_local_read(c, to.ip)) {
			*user = addr_ip4(&to) - FIRST_USER_IP;
			return true;
		}
	}
	return false;
}

static bool is_from_server(const struct net *n, const struct sockaddr_storage *name)
{
	struct addr from;

	return sockaddr_read(name, &from) && addr_equal(&from, &n->server);
}

static void expect(struct batch *b)
{
	for (unsigned i = 0; i < BATCH; i++) {
		b->iov[i] = (struct iovec){ b->bytes[i], DATAGRAM_MAX };
		b->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &b->names[i],
			.msg_namelen = sizeof(b->names[i]),
			.msg_iov = &b->iov[i],
			.msg_iovlen = 1,
			.msg_control = &b->controls[i],
			.msg_controllen = sizeof(b->controls[i]),
		};
	}
}

size_t net_receive(struct net *n, net_input_fn *input, void *ctx)
{
	struct batch *b = &n->in;
	uint32_t user;

	expect(b);

	int count = recvmmsg(n->fd, b->messages, BATCH, 0, NULL);

	for (int i = 0; i < count; i++) {
		if (is_from_server(n, &b->names[i]) && user_of(&b->messages[i].msg_hdr, &user))
			input(ctx, user, b->bytes[i], b->messages[i].msg_len);
	}
	return count > 0 ? (size_t)count : 0;
}
