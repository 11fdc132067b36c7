/* SPDX-License-Identifier: MIT */
/*
 * What the oracle makes of files and chats. The bytes of a file follow from its number and their
 * place, so that nobody has to keep them; what lies on the receiver's disk is how many there are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/oracle_parts.h"

enum { AGAIN = 100 }; /* bytes that the receiver wants once more when he resumes */

/* ---- files ----------------------------------------------------------------------------- */

static uint8_t byte_of(uint32_t id, uint64_t offset)
{
	return (uint8_t)((offset + 1) * (id + 7) * 0x9e3779b97f4a7c15u >> 40);
}

uint32_t oracle_offer(struct oracle *o, uint32_t from, uint32_t to, uint32_t size)
{
	if (o->file_count == o->file_cap) {
		o->file_cap = o->file_cap ? 2 * o->file_cap : 64;
		o->files = realloc(o->files, o->file_cap * sizeof(*o->files));
		if (!o->files)
			abort();
	}
	o->files[o->file_count] = (struct oracle_file){ .from = from, .to = to, .size = size };
	return o->file_count++;
}

uint32_t oracle_file_size(const struct oracle *o, uint32_t id)
{
	return o->files[id].size;
}

size_t oracle_file_read(const struct oracle *o, uint32_t id, uint64_t offset, size_t n,
			uint8_t *out)
{
	uint32_t size = o->files[id].size;

	if (offset + n > size)
		n = offset < size ? (size_t)(size - offset) : 0;
	for (size_t i = 0; i < n; i++)
		out[i] = byte_of(id, offset + i);
	return n;
}

bool oracle_file_create(struct oracle *o, uint32_t who, uint32_t uin, uint32_t id, uint32_t size,
			uint64_t *offset_out)
{
	struct oracle_file *f = id < o->file_count ? &o->files[id] : NULL;

	if (!f || f->to != who || uin != STORE_FIRST_UIN + f->from || f->size != size) {
		oracle_break(o, "user %" PRIu32 " gets a file that nobody offered him", who);
		return false;
	}
	f->resumed |= f->have > 0;
	f->at = f->have > AGAIN ? f->have - AGAIN : 0;
	*offset_out = f->at;
	return true;
}

/* NULL: work on a file that was not made. */
static struct oracle_file *made_file(struct oracle *o, uint32_t id)
{
	if (id < o->file_count)
		return &o->files[id];
	oracle_break(o, "bytes arrive for no file");
	return NULL;
}

void oracle_file_write(struct oracle *o, uint32_t id, uint64_t offset, const uint8_t *p, size_t n)
{
	struct oracle_file *f = made_file(o, id);
	bool wrong;

	if (!f)
		return;
	wrong = offset != f->at || offset + n > f->size;
	for (size_t i = 0; i < n && !wrong; i++)
		wrong = p[i] != byte_of(id, offset + i);
	if (wrong)
		oracle_break(o, "%zu bytes at %" PRIu64 " of file %" PRIu32 " are wrong", n, offset,
			     id);
	f->at += n;
	if (f->have < f->at)
		f->have = f->at;
}

void oracle_file_finish(struct oracle *o, uint32_t id)
{
	struct oracle_file *f = made_file(o, id);

	if (!f)
		return;
	if (f->have != f->size)
		oracle_break(o, "file %" PRIu32 " is finished with %" PRIu64 " bytes of %" PRIu32,
			     id, f->have, f->size);
	o->verdict.files += !f->finished;
	o->verdict.resumed += !f->finished && f->resumed;
	f->finished = true;
}

/* A receiver who leaves when all bytes have come still finishes the file, but later. */
void oracle_file_done(struct oracle *o, uint32_t id)
{
	o->files[id].sent = true;
}

void oracle_judge_files(struct oracle *o)
{
	for (uint32_t id = 0; id < o->file_count; id++)
		if (o->files[id].sent && !o->files[id].finished)
			oracle_break(o,
				     "file %" PRIu32 " is sent, and its receiver does not have it",
				     id);
}

void oracle_file_given_up(struct oracle *o, uint32_t id)
{
	oracle_break(o, "file %" PRIu32 " does not get to user %" PRIu32, id, o->files[id].to);
}

/* ---- chats ----------------------------------------------------------------------------- */

size_t oracle_line(uint32_t session, uint32_t n, char out[ORACLE_LINE_MAX])
{
	return (size_t)snprintf(out, ORACLE_LINE_MAX, "%" PRIu32 ":%" PRIu32 ".\n", session, n);
}

void oracle_chat_met(struct oracle *o, uint32_t who, uint32_t session, uint32_t whom)
{
	o->parties[who].heard_from[whom] = (struct listening){ .session = session };
}

/* The number of a line; 0: it is only the beginning of one. */
static uint32_t line_number(const struct icq_str *text, uint32_t *session_out)
{
	char line[ORACLE_LINE_MAX] = "", stop = 0;
	uint32_t n;

	if (text->len < sizeof(line))
		memcpy(line, text->p, text->len);
	return sscanf(line, "%" SCNu32 ":%" SCNu32 "%c", session_out, &n, &stop) == 3 && stop == '.'
		       ? n
		       : 0;
}

void oracle_chat_heard(struct oracle *o, uint32_t who, uint32_t session, uint32_t whom,
		       const struct icq_str *text)
{
	struct listening *l = &o->parties[who].heard_from[whom];
	uint32_t theirs = 0, n = line_number(text, &theirs);

	if (l->session != session) /* of another chat of the same two */
		return;
	if (l->torn)
		oracle_break(o,
			     "user %" PRIu32 " reads half a line of user %" PRIu32 ", and goes on",
			     who, whom);
	l->torn = n == 0;
	if (l->torn)
		return;
	o->verdict.lines++;
	if (l->next && theirs == l->theirs && n != l->next)
		oracle_break(o,
			     "user %" PRIu32 " reads line %" PRIu32 " of user %" PRIu32
			     " in a chat instead of line %" PRIu32,
			     who, n, whom, l->next);
	l->theirs = theirs;
	l->next = n + 1;
}
