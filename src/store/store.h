/* SPDX-License-Identifier: MIT */
/*
 * What the server asks of its durable memory, as jobs. A job goes out with its question and
 * comes back as the same struct with its answer; the core keeps no table of what is on the
 * way. Jobs are carried out in the order they were handed in; those handed in together form
 * one transaction, which is stable before any of them comes back.
 *
 * Two stores know how: store_mem.c (tests, simulator) and store_sqlite.c (icqd). The password
 * jobs are no store work, but travel the same way; neither store accepts them.
 *
 * G1, G2, W1-W7 and the epochs: doc/delivery.md.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "store/profile.h"

enum {
	JOB_TEXT_MAX = 8192,  /* bytes of message text in a job */
	JOB_HASH_MAX = 128,   /* a password hash as text, with NUL */
	JOB_PASSWORD_MAX = 8, /* bytes of a password that count */
	STORE_FIRST_UIN = 10001,
	STORE_ECHO_UIN = 10000, /* has an account from the start, whose password nobody knows */
	STORE_SYSTEM_UIN = 1,	/* the sender of notices */
	NOTICE_MAX = 120,	/* bytes of a notice */
};

enum job_kind {
	JOB_HASH,	     /* password -> hash */
	JOB_VERIFY,	     /* password and hash -> match */
	JOB_REGISTER,	     /* W6: a new account, once per repeat key */
	JOB_ACCOUNT,	     /* read an account */
	JOB_SESSION_BEGIN,   /* W4: a new epoch; the UIN's older session is over */
	JOB_SESSION_END,     /* W4 */
	JOB_SESSION_END_ALL, /* W4: the server stops for good */
	JOB_SESSION_SAVE,    /* W4: what has changed about it */
	JOB_SESSION_LIST,    /* W4: users on one of its lists */
	JOB_SESSION_RESERVE, /* W5: more numbers for its packets */
	JOB_MESSAGE_PUT,     /* W1: store a message or the notice of its refusal */
	JOB_MESSAGE_NEXT,    /* read the oldest message behind a given one */
	JOB_PROFILE,	     /* read a profile */
	JOB_PROFILE_SET,     /* W6: change parts of it */
	JOB_PASSWORD_SET,    /* W6 */
	JOB_SEARCH,	     /* find accounts */
	JOB_MESSAGE_DROP,    /* W3: the receiver has it */
	/* For the operator: */
	JOB_ACCOUNT_LIST,   /* read the account behind a UIN */
	JOB_ACCOUNT_ADD,    /* W6 */
	JOB_ACCOUNT_BLOCK,  /* W6 */
	JOB_ACCOUNT_DELETE, /* W6 */
	JOB_PASSWORD_BACK,  /* W6: undo a change of password */
	JOB_MESSAGE_SYSTEM, /* W1: store a message of the operator */
	JOB_INVITE,	    /* W6: a code for one registration */
	JOB_STATS,	    /* count */
	JOB_COUNT,
};

/* JOB_HASH, JOB_VERIFY. Whoever carries them out wipes password and forgets it. */
struct job_password {
	uint8_t password[JOB_PASSWORD_MAX];
	uint8_t password_len;
	char hash[JOB_HASH_MAX]; /* HASH: out. VERIFY: in; "" means unknown UIN: same work, no
				  * match */
	uint16_t tag;		 /* HASH, out: keyed hash of the password for the repeat key,
				  * the same across restarts; short, so that who steals it learns
				  * next to nothing */
	bool match;		 /* VERIFY, out */
};

/*
 * JOB_REGISTER. The same (addr, seq, tag) within 10 minutes gives the same UIN. UINs rise from
 * STORE_FIRST_UIN and are never given twice. err: -ICQ_EDENIED when an invite is wanted and
 * `invite` is no unused code (using it and making the account is one transaction).
 */
