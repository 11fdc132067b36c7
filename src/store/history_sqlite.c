/* SPDX-License-Identifier: MIT */
/* The history in a file. */
#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/history_text.h"
#include "store/db_sqlite.h"

/* ---- what is asked --------------------------------------------------------------------- */

#define COLUMNS "msgid, self, peer, type, way, via, state, sent_s, noted_s, charset, raw, matches"

/* The next row in either direction: ?1 self, ?2 from, ?3 words, ?4 peer or 0, ?5 for the index
 * of words. A plus keeps the planner from an index that is not the best one. */
#define BOTH_WAYS(X, name, id, rows)                                                               \
	X(name,                                                                                    \
	  "SELECT " id ", " COLUMNS " FROM " rows " AND " id " > ?2 ORDER BY " id " LIMIT 1")      \
	X(name##_BACK, "SELECT " id ", " COLUMNS " FROM " rows " AND " id " < ?2"                  \
		       " ORDER BY " id " DESC LIMIT 1")

#define HISTORY_SQL(X)                                                                             \
	X(BEGIN, "BEGIN")                                                                          \
	X(COMMIT, "COMMIT")                                                                        \
	X(ROLLBACK, "ROLLBACK")                                                                    \
	X(ADD, "INSERT INTO message (msgid, self, peer, type, way, via, state, sent_s, noted_s,"   \
	       " charset, raw, text, matches) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"    \
	       " ?11, ?12, ?13) RETURNING id")                                                     \
	X(ADD_WORDS, "INSERT INTO words (rowid, folded) VALUES (?1, ?2)")                          \
	X(SAME_ID, "SELECT id FROM message WHERE way = 0 AND +self = ?1 AND +peer = ?2"            \
		   " AND raw = ?3 AND msgid = ?4 ORDER BY id DESC LIMIT 1")                        \
	X(SAME_TEXT, "SELECT id FROM message WHERE way = 0 AND self = ?1 AND peer = ?2"            \
		     " AND raw = ?3 AND type = ?4 AND at_s BETWEEN ?5 AND ?6"                      \
		     " ORDER BY id DESC LIMIT 1")                                                  \
	X(MARK, "UPDATE message SET state = ?3, via = ?4 WHERE id = ?1 AND self = ?2 AND "         \
		"state = 1")                                                                       \
	BOTH_WAYS(X, NEXT, "id", "message WHERE +self = ?1 AND holds(text, ?3)")                   \
	BOTH_WAYS(X, NEXT_OF, "id", "message WHERE self = ?1 AND holds(text, ?3) AND peer = ?4")   \
	BOTH_WAYS(X, NEXT_QUEUED, "id",                                                            \
		  "message WHERE self = ?1 AND state = 1 AND holds(text, ?3)"                      \
		  " AND (?4 = 0 OR peer = ?4)")                                                    \
	BOTH_WAYS(X, NEXT_FOUND, "words.rowid",                                                    \
		  "words CROSS JOIN message ON id = words.rowid WHERE words MATCH ?5"              \
		  " AND +self = ?1 AND holds(text, ?3) AND (?4 = 0 OR peer = ?4)")

enum sql {
#define X(name, text) SQL_##name,
	HISTORY_SQL(X)
#undef X
		SQL_COUNT
};

static const char *const questions[SQL_COUNT] = {
#define X(name, text) text,
	HISTORY_SQL(X)
#undef X
};

struct history_sqlite {
	struct db db;
};

/* ---- adding ---------------------------------------------------------------------------- */

static bool is_repeat(struct history_sqlite *h, const struct history_job *job)
{
	const struct history_row *row = &job->row;
	const struct value self = NUMBER(row->self), peer = NUMBER(row->peer),
			   raw = BYTES(job->text, job->text_len);
	int64_t minute = (row->sent_s ? row->sent_s : row->noted_s) / 60;

	switch (job->add.match) {
	case HISTORY_SAME_ID:
		return db_ask(&h->db, SQL_SAME_ID, self, peer, raw, NUMBER(row->msgid));
	case HISTORY_SAME_TEXT:
		return db_ask(&h->db, SQL_SAME_TEXT, self, peer, raw, NUMBER(row->type),
			      NUMBER(60 * (minute - 1)), NUMBER(60 * (minute + 2) - 1));
	case HISTORY_ANY:
		break;
	}
	return false;
}

