/* SPDX-License-Identifier: MIT */
/*
 * Receiving files. Nothing is believed: no more is taken than the user has agreed to, and what
 * the names mean is left to whoever makes the files. While the disk is busy nothing is read, so
 * that the sender waits.
 */
#include <stdio.h>
#include <string.h>

#include "client/engine.h"

enum {
	ANSWER_MS = 60000, /* for what programs answer */
	WRITES = 2,	   /* at one time */
	FILES_MAX = 1000,  /* of a transfer: empty ones cost their sender nothing */
};

void receive_hold(struct icq_client *c, struct transfer *t, enum transfer_hold why, bool hold)
{
	struct branch *b = transfer_branch(c, t);

	if (hold)
		t->holds |= why;
	else
		t->holds &= ~(unsigned)why;
	if (b)
		branch_hold(c, b, t->holds != 0);
}

void receive_if_allowed(struct icq_client *c, struct transfer *t)
{
	bool may = budget_left(c) > 0;

	t->wake_ms = may ? NEVER_MS : budget_wake_ms(c);
	receive_hold(c, t, HOLD_LIMIT, !may);
}

void receive_begin(struct icq_client *c, struct transfer *t)
{
	transfer_expect(c, t, STEP_GREET, ANSWER_MS);
}

static void on_start(struct icq_client *c, struct transfer *t, const struct icq_f_start *m)
{
	union icq_msg msg;
	char nick[16];

	if (!m->files || m->files > FILES_MAX) {
		transfer_fail(c, t, m->files ? "too_many" : "malformed");
		return;
	}
	t->files = m->files;
	snprintf(nick, sizeof(nick), "%u", c->uin);
	icq_preset(M_f_ready, &msg);
	msg.f_ready.nick = icq_str_of(nick);
	transfer_say(c, t, M_f_ready, &msg);
	transfer_expect(c, t, STEP_NEXT, ANSWER_MS);
}

/* ---- a file ---------------------------------------------------------------------------- */

static void on_next(struct icq_client *c, struct transfer *t, const struct icq_f_next *m)
{
	struct icq_client_file_job job = { .kind = ICQ_CLIENT_FILE_CREATE,
					   .uin = t->uin,
					   .name = m->name,
					   .charset = icq_client_charset(c, t->uin),
					   .size = m->size };

	if (m->is_directory) {
		transfer_fail(c, t, "directory");
		return;
	}
	if (m->size > t->size - t->done) {
		transfer_fail(c, t, "too_large");
		return;
	}
	t->file.size = m->size;
	t->file.name_len = m->name.len < sizeof(t->file.name) ? m->name.len : sizeof(t->file.name);
	if (t->file.name_len)
		memcpy(t->file.name, m->name.p, t->file.name_len);
	t->offset = 0;
	transfer_expect(c, t, STEP_CREATE, NEVER_MS);
	transfer_submit(c, t, &job);
	receive_hold(c, t, HOLD_FILE, true);
}

void receive_flush(struct icq_client *c, struct transfer *t)
{
	struct icq_client_file_job job = {
		.kind = ICQ_CLIENT_FILE_WRITE, .offset = t->offset, .p = t->bytes, .n = t->n
	};

	if (!t->n)
		return;
	t->offset += (uint32_t)t->n;
	t->n = 0;
	transfer_submit(c, t, &job);
	if (t->jobs >= WRITES)
		receive_hold(c, t, HOLD_FILE, true);
}

/* If the file is whole, the next one has to wait until it has its name. */
static void finish_if_whole(struct icq_client *c, struct transfer *t)
{
	struct icq_client_file_job job = { .kind = ICQ_CLIENT_FILE_FINISH };

	if (t->offset + t->n < t->file.size)
		return;
	receive_flush(c, t);
	transfer_expect(c, t, STEP_STORE, NEVER_MS);
	transfer_submit(c, t, &job);
	receive_hold(c, t, HOLD_FILE, true);
}

static void on_data(struct icq_client *c, struct transfer *t, struct icq_str data)
{
	if (data.len > t->file.size - t->offset - t->n) {
		transfer_fail(c, t, "too_long");
		return;
	}
	memcpy(t->bytes + t->n, data.p, data.len);
	t->n += data.len;
	if (t->n >= ICQ_CLIENT_FILE_BLOCK)
		receive_flush(c, t);
	budget_spend(c, data.len);
	transfer_tell(c, t);
	finish_if_whole(c, t);
	if (!budget_left(c))
		receive_if_allowed(c, t);
}

static void on_created(struct icq_client *c, struct transfer *t,
		       const struct icq_client_file_job *job)
{
	union icq_msg msg;

	icq_preset(M_f_from, &msg);
	msg.f_from.offset = t->offset = (uint32_t)job->offset;
	pace_skip(&t->pace, t->offset);
	transfer_say(c, t, M_f_from, &msg);
	transfer_expect(c, t, STEP_DATA, NEVER_MS);
	transfer_tell_file(c, t, false);
	finish_if_whole(c, t);
	if (t->step == STEP_DATA)
		receive_hold(c, t, HOLD_FILE, false);
}

/* Goes on with the next one; the file that was left out stays as far as it is. */
static void file_over(struct icq_client *c, struct transfer *t)
{
	t->done += t->offset;
	t->offset = 0;
	t->at++;
	transfer_expect(c, t, STEP_NEXT, ANSWER_MS);
	receive_hold(c, t, HOLD_FILE, false);
}

static void on_finished(struct icq_client *c, struct transfer *t)
{
	if (t->at + 1 == t->files) {
		transfer_end(c, t,
			     t->skipped ? ICQ_CLIENT_TRANSFER_STOPPED : ICQ_CLIENT_TRANSFER_DONE,
			     t->skipped ? "skipped" : NULL);
		return;
	}
	transfer_tell_file(c, t, true);
	file_over(c, t);
}

void receive_on_job(struct icq_client *c, struct transfer *t, const struct icq_client_file_job *job)
{
	if (job->err < 0)
		transfer_fail_file(c, t, job->err);
	else if (job->kind == ICQ_CLIENT_FILE_CREATE)
		on_created(c, t, job);
	else if (job->kind == ICQ_CLIENT_FILE_FINISH)
		on_finished(c, t);
	else if (t->step == STEP_DATA && t->jobs < WRITES)
		receive_hold(c, t, HOLD_FILE, false);
}

/* The sender leaves this one out. */
static void on_stop(struct icq_client *c, struct transfer *t)
{
	t->skipped = true;
	receive_flush(c, t);
	if (t->at + 1 == t->files)
		transfer_end(c, t, ICQ_CLIENT_TRANSFER_STOPPED, "skipped");
	else
		file_over(c, t);
}

void receive_on_packet(struct icq_client *c, struct transfer *t, enum icq_id id,
		       const union icq_msg *msg)
{
	if (id == M_f_data && t->step == STEP_DATA)
		on_data(c, t, msg->f_data.data);
	else if (id == M_f_start && t->step == STEP_GREET)
		on_start(c, t, &msg->f_start);
	else if (id == M_f_next && t->step == STEP_NEXT)
		on_next(c, t, &msg->f_next);
	else if (id == M_f_stop && t->step == STEP_DATA)
		on_stop(c, t);
	else if (id != M_f_speed)
		transfer_fail(c, t, "malformed");
}
