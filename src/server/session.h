/* SPDX-License-Identifier: MIT */
/*
 * Sessions: who is logged in, from where, and the table of them. A session belongs to the
 * table; keep its UIN and look it up again rather than keep a pointer across events.
 */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/heap.h"
#include "base/uintab.h"
#include "link/link.h"
#include "server/limit.h"
#include "server/mailbox.h"
#include "server/presence.h"
#include "store/store.h"

struct server;
struct dialect;
struct login;
struct search;
struct icq_list;

/* What a list packet does to the list before it. */
enum list_change { LIST_ADD, LIST_REPLACE, LIST_TAKE_OFF };

struct session {
	struct heap_node timer; /* first member: the heap hands it back as the session */
	struct link link;
	struct mailbox mailbox;
	struct allowance allowances[CLASS_COUNT];
	struct search *search; /* under way, or NULL */
	const struct dialect *dialect;
	uint64_t epoch;
	int64_t heard_ms, began_ms;
	struct addr addr;
	uint32_t uin; /* 0: the place in the table is free */
	uint32_t status, port, ip, tcp_version;
	struct uin_list lists[LIST_COUNT];
	uint32_t next_free;
	uint16_t version, login_seq, login_packet; /* LOGIN_SEQ; SEQ of the login itself */
	uint16_t previous_command, previous_count; /* last packet but ACKs; UINs in it */
	uint16_t highest;			   /* number heard from the client */
	uint8_t false_acks;			   /* of numbers never sent, while not verified */
	uint8_t chance;				   /* random chat group, 0: none */
	uint8_t mode;
	bool verified;	/* the welcome was acknowledged from the bound address */
	bool wants_ids; /* messages carry their acceptance number */
	bool lost;	/* a packet for it could not be queued: it ends in its next turn */
	bool changed;	/* the store has not heard of it yet */
	bool reserving; /* more numbers are being reserved */
	bool kept;	/* of its credit enough for a welcome is kept back for a restart */
	bool restored;	/* from an earlier process; nothing has been heard of it since */
};

/* Owned by the server. */
struct sessions {
	struct session *at; /* by place; 0 is never used */
	struct uintab *by_uin;
	uint32_t cap, fresh, free, count;
};

/* 0 or -ICQ_ENOMEM. */
int sessions_init(struct sessions *t, uint32_t cap);
void sessions_free(struct sessions *t, struct link_pool *pool);

/* NULL when the user is not online. */
struct session *session_find(const struct sessions *t, uint32_t uin);
/* Who is there for others to see: a session, or the echo account. */
const struct session *session_shown(const struct server *srv, uint32_t uin);
struct session *session_at(const struct sessions *t, uint32_t place);
/* What a job carries to find its session again; 0 for NULL. */
uint64_t session_cookie(const struct session *s);
/* NULL when it has ended. */
struct session *session_by_cookie(const struct sessions *t, uint64_t cookie);
uint32_t session_place(const struct sessions *t, const struct session *s);

/* A login has succeeded and is stored: replaces the user's older session, tells the watchers
 * and welcomes the client. -ICQ_EFULL: too many sessions. */
int session_begin(struct server *srv, const struct login *from, const struct job_session *stored);

/* Sessions that an earlier process left go on: one call for each, then one for all. */
int session_restore(struct server *srv, const struct saved_session *saved);

enum session_end {
	END_LOGOUT,
	END_SILENCE,
	END_LOST,
	END_SPENT,
	END_REPLACED,
	END_RUBBISH,
	END_KICKED, /* by the operator */
	END_CLOSED, /* the server stops for good */
};

/* The session is over: the watchers are told and the store, but not when it is replaced or when
 * all sessions end at once. */
void session_end(struct server *srv, struct session *s, enum session_end why);

/* Something was queued for the session: it gets its turn before this call of the server
 * returns. */
void session_wake(struct server *srv, struct session *s);
/* Its turn: sends what is due, ends it when it has gone silent, sets its timer. */
void session_run(struct server *srv, struct session *s);

/* A datagram from the bound address has arrived, through one of our doors. */
void session_heard(struct server *srv, struct session *s, uint8_t door, size_t len);
/* Is it likely the client's own packet? Its number is only a little above those before; who
 * forges a packet has to guess it. To be asked before the number is noted. */
bool session_plausible(const struct session *s, uint16_t seq);
/* A number of the client's has come. */
void session_heard_seq(struct session *s, uint16_t seq);
/* An acknowledgement has arrived. */
void session_acked(struct server *srv, struct session *s, uint16_t seq);
/* Something that must outlive the server has changed; the store hears of it in the session's
 * turn. */
void session_changed(struct server *srv, struct session *s);
/* The same at once; `then` goes on, with that tag, when it is stored. Returns what srv_submit
 * says. */
int session_save(struct server *srv, struct session *s, job_then *then, uint32_t tag);
/* Users have been put on a list, or taken off; `then` goes on when that is stored. Returns what
 * srv_submit says. */
int session_save_list(struct server *srv, const struct session *s, enum listing which,
		      const struct icq_list *uins, enum list_change how, job_then *then);

/* More numbers are wanted: reserves them, and lets the mailbox go on when that is stored. */
void session_reserve(struct server *srv, struct session *s);

/* Queues a packet, to leave after delay_ms; a session whose queue is full is lost. */
int session_queue(struct server *srv, struct session *s, const void *packet, size_t len,
		  enum link_flag flags, uint64_t cookie, int64_t delay_ms);
/* The same for a message with its claimed number. */
int session_queue_claimed(struct server *srv, struct session *s, const void *packet, size_t len,
			  uint64_t cookie, uint32_t number);

#endif
