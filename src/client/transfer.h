/* SPDX-License-Identifier: MIT */
/*
 * The inside of file transfers: what both roles share (transfer.c), the one that sends
 * (transfer_send.c), the one that receives (transfer_receive.c), and speed (pace.c). Part of
 * engine.h; nobody else includes it.
 */
#ifndef CLIENT_TRANSFER_H
#define CLIENT_TRANSFER_H

#include "client/request.h"

enum {
	TRANSFERS_MAX = 16,
	TRANSFER_FRAMED = PEER_LENGTH + 1 + ICQ_MAX_block, /* a packet of contents: length, code */
	TRANSFER_BYTES = ICQ_CLIENT_FILE_BLOCK / ICQ_MAX_block * TRANSFER_FRAMED,
};

/* How far a transfer is. */
enum transfer_step {
	STEP_AGREE,  /* there is no stream yet */
	STEP_GREET,  /* sending: for 01; receiving: for 00 */
	STEP_NEXT,   /* sending: for 03; receiving: for 02 */
	STEP_CREATE, /* receiving: the file is being made */
	STEP_DATA,
	STEP_STORE, /* receiving: it is whole, and is being finished */
	STEP_LAST,  /* sending: for the other side to close */
};

/* What a receiver reads no more for. */
enum transfer_hold { HOLD_FILE = 1, HOLD_PAUSE = 2, HOLD_LIMIT = 4 };

/* How fast it goes, for the user. Starts zeroed. */
struct pace {
	int64_t told_ms; /* when that was last told */
	uint64_t told;	 /* how many bytes had moved then */
	uint64_t moved;	 /* how many have by now */
	uint32_t rate;	 /* bytes a second */
};

/* Bytes that may move at once, of all transfers together, where the user limits them. */
struct budget {
	int64_t at_ms; /* when that was reckoned */
	int64_t bytes; /* less than 0: too many have */
};

struct transfer_file {
	uint32_t size;
	uint16_t name_len;
	uint8_t name[REQUEST_NAME_MAX];
};

/* Owned by the table in struct direct. */
struct transfer {
	uint32_t number, uin;
	bool sending, paused, paused_there;
	enum icq_client_transfer_state told; /* to the user */
	enum transfer_step step;
	struct addr host;	   /* receiving: who may connect; the port does not count */
	uint32_t stream;	   /* its branch; 0: none yet */
	int64_t until_ms;	   /* then the other side must have done its next step */
	int64_t wake_ms;	   /* the budget may allow more then */
	uint64_t size;		   /* of all files */
	uint64_t done;		   /* of that: in files before this one */
	uint32_t files, at;	   /* how many, and which one it is, from 0 */
	struct transfer_file file; /* that one; before: the request's name */
	uint32_t offset; /* sending: up to there it is with the stream or in bytes; receiving:
			  * with the disk */
	struct pace pace;
	bool skipped;		    /* receiving: the other side has left out something */
	unsigned jobs;		    /* on their way */
	bool stuck;		    /* one could not even be handed in */
	unsigned holds;		    /* receiving: enum transfer_hold */
	struct transfer_file *list; /* sending: owned */
	/* Sending: packets on their way to the stream, from `sent` on; receiving: contents. */
	size_t n, sent;
	uint8_t bytes[TRANSFER_BYTES + PEER_PACKET_MAX];
};

/* ---- transfer.c ------------------------------------------------------------------------ */

void transfer_free_all(struct icq_client *c);

/* Tells the user, if there is news. */
void transfer_tell(struct icq_client *c, struct transfer *t);
/* It goes on with another file, or this one is stored. */
void transfer_tell_file(struct icq_client *c, struct transfer *t, bool stored);
/* It is over: stream, listener and the transfer itself go. */
void transfer_end(struct icq_client *c, struct transfer *t, enum icq_client_transfer_state state,
		  const char *reason);
void transfer_fail(struct icq_client *c, struct transfer *t, const char *reason);
/* The same for an error of the disk. */
void transfer_fail_file(struct icq_client *c, struct transfer *t, int err);
/* Hands in a job: its transfer and file are filled in here. */
void transfer_submit(struct icq_client *c, struct transfer *t, struct icq_client_file_job *job);
struct branch *transfer_branch(struct icq_client *c, const struct transfer *t);
void transfer_say(struct icq_client *c, struct transfer *t, enum icq_id id,
		  const union icq_msg *msg);
/* The next step of the other side is due in this time; NEVER_MS: at any time. */
void transfer_expect(struct icq_client *c, struct transfer *t, enum transfer_step step, int64_t ms);

/* ---- transfer_send.c and transfer_receive.c -------------------------------------------- */

/* The stream is there. A packet has come; its code fits msg. A job is done: the transfer may be
 * over after these. */
void send_begin(struct icq_client *c, struct transfer *t);
void send_on_packet(struct icq_client *c, struct transfer *t, enum icq_id id,
		    const union icq_msg *msg);
void send_on_job(struct icq_client *c, struct transfer *t, const struct icq_client_file_job *job);
/* More may be sent: the stream has room, the user wants it, or time has passed. */
void send_more(struct icq_client *c, struct transfer *t);

void receive_begin(struct icq_client *c, struct transfer *t);
void receive_on_packet(struct icq_client *c, struct transfer *t, enum icq_id id,
		       const union icq_msg *msg);
void receive_on_job(struct icq_client *c, struct transfer *t,
		    const struct icq_client_file_job *job);
/* Reads on, or not, for this reason. The transfer may be over afterwards. */
void receive_hold(struct icq_client *c, struct transfer *t, enum transfer_hold why, bool hold);
/* Reads on if the budget allows it, else later. Likewise. */
void receive_if_allowed(struct icq_client *c, struct transfer *t);
/* Hands what has arrived to the disk. */
void receive_flush(struct icq_client *c, struct transfer *t);

/* ---- pace.c ---------------------------------------------------------------------------- */

/* How many bytes may move now; SIZE_MAX: any. */
size_t budget_left(struct icq_client *c);
void budget_spend(struct icq_client *c, size_t n);
/* When to ask again after budget_left was 0. */
int64_t budget_wake_ms(const struct icq_client *c);

/* When the user is to hear of it again; NEVER_MS: nothing has changed. */
int64_t pace_due_ms(const struct pace *p);
/* These bytes were there already. */
void pace_skip(struct pace *p, uint64_t n);
/* He hears of it now: reckons the rate. */
void pace_told(struct pace *p, int64_t now_ms);

#endif