static bool insert(struct history_sqlite *h, const struct history_job *job, const char *utf8,
		   size_t n)
{
	const struct history_row *r = &job->row;

	return db_ask(&h->db, SQL_ADD, NUMBER(r->msgid), NUMBER(r->self), NUMBER(r->peer),
		      NUMBER(r->type), NUMBER(r->way), NUMBER(r->via), NUMBER(r->state),
		      NUMBER(r->sent_s), NUMBER(r->noted_s), STRING(r->charset),
		      BYTES(job->text, job->text_len), STRING_OF(utf8, n), NUMBER(r->matches));
}

static int add(struct history_sqlite *h, struct history_job *job)
{
	char utf8[HISTORY_UTF8_MAX], folded[HISTORY_UTF8_MAX];
	size_t n;

	job->add.repeat = is_repeat(h, job);
	if (job->add.repeat) {
		job->row.id = db_number(&h->db, 0);
		return 0;
	}
	n = history_text_utf8(&job->row, job->text, job->text_len, utf8);
	if (!insert(h, job, utf8, n))
		return 0; /* the transaction has failed */
	job->row.id = db_number(&h->db, 0);
	n = history_text_fold(utf8, n, folded);
	db_ask(&h->db, SQL_ADD_WORDS, NUMBER(job->row.id), STRING_OF(folded, n));
	return 0;
}

static int mark(struct history_sqlite *h, const struct history_job *job)
{
	db_ask(&h->db, SQL_MARK, NUMBER(job->row.id), NUMBER(job->row.self), NUMBER(job->row.state),
	       NUMBER(job->row.via));
	return db_changed(&h->db) ? 0 : -ICQ_ENOENT;
}

/* ---- reading --------------------------------------------------------------------------- */

static bool is_indexed(const char *word, size_t n)
{
	unsigned letters = 0;

	for (size_t i = 0; i < n; i++)
		letters += ((uint8_t)word[i] & 0xC0) != 0x80;
	return letters >= 3;
}

/* The words that the index knows, as it wants them: "hello" "world". Returns the length. */
static size_t index_words(const char *words, char out[4 * HISTORY_WORDS_MAX])
{
	char *to = out;
	const char *word;
	size_t n;

	while ((word = history_text_word(&words, &n))) {
		if (!is_indexed(word, n))
			continue;
		*to++ = '"';
		for (size_t i = 0; i < n; i++) {
			if (word[i] == '"')
				*to++ = '"';
			*to++ = word[i];
		}
		*to++ = '"';
		*to++ = ' ';
	}
	return (size_t)(to - out);
}

static bool ask_next(struct history_sqlite *h, const struct history_job *job)
{
	const struct history_next *q = &job->next;
	char words[HISTORY_WORDS_MAX], match[4 * HISTORY_WORDS_MAX];
	size_t n = history_text_words(q->find, words), match_n = index_words(words, match);
	uint64_t from = q->backwards && !q->from ? INT64_MAX : q->from;
	const struct value values[] = { NUMBER(job->row.self),
					NUMBER(from < INT64_MAX ? from : INT64_MAX),
					STRING_OF(words, n), NUMBER(q->peer),
					STRING_OF(match, match_n) };
	enum sql question = q->outbox ? SQL_NEXT_QUEUED
			    : match_n ? SQL_NEXT_FOUND
			    : q->peer ? SQL_NEXT_OF
				      : SQL_NEXT;
	size_t used = question == SQL_NEXT ? 3 : question == SQL_NEXT_FOUND ? 5 : 4;

	return db_ask_values(&h->db, q->backwards ? question + 1 : question, values, used);
}

