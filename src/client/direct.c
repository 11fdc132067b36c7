/* SPDX-License-Identifier: MIT */
/*
 * Messages that other clients bring, and what we answer. As with the server, a message is in the
 * history before its acknowledgement leaves. A stranger learns nothing from an answer but that
 * his message has arrived.
 */
#include <stdio.h>
#include <string.h>

#include "client/engine.h"

enum {
	FLOOD_MS = 1000,  /* one message in this time ... */
	FLOOD_BURST = 10, /* ... but so many at once */
};

/* ---- answers --------------------------------------------------------------------------- */

void direct_preset(struct icq_client *c, const struct peer *peer, union icq_msg *msg)
{
	icq_preset(M_t_message, msg);
	msg->t_message.uin = msg->t_message.uin_again = c->uin;
	msg->t_message.tcp_version = peer->version;
	msg->t_message.ip = c->direct.outer_ip;
	msg->t_message.inner_ip = c->direct.inner_ip;
	msg->t_message.port = c->conf.listen_port;
	msg->t_message.mode = PEER_MODE_DIRECT;
}

static void answer(struct icq_client *c, struct peer *peer, const struct peer_heard *heard,
		   struct icq_str text)
{
	union icq_msg msg;

	direct_preset(c, peer, &msg);
	msg.t_message.command = PEER_COMMAND_ACK;
	msg.t_message.type = heard->type;
	msg.t_message.status = heard->status;
	msg.t_message.flags = 0;
	msg.t_message.text = text;
	msg.t_message.sequence = heard->sequence;
	peer_say(c, peer, M_t_message, &msg);
}

/* Which of the texts belongs to a status; -1: none. */
static int text_index(enum icq_status status)
{
	switch (status) {
	case ICQ_STATUS_away:
		return 0;
	case ICQ_STATUS_na:
		return 1;
	case ICQ_STATUS_occupied:
		return 2;
	case ICQ_STATUS_dnd:
		return 3;
	case ICQ_STATUS_ffc:
		return 4;
	default:
		return -1;
	}
}

int icq_client_away_text(struct icq_client *c, enum icq_status status, const char *text)
{
	int i = text_index(status);

	if (i < 0 || strlen(text) >= ICQ_CLIENT_AWAY_MAX)
		return -ICQ_ERANGE;
	if (i == text_index(icq_status_plain(c->status)) && strcmp(c->direct.away[i], text) != 0)
		roster_unread(c);
	memcpy(c->direct.away[i], text, strlen(text) + 1);
	return 0;
}

unsigned icq_client_away_reads(const struct icq_client *c)
{
	return c->direct.away_reads;
}

/* What our status makes of a message; strangers are not told. */
static uint16_t own_status(const struct icq_client *c, const struct peer *peer)
{
	if (!roster_find(c, peer->uin))
		return PEER_ACCEPTED;
	switch (icq_status_plain(c->status)) {
	case ICQ_STATUS_away:
		return PEER_AWAY;
	case ICQ_STATUS_na:
		return PEER_NA;
	case ICQ_STATUS_occupied:
		return PEER_OCCUPIED;
	case ICQ_STATUS_dnd:
		return PEER_DND;
	default:
		return PEER_ACCEPTED;
	}
}

/* What we tell this user in our status, in UTF-8: strangers nothing, some contacts their own. */
static const char *text_for(struct icq_client *c, uint32_t uin)
{
	int i = text_index(icq_status_plain(c->status));
	const struct contact *contact = roster_find(c, uin);

	if (i < 0 || !contact)
		return "";
	return *contact->pub.away_text ? contact->pub.away_text : c->direct.away[i];
}

/* Our text in the contact's code page, with its status. */
static void answer_with_text(struct icq_client *c, struct peer *peer, struct peer_heard *heard)
{
	const char *utf8 = heard->silent ? "" : text_for(c, peer->uin);
	uint8_t text[ICQ_CLIENT_AWAY_MAX];
	size_t lost, n = codepage_from_utf8(icq_client_charset(c, peer->uin), utf8, strlen(utf8),
					    text, sizeof(text), &lost);

	heard->pending = false;
	answer(c, peer, heard, (struct icq_str){ text, (uint16_t)n });
}

