/* SPDX-License-Identifier: MIT */
/*
 * Streams of chats and transfers, beside the direct connection over which those were agreed upon.
 * Whoever connects names himself first, as on every stream between clients.
 */
#include "client/engine.h"

#include <stdlib.h>
#include <string.h>

enum {
	CONNECT_MS = 5000,
	NAME_MS = 10000, /* for the first packet */
};

struct branch *branch_of(struct icq_client *c, uint32_t stream)
{
	for (size_t i = 0; i < BRANCHES_MAX; i++)
		if (c->direct.branches[i] && c->direct.branches[i]->stream == stream)
			return c->direct.branches[i];
	return NULL;
}

/* ---- coming and going ------------------------------------------------------------------ */

/* NULL: no room, or no memory. */
static struct branch *branch_new(struct icq_client *c, const struct session_kind *kind,
				 uint32_t number, const struct addr *at, int64_t patience_ms)
{
	struct branch **place = c->direct.branches;

	while (place < c->direct.branches + BRANCHES_MAX && *place)
		place++;
	if (place == c->direct.branches + BRANCHES_MAX)
		return NULL;
	*place = calloc(1, sizeof(**place));
	if (!*place)
		return NULL;
	(*place)->stream = ++c->direct.last_stream;
	(*place)->number = number;
	(*place)->kind = kind;
	(*place)->at = *at;
	(*place)->version = PEER_VERSION;
	(*place)->until_ms = c->now.mono_ms + patience_ms;
	return *place;
}

static void branch_free(struct branch *b)
{
	if (b)
		free(b->rest);
	free(b);
}

/* Takes it out of the table; it is the caller's to free. */
static void unlink_branch(struct icq_client *c, const struct branch *b)
{
	for (size_t i = 0; i < BRANCHES_MAX; i++)
		if (c->direct.branches[i] == b)
			c->direct.branches[i] = NULL;
}

/* Nobody was told of a stream that has not named itself. */
static void gone(struct icq_client *c, struct branch *b, const char *reason)
{
	unlink_branch(c, b);
	client_log(c, LOG_LEVEL_INFO, "branch_gone", reason, b->uin);
	if (b->state != BRANCH_NAMELESS)
		b->kind->closed(c, b, reason);
	branch_free(b);
}

/* Ours is the fault, or theirs, but not the session's. */
static void fail(struct icq_client *c, struct branch *b, const char *reason)
{
	c->env.stream_close(c->env.ctx, b->stream);
	gone(c, b, reason);
}

void branch_close(struct icq_client *c, struct branch *b)
{
	c->env.stream_close(c->env.ctx, b->stream);
	unlink_branch(c, b);
	branch_free(b);
}

void branch_free_all(struct icq_client *c)
{
	for (size_t i = 0; i < BRANCHES_MAX; i++)
		branch_free(c->direct.branches[i]);
}

struct branch *branch_connect(struct icq_client *c, const struct session_kind *kind,
			      uint32_t number, uint32_t uin, const struct addr *to)
{
	struct branch *b = branch_new(c, kind, number, to, CONNECT_MS);

	if (!b)
		return NULL;
	b->uin = uin;
	if (c->env.connect(c->env.ctx, b->stream, to) == 0)
		return b;
	unlink_branch(c, b);
	branch_free(b);
	return NULL;
}

/* ---- listening ------------------------------------------------------------------------- */

static struct listener *listener_of(struct icq_client *c, uint32_t number)
{
	for (struct listener *l = c->direct.listeners; l < c->direct.listeners + LISTENERS_MAX; l++)
		if (l->number == number)
			return l;
	return NULL;
}

int branch_listen(struct icq_client *c, const struct session_kind *kind, uint32_t number,
		  uint16_t *port_out)
{
	struct listener *l = listener_of(c, 0);
	int err;

	if (!l)
		return -ICQ_EFULL;
	if (!c->env.listen || c->conf.direct == ICQ_CLIENT_DIRECT_OFF)
		return -ICQ_EDENIED;
	err = c->env.listen(c->env.ctx, number, port_out);
	if (err == 0)
		*l = (struct listener){ .number = number, .kind = kind };
	return err;
}

void branch_listen_end(struct icq_client *c, uint32_t number)
{
	struct listener *l = listener_of(c, number);

	if (!l)
		return;
	c->env.listen_end(c->env.ctx, number);
	*l = (struct listener){ 0 };
}

static unsigned count_nameless(const struct icq_client *c)
{
	unsigned count = 0;

	for (size_t i = 0; i < BRANCHES_MAX; i++)
		count += c->direct.branches[i] && c->direct.branches[i]->state == BRANCH_NAMELESS;
	return count;
}

uint32_t branch_accepted(struct icq_client *c, uint32_t listener, const struct addr *from)
{
	const struct listener *l = listener_of(c, listener);
	struct branch *b = NULL;

	if (l && count_nameless(c) < BRANCHES_NAMELESS)
		b = branch_new(c, l->kind, listener, from, NAME_MS);
	if (!b)
		return 0;
	b->state = BRANCH_NAMELESS;
	return b->stream;
}

/* ---- sending --------------------------------------------------------------------------- */

