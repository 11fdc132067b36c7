/* SPDX-License-Identifier: MIT */
/*
 * The inside of the server, shared by the rules (session, presence, mailbox, login) and the
 * dialects (v2_*.c). The rules know UINs, statuses and messages, but no packet and no protocol
 * version; a dialect turns packets into calls of rules, and what the rules say into packets.
 */
#ifndef SERVER_CORE_H
#define SERVER_CORE_H

#include "base/heap.h"
#include "base/uintab.h"
#include "link/link.h"
#include "server/chance.h"
#include "server/directory.h"
#include "server/later.h"
#include "server/limit.h"
#include "server/login.h"
#include "server/message.h"
#include "server/presence.h"
#include "server/server.h"
#include "server/session.h"
#include "server/trace.h"
#include "wire/icqwire.h"

struct server {
	struct conf conf;
	struct srv_env env;
	struct now now;	  /* of this turn */
	int64_t steady_s; /* civil time less monotonic time, when it was made */
	struct srv_counters counters;
	struct link_rules link_rules; /* from conf */
	struct link_pool *pool;
	struct heap timers; /* of sessions */
	struct sessions sessions;
	struct watches watches;
	struct session echo; /* how the echo account looks to others; in no table */
	struct logins logins;
	struct limits limits;
	struct chances chances;
	struct laters laters;
	/* Messages handed out to be stored, and those of them that have been dealt with. Jobs are
	 * answered in the order in which they were handed in. */
	uint64_t mail_asked, mail_stored;
	struct traces traces;
};

/* Somebody who sent a packet, with a session or without. */
struct caller {
	struct addr addr;
	uint32_t uin;
	uint16_t version, seq;
	uint16_t number; /* request number or LOGIN_SEQ, repeated in the answer */
};

/* A message on its way to a session. */
struct mail {
	uint64_t g;
	uint32_t from;
	uint16_t type;
	int64_t accepted_s;
	struct icq_str text;
	uint32_t number; /* of the packet, claimed and stored */
};

/* Where somebody can be reached who asks to be connected to. */
struct reach {
	uint32_t uin, ip, port, tried_port;
	uint16_t tcp_version;
	uint8_t mode;
};

/* A packet that a handler acts on. */
struct request {
	struct icq_head head;
	enum icq_id id;
	uint16_t body_len;
	bool broken;	/* the body breaks off inside a field: msg holds what came before */
	bool plausible; /* the number is one that the client would use now */
	const struct addr *from;
	size_t datagram_len;
	const union icq_msg *msg;
};

enum handler_rule {
	LATER = 1,   /* acknowledged by whoever deals with it, not on arrival */
	UNNOTED = 2, /* may come twice: not in the memory of repeats */
};

/*
 * What becomes of a command. The empty row: acknowledged in a session, NOT_CONNECTED for a
 * stranger.
 */
struct handler {
	unsigned rules;
	enum rate_class class;
	void (*fn)(struct server *srv, struct session *s, const struct request *r);
	/* The body breaks off: says no where the protocol has a word for it. */
	void (*broken)(struct server *srv, struct session *s, const struct request *r);
	/* The sender needs no session; acknowledges by itself. */
	void (*stranger)(struct server *srv, const struct request *r);
};

/* What packets the server cannot do without must mean the same in every version. */
struct dialect {
	const struct handler *handlers; /* by enum icq_id */
	size_t ack_len;			/* bytes of an acknowledgement */
	/* Answers that need no session. */
	void (*ack)(struct server *srv, const struct caller *to);
	void (*answer)(struct server *srv, const struct caller *to, enum login_answer what,
		       uint32_t uin);
	/* Events for a session. */
	void (*welcome)(struct server *srv, struct session *to);
	void (*user_online)(struct server *srv, struct session *to, const struct session *who);
	void (*user_offline)(struct server *srv, struct session *to, uint32_t uin);
	void (*user_status)(struct server *srv, struct session *to, const struct session *who);
	void (*contacts_done)(struct server *srv, struct session *to);
	/* Returns how many bytes of the text the client was sent; the rest wants a part of its own.
	 * Negative: none. */
	int (*message)(struct server *srv, struct session *to, const struct mail *m, bool stored);
	void (*stored_end)(struct server *srv, struct session *to);
	void (*go_away)(struct server *srv, struct session *to);
	/* p is NULL when there is no such user. */
	void (*info)(struct server *srv, struct session *to, uint16_t number, uint32_t uin,
		     enum profile_view view, const struct profile *p);
	void (*found)(struct server *srv, struct session *to, uint16_t number, uint32_t uin,
		      const struct profile *p, bool online, int64_t delay_ms);
	void (*search_end)(struct server *srv, struct session *to, uint16_t number, bool more);
	void (*updated)(struct server *srv, struct session *to, enum directory_reply what,
			uint16_t number, bool ok);
	void (*updated_stranger)(struct server *srv, const struct caller *to,
				 enum directory_reply what, bool ok);
	/* who is NULL when nobody was found. */
	void (*rand_user)(struct server *srv, struct session *to, const struct session *who);
	void (*tcp_request)(struct server *srv, struct session *to, const struct reach *who);
};

/* Cookies of queued packets; those of messages are their g. */
enum { COOKIE_NONE, COOKIE_WELCOME, COOKIE_STORED_END, COOKIE_RESULT };

extern const struct dialect v2_dialect;

/* The dialect of a protocol version, NULL if the server does not speak it. */
const struct dialect *dialect_of(uint16_t version);

/* Sends bytes at once, past every queue. */
void srv_send(struct server *srv, const struct addr *to, const void *p, size_t n);
void srv_log(struct server *srv, enum log_level level, const char *name, uint32_t uin,
	     const struct addr *addr, const char *why);
/* Seconds that never jump while the server runs; from one run to the next they go on with the civil
 * clock. */
int64_t srv_steady_s(const struct server *srv);
/* Hands out a job; counts when that fails. 0 or -ICQ_EFULL. */
int srv_submit(struct server *srv, const struct job *job);

#endif
