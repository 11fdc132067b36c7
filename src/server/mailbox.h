/* SPDX-License-Identifier: MIT */
/*
 * Bringing messages to their receiver: stored ones are sent from his mailbox, one at a time in
 * the order of acceptance (g), each under a
 * number that is stored with it before it leaves, and dropped from the store when he has
 * acknowledged them. doc/delivery.md states the promise.
 *
 * A session's mailbox is two cursors over the receiver's stored messages: the old ones, which
 * wait for the client's wish and end with an end mark, and from `live_from` on those that go
 * out as they come. Everything else lies in the store.
 */
#ifndef SERVER_MAILBOX_H
#define SERVER_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

struct server;
struct session;
struct mail;
struct saved_session;

enum old_state {
	OLD_WAITING, /* there are old messages, and the client has not asked yet */
	OLD_RUNNING, /* it has asked: they go out, then the end mark */
	OLD_ENDING,  /* the end mark is on its way */
	OLD_DONE,    /* nothing old is left to send */
};

struct mailbox {
	uint64_t old_sent, old_acked; /* last old message sent, acknowledged */
	uint64_t live_from;	      /* first message that is not old; 0: none has come yet */
	uint64_t live_sent;	      /* last live message sent */
	uint64_t part_of;	      /* message of which a part is sent; 0: none */
	uint32_t part_end;	      /* bytes of it that are sent */
	uint32_t number;	      /* claimed for the message that is busy */
	uint64_t awaited;    /* so many messages must be stored before one claims a number */
	int64_t patience_ms; /* OLD_WAITING: live ones wait no longer than this */
	int64_t confirm_ms;  /* when the old messages count as confirmed; NEVER_MS: not yet */
	int64_t retry_ms;    /* when to ask a failing store again; NEVER_MS: it works */
	enum old_state old;
	bool busy;     /* a message is on its way: from the store, queued or in flight */
	bool more;     /* live messages lie in the store */
	bool resuming; /* part_of was in flight, as `number`, when an earlier process ended */
};

/* The session begins, with so many messages stored for it. */
void mailbox_begin(struct server *srv, struct mailbox *m, uint32_t waiting);
/* The session goes on that an earlier process left. */
void mailbox_restore(struct server *srv, struct session *s, const struct saved_session *saved);
/* What the store is told about the old messages. */
uint8_t mailbox_saved_old(const struct mailbox *m);

/*
 * A message is about to be stored for a user who is online. If nothing is in its way it may be
 * sent as soon as it is stored, and its number is claimed, to be stored with it: true. Then
 * either mailbox_send or mailbox_unclaim must follow.
 */
bool mailbox_claim(struct server *srv, struct session *s, uint32_t *number_out);
void mailbox_unclaim(struct server *srv, struct session *s);
/* One has been handed out that may be for him and has no number: none goes before it is stored. */
void mailbox_await(const struct server *srv, struct mailbox *m);
void mailbox_send(struct server *srv, struct session *s, const struct mail *mail);
/* A message has been stored for him, without a claim. */
void mailbox_arrived(struct server *srv, struct session *s, uint64_t g);
/* What it waited for may be there now. */
void mailbox_go_on(struct server *srv, struct session *s);

/* The client asks for its stored messages: to be saved, then mailbox_go_on. */
void mailbox_wanted(struct session *s);
/* It confirms them. */
void mailbox_confirmed(struct server *srv, struct session *s);
/* The client has acknowledged message g, the end mark, the welcome. */
void mailbox_message_acked(struct server *srv, struct session *s, uint64_t g);
void mailbox_end_acked(struct server *srv, struct session *s);
void mailbox_verified(struct server *srv, struct session *s);
/* Does what time asks for; mailbox_deadline tells when that is. */
void mailbox_tick(struct server *srv, struct session *s);
int64_t mailbox_deadline(const struct mailbox *m);

#endif
