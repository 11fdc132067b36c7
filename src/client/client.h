/* SPDX-License-Identifier: MIT */
/*
 * libicqclient: an ICQ client as a machine. Datagrams, answers, commands and time go in;
 * datagrams, jobs and events come out. It opens no socket, asks for no time, draws no random
 * number and prints nothing: a loop, a test or a simulated world does that around it.
 *
 * Promises (doc/delivery.md): a message is in the history before the server gets its
 * acknowledgement, and only once; a message to be sent is in the outbox before its first
 * transmission and leaves it when the server has acknowledged it, whatever happens to sessions
 * in between. Messages leave one at a time, in the order of their commands.
 *
 * All texts of messages and profiles are raw bytes in a code page (icq_client_charset); nicks and
 * groups of the own list are UTF-8. Everything that an event points to dies with the call.
 */
#ifndef ICQ_CLIENT_H
#define ICQ_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/codepage.h"
#include "base/log.h"
#include "base/now.h"
#include "client/event.h"
#include "store/history.h"
#include "wire/icqwire.h"

struct icq_client; /* owned by whoever called icq_client_new */

/* ---- files ----------------------------------------------------------------------------- */

/* A file to be sent: its name without folders, in the code page of the receiver. */
struct icq_client_file {
	struct icq_str name;
	uint32_t size;
};

enum {
	ICQ_CLIENT_FILES_MAX = 100,
	ICQ_CLIENT_FILE_BLOCK = 120 * ICQ_MAX_block, /* bytes of a READ; a WRITE may have more */
};

enum icq_client_file_kind {
	ICQ_CLIENT_FILE_READ,	/* n bytes at offset: answered with p, and n, less at the end */
	ICQ_CLIENT_FILE_CREATE, /* of this name and size; answered with offset: from where its
				 * contents are wanted, since what is before is there */
	ICQ_CLIENT_FILE_WRITE,	/* n bytes at offset, each job where the one before ended */
	ICQ_CLIENT_FILE_FINISH, /* it is whole: gives it its name */
};

/* Work on a file. err of the answer: -ICQ_EFULL: no space; -ICQ_EDENIED: no such name is
 * possible; -ICQ_ECORRUPT: what comes differs from what is there; -ICQ_EIO. */
struct icq_client_file_job {
	enum icq_client_file_kind kind;
	uint32_t transfer;
	uint32_t file; /* of the transfer, from 0 */
	int err;
	uint64_t offset;
	const uint8_t *p;
	size_t n;
	/* CREATE: */
	uint32_t uin; /* whose */
	struct icq_str name;
	const struct codepage *charset;
	uint32_t size;
};

/* ---- the machine ----------------------------------------------------------------------- */

/* All that the engine asks of the world. No function may call back into the client. */
struct icq_client_env {
	void *ctx;
	/* Sends a datagram to the server; p is only valid during the call. */
	void (*send)(void *ctx, const struct addr *to, const void *p, size_t n);
	/* Takes over a copy of the job (history_job_size() bytes); its answer comes by
	 * icq_client_done, later and never from inside this call. 0, or -ICQ_EFULL: then no
	 * answer comes. */
	int (*submit)(void *ctx, const struct history_job *job);
	/* Fills p with unpredictable bytes. */
	void (*random)(void *ctx, void *p, size_t n);
	/* What is worth noting, and what happens; either is only valid during the call. */
	void (*log)(void *ctx, const struct log_event *ev);
	void (*event)(void *ctx, const struct icq_client_event *ev);
	/* From now on send from another port, and hand over nothing that comes to the old one:
	 * numbers start anew with each session, so a late packet of a broken one could be taken
	 * for one of the next, and its acknowledgement would lose that. May be NULL. */
	void (*new_port)(void *ctx);

	/* Streams to other clients. All of these may be NULL together: then there are none. */

