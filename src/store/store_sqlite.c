/* SPDX-License-Identifier: MIT */
#include "base/codepage.h"
#include "base/err.h"
#include "store/parts_sqlite.h"
#include "store/reserve_sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SECRET_LEN = 32,
	PURGE_LEAST = 100,
};

static const char *const questions[SQL_COUNT] = {
#define X(name, text) text,
	STORE_SQL(X)
#undef X
};

/* ---- transactions ---------------------------------------------------------------------- */

static sqlite_action *const actions[JOB_COUNT] = {
	[JOB_REGISTER] = sqlite_register,
	[JOB_ACCOUNT] = sqlite_account,
	[JOB_SESSION_BEGIN] = sqlite_session_begin,
	[JOB_SESSION_END] = sqlite_session_end,
	[JOB_SESSION_END_ALL] = sqlite_session_end_all,
	[JOB_SESSION_SAVE] = sqlite_session_save,
	[JOB_SESSION_LIST] = sqlite_session_list,
	[JOB_SESSION_RESERVE] = sqlite_session_reserve,
	[JOB_MESSAGE_PUT] = sqlite_message_put,
	[JOB_MESSAGE_NEXT] = sqlite_message_next,
	[JOB_MESSAGE_DROP] = sqlite_message_drop,
	[JOB_MESSAGE_SYSTEM] = sqlite_message_system,
	[JOB_PROFILE] = sqlite_profile,
	[JOB_PROFILE_SET] = sqlite_profile_set,
	[JOB_SEARCH] = sqlite_search,
	[JOB_PASSWORD_SET] = sqlite_password_set,
	[JOB_PASSWORD_BACK] = sqlite_password_back,
	[JOB_ACCOUNT_LIST] = sqlite_account_list,
	[JOB_ACCOUNT_ADD] = sqlite_account_add,
	[JOB_ACCOUNT_BLOCK] = sqlite_account_block,
	[JOB_ACCOUNT_DELETE] = sqlite_account_delete,
	[JOB_INVITE] = sqlite_invite,
	[JOB_STATS] = sqlite_stats,
};

static int run_one(struct store_sqlite *s, struct job *j)
{
	int64_t now_s = job_time(j);

	if (now_s)
		s->now_s = now_s;
	if (!actions[j->kind] || (s->reader && !job_reads(j->kind)))
		return -ICQ_EUNKNOWN;
	return actions[j->kind](s, j);
}

/* W7, at most once a second. Twice as many keys go as came: the table cannot grow beyond what
 * lives, and after a long stop no transaction has to wait for all of them. */
