/* SPDX-License-Identifier: MIT */
#include "io/udp_parts.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>

enum {
	SEGMENTS_MAX = 64,	   /* of one message, as the kernel has it */
	SEGMENT_BYTES_MAX = 1200,  /* fits every path: segments cannot be fragmented */
	MESSAGE_BYTES_MAX = 65000, /* of all segments of a message */
	SEND_WAIT_MS = 10,
};

_Static_assert((int)QUEUE_BYTES >= (int)UDP_DATAGRAM_MAX, "one datagram always fits");

/* ---- the queue ------------------------------------------------------------------------- */

static bool same_way(const struct addr *a, const struct addr *b)
{
	return a->door == b->door && addr_equal(a, b);
}

/* The hash slot of a destination: its group's, or a free one. */
static uint16_t *group_slot(struct udp_out *o, const struct addr *to)
{
	uint64_t i = addr_hash(to, to->door);

	for (;; i++) {
		uint16_t *slot = &o->slots[i % GROUP_SLOTS];

		if (*slot == 0 || same_way(&o->queue[o->groups[*slot - 1].first].to, to))
			return slot;
	}
}

static void join_group(struct udp_out *o, uint16_t index)
{
	uint16_t *slot = group_slot(o, &o->queue[index].to);

	if (*slot) {
		struct group *g = &o->groups[*slot - 1];

		o->queue[g->last].next = (uint16_t)(index + 1);
		g->last = index;
		return;
	}
	o->groups[o->group_count++] = (struct group){ index, index };
	*slot = (uint16_t)o->group_count;
}

void udp_send(struct udp *u, const struct addr *to, const void *p, size_t n)
{
	struct udp_out *o = &u->out;

	assert(n <= UDP_DATAGRAM_MAX);
	if (o->count == UDP_QUEUE_MAX || o->used + n > QUEUE_BYTES)
		udp_flush(u);
	o->queue[o->count] = (struct queued){ .to = *to,
					      .at = (uint32_t)o->used,
					      .len = (uint16_t)n };
	memcpy(o->bytes + o->used, p, n);
	o->used += n;
	join_group(o, (uint16_t)o->count++);
}

/* ---- from the queue to messages -------------------------------------------------------- */

static struct queued *next_of(struct udp_out *o, const struct queued *q)
{
	return q->next ? &o->queue[q->next - 1] : NULL;
}

/*
 * How many datagrams from q on can leave as one message: equally long, but for a shorter last
 * one. An empty datagram cannot be a segment.
 */
static unsigned run_length(struct udp_out *o, const struct queued *q)
{
	const size_t size = q->len;
	size_t total = size;
	unsigned n = 1;

	if (!o->segments || size == 0 || size > SEGMENT_BYTES_MAX)
		return 1;
	while ((q = next_of(o, q)) && n < SEGMENTS_MAX && q->len > 0 && q->len <= size &&
	       total + q->len <= MESSAGE_BYTES_MAX) {
		n++;
		total += q->len;
		if (q->len < size)
			break;
	}
	return n;
}

static size_t put_segment_size(struct cmsghdr *c, uint16_t size)
{
	c->cmsg_level = SOL_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(c), &size, sizeof(size));
	return CMSG_SPACE(sizeof(size));
}

/* The local address first, so that the segment size can be cut off again. */
static size_t put_control(union out_control *control, const struct door *d, uint16_t segment)
{
	size_t n = 0;

	memset(control, 0, sizeof(*control));
	if (d->pinned)
		n += sockaddr_local_make(&control->align, d->ip);
	if (segment)
		n += put_segment_size((struct cmsghdr *)(void *)(control->room + n), segment);
	return n;
}

/* Makes a message of n datagrams from q on; returns the one behind them, NULL at the end. */
static const struct queued *add_message(struct udp_out *o, const struct door *d,
					const struct queued *q, unsigned n)
{
	unsigned i = o->message_count++;
	struct msghdr *m = &o->messages[i].msg_hdr;

	*m = (struct msghdr){
		.msg_name = &o->names[i],
		.msg_namelen = sockaddr_make(&q->to, &o->names[i]),
		.msg_iov = &o->iov[o->iov_count],
		.msg_iovlen = n,
		.msg_control = &o->controls[i],
		.msg_controllen = put_control(&o->controls[i], d, n > 1 ? q->len : 0),
	};
	for (; n > 0; n--, q = next_of(o, q))
		o->iov[o->iov_count++] = (struct iovec){ o->bytes + q->at, q->len };
	return q;
}

static void make_messages(struct udp *u, unsigned socket)
{
	struct udp_out *o = &u->out;

	o->message_count = o->iov_count = 0;
	for (unsigned i = 0; i < o->group_count; i++) {
		const struct queued *q = &o->queue[o->groups[i].first];
		const struct door *d = &u->doors[q->to.door];

		while (q && d->socket == socket)
			q = add_message(o, d, q, run_length(o, q));
	}
}

/* ---- from messages to the kernel ------------------------------------------------------- */

static bool out_of_room(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

/* One by one what the kernel or the card would not cut into segments. */
static void send_singly(struct udp *u, int fd, struct msghdr *m)
{
	struct msghdr one = *m;

	one.msg_iovlen = 1;
	one.msg_controllen -= CMSG_SPACE(sizeof(uint16_t));
	if (one.msg_controllen == 0)
		one.msg_control = NULL;
	for (size_t i = 0; i < m->msg_iovlen; i++) {
		one.msg_iov = &m->msg_iov[i];
		if (sendmsg(fd, &one, MSG_DONTWAIT) < 0)
			u->stats.not_sent++;
	}
}

/* The first message was refused: others may still go. */
static void pass_over(struct udp *u, int fd, struct msghdr *m, int error)
{
	if (m->msg_iovlen > 1 && (error == EINVAL || error == EIO || error == EMSGSIZE)) {
		u->out.segments = u->out.segments && error == EMSGSIZE;
		send_singly(u, fd, m);
	} else {
		u->stats.not_sent += m->msg_iovlen;
	}
}

static void drop_all(struct udp *u, const struct mmsghdr *m, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		u->stats.not_sent += m[i].msg_hdr.msg_iovlen;
}

/*
 * While the kernel has no room nothing we could do is of use, so we wait a moment, once in a
 * flush; what still does not fit is lost, as datagrams may be.
 */
static void transmit(struct udp *u, int fd)
{
	struct mmsghdr *m = u->out.messages;
	unsigned left = u->out.message_count;
	bool waited = false;

	while (left > 0) {
		int n = sendmmsg(fd, m, left, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && out_of_room(errno)) {
			if (waited) {
				drop_all(u, m, left);
				return;
			}
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, SEND_WAIT_MS);
			waited = true;
			continue;
		}
		if (n < 0) {
			pass_over(u, fd, &m->msg_hdr, errno);
			n = 1;
		}
		m += n;
		left -= (unsigned)n;
	}
}

void udp_flush(struct udp *u)
{
	struct udp_out *o = &u->out;

	if (o->count == 0)
		return;
	for (unsigned s = 0; s < u->socket_count; s++) {
		make_messages(u, s);
		transmit(u, u->sockets[s].fd);
	}
	o->count = o->group_count = 0;
	o->used = 0;
	memset(o->slots, 0, sizeof(o->slots));
}

void udp_use_segments(struct udp *u, bool on)
{
	u->out.segments = on;
}

bool udp_uses_segments(const struct udp *u)
{
	return u->out.segments;
}