const char *direct_refusal(uint16_t status)
{
	switch (status) {
	case PEER_REFUSED:
		return "refused";
	case PEER_OCCUPIED:
	case PEER_OCCUPIED_TEXT:
		return "occupied";
	case PEER_DND:
	case PEER_DND_TEXT:
		return "dnd";
	default:
		return NULL;
	}
}

/* ---- what was heard -------------------------------------------------------------------- */

static struct peer_heard *heard_find(struct peer *peer, uint32_t sequence)
{
	for (struct peer_heard *h = peer->heard; h < peer->heard + PEER_HEARD; h++)
		if (h->used && h->sequence == sequence)
			return h;
	return NULL;
}

/* The flag "to several" is not repeated by answers. */
static struct peer_heard *heard_note(struct peer *peer, const struct icq_t_message *m,
				     uint16_t status)
{
	struct peer_heard *h = &peer->heard[peer->heard_next++ % PEER_HEARD];

	*h = (struct peer_heard){ .used = true,
				  .pending = true,
				  .sequence = m->sequence,
				  .type = m->type & (uint16_t)~ICQ_TYPE_MANY,
				  .status = status };
	return h;
}

/* One address may send so much: the rest is dropped as if it had never come. */
static bool floods(struct icq_client *c, const struct addr *from)
{
	struct flood *f = c->direct.floods;

	for (struct flood *at = f; at < c->direct.floods + PEER_FLOODS; at++) {
		if (addr_same_host(&at->from, from)) {
			f = at;
			break;
		}
		if (at->clear_ms < f->clear_ms)
			f = at;
	}
	if (!addr_same_host(&f->from, from) || f->clear_ms < c->now.mono_ms)
		*f = (struct flood){ .from = *from, .clear_ms = c->now.mono_ms };
	if (f->clear_ms - c->now.mono_ms > (FLOOD_BURST - 1) * FLOOD_MS)
		return true;
	f->clear_ms += FLOOD_MS;
	return false;
}

/* Somebody reads our text; the user hears of it once for each of his statuses. */
static void on_peek(struct icq_client *c, struct peer *peer, const struct icq_t_message *m)
{
	struct contact *contact = roster_find(c, peer->uin);

	if (!contact)
		return;
	answer_with_text(c, peer, heard_note(peer, m, own_status(c, peer)));
	if (text_index(icq_status_plain(c->status)) < 0)
		return;
	c->direct.away_reads++;
	if (contact->read)
		return;
	contact->read = true;
	client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_AWAY_READ,
						   .away_read = peer->uin });
}

/* ---- messages -------------------------------------------------------------------------- */

static void keep(struct icq_client *c, struct peer *peer, const struct icq_t_message *m)
{
	struct history_row row = {
		.peer = peer->uin, .type = m->type, .via = HISTORY_PEER, .matches = peer->matches
	};
	struct history_job job;

	inbox_job(c, &job, &row, m->text);
	job.tag = TAG_PEER;
	job.cookie = (uint64_t)peer->stream << 32 | m->sequence;
	if (c->env.submit(c->env.ctx, &job) < 0)
		heard_find(peer, m->sequence)->used = false;
}

static bool is_busy(uint16_t status)
{
	return status == PEER_OCCUPIED || status == PEER_DND;
}

/* Notes a message, which is answered with our away text only if none of his was before. */
static struct peer_heard *note_message(struct icq_client *c, struct peer *peer,
				       const struct icq_t_message *m, uint16_t status)
{
	struct peer_heard *heard = heard_note(peer, m, status);
	struct contact *contact = roster_find(c, peer->uin);

	if (contact) {
		heard->silent = contact->answered;
		contact->answered = true;
	}
	return heard;
}