static void purge(struct store_sqlite *s)
{
	if (s->now_s == s->purged_s)
		return;
	db_ask(&s->db, SQL_PURGE_KEYS, NUMBER(s->steady_s),
	       NUMBER(2 * (uint64_t)s->keys_added + PURGE_LEAST));
	db_ask(&s->db, SQL_PURGE_REGISTRATIONS, NUMBER(s->now_s));
	db_ask(&s->db, SQL_PURGE_OLD_HASHES, NUMBER(s->now_s));
	sqlite_expire(s);
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

/* Carries out all jobs, or all but those that need room. SQLITE_OK, or why nothing has changed. */
static int transact(struct store_sqlite *s, struct job *const *jobs, size_t n, bool sparing)
{
	struct numbers before = s->last;
	int rc;

	s->db.rc = SQLITE_OK;
	db_ask_plain(&s->db, s->reader ? SQL_BEGIN_READING : SQL_BEGIN);
	for (size_t i = 0; i < n && !s->db.rc; i++)
		jobs[i]->err = sparing && job_needs_room(jobs[i]->kind) ? -ICQ_EIO
									: run_one(s, jobs[i]);
	if (!s->reader) {
		purge(s);
		write_numbers(s, &before);
	}
	db_ask_plain(&s->db, SQL_COMMIT);
	db_rest(&s->db);
	if ((rc = s->db.rc) != SQLITE_OK)
		undo(s, &before);
	return rc;
}

static bool need_room(struct job *const *jobs, size_t n)
{
	size_t i = 0;

	while (i < n && !job_needs_room(jobs[i]->kind))
		i++;
	return i < n;
}

static int transact_or_spare(struct store_sqlite *s, struct job *const *jobs, size_t n)
{
	int rc;

	if (s->full && need_room(jobs, n))
		s->full = !reserve_hold(s->file, s->reserve);
	rc = transact(s, jobs, n, s->full);
	if (!db_full_disk(rc) || s->full || s->reader)
		return rc;
	s->full = true;
	reserve_give_up(s->file);
	return transact(s, jobs, n, true);
}

void store_sqlite_run(struct store_sqlite *s, struct job *const *jobs, size_t n)
{
	int rc = s->db.broken ? SQLITE_IOERR : transact_or_spare(s, jobs, n);

	if (db_failed_disk(rc))
		s->db.broken = true;
	for (size_t i = 0; rc && i < n; i++)
		jobs[i]->err = -ICQ_EIO;
}

enum store_health store_sqlite_health(const struct store_sqlite *s)
{
	return s->db.broken ? STORE_BROKEN : s->full ? STORE_FULL : STORE_WELL;
}

/* ---- opening --------------------------------------------------------------------------- */

/* A search passes over the whole table of names: better where the file is than by copies. */
static int open_for_reading(sqlite3 **db_out, const char *file)
{
	int rc = sqlite3_open_v2(file, db_out, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

	if (!rc)
		rc = sqlite3_busy_timeout(*db_out, DB_BUSY_WAIT_MS);
	if (!rc)
		rc = sqlite3_exec(*db_out,
				  "PRAGMA mmap_size = 268435456; PRAGMA trusted_schema = OFF", NULL,
				  NULL, NULL);
	return rc;
}

/* What every start does. */
static void begin(struct store_sqlite *s)
{
	uint8_t secret[SECRET_LEN];
	struct profile echo;

	if (getentropy(secret, sizeof(secret))) {
		s->db.rc = SQLITE_IOERR;
		return;
	}
	echo_profile(&echo);
	db_ask_plain(&s->db, SQL_BEGIN);
	db_ask(&s->db, SQL_SET_SECRET, BYTES(secret, sizeof(secret)));
	sqlite_add_account(s, STORE_ECHO_UIN, NO_PASSWORD, 0, &echo);
	db_ask_plain(&s->db, SQL_COMMIT);
	if (db_ask_plain(&s->db, SQL_NUMBERS)) {
		s->last.uin = db_number(&s->db, 0);
		s->last.epoch = db_number(&s->db, 1);
		s->last.g = db_number(&s->db, 2);
	}
	db_rest(&s->db);
}

static int open_as(struct store_sqlite **out, const char *file, bool reader, const char **why_out)
{
	struct store_sqlite *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (!s)
		return db_explain(SQLITE_NOMEM, why_out);
	s->reader = reader;
	s->retention_s = RETENTION_S;
	if (reader)
		s->db.rc = open_for_reading(&s->db.file, file);
	else
		db_open(&s->db, file, &store_schema);
	db_prepare(&s->db, questions, SQL_COUNT);
	if (!s->db.rc && !reader)
		begin(s);
	s->file = s->db.file ? sqlite3_db_filename(s->db.file, "main") : NULL;
	if (s->db.rc) {
		int err = db_explain(s->db.rc, why_out);

		store_sqlite_close(&s);
		return err;
	}
	*out = s;
	return 0;
}

int store_sqlite_open(struct store_sqlite **out, const char *file, const char **why_out)
{
	int err = open_as(out, file, false, why_out);

	if (err == -ICQ_EFULL && reserve_give_up(file))
		err = open_as(out, file, false, why_out);
	return err;
}

int store_sqlite_open_reader(struct store_sqlite **out, const char *file, const char **why_out)
{
	return open_as(out, file, true, why_out);
}

void store_sqlite_close(struct store_sqlite **s)
{
	if (!*s)
		return;
	db_close(&(*s)->db);
	free(*s);
	*s = NULL;
}

int store_sqlite_set(struct store_sqlite *s, const struct store_settings *settings)
{
	const struct codepage *cp = codepage_find(settings->charset);

	if (!cp)
		return -ICQ_ERANGE;
	s->db.rc = SQLITE_OK;
	db_ask_plain(&s->db, SQL_BEGIN);
	sqlite_change_charset(s, codepage_name(cp));
	db_ask_plain(&s->db, SQL_COMMIT);
	db_rest(&s->db);
	if (s->db.rc) {
		undo(s, &s->last);
		return -ICQ_EIO;
	}
	s->reserve = settings->reserve;
	s->full = !reserve_hold(s->file, s->reserve);
	s->retention_s = settings->retention_s;
	s->now_s = s->purged_s = 0; /* the next job that knows the time purges by it */
	return 0;
}

int store_sqlite_secret(struct store_sqlite *s, uint8_t out[SECRET_LEN])
{
	s->db.rc = SQLITE_OK;
	if (db_ask_plain(&s->db, SQL_SECRET))
		db_copy(&s->db, 0, out, SECRET_LEN);
	db_rest(&s->db);
	return s->db.rc ? -ICQ_EIO : 0;
}
