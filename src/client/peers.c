/* SPDX-License-Identifier: MIT */
/*
 * Streams to and from other clients, until the first packet has told who is there. Whoever
 * connects says so first (CHANNEL_INIT), and nobody answers that.
 */
#include <stdlib.h>

#include "client/engine.h"

enum {
	CONNECT_MS = 5000,
	NAME_MS = 10000,   /* for the first packet */
	PACKET_MS = 30000, /* from the first byte of a packet to its last */
};

struct peer *peer_of(struct icq_client *c, uint32_t stream)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (c->direct.peers[i] && c->direct.peers[i]->stream == stream)
			return c->direct.peers[i];
	return NULL;
}

struct peer *peer_to(struct icq_client *c, uint32_t uin)
{
	struct peer *found = NULL;

	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *peer = c->direct.peers[i];

		if (!peer || peer->uin != uin || peer->state == PEER_NAMELESS || !peer->matches)
			continue;
		/* The newest, but one that is open before one that may never be. */
		if (!found || (peer->state == PEER_OPEN) > (found->state == PEER_OPEN) ||
		    (peer->state == found->state && peer->stream > found->stream))
			found = peer;
	}
	return found;
}

static void emit_peer(struct icq_client *c, const struct peer *peer,
		      enum icq_client_peer_state state, const char *reason)
{
	if (peer->uin)
		client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_PEER,
							   .peer = { .uin = peer->uin,
								     .state = state,
								     .reason = reason } });
}

/* ---- coming and going ------------------------------------------------------------------ */

static unsigned count_from(const struct icq_client *c, const struct addr *from)
{
	unsigned count = 0;

	for (size_t i = 0; i < PEERS_MAX; i++)
		count += c->direct.peers[i] && addr_same_host(&c->direct.peers[i]->at, from);
	return count;
}

/* NULL: no room, or no memory. */
static struct peer *peer_new(struct icq_client *c, const struct addr *at, enum peer_state state,
			     int64_t patience_ms)
{
	struct direct *d = &c->direct;
	size_t i = 0;

	while (i < PEERS_MAX && d->peers[i])
		i++;
	if (i == PEERS_MAX)
		return NULL;
	d->peers[i] = calloc(1, sizeof(*d->peers[i]));
	if (!d->peers[i])
		return NULL;
	d->peers[i]->stream = ++d->last_stream;
	d->peers[i]->at = *at;
	d->peers[i]->state = state;
	d->peers[i]->sequence = UINT32_MAX; /* and down from there */
	d->peers[i]->until_ms = c->now.mono_ms + patience_ms;
	return d->peers[i];
}

/* Takes it out of the table; it is the caller's to free. */
static void unlink_peer(struct icq_client *c, const struct peer *peer)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (c->direct.peers[i] == peer)
			c->direct.peers[i] = NULL;
}

static void gone(struct icq_client *c, struct peer *peer, const char *reason)
{
	bool failed = peer->state == PEER_CONNECTING;

	unlink_peer(c, peer);
	client_log(c, LOG_LEVEL_INFO, "peer_gone", reason, peer->uin);
	if (failed)
		reach_failed(c, peer->uin);
	emit_peer(c, peer, failed ? ICQ_CLIENT_PEER_REFUSED : ICQ_CLIENT_PEER_CLOSED, reason);
	wish_lost(c, peer);
	request_lost(c, peer);
	free(peer);
}

void peer_close(struct icq_client *c, struct peer *peer, const char *reason)
{
	c->env.stream_close(c->env.ctx, peer->stream);
	gone(c, peer, reason);
}

void peers_close_all(struct icq_client *c)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (c->direct.peers[i])
			peer_close(c, c->direct.peers[i], "logout");
}

int peer_connect(struct icq_client *c, uint32_t uin, const struct addr *to)
{
	struct peer *peer = peer_new(c, to, PEER_CONNECTING, CONNECT_MS);
	const struct contact *contact = roster_find(c, uin);
	int err;

	if (!peer)
		return -ICQ_EFULL;
	peer->uin = uin;
	peer->ours = peer->matches = true;
	peer->version = contact && contact->pub.tcp_version == PEER_VERSION_OLD ? PEER_VERSION_OLD
										: PEER_VERSION;
	err = c->env.connect(c->env.ctx, peer->stream, to);
	if (err < 0) {
		unlink_peer(c, peer);
		free(peer);
	}
	return err;
}