static int next(struct history_sqlite *h, struct history_job *job)
{
	struct db *db = &h->db;

	if (!ask_next(h, job))
		return -ICQ_ENOENT;
	job->row = (struct history_row){
		.id = db_number(db, 0),
		.msgid = db_number(db, 1),
		.self = (uint32_t)db_number(db, 2),
		.peer = (uint32_t)db_number(db, 3),
		.type = (uint16_t)db_number(db, 4),
		.way = (uint8_t)db_number(db, 5),
		.via = (uint8_t)db_number(db, 6),
		.state = (uint8_t)db_number(db, 7),
		.sent_s = (int64_t)db_number(db, 8),
		.noted_s = (int64_t)db_number(db, 9),
		.matches = db_number(db, 12) != 0,
	};
	db_copy(db, 10, job->row.charset, sizeof(job->row.charset) - 1);
	job->text_len = (uint16_t)db_copy(db, 11, job->text, sizeof(job->text));
	return 0;
}

/* SQL: holds(text, words), as history_text_holds. */
static void holds(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	char folded[HISTORY_UTF8_MAX];
	const char *text, *words = (const char *)sqlite3_value_text(args[1]);
	bool all = true;
	size_t len;

	(void)n;
	if (words && *words) {
		text = (const char *)sqlite3_value_text(args[0]);
		len = (size_t)sqlite3_value_bytes(args[0]);
		all = history_text_holds(folded, history_text_fold(text, len, folded), words);
	}
	sqlite3_result_int(ctx, all);
}

/* ---- transactions ---------------------------------------------------------------------- */

static int run_one(struct history_sqlite *h, struct history_job *job)
{
	switch (job->kind) {
	case HISTORY_ADD:
		return add(h, job);
	case HISTORY_MARK:
		return mark(h, job);
	case HISTORY_NEXT:
		return next(h, job);
	}
	return -ICQ_EUNKNOWN;
}

static void undo(struct history_sqlite *h)
{
	h->db.rc = SQLITE_OK;
	if (!sqlite3_get_autocommit(h->db.file))
		db_ask_plain(&h->db, SQL_ROLLBACK);
	db_rest(&h->db);
}

void history_sqlite_run(struct history_sqlite *h, struct history_job *const *jobs, size_t n)
{
	int err;

	h->db.rc = SQLITE_OK;
	db_ask_plain(&h->db, SQL_BEGIN);
	for (size_t i = 0; i < n && !h->db.rc; i++)
		jobs[i]->err = run_one(h, jobs[i]);
	db_ask_plain(&h->db, SQL_COMMIT);
	db_rest(&h->db);
	if (!h->db.rc)
		return;

	err = (h->db.rc & 0xff) == SQLITE_FULL ? -ICQ_EFULL : -ICQ_EIO;
	undo(h);
	for (size_t i = 0; i < n; i++)
		jobs[i]->err = err;
}

/* ---- opening --------------------------------------------------------------------------- */

int history_sqlite_open(struct history_sqlite **out, const char *file, const char **why_out)
{
	struct history_sqlite *h = calloc(1, sizeof(*h));

	*out = NULL;
	if (!h)
		return db_explain(SQLITE_NOMEM, why_out);
	db_open(&h->db, file, &history_schema);
	if (!h->db.rc)
		h->db.rc = sqlite3_create_function_v2(h->db.file, "holds", 2,
						      SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
						      holds, NULL, NULL, NULL);
	db_prepare(&h->db, questions, SQL_COUNT);
	if (h->db.rc) {
		int err = db_explain(h->db.rc, why_out);

		history_sqlite_close(&h);
		return err;
	}
	*out = h;
	return 0;
}

void history_sqlite_close(struct history_sqlite **h)
{
	if (!*h)
		return;
	db_close(&(*h)->db);
	free(*h);
	*h = NULL;
}
