/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "store/parts_sqlite.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int sqlite_session_begin(struct store_sqlite *s, struct job *j)
{
	struct job_session *q = &j->session;
	struct mailbox_use use;

	if (!sqlite_mailbox_use(s, q->uin, STORE_SYSTEM_UIN, &use))
		return -ICQ_ENOENT;
	q->waiting = (uint32_t)(use.messages + use.notices);
	q->epoch = ++s->last.epoch;
	db_ask(&s->db, SQL_SET_LAST_LOGIN, NUMBER(q->uin), NUMBER(q->now_s));
	db_ask(&s->db, SQL_BEGIN_SESSION, NUMBER(q->uin), NUMBER(q->epoch),
	       BYTES(q->addr.ip, sizeof(q->addr.ip)), NUMBER(q->addr.port), NUMBER(q->addr.door),
	       NUMBER(q->port), NUMBER(q->ip), NUMBER(q->tcp_version), NUMBER(q->mode),
	       NUMBER(q->version), NUMBER(q->login_seq), NUMBER(q->login_packet), NUMBER(q->now_s),
	       NUMBER(q->status), NUMBER(STORE_NUMBERS));
	return 0;
}

int sqlite_session_end(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_END_SESSION, NUMBER(j->session.uin), NUMBER(j->session.epoch));
	return 0;
}

int sqlite_session_end_all(struct store_sqlite *s, struct job *j)
{
	(void)j;
	db_ask_plain(&s->db, SQL_END_SESSIONS);
	return 0;
}

int sqlite_session_save(struct store_sqlite *s, struct job *j)
{
	const struct job_session_save *q = &j->save;

	db_ask(&s->db, SQL_SAVE_SESSION, NUMBER(q->uin), NUMBER(q->epoch), NUMBER(q->status),
	       NUMBER(q->verified), NUMBER(q->wants_ids), NUMBER(q->old));
	return 0;
}

int sqlite_session_reserve(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_RESERVE, NUMBER(j->reserve.uin), NUMBER(j->reserve.epoch),
	       NUMBER(j->reserve.mark));
	return 0;
}

/* ---- lists ----------------------------------------------------------------------------- */

/* Reads a list of at most STORE_LIST_MAX; returns its length. */
static uint32_t read_list(struct store_sqlite *s, int column, uint32_t *out)
{
	size_t len = db_copy(&s->db, column, out, STORE_LIST_MAX * sizeof(*out));

	uins_unpack((const uint8_t *)out, len / sizeof(*out), out);
	return (uint32_t)(len / sizeof(*out));
}

int sqlite_session_list(struct store_sqlite *s, struct job *j)
{
	const struct job_session_list *q = &j->list;
	uint32_t list[STORE_LIST_MAX];

	assert(q->list < STORE_LISTS);
	if (!db_ask(&s->db, SQL_LIST, NUMBER(q->uin), NUMBER(q->epoch), NUMBER(q->list)))
		return 0;

	uint32_t count = session_list_change(j, list, read_list(s, 0, list));

	uins_pack(list, count, (uint8_t *)list);
	db_ask(&s->db, SQL_SET_LIST, NUMBER(q->uin), NUMBER(q->list),
	       BYTES(list, count * sizeof(*list)));
	return 0;
}

/* ---- what an earlier process left ------------------------------------------------------ */

enum { SESSION_COLUMNS = 19 + STORE_LISTS }; /* of SQL_SESSIONS, then those of a message */

/* The session that is being read. */
struct reading {
	struct saved_session saved;
	uint64_t read;
	uint32_t lists[STORE_LISTS][STORE_LIST_MAX];
};

static void read_session(struct store_sqlite *s, struct reading *r)
{
	const struct db *db = &s->db;
	struct saved_session *saved = &r->saved;
	struct job_session *q = &saved->session;
	int column = 0;

	*saved = (struct saved_session){ 0 };
	saved->state.uin = q->uin = (uint32_t)db_number(db, column++);
	saved->state.epoch = q->epoch = db_number(db, column++);
	db_copy(&s->db, column++, q->addr.ip, sizeof(q->addr.ip));
	q->addr.port = (uint16_t)db_number(db, column++);
	q->addr.door = (uint8_t)db_number(db, column++);
	q->port = (uint32_t)db_number(db, column++);
	q->ip = (uint32_t)db_number(db, column++);
	q->tcp_version = (uint32_t)db_number(db, column++);
	q->mode = (uint8_t)db_number(db, column++);
	q->version = (uint8_t)db_number(db, column++);
	q->login_seq = (uint16_t)db_number(db, column++);
	q->login_packet = (uint16_t)db_number(db, column++);
	q->now_s = (int64_t)db_number(db, column++);
	saved->state.status = q->status = (uint32_t)db_number(db, column++);
	saved->mark = (uint32_t)db_number(db, column++);
	saved->state.verified = db_number(db, column++) != 0;
	saved->state.wants_ids = db_number(db, column++) != 0;
	saved->state.old = (uint8_t)db_number(db, column++);
	r->read = db_number(db, column++);
	for (int i = 0; i < STORE_LISTS; i++) {
		saved->counts[i] = read_list(s, column++, r->lists[i]);
		saved->lists[i] = r->lists[i];
	}
}

/* The columns behind them. There are none if no message waits. */
static void read_message(struct store_sqlite *s, struct reading *r)
{
	const struct flight f = {
		.epoch = db_number(&s->db, SESSION_COLUMNS + 1),
		.n = (uint32_t)db_number(&s->db, SESSION_COLUMNS + 2),
		.part = (uint32_t)db_number(&s->db, SESSION_COLUMNS + 3),
		.old = db_number(&s->db, SESSION_COLUMNS + 4) != 0,
	};
	uint64_t g = db_number(&s->db, SESSION_COLUMNS);

	if (g)
		saved_session_add(&r->saved, r->read, g, &f);
}

static void tell_saved(const struct reading *r, saved_session_fn *each, void *ctx)
{
	if (r->saved.session.uin)
		each(ctx, &r->saved);
}

int store_sqlite_sessions(struct store_sqlite *s, saved_session_fn *each, void *ctx)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (!r)
		return -ICQ_EIO;
	s->db.rc = SQLITE_OK;
	for (bool row = db_ask_plain(&s->db, SQL_SESSIONS); row; row = db_next(&s->db)) {
		if (db_number(&s->db, 0) != r->saved.session.uin) {
			tell_saved(r, each, ctx);
			read_session(s, r);
		}
		read_message(s, r);
	}
	if (!s->db.rc)
		tell_saved(r, each, ctx);
	db_rest(&s->db);
	free(r);
	return s->db.rc ? -ICQ_EIO : 0;
}
