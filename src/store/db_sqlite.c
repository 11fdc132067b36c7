/* SPDX-License-Identifier: MIT */
#include "store/db_sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum {
	CHECKPOINT_PAGES = 1000, /* in the log before they are moved into the database */
	PIECE = 16384,
};

/* ---- opening --------------------------------------------------------------------------- */

static const struct {
	int rc, err;
	const char *why;
} reasons[] = {
	{ SQLITE_MISMATCH, -ICQ_ENEWER,
	  "the database was written by a newer version of Seekyou: install that one again, or "
	  "restore the copy made before the upgrade" },
	{ SQLITE_NOTADB, -ICQ_ECORRUPT, "the file is damaged, or a database of something else" },
	{ SQLITE_CORRUPT, -ICQ_ECORRUPT, "the database is damaged: restore a backup" },
	{ SQLITE_ERROR, -ICQ_ECORRUPT,
	  "the database lacks what belongs into it: restore a backup" },
	{ SQLITE_PERM, -ICQ_EDENIED, "no permission to read and write the database" },
	{ SQLITE_READONLY, -ICQ_EDENIED, "no permission to write the database" },
	{ SQLITE_CANTOPEN, -ICQ_EIO, "the database cannot be made: is its folder there?" },
	{ SQLITE_FULL, -ICQ_EFULL, "the disk is full" },
	{ SQLITE_BUSY, -ICQ_EIO, "another program holds the database" },
	{ SQLITE_NOMEM, -ICQ_EIO, "out of memory" },
};

bool db_full_disk(int rc)
{
	return (rc & 0xff) == SQLITE_FULL || rc == SQLITE_IOERR_SHMSIZE;
}

bool db_failed_disk(int rc)
{
	return (rc & 0xff) == SQLITE_IOERR && rc != SQLITE_IOERR_NOMEM && !db_full_disk(rc);
}

int db_explain(int rc, const char **why_out)
{
	rc = db_full_disk(rc) ? SQLITE_FULL : rc & 0xff; /* without the extension */
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].rc == rc) {
			*why_out = reasons[i].why;
			return reasons[i].err;
		}
	}
	*why_out = sqlite3_errstr(rc);
	return -ICQ_EIO;
}

/* In place of SQLite's own, which takes no notice of a failure and tries again: a second sync
 * may report success over pages that the kernel gave up after the first. */
static int checkpoint(void *ctx, sqlite3 *file, const char *name, int pages)
{
	struct db *db = ctx;

	if (pages >= CHECKPOINT_PAGES && !db->broken)
		db->broken = db_failed_disk(sqlite3_wal_checkpoint_v2(
			file, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
	return SQLITE_OK; /* the commit before it is stable either way */
}

/* Each byte of it. */
static int write_anew(sqlite3_file *log)
{
	const sqlite3_io_methods *call = log->pMethods;
	char piece[PIECE];
	sqlite3_int64 size = 0;
	int rc = call ? call->xFileSize(log, &size) : SQLITE_OK;

	for (sqlite3_int64 at = 0; !rc && at < size; at += PIECE) {
		int n = size - at < PIECE ? (int)(size - at) : PIECE;

		rc = call->xRead(log, piece, n, at);
		if (!rc)
			rc = call->xWrite(log, piece, n, at);
	}
	return rc || !size ? rc : call->xSync(log, SQLITE_SYNC_FULL);
}

/* What the process before could not sync is in the system's memory alone, and the next sync would
 * still report success. So the log is written anew before the database is changed by it, and the
 * database before anything builds upon it. Meanwhile nobody else may write. */
static int begin_anew(sqlite3 *file)
{
	sqlite3_file *log = NULL;
	int rc = sqlite3_exec(file, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (!rc)
		rc = sqlite3_file_control(file, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (!rc)
		rc = write_anew(log);
	sqlite3_exec(file, "ROLLBACK", NULL, NULL, NULL);
	if (rc)
		return rc;
	rc = sqlite3_wal_checkpoint_v2(file, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return db_failed_disk(rc) ? rc : SQLITE_OK;
}

void db_open(struct db *db, const char *file, const struct schema *schema)
{
	db->rc = schema_touch(file);
	if (!db->rc)
		db->rc = sqlite3_open_v2(
			file, &db->file,
			SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (!db->rc)
		db->rc = sqlite3_busy_timeout(db->file, DB_BUSY_WAIT_MS);
	/* The version is looked at before anything is changed, also the journal mode. */
	if (!db->rc)
		db->rc = schema_upgrade(db->file, file, schema);
	if (!db->rc)
		db->rc = sqlite3_exec(db->file,
				      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				      "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF",
				      NULL, NULL, NULL);
	if (!db->rc)
		db->rc = begin_anew(db->file);
	if (!db->rc)
		sqlite3_wal_hook(db->file, checkpoint, db);
}

void db_prepare(struct db *db, const char *const *texts, unsigned n)
{
	if (db->rc)
		return;
	db->prepared = calloc(n, sizeof(*db->prepared));
	if (!db->prepared) {
		db->rc = SQLITE_NOMEM;
		return;
	}
	for (db->questions = 0; db->questions < n && !db->rc; db->questions++)
		db->rc = sqlite3_prepare_v3(db->file, texts[db->questions], -1,
					    SQLITE_PREPARE_PERSISTENT, &db->prepared[db->questions],
					    NULL);
}

void db_close(struct db *db)
{
	for (unsigned i = 0; i < db->questions; i++)
		sqlite3_finalize(db->prepared[i]);
	free(db->prepared);
	if (db->broken)
		sqlite3_db_config(db->file, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(db->file);
	*db = (struct db){ 0 };
}

/* ---- questions ------------------------------------------------------------------------- */

void db_rest(struct db *db)
{
	sqlite3_reset(db->asked);
	db->asked = NULL;
}

/* The values are the caller's and live longer than the step: SQLITE_STATIC. */
static int bind(sqlite3_stmt *st, int at, const struct value *v)
{
	if (!v->p)
		return sqlite3_bind_int64(st, at, v->number);
	if (v->text)
		return sqlite3_bind_text(st, at, v->p, (int)v->n, SQLITE_STATIC);
	return sqlite3_bind_blob(st, at, v->p, (int)v->n, SQLITE_STATIC);
}

bool db_ask_values(struct db *db, unsigned question, const struct value *values, size_t n)
{
	db_rest(db);
	db->asked = db->prepared[question];
	for (size_t i = 0; i < n && !db->rc; i++)
		db->rc = bind(db->asked, (int)i + 1, &values[i]);
	return db_next(db);
}

bool db_next(struct db *db)
{
	if (db->rc)
		return false;

	int rc = sqlite3_step(db->asked);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		db->rc = rc;
	return rc == SQLITE_ROW;
}

bool db_ask_plain(struct db *db, unsigned question)
{
	return db_ask_values(db, question, NULL, 0);
}

bool db_changed(const struct db *db)
{
	return !db->rc && sqlite3_changes(db->file) > 0;
}

uint64_t db_number(const struct db *db, int column)
{
	return (uint64_t)sqlite3_column_int64(db->asked, column);
}

size_t db_copy(struct db *db, int column, void *out, size_t cap)
{
	const void *p = sqlite3_column_blob(db->asked, column);
	size_t n = (size_t)sqlite3_column_bytes(db->asked, column);

	if (n > cap || sqlite3_column_type(db->asked, column) == SQLITE_NULL) {
		db->rc = SQLITE_CORRUPT;
		return 0;
	}
	if (n)
		memcpy(out, p, n);
	return n;
}
