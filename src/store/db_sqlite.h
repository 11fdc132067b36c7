/* SPDX-License-Identifier: MIT */
/* Questions to the database. The only place where SQL is written, but for the schema. */
#ifndef STORE_DB_SQLITE_H
#define STORE_DB_SQLITE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_SQL(X)                                                                               \
	X(BEGIN, "BEGIN IMMEDIATE")                                                                \
	X(COMMIT, "COMMIT")                                                                        \
	X(ROLLBACK, "ROLLBACK")                                                                    \
	X(NUMBERS, "SELECT last_uin, last_epoch, last_g FROM meta")                                \
	X(SET_NUMBERS, "UPDATE meta SET last_uin = ?1, last_epoch = ?2, last_g = ?3")              \
	X(SECRET, "SELECT secret FROM meta")                                                       \
	X(SET_SECRET, "UPDATE meta SET secret = ?1 WHERE secret IS NULL")                          \
                                                                                                   \
	X(ACCOUNT, "SELECT hash, blocked FROM account WHERE uin = ?1")                             \
	X(ADD_ACCOUNT, "INSERT INTO account (uin, hash, created_s) VALUES (?1, ?2, ?3)")           \
	X(REGISTRATION, "SELECT uin FROM registration"                                             \
			" WHERE ip = ?1 AND port = ?2 AND seq = ?3 AND tag = ?4 AND until_s > ?5") \
	X(ADD_REGISTRATION, "INSERT OR REPLACE INTO registration"                                  \
			    " (ip, port, seq, tag, uin, until_s)"                                  \
			    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                    \
	X(PURGE_REGISTRATIONS, "DELETE FROM registration WHERE until_s <= ?1")                     \
	X(ADD_INVITE, "INSERT OR IGNORE INTO invite (code) VALUES (?1)")                           \
	X(USE_INVITE, "UPDATE invite SET uin = ?2 WHERE code = ?1 AND uin IS NULL")                \
                                                                                                   \
	X(BEGIN_SESSION, "INSERT OR REPLACE INTO session"                                          \
			 " (uin, epoch, ip, port, began_s, login_seq,"                             \
			 " tcp_ip, tcp_port, tcp_version, mode, status, version)"                  \
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")            \
	X(END_SESSION, "DELETE FROM session WHERE uin = ?1 AND epoch = ?2")                        \
	X(END_ALL_SESSIONS, "DELETE FROM session")                                                 \
                                                                                                   \
	X(ADD_KEY, "INSERT INTO message_key (sender, epoch, id, until_s)"                          \
		   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (sender, epoch, id)"                      \
		   " DO UPDATE SET until_s = excluded.until_s WHERE until_s <= ?5")                \
	X(DROP_KEY, "DELETE FROM message_key WHERE sender = ?1 AND epoch = ?2 AND id = ?3")        \
	X(PURGE_KEYS, "DELETE FROM message_key WHERE (sender, epoch, id) IN"                       \
		      " (SELECT sender, epoch, id FROM message_key WHERE until_s <= ?1"            \
		      " ORDER BY until_s LIMIT ?2)")                                               \
	X(MAILBOX, "SELECT EXISTS (SELECT 1 FROM account WHERE uin = ?1),"                         \
		   " sum(messages) FILTER (WHERE sender <> ?3),"                                   \
		   " sum(bytes) FILTER (WHERE sender <> ?3),"                                      \
		   " sum(messages) FILTER (WHERE sender = ?2),"                                    \
		   " sum(messages) FILTER (WHERE sender = ?3)"                                     \
		   " FROM mailbox WHERE receiver = ?1")                                            \
	X(ADD_MESSAGE, "INSERT INTO message (g, receiver, sender, type, accepted_s, text)"         \
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                         \
	X(NEXT_MESSAGE, "SELECT g, sender, type, accepted_s, text FROM message"                    \
			" WHERE receiver = ?1 AND g > ?2 ORDER BY g LIMIT 1")                      \
	X(DROP_MESSAGES, "DELETE FROM message WHERE receiver = ?1 AND g BETWEEN ?2 AND ?3")

enum sql {
#define X(name, text) SQL_##name,
	STORE_SQL(X)
#undef X
		SQL_COUNT
};

/* Borrowed from whoever opened it. */
struct db {
	sqlite3 *file;
	sqlite3_stmt *prepared[SQL_COUNT];
	sqlite3_stmt *asked; /* the last question; its row can be read until the next */
	int rc;		     /* the first failure since somebody set this to SQLITE_OK */
};

/* A parameter: a number if p is NULL, else bytes, or text. */
struct value {
	int64_t number;
	const void *p;
	size_t n;
	bool text;
};

#define NUMBER(v) ((struct value){ .number = (int64_t)(v) })
#define BYTES(at, len) ((struct value){ .p = (at), .n = (len) })
#define STRING(s) ((struct value){ .p = (s), .n = strlen(s), .text = true })

/* Asks with these values for ?1, ?2, ...; whether there is a row. After a failure nothing is
 * asked any more and there are no rows. */
#define db_ask(db, sql, ...)                                                                       \
	db_ask_values(db, sql, (const struct value[]){ __VA_ARGS__ },                              \
		      sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value))

bool db_ask_values(struct db *db, enum sql sql, const struct value *values, size_t n);
bool db_ask_plain(struct db *db, enum sql sql); /* without values */

/* Whether the last question, if it was a change, changed anything. */
bool db_changed(const struct db *db);
uint64_t db_number(const struct db *db, int column); /* 0 for NULL */
/* Copies text or bytes of at most cap; more, or NULL, is a failure (SQLITE_CORRUPT). */
size_t db_copy(struct db *db, int column, void *out, size_t cap);

/* Prepares every question; what cannot be prepared is in rc. */
void db_prepare(struct db *db);
/* Ends the last question, so that it holds no lock. */
void db_rest(struct db *db);
void db_unprepare(struct db *db);

#endif