struct job_register {
	struct addr addr;
	uint16_t seq, tag;
	char hash[JOB_HASH_MAX];
	bool want_invite;
	char invite[JOB_PASSWORD_MAX + 1];
	int64_t now_s;
	uint32_t uin; /* out */
};

/* JOB_ACCOUNT. err: -ICQ_ENOENT for an unknown UIN (then hash is ""). */
struct job_account {
	uint32_t uin;
	char hash[JOB_HASH_MAX]; /* out */
	bool blocked;		 /* out */
};

/*
 * JOB_SESSION_BEGIN and _END. BEGIN reserves the numbers below STORE_NUMBERS. Whatever ends a
 * session, also BEGIN of a newer one, puts its messages in flight and read back into the queue.
 * END of an epoch that is no longer the UIN's does nothing. BEGIN's err: -ICQ_ENOENT for an
 * unknown UIN.
 */
struct job_session {
	uint32_t uin;
	uint64_t epoch; /* BEGIN: out, grows with every session of the server. END: in */
	struct addr addr;
	uint32_t port, ip, status, tcp_version; /* BEGIN: what the login said */
	uint8_t mode, version;
	uint16_t login_seq, login_packet; /* LOGIN_SEQ; SEQ of the login itself */
	int64_t now_s;
	uint32_t waiting; /* BEGIN: out, messages stored for this UIN */
};

/* JOB_SESSION_SAVE: the state as it is now. As all jobs of an epoch that is no longer the UIN's,
 * it then does nothing. */
struct job_session_save {
	uint32_t uin;
	uint64_t epoch;
	uint32_t status;
	bool verified, wants_ids;
	uint8_t old; /* how far its old messages are; the server's own enum */
};

/* JOB_SESSION_LIST: the job's text is UINs, four bytes each, low byte first. Those that are on
 * the list keep their place; what exceeds STORE_LIST_MAX is passed over. */
struct job_session_list {
	uint32_t uin;
	uint64_t epoch;
	uint8_t list;  /* the server's own number, below STORE_LISTS */
	bool clear;    /* takes everybody off the list first */
	bool take_off; /* takes these users off instead of putting them on */
};

/* JOB_SESSION_RESERVE: numbers below `mark` are the session's; it never shrinks. */
struct job_session_reserve {
	uint32_t uin;
	uint64_t epoch;
	uint32_t mark;
};

/* Why a message does not go where it should. */
enum refusal {
	REFUSED_NOT,	 /* it goes */
	REFUSED_UNKNOWN, /* no such receiver */
	REFUSED_FULL,	 /* the receiver's mailbox is full, or this sender's share of it */
	REFUSED_LONG,	 /* text too long */
	REFUSED_TYPE,	 /* type not relayed */
	REFUSED_BROKEN,	 /* compound text with wrong parts */
	REFUSED_OFTEN,	 /* too many of this kind */
	REFUSED_COUNT,
};

/*
 * JOB_MESSAGE_PUT. Stores text for `to`, together with the sender's key, unless the key is
 * there already (`repeat`). With a message id the key is (from, msgid) for 30 days, without
 * one it is (from, epoch, seq, command, body_len) for 15 minutes. If `refused` is set when it
 * goes in, or the store finds a reason, then a notice for the sender is stored instead: type 1,
 * from STORE_SYSTEM_UIN, with the words of refusal_text. Notices have a quota of their own and
 * count towards no other. Whenever err is set nothing is stored, not even the key: -ICQ_EFULL:
 * there is no room for the notice; -ICQ_ENOENT: the sender, to whom it would go, has no account.
 */
struct job_message_put {
	uint32_t from, to;
	uint32_t author; /* whom the receiver sees as the sender; 0: from */
	uint64_t epoch, msgid;
	uint16_t seq, command, body_len;
	uint16_t type;
	int64_t now_s;	  /* civil time: when it was accepted */
	int64_t steady_s; /* by which keys grow old: jumps at most between two runs of the server */
	uint32_t max_messages, max_bytes, max_from_one, max_notices; /* 0 = no limit */
	/* W2 together with W1: if the message is stored and the receiver's epoch is still this
	 * one (0: none), it is in flight at once, as live, with this number and part 0. */
	uint64_t flight_epoch;
	uint32_t flight_n;
	enum refusal refused; /* in and out */
	bool repeat;	      /* out: the key was there; nothing was stored */
	uint64_t g;	      /* out: number of the stored message or notice, rising */
};

