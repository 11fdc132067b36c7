/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "store/parts_sqlite.h"

#include <assert.h>

bool sqlite_mailbox_use(struct store_sqlite *s, uint32_t uin, uint32_t from,
			struct mailbox_use *use_out)
{
	*use_out = (struct mailbox_use){ 0 };
	if (!db_ask(&s->db, SQL_MAILBOX, NUMBER(uin), NUMBER(from), NUMBER(STORE_SYSTEM_UIN)))
		return false;
	use_out->messages = db_number(&s->db, 1);
	use_out->bytes = db_number(&s->db, 2);
	use_out->from_one = db_number(&s->db, 3);
	use_out->notices = db_number(&s->db, 4);
	return db_number(&s->db, 0) != 0;
}

static void add_message(struct store_sqlite *s, uint32_t to, uint32_t from, uint16_t type,
			int64_t now_s, struct value text, const struct flight *f)
{
	s->last.g++;
	db_ask(&s->db, SQL_ADD_MESSAGE, NUMBER(s->last.g), NUMBER(to), NUMBER(from), NUMBER(type),
	       NUMBER(now_s), text, NUMBER(f->epoch), NUMBER(f->n));
}

static void add_notice(struct store_sqlite *s, uint32_t to, uint16_t type, int64_t now_s,
		       struct value text)
{
	add_message(s, to, STORE_SYSTEM_UIN, type, now_s, text, &(struct flight){ 0 });
}

/* Stores a text from the server. */
static int put_notice(struct store_sqlite *s, uint32_t to, uint16_t type, int64_t now_s,
		      uint32_t max_notices, struct value text)
{
	struct mailbox_use use;

	if (!sqlite_mailbox_use(s, to, STORE_SYSTEM_UIN, &use))
		return -ICQ_ENOENT;
	if (max_notices && use.notices >= max_notices)
		return -ICQ_EFULL;
	add_notice(s, to, type, now_s, text);
	return 0;
}

static int put_refusal(struct store_sqlite *s, const struct job_message_put *q)
{
	uint8_t text[NOTICE_MAX];
	size_t len = refusal_text(q->refused, q->to, text, sizeof(text));

	return put_notice(s, q->from, NOTICE_TYPE, q->now_s, q->max_notices, BYTES(text, len));
}

/* Stores the message or its notice. */
static int put_either(struct store_sqlite *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	const struct flight f = { .epoch = q->flight_epoch, .n = q->flight_n };
	struct mailbox_use use;

	if (!q->refused && !sqlite_mailbox_use(s, q->to, message_author(q), &use))
		q->refused = REFUSED_UNKNOWN;
	if (!q->refused && mailbox_full(q, j->text_len, &use))
		q->refused = REFUSED_FULL;
	if (q->refused)
		return put_refusal(s, q);
	add_message(s, q->to, message_author(q), q->type, q->now_s, BYTES(j->text, j->text_len),
		    &f);
	return 0;
}

int sqlite_message_put(struct store_sqlite *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct message_key k = message_key(q);

	assert(q->from > STORE_SYSTEM_UIN);
	q->g = 0;
	db_ask(&s->db, SQL_ADD_KEY, NUMBER(k.from), NUMBER(k.epoch), NUMBER(k.id),
	       NUMBER(k.until_s), NUMBER(q->steady_s));
	s->steady_s = q->steady_s;
	q->repeat = !db_changed(&s->db);
	if (q->repeat)
		return 0;

	int err = put_either(s, j);

	if (err) { /* no key without what it stands for */
		db_ask(&s->db, SQL_DROP_KEY, NUMBER(k.from), NUMBER(k.epoch), NUMBER(k.id));
		return err;
	}
	s->keys_added++;
	q->g = s->last.g;
	return 0;
}

/* SQLite's numbers end at INT64_MAX, and so do ours, but a bound may be beyond. */
static struct value bound(uint64_t g)
{
	return NUMBER(g < INT64_MAX ? g : INT64_MAX);
}

