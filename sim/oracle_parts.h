/* SPDX-License-Identifier: MIT */
/* The inside of the oracle, shared by its files. */
#ifndef SIM_ORACLE_PARTS_H
#define SIM_ORACLE_PARTS_H

#include "base/uintab.h"
#include "sim/oracle.h"

enum { NO_MESSAGE = 0, HEARD_RING = 256, PARTIES_MAX = 64 };

/* A message or a notice; the first place is never used. */
struct fact {
	uint32_t from, to; /* users; ORACLE_NOBODY: the server, a UIN without an account */
	uint32_t next;	   /* the one stored after it for the same receiver */
	uint64_t g;
	uint64_t flight_epoch, acked_epoch;
	uint64_t shown_login, shown_in; /* the reader's; the server's epoch */
	uint32_t flight_n, flight_part;
	uint32_t shown, len;
	uint32_t breaks; /* of direct connections while it was on one */
	bool kept, handed,
		returned; /* it was in the outbox; the other client took it; or did not */
	bool stable, refused, accepted, gone, flight_old, notice;
};

/* A number of a session and the packet that has it. */
struct numbered {
	uint64_t hash; /* 0: not used yet */
	int64_t sent_ms;
	bool acked, message, last; /* last: with it the whole text is sent */
	bool sent, done;	   /* since the server's last start: sent, then acknowledged */
};

struct oracle_file {
	uint32_t from, to, size;
	uint64_t have, at; /* bytes on the receiver's disk; where the next ones belong */
	bool finished, resumed;
	bool sent; /* says the sender's client */
};

/* What somebody reads of another in a chat. */
struct listening {
	uint32_t session, theirs; /* his and the other's number of the chat */
	uint32_t next;		  /* line; 0: any */
	bool torn;		  /* half a line came: he must be gone */
};

/* A user, and his session as the disk and the server know it. */
struct party {
	enum memory memory;
	uint64_t stored_epoch; /* the disk's; 0: no session */
	uint64_t stored_read;  /* of that session, as the next ones */
	uint32_t stored_mark;
	struct job_session_save saved;
	uint64_t epoch, pending; /* the server's; the one it is about to learn of */
	struct addr addr, pending_addr;
	uint64_t confirmed_epoch;  /* stored messages were confirmed in this one */
	int64_t end_acked_ms;	   /* of the end mark; NEVER_MS */
	int64_t welcomed_ms;	   /* the welcome was acknowledged; NEVER_MS */
	uint64_t asked_epoch;	   /* stored messages were asked for in this one */
	uint64_t asked_g;	   /* last message that was stored then */
	uint64_t overtook_g;	   /* those below may come late: nobody asked for them */
	uint32_t end_n;		   /* number of the end mark */
	uint32_t mark, floor, top; /* numbers: reserved, used before a crash; highest + 1 */
	uint32_t flight;	   /* fact */
	uint32_t replaced;	   /* that of the session before, while the new one is pending */
	uint32_t first, last;	   /* stored facts */
	uint64_t sent_g;	   /* the last message that left in this session */
	uint64_t shown_g;
	uint64_t may_repeat, repeated; /* what broken sessions may cause to be shown again; did */
	uint64_t notices, notices_shown;
	struct numbered *numbers; /* owned */
	uint32_t numbers_cap;
	uint32_t under_way; /* what he sends directly */
	uint32_t settled;   /* what he sent last, and when he heard what became of it */
	int64_t settled_ms;
	uint32_t direct_from[PARTIES_MAX]; /* the last one that came directly, by sender */
	struct listening heard_from[PARTIES_MAX];
	uint32_t peeks; /* without an answer */
};

/* What came from an address and went there. */
struct place {
	uint64_t in, out;
	bool proven;
	struct {
		uint32_t seq; /* + 1; 0: free */
		uint32_t fact;
	} heard[HEARD_RING];
};

struct oracle {
	struct machine *machine;
	struct verdict verdict;
	struct fact *facts;
	uint32_t fact_count, fact_cap;
	uint64_t last_g;     /* stored so far */
	uint32_t taken_over; /* sessions, by the server that starts */
	struct party parties[PARTIES_MAX];
	uint32_t party_count;
	struct place **places;
	uint32_t place_count, place_cap;
	struct oracle_file *files;
	uint32_t file_count, file_cap;
	struct uintab *place_of; /* by IPv4 address and port, folded */
};

/* A promise is broken: the first time counts. */
void oracle_break(struct oracle *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Folds bytes into the digest. */
void oracle_digest(struct oracle *o, uint8_t kind, const void *p, size_t n);
int64_t oracle_now(const struct oracle *o);

struct fact *oracle_fact(const struct oracle *o, uint32_t i);
/* Never NULL; its place. */
uint32_t oracle_new_fact(struct oracle *o, uint32_t from, uint32_t to);
/* The message that a text is of; NO_MESSAGE for other texts. */
uint32_t oracle_parse(const struct oracle *o, const void *text, size_t len, uint32_t *part_out);
/* NULL: nobody of ours. */
struct party *oracle_party(struct oracle *o, uint32_t uin);
uint32_t oracle_index(const struct oracle *o, const struct party *p);
struct place *oracle_place(struct oracle *o, const struct addr *a);

/* The server has a session of his: the one that was about to be. */
void party_switch(struct party *p);
struct numbered *party_number(struct party *p, uint32_t n);

/* The hooks of the machine. */
void oracle_heard(void *ctx, const struct addr *from, const void *p, size_t n);
void oracle_sent(void *ctx, const struct addr *to, const void *p, size_t n);
void oracle_committed(void *ctx, const struct job *job);
void oracle_answered(void *ctx, const struct job *job);
void oracle_restored(void *ctx, const struct saved_session *saved);
/* He sees it; directly: it did not come from the server. */
void oracle_show(struct oracle *o, uint32_t who, uint64_t login, const void *text, size_t len,
		 bool directly);
bool fact_is_astray(const struct fact *f);
void oracle_judge_files(struct oracle *o);
void oracle_judge_sender(struct oracle *o, const struct party *p);
/* The server has taken over what it will; was that all, and no more? */
void oracle_judge_start(struct oracle *o);
/* Is no table of the server's larger than its limit? Those of this user among them. */
void oracle_check_tables(struct oracle *o, uint32_t uin);

#endif