/* Whom the receiver sees as the sender. */
static inline uint32_t message_author(const struct job_message_put *p)
{
	return p->author ? p->author : p->from;
}

/*
 * JOB_MESSAGE_NEXT, answered in text: the receiver's oldest message with after < g < before that
 * is not read (in flight or queued). W2: if `epoch` is still the receiver's, that message is in
 * flight from now on, with this number, part and form; otherwise nothing changes. Before that,
 * the old messages up to `read` that were in flight in this epoch become read: acknowledged, but
 * not confirmed. err: -ICQ_ENOENT when there is none.
 */
struct job_message_next {
	uint32_t uin;	 /* receiver */
	uint64_t after;	 /* behind this g */
	uint64_t before; /* before this g; 0: no limit */
	uint64_t epoch, read;
	uint32_t n, part; /* part: bytes of it that were sent before */
	bool old;	  /* form: stored, else live */
	uint64_t g;	  /* out, as all that follows */
	uint32_t from;
	uint16_t type;
	int64_t accepted_s;
};

/* JOB_MESSAGE_DROP: the messages of a receiver from one g to another, both included. Those that
 * are gone already are no error. */
struct job_message_drop {
	uint32_t uin;
	uint64_t first, last;
};

/*
 * JOB_PROFILE, JOB_PROFILE_SET (only the given parts). err: -ICQ_ENOENT for an unknown UIN;
 * SET: -ICQ_ERANGE for a charset that is neither "" nor known to base/codepage.h.
 */
struct job_profile {
	uint32_t uin;
	unsigned parts; /* SET: enum profile_part */
	struct profile profile;
};

/*
 * JOB_PASSWORD_SET. The hash before is kept for 72 hours, and changes within them do not
 * replace it. err: -ICQ_ENOENT for an unknown UIN.
 * JOB_PASSWORD_BACK takes it back, whatever is in `hash`. err: -ICQ_ENOENT when there is none.
 */
struct job_password_set {
	uint32_t uin;
	char hash[JOB_HASH_MAX];
	int64_t now_s;
};

/*
 * JOB_SEARCH. Texts that are not empty must all match: names as a part, the e-mail as a whole,
 * without regard to case, each account's text in its own code page and the patterns in
 * that of the asker. Blocked accounts are not found. The lowest UINs come first. Who
 * asks for nothing finds nobody.
 */
struct job_search {
	char nick[PROFILE_MAX_nick + 1], first[PROFILE_MAX_name + 1], last[PROFILE_MAX_name + 1],
		email[PROFILE_MAX_email + 1];
	uint32_t asker;
	bool more;	/* out: there are more than fit */
	uint16_t count; /* out */
	uint32_t uins[PROFILE_MAX_hits];
};

/*
 * JOB_ACCOUNT_LIST: the lowest UIN above `after` whose nick, names or e-mail hold the job's
 * text (UTF-8, without regard to case; empty: any account). err: -ICQ_ENOENT: no more. All
 * accounts come in as many jobs, each `after` the UIN before.
 */
struct job_account_list {
	uint32_t after;
	uint32_t uin;			 /* out, as all that follows */
	int64_t created_s, last_login_s; /* 0: never */
	uint32_t waiting;		 /* messages */
	bool blocked;
	char nick[PROFILE_MAX_nick + 1];
	char charset[PROFILE_CHARSET_MAX]; /* of the nick; the presetting if none was chosen */
};

