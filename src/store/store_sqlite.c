/* SPDX-License-Identifier: MIT */
/*
 * The durable store. A failure inside a transaction is remembered by struct db, makes the rest
 * of the questions void and the transaction as a whole fail; so the jobs look only for what
 * can be told to their askers.
 */
#include "base/err.h"
#include "store/db_sqlite.h"
#include "store/rules.h"
#include "store/schema_sqlite.h"
#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BUSY_WAIT_MS = 5000, /* for an operator's tool that writes */
	SECRET_LEN = 32,
	PURGE_LEAST = 100,
};

struct store_sqlite {
	struct db db;
	struct numbers {
		uint64_t uin, epoch, g;
	} last; /* given away; written once a transaction */

	int64_t now_s, purged_s;
	uint32_t keys_added; /* since then */
};

/* ---- accounts and sessions ------------------------------------------------------------- */

static void make_account(struct store_sqlite *s, struct job_register *q)
{
	q->uin = (uint32_t)++s->last.uin;
	db_ask(&s->db, SQL_ADD_ACCOUNT, NUMBER(q->uin), STRING(q->hash), NUMBER(q->now_s));
	db_ask(&s->db, SQL_ADD_REGISTRATION, BYTES(q->addr.ip, sizeof(q->addr.ip)),
	       NUMBER(q->addr.port), NUMBER(q->seq), NUMBER(q->tag), NUMBER(q->uin),
	       NUMBER(q->now_s + REGISTER_REPEAT_S));
}

static int do_register(struct store_sqlite *s, struct job *j)
{
	struct job_register *q = &j->reg;

	s->now_s = q->now_s;
	if (db_ask(&s->db, SQL_REGISTRATION, BYTES(q->addr.ip, sizeof(q->addr.ip)),
		   NUMBER(q->addr.port), NUMBER(q->seq), NUMBER(q->tag), NUMBER(q->now_s))) {
		q->uin = (uint32_t)db_number(&s->db, 0);
		return 0;
	}
	if (q->want_invite) {
		db_ask(&s->db, SQL_USE_INVITE, STRING(q->invite), NUMBER(s->last.uin + 1));
		if (!db_changed(&s->db))
			return -ICQ_EDENIED;
	}
	make_account(s, q);
	return 0;
}

static int do_account(struct store_sqlite *s, struct job *j)
{
	struct job_account *q = &j->account;

	memset(q->hash, 0, sizeof(q->hash));
	q->blocked = false;
	if (!db_ask(&s->db, SQL_ACCOUNT, NUMBER(q->uin)))
		return -ICQ_ENOENT;
	db_copy(&s->db, 0, q->hash, sizeof(q->hash) - 1);
	q->blocked = db_number(&s->db, 1) != 0;
	return 0;
}

/* Whether the account is there. `from` is the sender whose share is wanted. */
static bool mailbox_use(struct store_sqlite *s, uint32_t uin, uint32_t from,
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

static int do_session_begin(struct store_sqlite *s, struct job *j)
{
	struct job_session *q = &j->session;
	struct mailbox_use use;

	if (!mailbox_use(s, q->uin, STORE_SYSTEM_UIN, &use))
		return -ICQ_ENOENT;
	q->waiting = (uint32_t)(use.messages + use.notices);
	q->epoch = ++s->last.epoch;
	db_ask(&s->db, SQL_BEGIN_SESSION, NUMBER(q->uin), NUMBER(q->epoch),
	       BYTES(q->addr.ip, sizeof(q->addr.ip)), NUMBER(q->addr.port), NUMBER(q->now_s),
	       NUMBER(q->login_seq), NUMBER(q->ip), NUMBER(q->port), NUMBER(q->tcp_version),
	       NUMBER(q->mode), NUMBER(q->status), NUMBER(q->version));
	return 0;
}

static int do_session_end(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_END_SESSION, NUMBER(j->session.uin), NUMBER(j->session.epoch));
	return 0;
}

/* ---- messages -------------------------------------------------------------------------- */

static void add_message(struct store_sqlite *s, const struct job_message_put *q, uint32_t to,
			uint32_t from, uint16_t type, struct value text)
{
	s->last.g++;
	db_ask(&s->db, SQL_ADD_MESSAGE, NUMBER(s->last.g), NUMBER(to), NUMBER(from), NUMBER(type),
	       NUMBER(q->now_s), text);
}

static int put_notice(struct store_sqlite *s, const struct job_message_put *q)
{
	uint8_t text[NOTICE_MAX];
	struct mailbox_use use;

	if (!mailbox_use(s, q->from, STORE_SYSTEM_UIN, &use))
		return -ICQ_ENOENT;
	if (q->max_notices && use.notices >= q->max_notices)
		return -ICQ_EFULL;

	size_t len = refusal_text(q->refused, q->to, text, sizeof(text));

	add_message(s, q, q->from, STORE_SYSTEM_UIN, NOTICE_TYPE, BYTES(text, len));
	return 0;
}

