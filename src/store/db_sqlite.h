/* SPDX-License-Identifier: MIT */
/*
 * A database file and questions to it: prepared statements, known by their places in the list of
 * whoever opened the file. After a failure nothing is asked any more, so that a transaction looks
 * at rc once, at its end.
 */
#ifndef STORE_DB_SQLITE_H
#define STORE_DB_SQLITE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/schema_sqlite.h"

/* Owned by whoever opened it. */
struct db {
	sqlite3 *file;
	sqlite3_stmt **prepared; /* one for each question */
	unsigned questions;
	sqlite3_stmt *asked; /* the last question; its row can be read until the next */
	int rc;		     /* the first failure since somebody set this to SQLITE_OK */
	bool broken;	     /* the disk failed; what a second try says of it would not be true */
};

enum { DB_BUSY_WAIT_MS = 5000 }; /* for another program that writes */

/* Opens the file, made for its owner alone if it is not there, and brings it to the newest
 * schema; what is committed from now on is stable. What failed is in rc. */
void db_open(struct db *db, const char *file, const struct schema *schema);
/* Also after a failure, and when it was never opened. A broken one leaves its log for the next
 * opening, which writes all of it anew. */
void db_close(struct db *db);
/* Whether this failure is one of the disk: it may have lost what it had taken before. */
bool db_failed_disk(int rc);
bool db_full_disk(int rc);

/* What kept db_open from its work: a negative ICQ_E... and a sentence for people. */
int db_explain(int rc, const char **why_out);

/* Prepares every question; what cannot be prepared is in rc. */
void db_prepare(struct db *db, const char *const *texts, unsigned n);

/* A parameter: a number if p is NULL, else bytes, or text. */
struct value {
	int64_t number;
	const void *p;
	size_t n;
	bool text;
};

#define NUMBER(v) ((struct value){ .number = (int64_t)(v) })
#define BYTES(at, len) ((struct value){ .p = (at), .n = (len) })
#define STRING_OF(at, len) ((struct value){ .p = (at), .n = (len), .text = true })
#define STRING(s) STRING_OF(s, strlen(s))

/* Asks with these values for ?1, ?2, ...; whether there is a row. */
#define db_ask(db, question, ...)                                                                  \
	db_ask_values(db, question, (const struct value[]){ __VA_ARGS__ },                         \
		      sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value))

bool db_ask_values(struct db *db, unsigned question, const struct value *values, size_t n);
bool db_ask_plain(struct db *db, unsigned question); /* without values */

/* Whether there is one more row of the last question. */
bool db_next(struct db *db);

/* Whether the last question, if it was a change, changed anything. */
bool db_changed(const struct db *db);
uint64_t db_number(const struct db *db, int column); /* 0 for NULL */
/* Copies text or bytes of at most cap; more, or NULL, is a failure (SQLITE_CORRUPT). */
size_t db_copy(struct db *db, int column, void *out, size_t cap);

/* Ends the last question, so that it holds no lock. */
void db_rest(struct db *db);

#endif