/*
 * JOB_ACCOUNT_ADD: an account for the operator, with the next UIN if uin is 0, else that one.
 * err: -ICQ_ERANGE: below STORE_ECHO_UIN; -ICQ_EEXIST: it has an account; -ICQ_EDENIED: it had
 * one, and numbers are never given twice.
 */
struct job_account_add {
	uint32_t uin; /* in and out */
	char hash[JOB_HASH_MAX];
	int64_t now_s;
};

/* JOB_ACCOUNT_BLOCK. A blocked account cannot log in and is not found. err: -ICQ_ENOENT. */
struct job_account_block {
	uint32_t uin;
	bool blocked;
};

/*
 * JOB_ACCOUNT_DELETE removes all there is of an account, and what waits for it. What it sent
 * and was accepted stays with its receivers, from its number. A live session is for the
 * caller to end. err: -ICQ_ENOENT.
 */
struct job_account_delete {
	uint32_t uin;
};

/*
 * JOB_MESSAGE_SYSTEM: the job's text for one user, from STORE_SYSTEM_UIN. It counts as a
 * notice, with a quota of its own. err: -ICQ_ENOENT: no such receiver; -ICQ_EFULL.
 */
struct job_message_system {
	uint32_t to;
	uint16_t type;
	int64_t now_s;
	uint32_t max_notices; /* 0 = no limit */
	uint64_t g;	      /* out */
};

/* JOB_INVITE. err: -ICQ_EEXIST: the code is there, or was there and is used; -ICQ_ERANGE: it is
 * empty. */
struct job_invite {
	char code[JOB_PASSWORD_MAX + 1];
};

/* JOB_STATS. Of the store in memory bytes is 0. */
struct job_stats {
	uint64_t accounts, messages, bytes; /* messages that wait; size of the database */
};

struct server;
struct job;

/* Who goes on when a job has come back. */
typedef void job_then(struct server *srv, const struct job *job);

struct job {
	enum job_kind kind;
	int err; /* out: 0 or a negative ICQ_E... */
	/* The asker's own, unchanged: */
	job_then *then; /* NULL: nobody waits for the answer */
	uint64_t cookie;
	uint32_t tag;
	struct addr from;
	union {
		struct job_password password;
		struct job_register reg;
		struct job_account account;
		struct job_session session;
		struct job_session_save save;
		struct job_session_list list;
		struct job_session_reserve reserve;
		struct job_message_put put;
		struct job_message_next next;
		struct job_message_drop drop;
		struct job_profile profile;
		struct job_password_set password_set;
		struct job_search search;
		struct job_account_list account_list;
		struct job_account_add account_add;
		struct job_account_block account_block;
		struct job_account_delete account_delete;
		struct job_message_system message_system;
		struct job_invite invite;
		struct job_stats stats;
	};
	uint16_t text_len;
	uint8_t text[JOB_TEXT_MAX]; /* only text_len bytes of it are set */
};

/* Bytes of a job that carry anything: what has to be copied. */
static inline size_t job_size(const struct job *j)
{
	return offsetof(struct job, text) + j->text_len;
}

/* Whether a job only reads, so that a reader may carry it out beside the writer. */
bool job_reads(enum job_kind kind);

/* Whether a job brings something new: not taken when the disk is full. Blocking and deleting
 * are: they help an operator to make room. */
bool job_needs_room(enum job_kind kind);

/* What holds for all accounts. A store begins with cp1252, 180 days and no reserve. */
struct store_settings {
	const char *charset; /* of accounts that have not chosen one */
	int64_t retention_s; /* messages that wait longer go, and the receiver is told */
	int64_t reserve;     /* bytes a store on a disk holds there for when it is full */
};

/* The notice for a refused message to UIN `to`, as ASCII. Returns its length, at most cap. */
size_t refusal_text(enum refusal why, uint32_t to, uint8_t *out, size_t cap);

/* ---- sessions that outlive the server -------------------------------------------------- */

enum { STORE_NUMBERS = 64, STORE_LISTS = 3, STORE_LIST_MAX = 10000 };

