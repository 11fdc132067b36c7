/* SPDX-License-Identifier: MIT */
#include "store/db_sqlite.h"

#include <string.h>

static const char *const texts[SQL_COUNT] = {
#define X(name, text) text,
	STORE_SQL(X)
#undef X
};

void db_prepare(struct db *db)
{
	for (int i = 0; i < SQL_COUNT && !db->rc; i++)
		db->rc = sqlite3_prepare_v3(db->file, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
					    &db->prepared[i], NULL);
}

void db_unprepare(struct db *db)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_finalize(db->prepared[i]);
		db->prepared[i] = NULL;
	}
	db->asked = NULL;
}

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

bool db_ask_values(struct db *db, enum sql sql, const struct value *values, size_t n)
{
	db_rest(db);
	db->asked = db->prepared[sql];
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

bool db_ask_plain(struct db *db, enum sql sql)
{
	return db_ask_values(db, sql, NULL, 0);
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
