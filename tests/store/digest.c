/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

void digest_add(uint64_t *digest, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < n; i++)
		*digest = (*digest ^ bytes[i]) * 0x100000001b3;
}

static void add_row(uint64_t *digest, sqlite3_stmt *st)
{
	for (int i = 0; i < sqlite3_column_count(st); i++) {
		int type = sqlite3_column_type(st, i), n = sqlite3_column_bytes(st, i);

		if (strcmp(sqlite3_column_name(st, i), "secret") == 0)
			continue;
		digest_add(digest, &type, sizeof(type));
		digest_add(digest, &n, sizeof(n));
		if (n)
			digest_add(digest, sqlite3_column_blob(st, i), (size_t)n);
	}
}

static bool add_rows(uint64_t *digest, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL))
		return false;
	while (sqlite3_step(st) == SQLITE_ROW)
		add_row(digest, st);
	return sqlite3_finalize(st) == SQLITE_OK;
}

static bool is_sound(sqlite3 *db)
{
	sqlite3_stmt *st;
	bool sound = false;

	if (sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL))
		return false;
	if (sqlite3_step(st) == SQLITE_ROW)
		sound = strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
	return sqlite3_finalize(st) == SQLITE_OK && sound;
}

static bool add_tables(uint64_t *digest, sqlite3 *db)
{
	sqlite3_stmt *st;
	bool good = true;

	if (sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &st,
			       NULL))
		return false;
	while (good && sqlite3_step(st) == SQLITE_ROW) {
		char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", sqlite3_column_text(st, 0));

		good = sql && add_rows(digest, db, sql);
		sqlite3_free(sql);
	}
	return sqlite3_finalize(st) == SQLITE_OK && good;
}

bool digest_file(uint64_t *digest, const char *file)
{
	sqlite3 *db;
	bool good = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
		    is_sound(db) && add_tables(digest, db);

	sqlite3_close(db);
	return good;
}
