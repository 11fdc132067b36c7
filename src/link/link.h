/* SPDX-License-Identifier: MIT */
/*
 * One conversation over UDP, as server and client both hold it: numbers, acknowledgements,
 * sending again and giving up, and the memory of what has been heard. It knows datagrams and
 * time, but no message and no socket.
 *
 * A packet is queued without number. link_pump() gives numbers at the first transmission, in
 * the order of queueing, to whatever the window and the credit allow, and sends again what is
 * due. The owner calls it after each turn and at the deadline.
 *
 * Schedules: protocol reference ("Retransmission"); one message at a time and never given up:
 * doc/delivery.md.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link/pool.h"

enum {
	LINK_REMEMBER_MS = 15 * 60 * 1000, /* how long a number that was heard counts */
	LINK_REMEMBER = 128,		   /* how many numbers back */
	LINK_BLOCK = 16,		   /* numbers in one piece of that memory */
	LINK_FEW = 16,			   /* reserved numbers left when LINK_LOW is said */
};

/* How one side talks. Owned by the owner of the links; may change while they live. */
struct link_rules {
	int64_t retry_ms;     /* from one transmission to the next */
	uint8_t sends;	      /* transmissions in a round */
	uint8_t rounds;	      /* a round that is not the last ends with a prod */
	uint8_t window;	      /* packets in flight at most */
	uint8_t dead_packets; /* packets given up in a row that end the conversation */
	uint32_t numbers;     /* numbers it may use before it is spent */
};

/* What one way of sending does with a datagram. */
struct link_out {
	void *ctx;
	void (*send)(void *ctx, const void *p, size_t n);
};

enum link_flag {
	LINK_PLAIN = 0,	  /* given up when nobody answers */
	LINK_MESSAGE = 1, /* one in flight at a time, never given up */
};

/* What link_pump found out. */
enum link_event {
	LINK_PROD = 1,	  /* a round is over: ask the other side to answer at once */
	LINK_DEAD = 2,	  /* too many packets given up: the other side is gone */
	LINK_SPENT = 4,	  /* all numbers are used */
	LINK_GAVE_UP = 8, /* a packet was given up */
	LINK_RESENT = 16, /* something was sent again */
	LINK_LOW = 32,	  /* few reserved numbers are left: reserve more */
};

enum link_seen {
	LINK_NEW,     /* not heard before: act on it */
	LINK_REPEAT,  /* heard and answered: acknowledge again, do not act */
	LINK_PENDING, /* heard, the answer is still being worked on: ignore */
};

struct link_slot;  /* a packet waiting or in flight */
struct link_block; /* some numbers that were heard */

struct link {
	const struct link_rules *rules;
	struct link_slot *first, *last;
	struct link_block *heard[LINK_REMEMBER / LINK_BLOCK];
	int64_t deadline_ms; /* when link_pump has something to do; NEVER_MS: nothing */
	int32_t credit;	     /* bytes that may still be sent; LINK_UNLIMITED: any number */
	uint32_t next;	     /* number of the next new packet */
	uint32_t mark;	     /* numbers below it are reserved: only they may be used */
	uint32_t skip;	     /* where numbers go on after the next one, if that is further */
	uint8_t in_flight, dead;
	bool message_in_flight;
};

#define LINK_UNLIMITED INT32_MAX

/* The packet that an acknowledgement or the end of a link sets free. */
struct link_done {
	uint64_t cookie;
	uint16_t command;
	uint16_t seq;
	bool message;
};

/* Starts a conversation whose first packet gets the number `first`. All numbers are reserved:
 * whoever keeps them durably sets a mark. */
void link_open(struct link *l, const struct link_rules *rules, uint32_t first);
/* Ends it: everything goes back to the pool. A closed link may be closed again. */
void link_close(struct link *l, struct link_pool *pool);

/*
 * Queues a version 2 datagram (copied), to be sent not before a time. Its SEQ, at bytes 4-5,
 * is filled in when it is sent. cookie comes back with the acknowledgement. 0, -ICQ_EFULL.
 */
int link_queue(struct link *l, struct link_pool *pool, const void *packet, size_t len,
	       enum link_flag flags, uint64_t cookie, int64_t not_before_ms);

/*
 * The number of a message that is made durable before it is sent: claimed, then queued with the
 * message, or given back. 0; -ICQ_EFULL: none is reserved; -ICQ_ERANGE: all are used.
 */
int link_claim(struct link *l, uint32_t *number_out);
/* Gives it back; if others were used meanwhile it stays a gap. */
void link_unclaim(struct link *l, uint32_t number);
/* Queues a message with its claimed number. 0, -ICQ_EFULL. */
int link_queue_claimed(struct link *l, struct link_pool *pool, const void *packet, size_t len,
		       uint64_t cookie, uint32_t number);
/* Numbers below the mark may be used from now on. */
void link_reserve(struct link *l, uint32_t mark);

/* After the next number all others below `to` are passed over: an earlier process may have used
 * them. */
void link_skip(struct link *l, uint32_t to);

/* Sends what may be sent and is due; sets the deadline. Returns enum link_event bits. */
unsigned link_pump(struct link *l, struct link_pool *pool, int64_t now_ms,
		   const struct link_out *out);

/* An acknowledgement has come. 0, or -ICQ_ENOENT: no packet with this number is in flight. */
int link_acked(struct link *l, struct link_pool *pool, uint16_t seq, struct link_done *done);
/* The other side has been heard from: a message that was almost given up is tried again. */
void link_heard(struct link *l, int64_t now_ms);
/* The other side asks for everything in flight at once (the next link_pump sends it). */
void link_hurry(struct link *l, int64_t now_ms);
/* More bytes may be sent to an address that is not verified yet. */
void link_allow(struct link *l, size_t bytes);
/* Takes bytes off that credit, for what the owner sends past the queue. False: too many. */
bool link_spend(struct link *l, size_t bytes);
/* Has this number been used for a packet, in flight or not? */
bool link_has_sent(const struct link *l, uint16_t seq);
/* Packets that wait or are in flight; and the messages among them. */
size_t link_waiting(const struct link *l, size_t *messages_out);

/*
 * A packet with this number, command and body length has come. LINK_NEW notes it: as answered,
 * or, with `later`, as pending until link_settle. The same number with another command or
 * length is new. When the pool is empty it is not noted, and a repeat will be new again.
 */
enum link_seen link_note(struct link *l, struct link_pool *pool, int64_t now_ms, uint16_t seq,
			 uint16_t command, uint16_t len, bool later);
/* A pending packet is answered; or it could not be dealt with and its repeat is judged afresh. */
void link_settle(struct link *l, uint16_t seq, uint16_t command, bool answered);
/* Forgets every number heard. */
void link_forget(struct link *l, struct link_pool *pool);

#endif
