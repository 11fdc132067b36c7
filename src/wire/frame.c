/* SPDX-License-Identifier: MIT */
/* UDP headers, whole datagrams, and the code byte of TCP packets. */
#include "wire/field.h"

enum { OLDEST_VERSION = 1, NEWEST_VERSION = 2 };

/* Up to SEQ the header is the same in both directions; then a client that has a UIN tells it. */
static int read_head(enum icq_channel channel, struct rd *r, struct icq_head *head, enum icq_id *id)
{
	*id = M_NONE;
	*head = (struct icq_head){ .version = rd_u16(r) };
	if (!r->bad && (head->version < OLDEST_VERSION || head->version > NEWEST_VERSION))
		return -ICQ_EVERSION;
	head->command = rd_u16(r);
	head->seq = rd_u16(r);

	enum icq_id found = icq_find(channel, head->version, head->command);

	if (channel != ICQ_SERVER && (!found || icq_describe(found)->channel == ICQ_CLIENT))
		head->uin = rd_u32(r);
	if (r->bad)
		return -ICQ_ETRUNC;
	*id = found;
	return (int)r->pos;
}

int icq_head_read(enum icq_channel channel, const void *packet, size_t len, struct icq_head *head)
{
	struct rd r = rd_from(packet, len);
	enum icq_id id;

	return read_head(channel, &r, head, &id);
}

int icq_unpack(enum icq_channel channel, const void *packet, size_t len, struct icq_head *head,
	       enum icq_id *id, union icq_msg *msg)
{
	struct rd r = rd_from(packet, len);
	int n = read_head(channel, &r, head, id);

	if (n < 0)
		return n;
	if (*id == M_NONE)
		return -ICQ_EUNKNOWN;
	return icq_decode(*id, (const uint8_t *)packet + n, len - (size_t)n, msg);
}

static int append_body(struct wr *w, enum icq_id id, const union icq_msg *msg)
{
	if (w->bad)
		return -ICQ_ESPACE;
	int n = icq_encode(id, msg, w->p + w->len, w->cap - w->len);

	return n < 0 ? n : (int)w->len + n;
}

int icq_pack(enum icq_id id, const struct icq_head *head, const union icq_msg *msg, void *out,
	     size_t cap)
{
	const struct icq_message *m = icq_describe(id);
	struct wr w = wr_to(out, cap);

	wr_u16(&w, head->version);
	wr_u16(&w, m->code);
	wr_u16(&w, head->seq);
	if (m->channel == ICQ_CLIENT)
		wr_u32(&w, head->uin);
	return append_body(&w, id, msg);
}

int icq_pack_peer(enum icq_id id, const union icq_msg *msg, void *out, size_t cap)
{
	const struct icq_message *m = icq_describe(id);
	struct wr w = wr_to(out, cap);

	if (m->channel == ICQ_STREAM)
		wr_u8(&w, (uint8_t)m->code);
	return append_body(&w, id, msg);
}