/* A session as an earlier process left it. */
struct saved_session {
	struct job_session session; /* now_s: when it began; status: as in
				     * `state`; waiting: messages stored now */
	struct job_session_save state;
	uint32_t mark; /* numbers below it may have been used */
	const uint32_t *lists[STORE_LISTS];
	uint32_t counts[STORE_LISTS];
	uint64_t read;	 /* last message read, 0: none */
	uint64_t flight; /* message in flight, 0: none; of several that with the greatest
			  * number. What follows belongs to it */
	uint32_t flight_n, flight_part;
	bool flight_old;
};

/* Called for each of them, by rising UIN. What it is given dies with the call, and it may not
 * use the store. */
typedef void saved_session_fn(void *ctx, const struct saved_session *saved);

/* ---- the store in memory --------------------------------------------------------------- */

struct store_mem;

struct store_mem *store_mem_new(void); /* NULL: out of memory */
void store_mem_free(struct store_mem **s);
/* Carries out n jobs as one transaction. A job of another kind gets -ICQ_EUNKNOWN. */
void store_mem_run(struct store_mem *s, struct job *const *jobs, size_t n);
/* 0 or -ICQ_ERANGE (unknown code page); then nothing has changed. */
int store_mem_set(struct store_mem *s, const struct store_settings *settings);
/* The next `count` transactions fail: every job gets -ICQ_EIO and nothing changes. */
void store_mem_fail(struct store_mem *s, unsigned count);
void store_mem_sessions(struct store_mem *s, saved_session_fn *each, void *ctx);

/* ---- the store on SQLite --------------------------------------------------------------- */

struct store_sqlite;

/*
 * Opens or creates the database file (mode 0600, WAL, synchronous=FULL). An older one is
 * upgraded, after a copy of it was made beside it: FILE.before-N, where N is the new schema
 * version. Errors: -ICQ_EIO, -ICQ_ENEWER, -ICQ_ECORRUPT (damaged, or no database of ours; it is
 * left as it was), -ICQ_EDENIED, -ICQ_EFULL; *why_out then holds a sentence, which stays valid.
 */
int store_sqlite_open(struct store_sqlite **out, const char *file, const char **why_out);
/*
 * A second way into an open database, for a thread of its own: a store that carries out the
 * jobs of job_reads() only. It sees what was stable when a transaction of it begins, and
 * neither waits for the writer nor lets him wait.
 */
int store_sqlite_open_reader(struct store_sqlite **out, const char *file, const char **why_out);
void store_sqlite_close(struct store_sqlite **s);
/*
 * As store_mem_run. To be called by one thread at a time. When anything fails but the jobs'
 * own reasons, every job of the transaction gets -ICQ_EIO, its other answers mean nothing, and
 * nothing has changed. But when the disk is full, only those of job_needs_room() do: the reserve
 * is given up for the others, until there is room for it again.
 */
void store_sqlite_run(struct store_sqlite *s, struct job *const *jobs, size_t n);

enum store_health {
	STORE_WELL,
	STORE_FULL,   /* takes nothing new */
	STORE_BROKEN, /* a write or sync failed: does nothing any more, and must be opened again */
};

/* As the last transaction left it. */
enum store_health store_sqlite_health(const struct store_sqlite *s);
/* 0, -ICQ_ERANGE (unknown code page) or -ICQ_EIO. Another code page than before takes time:
 * all texts that can be searched for are made anew. Readers follow by themselves. */
int store_sqlite_set(struct store_sqlite *s, const struct store_settings *settings);
/* 0 or -ICQ_EIO. To be called before the first job. */
int store_sqlite_sessions(struct store_sqlite *s, saved_session_fn *each, void *ctx);
/* A secret of 32 bytes made with the database, for keyed hashes that must outlive a restart. */
int store_sqlite_secret(struct store_sqlite *s, uint8_t out[32]);

#endif