/* Stores the message or its notice. */
static int put_either(struct store_sqlite *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct mailbox_use use;

	if (!q->refused && !mailbox_use(s, q->to, q->from, &use))
		q->refused = REFUSED_UNKNOWN;
	if (!q->refused && mailbox_full(q, j->text_len, &use))
		q->refused = REFUSED_FULL;
	if (q->refused)
		return put_notice(s, q);
	add_message(s, q, q->to, q->from, q->type, BYTES(j->text, j->text_len));
	return 0;
}

static int do_put(struct store_sqlite *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct message_key k = message_key(q);

	assert(q->from > STORE_SYSTEM_UIN);
	s->now_s = q->now_s;
	q->g = 0;
	db_ask(&s->db, SQL_ADD_KEY, NUMBER(k.from), NUMBER(k.epoch), NUMBER(k.id),
	       NUMBER(k.until_s), NUMBER(q->now_s));
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

static int do_next(struct store_sqlite *s, struct job *j)
{
	struct job_message_next *q = &j->next;

	j->text_len = 0;
	if (!db_ask(&s->db, SQL_NEXT_MESSAGE, NUMBER(q->uin), bound(q->after)))
		return -ICQ_ENOENT;
	q->g = db_number(&s->db, 0);
	q->from = (uint32_t)db_number(&s->db, 1);
	q->type = (uint16_t)db_number(&s->db, 2);
	q->accepted_s = (int64_t)db_number(&s->db, 3);
	j->text_len = (uint16_t)db_copy(&s->db, 4, j->text, JOB_TEXT_MAX);
	return 0;
}

static int do_drop(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_DROP_MESSAGES, NUMBER(j->drop.uin), bound(j->drop.first),
	       bound(j->drop.last));
	return 0;
}

/* ---- transactions ---------------------------------------------------------------------- */

static int run_one(struct store_sqlite *s, struct job *j)
{
	switch (j->kind) {
	case JOB_REGISTER:
		return do_register(s, j);
	case JOB_ACCOUNT:
		return do_account(s, j);
	case JOB_SESSION_BEGIN:
		return do_session_begin(s, j);
	case JOB_SESSION_END:
		return do_session_end(s, j);
	case JOB_MESSAGE_PUT:
		return do_put(s, j);
	case JOB_MESSAGE_NEXT:
		return do_next(s, j);
	case JOB_MESSAGE_DROP:
		return do_drop(s, j);
	case JOB_PROFILE:
	case JOB_PROFILE_SET:
	case JOB_PASSWORD_SET:
	case JOB_SEARCH:
	case JOB_REGISTERED_AT:
	case JOB_ACCOUNT_LIST:
	case JOB_ACCOUNT_ADD:
	case JOB_ACCOUNT_BLOCK:
	case JOB_ACCOUNT_DELETE:
	case JOB_PASSWORD_BACK:
	case JOB_MESSAGE_SYSTEM:
	case JOB_STATS:
	case JOB_HASH:
	case JOB_VERIFY:
	case JOB_COUNT:
		break;
	}
	return -ICQ_EUNKNOWN;
}

/* W7, at most once a second. Twice as many keys go as came: the table cannot grow beyond what
 * lives, and after a long stop no transaction has to wait for all of them. */
static void purge(struct store_sqlite *s)
{
	if (s->now_s == s->purged_s)
		return;
	db_ask(&s->db, SQL_PURGE_KEYS, NUMBER(s->now_s),
	       NUMBER(2 * (uint64_t)s->keys_added + PURGE_LEAST));
	db_ask(&s->db, SQL_PURGE_REGISTRATIONS, NUMBER(s->now_s));
	s->purged_s = s->now_s;
	s->keys_added = 0;
}

static void write_numbers(struct store_sqlite *s, const struct numbers *before)
{
	if (memcmp(before, &s->last, sizeof(*before)) != 0)
		db_ask(&s->db, SQL_SET_NUMBERS, NUMBER(s->last.uin), NUMBER(s->last.epoch),
		       NUMBER(s->last.g));
}

static void undo(struct store_sqlite *s, const struct numbers *before)
{
	s->last = *before;
	s->db.rc = SQLITE_OK;
	if (!sqlite3_get_autocommit(s->db.file))
		db_ask_plain(&s->db, SQL_ROLLBACK);
	db_rest(&s->db);
}

void store_sqlite_run(struct store_sqlite *s, struct job *const *jobs, size_t n)
{
	struct numbers before = s->last;

	s->db.rc = SQLITE_OK;
	db_ask_plain(&s->db, SQL_BEGIN);
	for (size_t i = 0; i < n && !s->db.rc; i++)
		jobs[i]->err = run_one(s, jobs[i]);
	purge(s);
	write_numbers(s, &before);
	db_ask_plain(&s->db, SQL_COMMIT);
	db_rest(&s->db);
	if (!s->db.rc)
		return;

	undo(s, &before);
	for (size_t i = 0; i < n; i++)
		jobs[i]->err = -ICQ_EIO;
}

