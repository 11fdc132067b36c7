/* SPDX-License-Identifier: MIT */
#include "store/schema_sqlite.h"

#include "store/history.h"

enum { APPLICATION_ID = 0x49435163 }; /* "ICQc" */

/* The schema spells these as numbers. */
_Static_assert(HISTORY_IN == 0 && HISTORY_QUEUED == 1, "the numbers in the file never change");

/*
 * Times are seconds since 1970. What is not explained here is explained in history.h. Users open
 * this file with tools of their own, so it holds what they can read beside what came.
 */
static const char *const steps[] = {
	"CREATE TABLE message ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT," /* never given twice, whoever deletes rows */
	"  self INTEGER NOT NULL, peer INTEGER NOT NULL,"
	"  way INTEGER NOT NULL," /* 0 in, 1 out */
	"  type INTEGER NOT NULL,"
	"  via INTEGER NOT NULL," /* 0 server, 1 stored by it, 2 peer */
	/* state: 0 received, 1 queued, 2 accepted, 3 dropped, 4 delivered, 5 returned */
	"  state INTEGER NOT NULL,"
	"  msgid INTEGER NOT NULL,"
	"  sent_s INTEGER NOT NULL, noted_s INTEGER NOT NULL,"
	"  charset TEXT NOT NULL,"
	"  raw BLOB NOT NULL," /* as it was on the wire */
	"  text TEXT NOT NULL,"
	"  at_s INTEGER AS (iif(sent_s, sent_s, noted_s)) VIRTUAL"
	") STRICT;"
	"CREATE INDEX message_peer ON message (self, peer);"
	"CREATE INDEX message_when ON message (self, peer, at_s);"
	"CREATE INDEX message_msgid ON message (msgid);"
	"CREATE INDEX message_outbox ON message (self) WHERE state = 1;"

	/* The texts in lower case, by three letters in a row: it finds parts of words, and words
	 * of languages without blanks. Of shorter words it knows nothing. */
	"CREATE VIRTUAL TABLE words USING fts5"
	" (folded, content = '', tokenize = 'trigram case_sensitive 1');",

	/* 1: came directly, from the address that the server told. Nobody remembers it of those
	 * that are there. */
	"ALTER TABLE message ADD COLUMN matches INTEGER NOT NULL DEFAULT 0;",
};

const struct schema history_schema = { sizeof(steps) / sizeof(steps[0]), steps, APPLICATION_ID };
