/* SPDX-License-Identifier: MIT */
/*
 * Looks on and judges: is what doc/delivery.md promises kept? It sees every datagram that the
 * server hears and sends, every job that reaches the disk, and what clients show to their users.
 * It believes nothing that the server says of itself.
 *
 * Messages are told apart by their text, which the oracle makes: "17.0 17.1 17.2!" is message
 * 17, and every part of it that begins at a word says which part it is.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "server/conf.h"
#include "sim/machine.h"

struct oracle; /* owned by whoever called oracle_new */

/* How somebody treats what comes twice. */
enum memory {
	MEMORY_HISTORY, /* our client: never shows anything twice */
	MEMORY_SESSION, /* remembers numbers until its next login */
	MEMORY_FOREVER, /* remembers them for ever: discards what a later session numbers alike */
	MEMORY_LAST,	/* remembers the last number only */
};

enum {
	ORACLE_TEXT_MAX = 2048,
	ORACLE_WHY_MAX = 160,
	ORACLE_AWAY_MAX = 32,
	ORACLE_LINE_MAX = 32,
	ORACLE_NOBODY = UINT32_MAX,
};

struct verdict {
	uint64_t accepted, delivered, refused, lost, duplicated, reordered;
	uint64_t repeated;  /* shown twice by old clients, within what is promised */
	uint64_t discarded; /* by clients that remember numbers for ever */
	uint64_t direct;    /* shown from direct connections; twice because those broke */
	uint64_t doubled, returned;
	uint64_t files, resumed, lines; /* that arrived: files, after a break; of chats */
	uint64_t crashes, digest;
	uint64_t writes;	  /* that reached the disk */
	bool struck;		  /* the planned crash has come */
	int64_t ms;		  /* simulated */
	bool broken;		  /* a promise is */
	int64_t broken_ms;	  /* when that showed first */
	char why[ORACLE_WHY_MAX]; /* how */
};

/* Watches a machine from now on; its conf holds the limits that it must keep. Never NULL. */
struct oracle *oracle_new(struct machine *m);
void oracle_free(struct oracle **o);

/* Users come in order of their UINs, the first with STORE_FIRST_UIN. Returns its index. */
uint32_t oracle_add(struct oracle *o, enum memory memory);

/* Somebody says something to somebody (to ORACLE_NOBODY: a UIN without an account). Returns the
 * length of the text, without a NUL. */
size_t oracle_say(struct oracle *o, uint32_t from, uint32_t to, uint32_t words,
		  char text[ORACLE_TEXT_MAX]);
/* Somebody reads this in his `login`-th session. */
void oracle_shown(struct oracle *o, uint32_t who, uint64_t login, const void *text, size_t len);

/* ---- direct connections of our clients ------------------------------------------------- */

/* A message of somebody's outbox, and what his client says of it. */
void oracle_sending(struct oracle *o, uint32_t who, const void *text, size_t len,
		    enum icq_client_sent state, enum history_via via);
/* A stream between two users is over, or never came about. */
void oracle_stream_down(struct oracle *o, uint32_t a, uint32_t b);
/* As oracle_shown, but it came from the other client. */
void oracle_shown_directly(struct oracle *o, uint32_t who, const void *text, size_t len);
/* The away text that user must have. */
void oracle_away_text(uint32_t who, char out[ORACLE_AWAY_MAX]);
/* Somebody wants to read another's; he gets an answer: a text, or NULL. */
void oracle_peeks(struct oracle *o, uint32_t who);
void oracle_peeked(struct oracle *o, uint32_t who, uint32_t whom, const struct icq_str *text);
/* His computer is off. */
void oracle_left(struct oracle *o, uint32_t who);

/* Somebody has a file for another: its number. */
uint32_t oracle_offer(struct oracle *o, uint32_t from, uint32_t to, uint32_t size);
uint32_t oracle_file_size(const struct oracle *o, uint32_t id);
/* The disks of both. How many bytes there are to read; from where more is wanted, or false: there
 * should be no such file. */
size_t oracle_file_read(const struct oracle *o, uint32_t id, uint64_t offset, size_t n,
			uint8_t *out);
bool oracle_file_create(struct oracle *o, uint32_t who, uint32_t uin, uint32_t id, uint32_t size,
			uint64_t *offset_out);
void oracle_file_write(struct oracle *o, uint32_t id, uint64_t offset, const uint8_t *p, size_t n);
void oracle_file_finish(struct oracle *o, uint32_t id);
/* The sender's client says that it has arrived; nothing can bring it there. */
void oracle_file_done(struct oracle *o, uint32_t id);
void oracle_file_given_up(struct oracle *o, uint32_t id);

/* Line n of somebody in a chat, where his client calls it so. Returns the length. */
size_t oracle_line(uint32_t session, uint32_t n, char out[ORACLE_LINE_MAX]);
/* In a chat of his somebody meets or loses another; reads a line of his. */
void oracle_chat_met(struct oracle *o, uint32_t who, uint32_t session, uint32_t whom);
void oracle_chat_heard(struct oracle *o, uint32_t who, uint32_t session, uint32_t whom,
		       const struct icq_str *text);

/* Has everything been done that was accepted? Until then the end is not judged. */
bool oracle_at_rest(const struct oracle *o);
/* Judges the end. */
const struct verdict *oracle_end(struct oracle *o);
/* So far. */
const struct verdict *oracle_verdict(struct oracle *o);

#endif