bool icq_client_peer_at(const struct icq_client *c, size_t i, struct icq_client_peer *out)
{
	for (size_t k = 0; k < PEERS_MAX; k++) {
		const struct peer *peer = c->direct.peers[k];

		if (!peer || i-- > 0)
			continue;
		*out = (struct icq_client_peer){ .uin = peer->uin,
						 .at = peer->at,
						 .open = peer->state == PEER_OPEN,
						 .ours = peer->ours,
						 .matches = peer->matches,
						 .version = peer->version };
		return true;
	}
	return false;
}

/* ---- the first packet ------------------------------------------------------------------ */

void peer_say(struct icq_client *c, struct peer *peer, enum icq_id id, const union icq_msg *msg)
{
	uint8_t packet[PEER_LENGTH + PEER_PACKET_MAX];
	int n = icq_pack_peer(id, msg, packet + PEER_LENGTH, PEER_PACKET_MAX);

	if (n < 0)
		return;
	client_trace(c, icq_describe(id)->channel, true, packet + PEER_LENGTH, (size_t)n);
	peer_length(packet, (uint16_t)n);
	c->env.stream_send(c->env.ctx, peer->stream, packet, PEER_LENGTH + (size_t)n);
}

int peer_name(struct icq_client *c, uint16_t version, uint8_t out[PEER_LENGTH + PEER_FIRST_MAX])
{
	union icq_msg msg = { .t_init = { .tcp_version = version,
					  .port_0 = c->conf.listen_port,
					  .uin = c->uin,
					  .ip = c->direct.outer_ip,
					  .inner_ip = c->direct.inner_ip,
					  .mode = PEER_MODE_DIRECT,
					  .port = c->conf.listen_port } };
	int n = icq_pack_peer(M_t_init, &msg, out + PEER_LENGTH, PEER_FIRST_MAX);

	client_trace(c, ICQ_STREAM, true, out + PEER_LENGTH, (size_t)n);
	peer_length(out, (uint16_t)n);
	return PEER_LENGTH + n;
}

uint16_t peer_reversed_port(uint32_t port)
{
	return __builtin_bswap16((uint16_t)port);
}

static void say_name(struct icq_client *c, const struct peer *peer)
{
	uint8_t packet[PEER_LENGTH + PEER_FIRST_MAX];
	int n = peer_name(c, peer->version, packet);

	c->env.stream_send(c->env.ctx, peer->stream, packet, (size_t)n);
}

bool peer_read_name(const uint8_t *p, size_t n, struct icq_t_init *out)
{
	union icq_msg msg;

	if (p[0] != icq_describe(M_t_init)->code || icq_decode(M_t_init, p + 1, n - 1, &msg) < 0)
		return false;
	*out = msg.t_init;
	return out->tcp_version == PEER_VERSION_OLD || out->tcp_version == PEER_VERSION;
}

static void open_up(struct icq_client *c, struct peer *peer)
{
	peer->state = PEER_OPEN;
	peer->frames.named = true;
	peer->until_ms = NEVER_MS;
	emit_peer(c, peer, ICQ_CLIENT_PEER_OPEN, NULL);
}

/* Who is invisible is not here, but for those on his list. */
bool peer_welcome(const struct icq_client *c, uint32_t uin)
{
	const struct contact *contact = roster_find(c, uin);
	enum icq_client_list list = contact ? contact->pub.list : ICQ_CLIENT_NORMAL;

	if (c->status & ICQ_STATUS_invisible)
		return list == ICQ_CLIENT_VISIBLE;
	return list != ICQ_CLIENT_IGNORE && list != ICQ_CLIENT_INVISIBLE;
}