void branch_say(struct icq_client *c, struct branch *b, enum icq_id id, const union icq_msg *msg)
{
	uint8_t packet[PEER_LENGTH + PEER_PACKET_MAX];
	int n = icq_pack_peer(id, msg, packet + PEER_LENGTH, PEER_PACKET_MAX);

	if (n < 0)
		return;
	client_trace(c, icq_describe(id)->channel, true, packet + PEER_LENGTH, (size_t)n);
	peer_length(packet, (uint16_t)n);
	branch_send(c, b, packet, PEER_LENGTH + (size_t)n);
}

void branch_send(struct icq_client *c, struct branch *b, const void *p, size_t n)
{
	c->env.stream_send(c->env.ctx, b->stream, p, n);
}

size_t branch_room(struct icq_client *c, const struct branch *b)
{
	return c->env.stream_room(c->env.ctx, b->stream);
}

void branch_end(struct icq_client *c, struct branch *b)
{
	c->env.stream_end(c->env.ctx, b->stream);
}

/* ---- what the streams tell ------------------------------------------------------------- */

static void open_up(struct icq_client *c, struct branch *b)
{
	b->state = BRANCH_OPEN;
	b->frames.named = true;
	b->until_ms = NEVER_MS;
	b->kind->opened(c, b);
}

void branch_opened(struct icq_client *c, uint32_t stream)
{
	uint8_t name[PEER_LENGTH + PEER_FIRST_MAX];
	struct branch *b = branch_of(c, stream);
	int n;

	if (!b || b->state != BRANCH_CONNECTING)
		return;
	n = peer_name(c, b->version, name);
	branch_send(c, b, name, (size_t)n);
	open_up(c, b);
}

void branch_closed(struct icq_client *c, uint32_t stream, bool broken)
{
	struct branch *b = branch_of(c, stream);

	if (b)
		gone(c, b,
		     b->state == BRANCH_CONNECTING ? "unreachable"
		     : broken			   ? "broken"
						   : "closed");
}

void branch_has_room(struct icq_client *c, uint32_t stream)
{
	struct branch *b = branch_of(c, stream);

	if (b && b->state == BRANCH_OPEN && b->kind->room)
		b->kind->room(c, b);
}

static void take_name(struct icq_client *c, struct branch *b, const uint8_t *p, size_t n)
{
	struct icq_t_init m;

	client_trace(c, ICQ_STREAM, false, p, n);
	if (!peer_read_name(p, n, &m)) {
		fail(c, b, "no_init");
		return;
	}
	b->uin = m.uin;
	b->version = (uint16_t)m.tcp_version;
	if (b->uin == 0 || b->uin == c->uin || roster_ignores(c, b->uin) ||
	    !b->kind->welcomes(c, b))
		fail(c, b, "unwelcome");
	else
		open_up(c, b);
}

/* A packet, or all that is there. False: nothing more can be done with these bytes. */
static bool take_some(struct icq_client *c, uint32_t stream, const uint8_t **p, size_t *n)
{
	struct branch *b = branch_of(c, stream);
	const uint8_t *packet = *p;
	int len;

	if (!b || b->state == BRANCH_CONNECTING || b->held)
		return false;
	if (b->raw) {
		len = (int)*n;
		*p += *n;
		*n = 0;
		b->kind->packet(c, b, packet, (size_t)len);
		return false;
	}
	len = peer_take(&b->frames, p, n, &packet);
	if (len < 0)
		fail(c, b, "malformed");
	if (len <= 0)
		return false;
	if (b->state == BRANCH_NAMELESS)
		take_name(c, b, packet, (size_t)len);
	else
		b->kind->packet(c, b, packet, (size_t)len);
	return *n > 0;
}

/* Has been held before its end. */
static void keep_rest(struct icq_client *c, struct branch *b, const uint8_t *p, size_t n)
{
	uint8_t *rest = realloc(b->rest, b->rest_n + n);

	if (!rest) {
		fail(c, b, "memory");
		return;
	}
	memcpy(rest + b->rest_n, p, n);
	b->rest = rest;
	b->rest_n += n;
}

void branch_data(struct icq_client *c, uint32_t stream, const uint8_t *p, size_t n)
{
	struct branch *b;

	while (n > 0 && take_some(c, stream, &p, &n))
		;
	b = branch_of(c, stream);
	if (b && n > 0 && b->held)
		keep_rest(c, b, p, n);
}

void branch_hold(struct icq_client *c, struct branch *b, bool hold)
{
	uint32_t stream = b->stream;
	uint8_t *rest = b->rest;
	size_t n = b->rest_n;

	if (b->held == hold)
		return;
	b->held = hold;
	if (hold) {
		c->env.stream_hold(c->env.ctx, stream, true);
		return;
	}
	b->rest = NULL;
	b->rest_n = 0;
	branch_data(c, stream, rest, n);
	free(rest);
	b = branch_of(c, stream);
	if (b && !b->held)
		c->env.stream_hold(c->env.ctx, stream, false);
}

/* ---- time ------------------------------------------------------------------------------ */

void branch_tick(struct icq_client *c)
{
	for (size_t i = 0; i < BRANCHES_MAX; i++)
		if (c->direct.branches[i] && c->direct.branches[i]->until_ms <= c->now.mono_ms)
			fail(c, c->direct.branches[i], "timeout");
}

int64_t branch_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (size_t i = 0; i < BRANCHES_MAX; i++)
		if (c->direct.branches[i] && c->direct.branches[i]->until_ms < first)
			first = c->direct.branches[i]->until_ms;
	return first;
}