/* ---- opening --------------------------------------------------------------------------- */

static const struct {
	int rc, err;
	const char *why;
} reasons[] = {
	{ SQLITE_MISMATCH, -ICQ_ENEWER,
	  "the database was written by a newer icqd: install that one again, or restore the copy "
	  "made before the upgrade" },
	{ SQLITE_NOTADB, -ICQ_ECORRUPT, "the file is damaged or not a database of icqd" },
	{ SQLITE_CORRUPT, -ICQ_ECORRUPT, "the database is damaged: restore a backup" },
	{ SQLITE_ERROR, -ICQ_ECORRUPT, "the database lacks what icqd made: restore a backup" },
	{ SQLITE_PERM, -ICQ_EDENIED, "no permission to read and write the database" },
	{ SQLITE_READONLY, -ICQ_EDENIED, "no permission to write the database" },
	{ SQLITE_CANTOPEN, -ICQ_EIO, "the database cannot be made: is its folder there?" },
	{ SQLITE_FULL, -ICQ_EIO, "the disk is full" },
	{ SQLITE_BUSY, -ICQ_EIO, "another program holds the database" },
	{ SQLITE_NOMEM, -ICQ_EIO, "out of memory" },
};

static int explain(int rc, const char **why_out)
{
	rc &= 0xff; /* without the extension */
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].rc == rc) {
			*why_out = reasons[i].why;
			return reasons[i].err;
		}
	}
	*why_out = sqlite3_errstr(rc);
	return -ICQ_EIO;
}

static int open_file(sqlite3 **db_out, const char *file)
{
	int rc = schema_touch(file);

	if (!rc)
		rc = sqlite3_open_v2(file, db_out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
				     NULL);
	if (!rc)
		rc = sqlite3_busy_timeout(*db_out, BUSY_WAIT_MS);
	/* The version is looked at before anything is changed, also the journal mode. */
	if (!rc)
		rc = schema_upgrade(*db_out, file, &store_schema);
	if (!rc)
		rc = sqlite3_exec(*db_out,
				  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				  "PRAGMA trusted_schema = OFF",
				  NULL, NULL, NULL);
	return rc;
}

/* What every start does. Sessions do not outlive their process yet. */
static void begin(struct store_sqlite *s)
{
	uint8_t secret[SECRET_LEN];

	if (getentropy(secret, sizeof(secret))) {
		s->db.rc = SQLITE_IOERR;
		return;
	}
	db_ask_plain(&s->db, SQL_BEGIN);
	db_ask(&s->db, SQL_SET_SECRET, BYTES(secret, sizeof(secret)));
	db_ask_plain(&s->db, SQL_END_ALL_SESSIONS);
	db_ask_plain(&s->db, SQL_COMMIT);
	if (db_ask_plain(&s->db, SQL_NUMBERS)) {
		s->last.uin = db_number(&s->db, 0);
		s->last.epoch = db_number(&s->db, 1);
		s->last.g = db_number(&s->db, 2);
	}
	db_rest(&s->db);
}

int store_sqlite_open(struct store_sqlite **out, const char *file, const char **why_out)
{
	struct store_sqlite *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (!s)
		return explain(SQLITE_NOMEM, why_out);
	s->db.rc = open_file(&s->db.file, file);
	db_prepare(&s->db);
	if (!s->db.rc)
		begin(s);
	if (s->db.rc) {
		int err = explain(s->db.rc, why_out);

		store_sqlite_close(&s);
		return err;
	}
	*out = s;
	return 0;
}

void store_sqlite_close(struct store_sqlite **s)
{
	if (!*s)
		return;
	db_unprepare(&(*s)->db);
	sqlite3_close((*s)->db.file);
	free(*s);
	*s = NULL;
}

int store_sqlite_add_invite(struct store_sqlite *s, const char *code)
{
	int err = invite_check(code);

	if (err)
		return err;
	s->db.rc = SQLITE_OK;
	db_ask(&s->db, SQL_ADD_INVITE, STRING(code));
	if (!s->db.rc && !db_changed(&s->db))
		err = -ICQ_EEXIST;
	db_rest(&s->db);
	return s->db.rc ? -ICQ_EIO : err;
}

int store_sqlite_secret(struct store_sqlite *s, uint8_t out[SECRET_LEN])
{
	s->db.rc = SQLITE_OK;
	if (db_ask_plain(&s->db, SQL_SECRET))
		db_copy(&s->db, 0, out, SECRET_LEN);
	db_rest(&s->db);
	return s->db.rc ? -ICQ_EIO : 0;
}
