/* SPDX-License-Identifier: MIT */
/*
 * The inside of requests and of what follows from them. Part of engine.h; nobody else includes it.
 *
 * A request (request.c) asks for a chat or for files, over a direct connection. Once it is
 * accepted, the session goes on under its number, on streams of its own (branch.c): who accepts
 * opens a listener, and who asked connects to its port. A session is a chat or a transfer, and a
 * struct session_kind is all that requests and branches know about it.
 */
#ifndef CLIENT_REQUEST_H
#define CLIENT_REQUEST_H

#include "client/client.h"
#include "link/peer.h"

enum {
	REQUESTS_MAX = 64,
	REQUESTS_DIRECT = 32,  /* of those, for chats and files */
	REQUESTS_PER_USER = 4, /* of those */
	REQUEST_NAME_MAX = 255,
	BRANCHES_MAX = 32,
	BRANCHES_NAMELESS = 8, /* of those, whose first packet has not come */
	LISTENERS_MAX = 16,
	PEER_COMMAND_CANCEL = 0x07D0,
};

struct peer;
struct branch;

/* Something asked that nobody has answered yet. Its texts are in it. */
struct request {
	struct icq_client_request pub; /* number 0: free */
	uint32_t stream, sequence;     /* where it was asked; stream 0: it waits for a connection */
	struct addr from;	       /* theirs: the other end of that connection */
	uint16_t port;		       /* chat: where one is under way that may be joined; or 0 */
	int64_t until_ms;
	uint64_t command; /* ours: whose result is due when it has been asked */
	uint8_t text[ICQ_MAX_old_text], name[REQUEST_NAME_MAX];
};

/* What chats and transfers do about their requests and branches. A branch that it is told about may
 * be closed from inside any of these but `closed`. */
struct session_kind {
	/* The user accepts what another asks: it listens (branch_listen), answers
	 * (request_accept), and goes on under the number; or why it cannot. */
	enum icq_client_error (*accept)(struct icq_client *c, struct request *r);
	/* The other side accepts what we have asked: it listens at this address. */
	void (*accepted)(struct icq_client *c, const struct request *r, const struct addr *at);
	/* The request, of either side, came to nothing: refused, withdrawn, cancelled, expired,
	 * closed, unreachable. text: what the other side says to it. */
	void (*ended)(struct icq_client *c, const struct request *r, const char *reason,
		      struct icq_str text);
	/* The user ends a session; false: there is none of this kind. */
	bool (*cancel)(struct icq_client *c, uint32_t number);
	/* The user logs out: all sessions end. */
	void (*end_all)(struct icq_client *c);
	void (*tick)(struct icq_client *c);
	int64_t (*deadline)(const struct icq_client *c);

	/* May this user (b->uin) from this address (b->at) join what listens under b->number? */
	bool (*welcomes)(struct icq_client *c, const struct branch *b);
	/* Both know who is there: from now on packets may be sent. */
	void (*opened)(struct icq_client *c, struct branch *b);
	/* A whole packet without its length; after b->raw was set, bytes as they come. */
	void (*packet)(struct icq_client *c, struct branch *b, const uint8_t *p, size_t n);
	/* branch_room is not 0 any more. May be NULL. */
	void (*room)(struct icq_client *c, struct branch *b);
	/* It is gone, or did not come about. reason: closed when the other side has ended it, else
	 * another word. Not called for branch_close. */
	void (*closed)(struct icq_client *c, const struct branch *b, const char *reason);
};

extern const struct session_kind chat_session, transfer_session;

enum branch_state { BRANCH_CONNECTING, BRANCH_NAMELESS, BRANCH_OPEN };

/* A stream of a session. Owned by the table in struct direct. */
struct branch {
	uint32_t stream, number; /* of the session */
	uint32_t uin;		 /* as it claims, or as we hope; 0: not told yet */
	struct addr at;
	const struct session_kind *kind;
	enum branch_state state;
	uint16_t version; /* of TCP */
	bool raw;	  /* no more packets: set by the session */
	bool held;
	int64_t until_ms; /* then it must be open */
	struct peer_frames frames;
	uint8_t *rest; /* owned: what had been read when it was held; NULL: nothing */
	size_t rest_n;
};

struct listener {
	uint32_t number; /* of the session; 0: free */
	const struct session_kind *kind;
};

