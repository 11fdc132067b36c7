/* SPDX-License-Identifier: MIT */
/*
 * What the client asks of its durable memory, as jobs: the history of messages, and the outbox,
 * which is the part of it that no server has accepted yet. A job goes out with its question and
 * comes back as the same struct with its answer. Jobs are carried out in the order they were
 * handed in, and what one of them wrote is stable before it comes back.
 *
 * Raw bytes are kept, with the name of the code page they are believed to be in, so that a wrong
 * guess can be read again.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HISTORY_TEXT_MAX = 8192,    /* bytes of message text in a job */
	HISTORY_CHARSET_MAX = 16,   /* name of a code page, with NUL */
	HISTORY_FIND_MAX = 128,	    /* bytes of words to look for, with NUL */
	HISTORY_TYPE_TEXT = 1,	    /* the one type whose text may hold FE, which else parts it */
	HISTORY_TYPE_MANY = 0x8000, /* a flag beside the type: sent to several */
};

enum history_way { HISTORY_IN, HISTORY_OUT };
enum history_via { HISTORY_SERVER, HISTORY_STORED, HISTORY_PEER };

enum history_state {
	HISTORY_RECEIVED,  /* every incoming message */
	HISTORY_QUEUED,	   /* in the outbox */
	HISTORY_ACCEPTED,  /* the server has it */
	HISTORY_DROPPED,   /* the user took it out of the outbox */
	HISTORY_DELIVERED, /* the other client has it */
	HISTORY_RETURNED,  /* the other client did not want it */
};

/* A message. id is its number in this history: rising, never 0, never given twice. */
struct history_row {
	uint64_t id;
	uint64_t msgid;	     /* IN: the server's, OUT: ours; 0: none */
	uint32_t self, peer; /* the account it belongs to, and the other side */
	uint16_t type;
	uint8_t way, via, state;
	bool matches;	 /* IN, HISTORY_PEER: from the address that the server told for him */
	int64_t sent_s;	 /* when the sender's server took it; 0: not told */
	int64_t noted_s; /* when this history took it */
	char charset[HISTORY_CHARSET_MAX];
};

enum history_kind {
	HISTORY_ADD,  /* keep a message */
	HISTORY_MARK, /* a message of the outbox leaves it */
	HISTORY_NEXT, /* read one message */
};

/* When an incoming message is taken for one that is there already. */
enum history_match {
	HISTORY_ANY,	   /* never */
	HISTORY_SAME_ID,   /* msgid, peer and text are equal */
	HISTORY_SAME_TEXT, /* peer, type and text are equal and the minute differs by one at most */
};

/* HISTORY_ADD: row (id is given back) and text. err: -ICQ_EFULL, -ICQ_EIO: nothing is kept. */
struct history_add {
	enum history_match match;
	bool repeat; /* out: it was there already, and row.id is its number; nothing was added */
};

/* HISTORY_MARK: row.self and row.id say which, row.state the new state, row.via the way it
 * went. err: -ICQ_ENOENT when
 * it is not in the outbox. */

/* HISTORY_NEXT: the next message of row.self behind `from` in the given direction, answered in
 * row and text. err: -ICQ_ENOENT when there is none. */
struct history_next {
	uint64_t from; /* not this one; 0: start at the end where the direction begins */
	bool backwards;
	bool outbox;		     /* only what is in the outbox */
	uint32_t peer;		     /* 0: everybody */
	char find[HISTORY_FIND_MAX]; /* all these words, in UTF-8, in any case; "": all */
};

struct history_job {
	enum history_kind kind;
	int err;	 /* out: 0 or a negative ICQ_E... */
	uint64_t cookie; /* the asker's own, unchanged, as tag */
	uint8_t tag;
	struct history_row row;
	union {
		struct history_add add;
		struct history_next next;
	};
	uint16_t text_len;
	uint8_t text[HISTORY_TEXT_MAX]; /* only text_len bytes of it are set */
};

/* Bytes of a job that carry anything: what has to be copied. */
static inline size_t history_job_size(const struct history_job *j)
{
	return offsetof(struct history_job, text) + j->text_len;
}

/* ---- the history in a file ------------------------------------------------------------- */

struct history_sqlite; /* owned by whoever opened it; for one thread at a time */

/* Makes the file if it is not there. 0, -ICQ_ENEWER, -ICQ_ECORRUPT, -ICQ_EDENIED, -ICQ_EFULL or
 * -ICQ_EIO, and a sentence for people. */
int history_sqlite_open(struct history_sqlite **out, const char *file, const char **why_out);
void history_sqlite_close(struct history_sqlite **h);
/* Carries out n jobs as one transaction: when it fails, all of them fail and nothing has changed.
 * Each must have room for HISTORY_TEXT_MAX bytes of text. */
void history_sqlite_run(struct history_sqlite *h, struct history_job *const *jobs, size_t n);

/* ---- the history in memory ------------------------------------------------------------- */

struct history_mem;

struct history_mem *history_mem_new(void); /* NULL: out of memory */
void history_mem_free(struct history_mem **h);
/* Carries out one job. It must have room for HISTORY_TEXT_MAX bytes of text. */
void history_mem_run(struct history_mem *h, struct history_job *job);
/* The next `count` jobs fail with -ICQ_EIO and change nothing. */
void history_mem_fail(struct history_mem *h, unsigned count);

#endif
