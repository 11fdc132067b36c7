/* SPDX-License-Identifier: MIT */
/*
 * A Unix socket that programs on this machine connect to, and lines that go both ways. Only the
 * server's own user and root are let in. Nobody can make the server wait: what a peer does not
 * read is kept up to a limit, and beyond it the peer is closed.
 */
#ifndef IO_LOCAL_H
#define IO_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LOCAL_LINE_MAX = 65536,	    /* bytes of a line that comes in, with its end */
	LOCAL_UNREAD_MAX = 1 << 20, /* bytes that wait for one peer */
	LOCAL_UNREAD_MANY = 65536,  /* beyond it the peer counts as slow */
	LOCAL_PEERS_MAX = 32,
};

struct local;	   /* owned by whoever called local_listen */
struct local_peer; /* owned by the local; valid until `gone` */
struct loop;

struct local_calls {
	void *ctx;
	/* Without its end; it may be changed. NULL: the line is too long. */
	void (*line)(void *ctx, struct local_peer *peer, char *text, size_t n);
	/* A peer that was slow has read. */
	void (*drained)(void *ctx, struct local_peer *peer);
	void (*gone)(void *ctx, struct local_peer *peer);
};

/* Makes the socket, mode 0600, in place of an older one. 0, -ICQ_ENOMEM; -ICQ_ERANGE: the path
 * is too long for a socket; -ICQ_EIO: errno tells. */
int local_listen(struct local **out, struct loop *loop, const char *path,
		 const struct local_calls *calls);
/* Closes everything and removes the socket; nobody is told. The loop must still be freed. */
void local_free(struct local **l);

/* Sends a line, whose end is added. The peer may be gone afterwards. */
void local_write(struct local_peer *peer, const char *text, size_t n);
/* Is more waiting for him than he should be given? `drained` tells when that is over. */
bool local_slow(struct local_peer *peer);
/* What the kernel would not take yet is lost. `gone` is called before it returns. */
void local_close(struct local_peer *peer);
/* The user at the other end, as the kernel knows him. */
uint32_t local_uid(const struct local_peer *peer);
/* His place, below LOCAL_PEERS_MAX, for tables. */
unsigned local_place(const struct local_peer *peer);

#endif