/* ---- request.c ------------------------------------------------------------------------- */

/* The open one of this number, or NULL. */
struct request *request_find(struct icq_client *c, uint32_t number);
/* Is it open, and about a chat or files? */
bool request_has_session(const struct request *r);
const struct session_kind *request_kind(const struct request *r);
void request_result(struct icq_client *c, uint64_t request, enum icq_client_numbered what,
		    uint32_t number);
/* Asks a user; pub: all but its number. The command gets its result when that is done or
 * cannot be done. Its number; 0: not even tried. */
uint32_t request_make(struct icq_client *c, const struct icq_client_request *pub, uint16_t port,
		      uint64_t command);
/* Says yes; `port` is where we listen. The request is over. */
void request_accept(struct icq_client *c, struct request *r, uint16_t port);

/* Says no, or takes back what we have asked: the request has ended. */
void request_refuse(struct icq_client *c, struct request *r, struct icq_str text);
void request_withdraw(struct icq_client *c, struct request *r, const char *reason);
/* It came to nothing: the command that waits for it, and the session_kind are told. */
void request_end(struct icq_client *c, struct request *r, const char *reason, struct icq_str text);
/* Out of the table, without a word. */
void request_drop(struct request *r);
/* False: there is no such chat or transfer. */
bool request_cancel_session(struct icq_client *c, uint32_t number);

/* The wish of a request has a connection, or will not have one. */
void request_send(struct icq_client *c, struct peer *peer, uint32_t number);
void request_unsent(struct icq_client *c, uint32_t number);
/* Another client asks for a chat or files. False: that is not possible. */
bool request_take(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m);
/* An acknowledgement; false: not that of a request. */
bool request_answered(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m);
void request_withdrawn(struct icq_client *c, const struct peer *peer,
		       const struct icq_t_message *m);
/* Somebody asks for authorization, or has listed us: a message that was kept. */
void request_note(struct icq_client *c, const struct history_job *job);
/* A direct connection is gone. */
void request_lost(struct icq_client *c, const struct peer *peer);
/* The session with the server has ended; or the account is another one. */
void request_reset(struct icq_client *c);
void request_forget_all(struct icq_client *c);
/* The user logs out: chats and transfers end. */
void request_end_sessions(struct icq_client *c);
void request_tick(struct icq_client *c);
int64_t request_deadline(const struct icq_client *c);

/* ---- branch.c -------------------------------------------------------------------------- */

/* Opens a listener for a session. 0 or negative. */
int branch_listen(struct icq_client *c, const struct session_kind *kind, uint32_t number,
		  uint16_t *port_out);
/* Closes it, if there is one; streams that came over it stay. */
void branch_listen_end(struct icq_client *c, uint32_t number);
/* Begins to connect to a user; NULL: cannot. */
struct branch *branch_connect(struct icq_client *c, const struct session_kind *kind,
			      uint32_t number, uint32_t uin, const struct addr *to);
struct branch *branch_of(struct icq_client *c, uint32_t stream);
/* Sends a packet, with its length before it. */
void branch_say(struct icq_client *c, struct branch *b, enum icq_id id, const union icq_msg *msg);
/* Sends bytes as they are; more than branch_room are lost. */
void branch_send(struct icq_client *c, struct branch *b, const void *p, size_t n);
size_t branch_room(struct icq_client *c, const struct branch *b);
/* Nothing more comes from it, or it goes on, perhaps at once with what was read already. */
void branch_hold(struct icq_client *c, struct branch *b, bool hold);
/* Nothing more will be sent; what was sent still leaves, and the other side may close. */
void branch_end(struct icq_client *c, struct branch *b);
/* What has not left yet may be lost. */
void branch_close(struct icq_client *c, struct branch *b);

/* What the streams tell; nothing happens when a stream is none of a session. */
uint32_t branch_accepted(struct icq_client *c, uint32_t listener, const struct addr *from);
void branch_opened(struct icq_client *c, uint32_t stream);
void branch_data(struct icq_client *c, uint32_t stream, const uint8_t *p, size_t n);
void branch_closed(struct icq_client *c, uint32_t stream, bool broken);
void branch_has_room(struct icq_client *c, uint32_t stream);
void branch_free_all(struct icq_client *c);
void branch_tick(struct icq_client *c);
int64_t branch_deadline(const struct icq_client *c);

#endif