/* A message that was not there before. What nobody can show is refused. */
static void on_message(struct icq_client *c, struct peer *peer, const struct icq_t_message *m)
{
	bool pressing = m->flags & (PEER_FLAG_URGENT | PEER_FLAG_LIST);
	uint16_t status = own_status(c, peer);

	if (!icq_form_relayed(icq_form_of(m->type)))
		answer(c, peer, heard_note(peer, m, PEER_REFUSED), (struct icq_str){ 0 });
	else if (is_busy(status) && !pressing)
		answer_with_text(c, peer, note_message(c, peer, m, status));
	else {
		note_message(c, peer, m, is_busy(status) ? PEER_ACCEPTED : status);
		keep(c, peer, m);
	}
}

/* The user will answer it; here, only what is certain at once. */
static void on_request(struct icq_client *c, struct peer *peer, const struct icq_t_message *m)
{
	bool pressing = m->flags & (PEER_FLAG_URGENT | PEER_FLAG_LIST);
	struct peer_heard *heard = heard_note(peer, m, own_status(c, peer));

	if (is_busy(heard->status) && !pressing) {
		answer_with_text(c, peer, heard);
	} else if (!request_take(c, peer, m)) {
		heard->status = PEER_REFUSED;
		answer(c, peer, heard, (struct icq_str){ 0 });
	}
}

static bool is_request(uint16_t type)
{
	enum icq_form form = icq_form_of(type);

	return form == F_chat || form == F_file;
}

static bool is_peek(uint16_t type)
{
	return type >= T_away_text && type <= T_ffc_text;
}

static void on_new(struct icq_client *c, struct peer *peer, const struct icq_t_message *m)
{
	if (roster_ignores(c, peer->uin))
		peer_close(c, peer, "unwelcome");
	else if (is_peek(m->type))
		on_peek(c, peer, m);
	else if (is_request(m->type))
		on_request(c, peer, m);
	else
		on_message(c, peer, m);
}

void direct_on_packet(struct icq_client *c, struct peer *peer, const void *p, size_t n)
{
	union icq_msg msg;
	const struct icq_t_message *m = &msg.t_message;
	struct peer_heard *before;

	if (icq_decode(M_t_message, p, n, &msg) < 0 || m->uin != peer->uin ||
	    m->uin_again != peer->uin) {
		peer_close(c, peer, "malformed");
		return;
	}
	if (m->command == PEER_COMMAND_ACK) {
		if (!request_answered(c, peer, m))
			wish_answered(c, peer, m);
	} else if (m->command == PEER_COMMAND_CANCEL) {
		request_withdrawn(c, peer, m);
	} else if (m->command != PEER_COMMAND_MESSAGE) {
		client_log(c, LOG_LEVEL_WARN, "packet_ignored", "command", peer->uin);
	} else if (floods(c, &peer->at)) {
		client_log(c, LOG_LEVEL_WARN, "packet_ignored", "flood", peer->uin);
	} else {
		before = heard_find(peer, m->sequence);
		if (!before)
			on_new(c, peer, m);
		else if (!before->pending)
			answer_with_text(c, peer, before);
	}
}

void direct_kept(struct icq_client *c, const struct history_job *job)
{
	struct peer *peer = peer_of(c, (uint32_t)(job->cookie >> 32));
	struct peer_heard *heard = peer ? heard_find(peer, (uint32_t)job->cookie) : NULL;

	if (job->err < 0)
		client_notice(c, LOG_LEVEL_ERROR, "disk",
			      "A message could not be kept; it was not acknowledged.");
	if (heard && job->err < 0)
		heard->used = false;
	else if (heard)
		answer_with_text(c, peer, heard);
	if (job->err == 0)
		inbox_show(c, job);
}

void direct_reset(struct icq_client *c)
{
	request_reset(c);
	wish_forget_all(c);
	peers_close_all(c);
}