static void take_name(struct icq_client *c, struct peer *peer, const uint8_t *p, size_t n)
{
	struct icq_t_init m;

	if (!peer_read_name(p, n, &m))
		peer_close(c, peer, "no_init");
	else if (m.uin == 0 || m.uin == c->uin || !peer_welcome(c, m.uin))
		peer_close(c, peer, "unwelcome");
	else {
		peer->uin = m.uin;
		peer->version = (uint16_t)m.tcp_version;
		peer->matches = reach_matches(c, m.uin, &peer->at);
		open_up(c, peer);
		if (peer->matches)
			wish_opened(c, peer);
	}
}

/* ---- what the streams tell ------------------------------------------------------------- */

uint32_t icq_client_stream_accepted(struct icq_client *c, struct now now, uint32_t listener,
				    const struct addr *from)
{
	struct peer *peer = NULL;

	c->now = now;
	if (listener)
		return branch_accepted(c, listener, from);
	if (c->state == ICQ_CLIENT_ONLINE && c->conf.direct == ICQ_CLIENT_DIRECT_ON &&
	    count_from(c, from) < PEERS_PER_HOST)
		peer = peer_new(c, from, PEER_NAMELESS, NAME_MS);
	return peer ? peer->stream : 0;
}

void icq_client_stream_opened(struct icq_client *c, struct now now, uint32_t stream)
{
	struct peer *peer = peer_of(c, stream);

	c->now = now;
	if (peer && peer->state == PEER_CONNECTING) {
		say_name(c, peer);
		open_up(c, peer);
		wish_opened(c, peer);
	} else if (!peer) {
		branch_opened(c, stream);
	}
	client_turn(c);
}

void icq_client_stream_room(struct icq_client *c, struct now now, uint32_t stream)
{
	c->now = now;
	branch_has_room(c, stream);
	client_turn(c);
}

void icq_client_stream_closed(struct icq_client *c, struct now now, uint32_t stream, bool broken)
{
	struct peer *peer = peer_of(c, stream);

	c->now = now;
	if (peer)
		gone(c, peer, peer->state == PEER_CONNECTING ? "refused" : "closed");
	else
		branch_closed(c, stream, broken);
	client_turn(c);
}

/* One packet, or a part of one. False: nothing more can be done with these bytes. */
static bool take_some(struct icq_client *c, uint32_t stream, const uint8_t **p, size_t *n)
{
	struct peer *peer = peer_of(c, stream);
	const uint8_t *packet;
	bool amid;
	int len;

	if (!peer || peer->state == PEER_CONNECTING)
		return false;
	amid = peer_amid(&peer->frames);
	len = peer_take(&peer->frames, p, n, &packet);
	if (len < 0)
		peer_close(c, peer, "length");
	if (len == 0 && peer->state == PEER_OPEN && !amid && peer_amid(&peer->frames))
		peer->until_ms = c->now.mono_ms + PACKET_MS;
	if (len <= 0)
		return false;
	client_trace(c, peer->state == PEER_NAMELESS ? ICQ_STREAM : ICQ_PEER, false, packet,
		     (size_t)len);
	if (peer->state == PEER_NAMELESS) {
		take_name(c, peer, packet, (size_t)len);
	} else {
		peer->until_ms = NEVER_MS;
		direct_on_packet(c, peer, packet, (size_t)len);
	}
	return *n > 0;
}

void icq_client_stream_data(struct icq_client *c, struct now now, uint32_t stream, const void *p,
			    size_t n)
{
	const uint8_t *at = p;

	c->now = now;
	if (branch_of(c, stream))
		branch_data(c, stream, p, n);
	while (n > 0 && take_some(c, stream, &at, &n))
		;
	client_turn(c);
}

/* ---- time ------------------------------------------------------------------------------ */

void peers_tick(struct icq_client *c)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (c->direct.peers[i] && c->direct.peers[i]->until_ms <= c->now.mono_ms)
			peer_close(c, c->direct.peers[i], "timeout");
}

int64_t peers_deadline(const struct icq_client *c)
{
	int64_t first = NEVER_MS;

	for (size_t i = 0; i < PEERS_MAX; i++)
		if (c->direct.peers[i] && c->direct.peers[i]->until_ms < first)
			first = c->direct.peers[i]->until_ms;
	return first;
}