	/* Connects; icq_client_stream_opened or _closed follows, later. 0, or negative: neither
	 * follows. */
	int (*connect)(void *ctx, uint32_t stream, const struct addr *to);
	/* Sends a whole packet. */
	void (*stream_send)(void *ctx, uint32_t stream, const void *p, size_t n);
	/* No input of this stream follows; what has not left yet may be lost. */
	void (*stream_close)(void *ctx, uint32_t stream);
	/* Nothing more is sent after what was; its input goes on. */
	void (*stream_end)(void *ctx, uint32_t stream);
	/* How many bytes stream_send would take now; what goes beyond may be dropped. When this was
	 * less than half of the most, icq_client_stream_room follows once it is more again. */
	size_t (*stream_room)(void *ctx, uint32_t stream);
	/* Stops reading, or goes on. */
	void (*stream_hold)(void *ctx, uint32_t stream, bool hold);
	/* Takes streams at a fresh port under this number, until listen_end. 0 or negative. */
	int (*listen)(void *ctx, uint32_t listener, uint16_t *port_out);
	void (*listen_end)(void *ctx, uint32_t listener);
	/* Files of transfers. NULL: there are none. Takes over a copy of the job, with its bytes;
	 * the jobs of a transfer are done in their order, and answered by icq_client_file_done,
	 * later; when one fails, so do those behind it. 0, or negative: no answer comes. */
	int (*file)(void *ctx, const struct icq_client_file_job *job);
	/* No more jobs of this transfer follow. Those there are will be done, but are not answered;
	 * what is not finished is left for another time. */
	void (*file_end)(void *ctx, uint32_t transfer);

	/* Our address towards the server as this machine knows it; 0: unknown. */
	uint32_t (*inner_ip)(void *ctx);
};

enum icq_client_direct {
	ICQ_CLIENT_DIRECT_OUT, /* connects, but takes no connections, except for what one accepts */
	ICQ_CLIENT_DIRECT_OFF,
	ICQ_CLIENT_DIRECT_ON,
};

struct icq_client_conf {
	struct addr server;		/* nobody else is listened to */
	int64_t keepalive_ms;		/* 0: 25 s; never above what the server says */
	int64_t timeout_ms;		/* how long a command waits for the server; 0: 60 s */
	const struct codepage *charset; /* NULL: CP1252 */
	bool contacts_only;		/* drop messages of all others, as of those ignored */
	bool hide_ip;			/* ask the server to keep our address to itself */
	enum icq_client_direct direct;
	bool peer_first;      /* texts try a direct connection before the server */
	uint16_t listen_port; /* where the owner takes streams; 0: nowhere */
	uint32_t file_limit;  /* bytes a second for all transfers together; 0: none */
};

/* conf and env are copied. NULL: out of memory. */
struct icq_client *icq_client_new(const struct icq_client_conf *conf,
				  const struct icq_client_env *env);
/* Other settings from now on; the server stays the same. */
void icq_client_reconf(struct icq_client *c, const struct icq_client_conf *conf);
/* Says nothing to the server; wipes the password. */
void icq_client_free(struct icq_client **c);

/* A datagram has arrived. */
void icq_client_input(struct icq_client *c, struct now now, const struct addr *from, const void *p,
		      size_t n);
/* A job has come back. */
void icq_client_done(struct icq_client *c, struct now now, const struct history_job *job);
/* Time has passed: to be called at the deadline, or at any other time. */
void icq_client_tick(struct icq_client *c, struct now now);
/* Somebody has connected to us: to a listener, or (0) to the port of conf. The number of the stream
 * from now on; 0: to be closed. */
uint32_t icq_client_stream_accepted(struct icq_client *c, struct now now, uint32_t listener,
				    const struct addr *from);
void icq_client_stream_opened(struct icq_client *c, struct now now, uint32_t stream);
void icq_client_stream_data(struct icq_client *c, struct now now, uint32_t stream, const void *p,
			    size_t n);
/* It takes more again. */
void icq_client_stream_room(struct icq_client *c, struct now now, uint32_t stream);
/* The other side has ended it, or (broken) the network, or it did not come about. */
void icq_client_stream_closed(struct icq_client *c, struct now now, uint32_t stream, bool broken);
/* A job of a file has been done. */
void icq_client_file_done(struct icq_client *c, struct now now,
			  const struct icq_client_file_job *job);
/* When icq_client_tick wants to be called, in monotonic ms; NEVER_MS for never. */
int64_t icq_client_deadline(const struct icq_client *c);

/* ---- commands -------------------------------------------------------------------------- */

/*
 * Each command has a request id of the caller's choice, which comes back in exactly one result
 * event, perhaps before the function returns; with 0 there is no result.
 */

/*
 * Starts a session and keeps it: when it breaks, it logs in again (backing off), until
 * icq_client_logout, a wrong password, or being sent away. status: a status word. Result when
 * online. The password (at most 8 bytes) is copied, kept for that purpose and wiped with it.
 */
void icq_client_login(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		      struct icq_str password, uint32_t status);
/* Ends the session, or the attempts. Whatever the outbox holds stays there. Result when the server
 * knows, or does not answer for 3 s. */
