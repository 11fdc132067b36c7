/* SPDX-License-Identifier: MIT */
/*
 * The shape of a database file, as numbered steps: step N makes version N out of N-1, and
 * version 0 is an empty file. A step that has been released is never changed again.
 */
#ifndef STORE_SCHEMA_SQLITE_H
#define STORE_SCHEMA_SQLITE_H

#include <sqlite3.h>

struct schema {
	int version; /* the newest: the number of steps */
	const char *const *steps;
	int application_id; /* tells the file from other programs' databases */
};

extern const struct schema store_schema, history_schema;

/*
 * Brings the open database to the newest version, in one transaction. An older one that holds
 * anything is copied first, to FILE.before-VERSION (the version that it is about to become).
 * Returns SQLITE_OK or the code of what failed; then the database is as it was. SQLITE_NOTADB:
 * a database, but not one of ours. SQLITE_MISMATCH: a newer version than this program knows.
 */
int schema_upgrade(sqlite3 *db, const char *file, const struct schema *to);

/* Makes the file readable by its owner alone, unless it is there. SQLITE_OK, SQLITE_PERM or
 * SQLITE_CANTOPEN. */
int schema_touch(const char *file);

#endif
