/* SPDX-License-Identifier: MIT */
#include "io/local.h"

#include "base/err.h"
#include "io/loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

struct local_peer {
	uv_pipe_t pipe; /* first member: libuv hands it back as the peer */
	struct local *local;
	uint32_t uid;
	unsigned place;
	bool slow; /* and waiting to be told that it is over */
	size_t unread;
	size_t have; /* bytes of a line that is not complete */
	char line[LOCAL_LINE_MAX];
};

struct local {
	uv_pipe_t pipe; /* first member, as above */
	struct local_calls calls;
	struct local_peer *peers[LOCAL_PEERS_MAX];
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/* A line on its way out. */
struct outgoing {
	uv_write_t write; /* first member, as above */
	size_t n;
	char text[];
};

/* ---- ends ------------------------------------------------------------------------------ */

static void on_closed(uv_handle_t *h)
{
	explicit_bzero(((struct local_peer *)h)->line, LOCAL_LINE_MAX);
	free(h);
}

void local_close(struct local_peer *peer)
{
	struct local *l = peer->local;

	if (uv_is_closing((uv_handle_t *)&peer->pipe))
		return;
	uv_close((uv_handle_t *)&peer->pipe, on_closed);
	l->peers[peer->place] = NULL;
	l->calls.gone(l->calls.ctx, peer);
}

static void on_local_closed(uv_handle_t *h)
{
	free(h);
}

static void ignore_gone(void *ctx, struct local_peer *peer)
{
	(void)ctx, (void)peer;
}

void local_free(struct local **lp)
{
	struct local *l = *lp;

	*lp = NULL;
	if (!l)
		return;
	l->calls.gone = ignore_gone;
	for (unsigned i = 0; i < LOCAL_PEERS_MAX; i++)
		if (l->peers[i])
			local_close(l->peers[i]);
	unlink(l->path);
	uv_close((uv_handle_t *)&l->pipe, on_local_closed);
}

/* ---- lines out ------------------------------------------------------------------------- */

static void on_written(uv_write_t *write, int status)
{
	struct local_peer *peer = (struct local_peer *)write->handle;
	struct outgoing *o = (struct outgoing *)write;

	peer->unread -= o->n;
	free(o);
	if (uv_is_closing((uv_handle_t *)&peer->pipe))
		return;
	if (status < 0) {
		local_close(peer);
	} else if (peer->slow && peer->unread <= LOCAL_UNREAD_MANY) {
		peer->slow = false;
		peer->local->calls.drained(peer->local->calls.ctx, peer);
	}
}

void local_write(struct local_peer *peer, const char *text, size_t n)
{
	bool too_much = peer->unread + n >= LOCAL_UNREAD_MAX;
	struct outgoing *o = too_much ? NULL : malloc(sizeof(*o) + n + 1);
	uv_buf_t buf;

	if (uv_is_closing((uv_handle_t *)&peer->pipe)) {
		free(o);
		return;
	}
	if (!o) {
		local_close(peer);
		return;
	}
	o->n = n + 1;
	memcpy(o->text, text, n);
	o->text[n] = '\n';
	peer->unread += o->n;
	buf = uv_buf_init(o->text, (unsigned)o->n);
	if (uv_write(&o->write, (uv_stream_t *)&peer->pipe, &buf, 1, on_written) == 0)
		return;
	peer->unread -= o->n;
	free(o);
	local_close(peer);
}

bool local_slow(struct local_peer *peer)
{
	peer->slow = peer->unread > LOCAL_UNREAD_MANY;
	return peer->slow;
}

/* ---- lines in -------------------------------------------------------------------------- */

static void on_room(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct local_peer *peer = (struct local_peer *)h;

	(void)suggested;
	*buf = uv_buf_init(peer->line + peer->have, (unsigned)(LOCAL_LINE_MAX - peer->have));
}

/* Hands over what is complete; the rest moves to the beginning. */
static void take_lines(struct local_peer *peer)
{
	const struct local_calls *calls = &peer->local->calls;
	char *at = peer->line, *end = peer->line + peer->have, *nl;

	while ((nl = memchr(at, '\n', (size_t)(end - at)))) {
		*nl = 0;
		calls->line(calls->ctx, peer, at, (size_t)(nl - at));
		if (uv_is_closing((uv_handle_t *)&peer->pipe))
			return;
		at = nl + 1;
	}
	peer->have = (size_t)(end - at);
	memmove(peer->line, at, peer->have);
	if (peer->have == LOCAL_LINE_MAX)
		calls->line(calls->ctx, peer, NULL, 0);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct local_peer *peer = (struct local_peer *)stream;

	(void)buf;
	if (n < 0) {
		local_close(peer);
		return;
	}
	peer->have += (size_t)n;
	take_lines(peer);
}

/* ---- who comes ------------------------------------------------------------------------- */

static bool is_let_in(struct local_peer *peer)
{
	struct ucred who = { 0 };
	socklen_t size = sizeof(who);
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&peer->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
		return false;
	peer->uid = who.uid;
	return who.uid == 0 || who.uid == geteuid();
}

static unsigned free_place(const struct local *l)
{
	unsigned i = 0;

	while (i < LOCAL_PEERS_MAX && l->peers[i])
		i++;
	return i;
}

static void on_connection(uv_stream_t *stream, int status)
{
	struct local *l = (struct local *)stream;
	struct local_peer *peer = status < 0 ? NULL : calloc(1, sizeof(*peer));

	if (!peer)
		return;
	peer->local = l;
	peer->place = free_place(l);
	uv_pipe_init(stream->loop, &peer->pipe, 0);
	if (uv_accept(stream, (uv_stream_t *)&peer->pipe) < 0 || peer->place == LOCAL_PEERS_MAX ||
	    !is_let_in(peer) || uv_read_start((uv_stream_t *)&peer->pipe, on_room, on_read) < 0)
		uv_close((uv_handle_t *)&peer->pipe, on_closed);
	else
		l->peers[peer->place] = peer;
}

int local_listen(struct local **out, struct loop *loop, const char *path,
		 const struct local_calls *calls)
{
	struct local *l = calloc(1, sizeof(*l));

	*out = NULL;
	if (!l)
		return -ICQ_ENOMEM;
	l->calls = *calls;
	if ((size_t)snprintf(l->path, sizeof(l->path), "%s", path) >= sizeof(l->path) ||
	    uv_pipe_init(loop_uv(loop), &l->pipe, 0) < 0) {
		free(l);
		return -ICQ_ERANGE;
	}
	if ((unlink(path) < 0 && errno != ENOENT) || uv_pipe_bind(&l->pipe, path) < 0 ||
	    chmod(path, 0600) < 0 ||
	    uv_listen((uv_stream_t *)&l->pipe, LOCAL_PEERS_MAX, on_connection) < 0) {
		uv_close((uv_handle_t *)&l->pipe, on_local_closed);
		return -ICQ_EIO;
	}
	*out = l;
	return 0;
}

uint32_t local_uid(const struct local_peer *peer)
{
	return peer->uid;
}

unsigned local_place(const struct local_peer *peer)
{
	return peer->place;
}