void icq_client_logout(struct icq_client *c, struct now now, uint64_t request);
/* Makes an account and logs nobody in; only while offline. */
void icq_client_register(struct icq_client *c, struct now now, uint64_t request,
			 struct icq_str password);
void icq_client_status(struct icq_client *c, struct now now, uint64_t request, uint32_t status);
/* Result when the server has answered. */
void icq_client_ping(struct icq_client *c, struct now now, uint64_t request);

/* Sends a message (type and text as they go on the wire), now or whenever there is a session
 * of this account. Result when it is in the outbox. */
void icq_client_send(struct icq_client *c, struct now now, uint64_t request, uint32_t to,
		     uint16_t type, struct icq_str text);

enum icq_client_via { ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_VIA_SERVER, ICQ_CLIENT_VIA_PEER };
enum icq_client_mode { ICQ_CLIENT_MODE_NORMAL, ICQ_CLIENT_MODE_URGENT, ICQ_CLIENT_MODE_LIST };

/*
 * Likewise, on a way of the caller's choice. Directly means: if no connection comes about in 5 s,
 * or the other client does not acknowledge, through the server. AUTO is what the settings say, but
 * urgent messages and those to the contact list, which a busy client takes too, go directly.
 * ICQ_CLIENT_NO_DIRECT when that cannot even be tried. Urgency does not outlive the program.
 */
void icq_client_send_by(struct icq_client *c, struct now now, uint64_t request, uint32_t to,
			uint16_t type, struct icq_str text, enum icq_client_via way,
			enum icq_client_mode mode);
/*
 * Sends what was returned (ICQ_CLIENT_RETURNED) as a new message: through the server, or urgently
 * or to the contact list as icq_client_send_by does. ICQ_CLIENT_NOT_FOUND: there is no such
 * message, or it was not returned.
 */
void icq_client_resend(struct icq_client *c, struct now now, uint64_t request, uint64_t msg,
		       enum icq_client_mode mode);
/* Takes a message out of the outbox; ICQ_CLIENT_BUSY when it is on its way already. */
void icq_client_drop(struct icq_client *c, struct now now, uint64_t request, uint64_t msg);

/* Rows as events, then the result. */
struct icq_client_query {
	uint32_t peer;	 /* 0: everybody */
	uint64_t before; /* only rows older than this one; 0: from the newest */
	uint32_t limit;
	bool outbox; /* only the outbox, oldest first */
	bool oldest_first;
	const char *find; /* words in UTF-8, or NULL */
};
void icq_client_history(struct icq_client *c, struct now now, uint64_t request,
			const struct icq_client_query *query);

/* Adds or changes a contact (what the server says about him does not count). */
void icq_client_put_contact(struct icq_client *c, struct now now, uint64_t request,
			    const struct icq_client_contact *contact);
/* The code page of the contacts of a group who have none of their own; NULL: that of the account
 * again. 0, -ICQ_EFULL, -ICQ_ERANGE: the name is too long. */
int icq_client_group_charset(struct icq_client *c, const char *group, const struct codepage *page);
void icq_client_remove_contact(struct icq_client *c, struct now now, uint64_t request,
			       uint32_t uin);

/* Looks for users: by number, else by nick, names and e-mail, whichever of them are there. */
void icq_client_search(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		       const struct icq_client_profile *wanted);
/* Both halves of a profile as events, in either order. */
void icq_client_info(struct icq_client *c, struct now now, uint64_t request, uint32_t uin);
/* Somebody by chance in this group (1 to 11); ICQ_CLIENT_NOT_FOUND: nobody. */
void icq_client_random(struct icq_client *c, struct now now, uint64_t request, uint32_t group);
/* May be found by chance in this group until the session ends; 0: no more. */
void icq_client_random_join(struct icq_client *c, struct now now, uint64_t request, uint32_t group);

/* Changes the fields of the own profile that the bits tell; the others stay. One at a time. */
void icq_client_update(struct icq_client *c, struct now now, uint64_t request,
		       const struct icq_client_profile *change);
/* From now on another password (1 to 8 bytes), also for sessions to be mended. When the answer is
 * lost with the session, either may count. */
void icq_client_password(struct icq_client *c, struct now now, uint64_t request,
			 struct icq_str password);
/* Asks somebody whether he may be listed (T_auth_request, with a reason), or tells him that he is
 * (T_added, perhaps with a word): a message with the own names in it, as icq_client_send.
 * Online only; not while the own profile changes. */