/* What the receiver's session, if there is one, has read. */
static struct read_by {
	uint64_t epoch, read;
} read_by(struct store_sqlite *s, const struct job_message_next *q)
{
	struct read_by by = { 0 };

	if (db_ask(&s->db, SQL_READ, NUMBER(q->uin))) {
		by.epoch = db_number(&s->db, 0);
		by.read = db_number(&s->db, 1);
	}
	if (by.epoch && by.epoch == q->epoch && q->read > by.read) {
		by.read = q->read;
		db_ask(&s->db, SQL_SET_READ, NUMBER(q->uin), bound(by.read));
	}
	return by;
}

int sqlite_message_next(struct store_sqlite *s, struct job *j)
{
	struct job_message_next *q = &j->next;
	struct read_by by = read_by(s, q);

	j->text_len = 0;
	if (!db_ask(&s->db, SQL_NEXT_MESSAGE, NUMBER(q->uin), bound(q->after),
		    bound(q->before ? q->before : UINT64_MAX), NUMBER(by.epoch), bound(by.read)))
		return -ICQ_ENOENT;
	q->g = db_number(&s->db, 0);
	q->from = (uint32_t)db_number(&s->db, 1);
	q->type = (uint16_t)db_number(&s->db, 2);
	q->accepted_s = (int64_t)db_number(&s->db, 3);
	j->text_len = (uint16_t)db_copy(&s->db, 4, j->text, JOB_TEXT_MAX);
	if (by.epoch && by.epoch == q->epoch)
		db_ask(&s->db, SQL_SET_FLIGHT, NUMBER(q->g), NUMBER(q->epoch), NUMBER(q->n),
		       NUMBER(q->part), NUMBER(q->old));
	return 0;
}

int sqlite_message_drop(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_DROP_MESSAGES, NUMBER(j->drop.uin), bound(j->drop.first),
	       bound(j->drop.last));
	return 0;
}

int sqlite_message_system(struct store_sqlite *s, struct job *j)
{
	struct job_message_system *q = &j->message_system;
	int err = put_notice(s, q->to, q->type, q->now_s, q->max_notices,
			     BYTES(j->text, j->text_len));

	q->g = err ? 0 : s->last.g;
	return err;
}

/* ---- those that waited too long -------------------------------------------------------- */

/* Removes them; how many were no notices. *told_out: those that a notice tells of which has not
 * been read yet. */
static uint64_t remove_expired(struct store_sqlite *s, uint32_t uin, int64_t until_s,
			       uint64_t *told_out)
{
	uint64_t count = 0;

	*told_out = db_ask(&s->db, SQL_EXPIRY_TOLD, NUMBER(uin)) ? db_number(&s->db, 0) : 0;
	if (db_ask(&s->db, SQL_COUNT_EXPIRED, NUMBER(uin), NUMBER(until_s),
		   NUMBER(STORE_SYSTEM_UIN)))
		count = db_number(&s->db, 0);
	db_ask(&s->db, SQL_DROP_EXPIRED, NUMBER(uin), NUMBER(until_s));
	return count;
}

/* A notice that has not been read yet makes way for the one that tells of all. */
static void expire_mailbox(struct store_sqlite *s, uint32_t uin, int64_t until_s)
{
	uint8_t text[NOTICE_MAX];
	uint64_t told, count = remove_expired(s, uin, until_s, &told);

	if (!count)
		return;
	db_ask(&s->db, SQL_DROP_EXPIRY_NOTICE, NUMBER(uin));
	size_t len = expiry_text(told + count, s->retention_s, text);

	add_notice(s, uin, NOTICE_TYPE, s->now_s, BYTES(text, len));
	db_ask(&s->db, SQL_SET_EXPIRED, NUMBER(uin), NUMBER(told + count), NUMBER(s->last.g));
}

void sqlite_expire(struct store_sqlite *s)
{
	int64_t until_s = s->now_s - s->retention_s;

	for (int i = 0; i < EXPIRE_MOST; i++) {
		if (!db_ask(&s->db, SQL_EXPIRED, NUMBER(until_s)))
			return;
		expire_mailbox(s, (uint32_t)db_number(&s->db, 0), until_s);
	}
}
