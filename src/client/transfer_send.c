/* SPDX-License-Identifier: MIT */
/*
 * Sending files. For each: 02 tells what comes, 03 from where on it is wanted, and then contents
 * follow in blocks that are read while the stream takes the one before.
 */
#include <stdio.h>
#include <string.h>

#include "client/engine.h"

enum {
	ANSWER_MS = 60000, /* for what programs answer */
	ASK_MS = 600000,   /* for what people may be asked about */
	PACKET_ROOM = 512, /* is left for the packet before the next file */
};

static void send_next(struct icq_client *c, struct transfer *t)
{
	union icq_msg msg;

	icq_preset(M_f_next, &msg);
	t->file = t->list[t->at];
	t->offset = 0;
	msg.f_next.name = (struct icq_str){ t->file.name, t->file.name_len };
	msg.f_next.size = t->file.size;
	transfer_say(c, t, M_f_next, &msg);
	transfer_expect(c, t, STEP_NEXT, ASK_MS);
}

/* The file has left; the receiver closes when he has all of the last one. */
static void file_over(struct icq_client *c, struct transfer *t)
{
	if (t->at + 1 == t->files) {
		transfer_expect(c, t, STEP_LAST, NEVER_MS);
		branch_end(c, transfer_branch(c, t));
		return;
	}
	t->done += t->file.size;
	t->at++;
	t->n = t->sent = 0;
	send_next(c, t);
}

static void read_more(struct icq_client *c, struct transfer *t)
{
	struct icq_client_file_job job = { .kind = ICQ_CLIENT_FILE_READ, .offset = t->offset };
	uint32_t left = t->file.size - t->offset;

	job.n = left < ICQ_CLIENT_FILE_BLOCK ? left : ICQ_CLIENT_FILE_BLOCK;
	transfer_submit(c, t, &job);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Some of the block. False: no more may go now. */
static bool send_some(struct icq_client *c, struct transfer *t)
{
	struct branch *b = transfer_branch(c, t);
	size_t room = branch_room(c, b), allowed = budget_left(c);
	size_t n = least(t->n - t->sent, allowed);

	if (!allowed)
		t->wake_ms = budget_wake_ms(c);
	if (!allowed || room <= PACKET_ROOM)
		return false;
	n = least(n, room - PACKET_ROOM);
	branch_send(c, b, t->bytes + t->sent, n);
	budget_spend(c, n);
	t->sent += n;
	return true;
}

void send_more(struct icq_client *c, struct transfer *t)
{
	bool may = t->step == STEP_DATA && !t->paused && !t->paused_there;

	while (may && t->sent < t->n && send_some(c, t))
		;
	if (t->step == STEP_DATA && t->sent == t->n && !t->jobs) {
		t->n = t->sent = 0;
		if (t->offset == t->file.size)
			file_over(c, t);
		else
			read_more(c, t);
	}
	transfer_tell(c, t);
}

/* Contents as packets. */
static size_t frame(uint8_t *out, const uint8_t *p, size_t n)
{
	size_t at = 0;

	for (size_t part; n > 0; p += part, n -= part) {
		part = n < ICQ_MAX_block ? n : ICQ_MAX_block;
		peer_length(out + at, (uint16_t)(1 + part));
		out[at + PEER_LENGTH] = (uint8_t)icq_describe(M_f_data)->code;
		memcpy(out + at + PEER_LENGTH + 1, p, part);
		at += PEER_LENGTH + 1 + part;
	}
	return at;
}

/* A block that was read before the file was left out is of no use. */
void send_on_job(struct icq_client *c, struct transfer *t, const struct icq_client_file_job *job)
{
	uint32_t left = t->file.size - t->offset;
	size_t wanted = left < ICQ_CLIENT_FILE_BLOCK ? left : ICQ_CLIENT_FILE_BLOCK;

	if (t->step != STEP_DATA || job->file != t->at || job->offset != t->offset) {
		send_more(c, t);
		return;
	}
	if (job->err < 0) {
		transfer_fail_file(c, t, job->err);
	} else if (job->n != wanted) {
		transfer_fail(c, t, "changed");
	} else {
		t->n = frame(t->bytes, job->p, job->n);
		t->sent = 0;
		t->offset += (uint32_t)job->n;
		send_more(c, t);
	}
}

/* ---- what the receiver says ------------------------------------------------------------ */

void send_begin(struct icq_client *c, struct transfer *t)
{
	union icq_msg msg;
	char nick[16];

	snprintf(nick, sizeof(nick), "%u", c->uin);
	icq_preset(M_f_start, &msg);
	msg.f_start.files = t->files;
	msg.f_start.bytes = (uint32_t)t->size;
	msg.f_start.nick = icq_str_of(nick);
	transfer_say(c, t, M_f_start, &msg);
	transfer_expect(c, t, STEP_GREET, ANSWER_MS);
}

static void on_from(struct icq_client *c, struct transfer *t, uint32_t offset)
{
	if (offset > t->file.size) {
		transfer_fail(c, t, "malformed");
		return;
	}
	t->offset = offset;
	pace_skip(&t->pace, offset);
	transfer_expect(c, t, STEP_DATA, NEVER_MS);
	transfer_tell_file(c, t, false);
	send_more(c, t);
}

static void on_speed(struct icq_client *c, struct transfer *t, uint32_t speed)
{
	t->paused_there = speed == 0;
	send_more(c, t);
}

void send_on_packet(struct icq_client *c, struct transfer *t, enum icq_id id,
		    const union icq_msg *msg)
{
	bool chosen = t->step == STEP_NEXT || t->step == STEP_DATA;

	if (id == M_f_speed)
		on_speed(c, t, msg->f_speed.speed);
	else if (id == M_f_ready && t->step == STEP_GREET)
		send_next(c, t);
	else if (id == M_f_from && t->step == STEP_NEXT)
		on_from(c, t, msg->f_from.offset);
	else if (id == M_f_stop && chosen)
		file_over(c, t);
	else if (id != M_f_stop)
		transfer_fail(c, t, "malformed");
}