void icq_client_introduce(struct icq_client *c, struct now now, uint64_t request, uint32_t to,
			  uint16_t type, struct icq_str text);

/* Reads the away text of a contact; the result has it. */
void icq_client_peek(struct icq_client *c, struct now now, uint64_t request, uint32_t uin);
/* Opens a direct connection to a contact, or closes all of them. */
void icq_client_peer(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		     bool open);
/* A direct connection. */
struct icq_client_peer {
	uint32_t uin; /* whoever is there, or says so; 0: he has not said it yet */
	struct addr at;
	bool open;    /* both know each other's number */
	bool ours;    /* we have connected */
	bool matches; /* it is the address that the server tells for him */
	uint16_t version;
};

/* In no order; false beyond the last. */
bool icq_client_peer_at(const struct icq_client *c, size_t i, struct icq_client_peer *out);

/* Offers files to a contact, over a direct connection. The result, with the number of the request,
 * comes when he has been asked; that number, which the transfer will have, or 0. */
uint32_t icq_client_send_files(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
			       const struct icq_client_file *files, size_t count,
			       struct icq_str text);
/*
 * Answers a request of somebody. Chats and files: the result has the number of the session or
 * transfer; ICQ_CLIENT_NO_DIRECT: nobody could connect. Authorization: sends a message, as
 * icq_client_send. ICQ_CLIENT_NOT_FOUND: nobody asks this any more.
 * True: a chat or transfer has begun.
 */
bool icq_client_accept(struct icq_client *c, struct now now, uint64_t request, uint32_t number);
/* text: why; nothing is said to who has only listed us. */
void icq_client_refuse(struct icq_client *c, struct now now, uint64_t request, uint32_t number,
		       struct icq_str text);
/* Withdraws what we have asked, ends the chat or transfer that came of a request, or refuses what
 * somebody asks. ICQ_CLIENT_NOT_FOUND. */
void icq_client_cancel(struct icq_client *c, struct now now, uint64_t request, uint32_t number);
/* Lets a transfer rest, or go on; ICQ_CLIENT_NOT_FOUND. */
void icq_client_pause(struct icq_client *c, struct now now, uint64_t request, uint32_t number,
		      bool pause);
/* Open requests of either side, in no order; false beyond the last. */
bool icq_client_request_at(const struct icq_client *c, size_t i, struct icq_client_request *out);

/*
 * Asks a contact for a chat or, with the number of a session, to join that. Result when he has
 * been asked, with the number of the request.
 */
void icq_client_chat(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		     struct icq_str text, uint32_t session);
/*
 * Types for all in a chat, in UTF-8: a line feed ends the line, \b takes a character back, \a
 * beeps. What their code pages lack is a question mark there. Who cannot take it all, because he
 * does not read, must leave. ICQ_CLIENT_BUSY: nobody is there yet.
 */
void icq_client_chat_type(struct icq_client *c, struct now now, uint64_t request, uint32_t session,
			  const char *keys);

/* The text (UTF-8) that contacts are told in this status; -ICQ_ERANGE: too long, or the status has
 * none. */
int icq_client_away_text(struct icq_client *c, enum icq_status status, const char *text);

/* Every packet as an event, or not. */
void icq_client_verbose(struct icq_client *c, bool on);

/* The account whose outbox and history are meant before the first login. */
void icq_client_set_uin(struct icq_client *c, uint32_t uin);

/* ---- questions ------------------------------------------------------------------------- */

enum icq_client_state icq_client_get_state(const struct icq_client *c);
uint32_t icq_client_uin(const struct icq_client *c);
/* The status word last asked for, without the bits that the settings add. */
uint32_t icq_client_get_status(const struct icq_client *c);
/* How often contacts have read the away text since the status is as it is. */
unsigned icq_client_away_reads(const struct icq_client *c);
size_t icq_client_contact_count(const struct icq_client *c);
/* In the order they were added; valid until the next command. NULL beyond the last. */
const struct icq_client_contact *icq_client_contact_at(const struct icq_client *c, size_t i);
/* NULL: not on the list. */
const struct icq_client_contact *icq_client_contact(const struct icq_client *c, uint32_t uin);
/* Group number i of those that have a code page, and that; NULL beyond the last. */
const char *icq_client_group_at(const struct icq_client *c, size_t i,
				const struct codepage **page_out);
/* The code page of texts to and from this user. Never NULL. */
const struct codepage *icq_client_charset(const struct icq_client *c, uint32_t uin);

#endif
