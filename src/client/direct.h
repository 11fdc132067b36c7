/* SPDX-License-Identifier: MIT */
/*
 * The inside of direct connections: peers (streams to other clients), what goes over them
 * (direct.c), what we want of others (wish.c), whom we may connect to (reach.c), and whom we ask
 * to connect to us (summon.c). Part of engine.h; nobody else includes it.
 */
#ifndef CLIENT_DIRECT_H
#define CLIENT_DIRECT_H

#include "client/chat.h"
#include "client/client.h"
#include "client/request.h"
#include "client/transfer.h"
#include "link/peer.h"

enum {
	PEERS_MAX = 32,
	PEERS_PER_HOST = 8,
	PEER_HEARD = 32, /* numbers of a connection that are remembered */
	PEER_FLOODS = 32,
	WISHES_MAX = 16,
	AWAY_TEXTS = 5,
	PEER_MODE_DIRECT = 4, /* "I take connections" */
	PEER_VERSION = 3,     /* of TCP, as we speak it ... */
	PEER_VERSION_OLD = 2, /* ... also with those who know no later one */
	PEER_COMMAND_MESSAGE = 0x07EE,
	PEER_COMMAND_ACK = 0x07DA,
	PEER_FLAG_NORMAL = 0x10,
	PEER_FLAG_LIST = 0x20,
	PEER_FLAG_URGENT = 0x40,
	/* What became of a message, in its acknowledgement. */
	PEER_ACCEPTED = 0,
	PEER_REFUSED = 1,
	PEER_AWAY = 4,
	PEER_OCCUPIED = 9,
	PEER_DND = 0xA,
	PEER_OCCUPIED_TEXT = 0xB,
	PEER_NA = 0xE,
	PEER_DND_TEXT = 0xF,
};

enum peer_state {
	PEER_CONNECTING,
	PEER_NAMELESS, /* it came to us, and has not said who it is */
	PEER_OPEN,
};

/* A message of the other side, and what it was told; pending: the history has not taken it yet. */
struct peer_heard {
	uint32_t sequence;
	uint16_t type, status;
	bool used, pending;
	bool silent; /* he has been told our away text already */
};

/* A stream. Owned by the table in struct direct. */
struct peer {
	uint32_t stream;
	uint32_t uin; /* as it claims, or as we hope; 0: not told yet */
	struct addr at;
	enum peer_state state;
	bool ours;    /* we have connected */
	bool matches; /* the server told us this address for this user */
	uint16_t version;
	uint32_t sequence; /* of our next message */
	int64_t until_ms;  /* then it must have opened, named itself, or ended its packet */
	struct peer_heard heard[PEER_HEARD];
	unsigned heard_next;
	struct peer_frames frames;
};

/* How much an address has sent lately: the time at which all of it would be forgotten. */
struct flood {
	struct addr from;
	int64_t clear_ms;
};

enum wish_kind { WISH_NONE, WISH_MESSAGE, WISH_PEEK, WISH_OPEN, WISH_REQUEST };

/* Something that wants a connection to somebody, and then his answer. */
struct wish {
	enum wish_kind kind;
	uint32_t uin;
	uint64_t request; /* a command, or the number of a request or of a message */
	uint32_t stream;  /* where it was sent; 0: it waits for a connection */
	uint32_t sequence;
	int64_t until_ms; /* he must have come, or answered; NEVER_MS: we are connecting */
	bool again;	  /* the second connection */
	bool summoned;	  /* it waits for his connection */
	bool early;	  /* it waits for the server to tell where he is */
};

/* The message of the outbox that is on its way to a peer. */
struct parcel {
	uint16_t type, flags, len;
	uint8_t text[HISTORY_TEXT_MAX];
};

struct direct {
	struct peer *peers[PEERS_MAX];
	struct flood floods[PEER_FLOODS];
	struct wish wishes[WISHES_MAX];
	struct parcel parcel;
	struct request requests[REQUESTS_MAX];
	struct branch *branches[BRANCHES_MAX];
	struct listener listeners[LISTENERS_MAX];
	struct transfer *transfers[TRANSFERS_MAX];
	struct chat *chats[CHATS_MAX];
	struct budget budget; /* of the transfers */
	uint32_t last_stream, last_request;
	uint32_t outer_ip, inner_ip; /* our own, as far as known */
	char away[AWAY_TEXTS][ICQ_CLIENT_AWAY_MAX];
	unsigned away_reads; /* since the status is as it is */
};

/* ---- peers.c --------------------------------------------------------------------------- */

/* The newest connection to this user that may be trusted with a message; NULL: none. */
struct peer *peer_to(struct icq_client *c, uint32_t uin);
struct peer *peer_of(struct icq_client *c, uint32_t stream);
/* Begins to connect. 0, -ICQ_EFULL, -ICQ_ENOMEM. */
int peer_connect(struct icq_client *c, uint32_t uin, const struct addr *to);
/* May this user know that we are here? */
bool peer_welcome(const struct icq_client *c, uint32_t uin);
/* Sends a packet. */
void peer_say(struct icq_client *c, struct peer *peer, enum icq_id id, const union icq_msg *msg);
/* The first packet of a connection of ours, and how to read that of another; false: it is none, or
 * of a version that nobody speaks here. */
int peer_name(struct icq_client *c, uint16_t version, uint8_t out[PEER_LENGTH + PEER_FIRST_MAX]);
bool peer_read_name(const uint8_t *p, size_t n, struct icq_t_init *out);
/* A port with its bytes swapped, as some clients tell it, and back. */
uint16_t peer_reversed_port(uint32_t port);
/* Ends a connection; wishes that were under way there look for another one. */
void peer_close(struct icq_client *c, struct peer *peer, const char *reason);
void peers_close_all(struct icq_client *c);
void peers_tick(struct icq_client *c);
int64_t peers_deadline(const struct icq_client *c);

/* ---- direct.c -------------------------------------------------------------------------- */

/* A packet after the first. The peer may be gone afterwards. */
void direct_on_packet(struct icq_client *c, struct peer *peer, const void *p, size_t n);
void direct_kept(struct icq_client *c, const struct history_job *job);
/* The fields of a message of ours on this connection that are the same for all. */
void direct_preset(struct icq_client *c, const struct peer *peer, union icq_msg *msg);
/* Why a client did not take a message, as a word; NULL: it did. */
const char *direct_refusal(uint16_t status);
/* The session has ended. */
void direct_reset(struct icq_client *c);

/* ---- wish.c ---------------------------------------------------------------------------- */

/* Starts what wants an answer. False: it cannot even be tried. */
bool wish_make(struct icq_client *c, enum wish_kind kind, uint32_t uin, uint64_t request);
/* The server has told where this user is, or (0) all it knows. */
void wish_told(struct icq_client *c, uint32_t uin);
void wish_opened(struct icq_client *c, struct peer *peer);
/* The connection is gone, or did not come about. */
void wish_lost(struct icq_client *c, const struct peer *peer);
void wish_answered(struct icq_client *c, const struct peer *peer, const struct icq_t_message *m);
void wish_forget_all(struct icq_client *c);
void wish_tick(struct icq_client *c);
int64_t wish_deadline(const struct icq_client *c);

/* ---- reach.c --------------------------------------------------------------------------- */

/* Where this contact takes connections, if he does and safety allows it. */
bool reach_address(struct icq_client *c, uint32_t uin, struct addr *out);
/* The same with another port of his, whatever he takes. */
bool reach_port(struct icq_client *c, uint32_t uin, uint32_t port, struct addr *out);
/* May we connect there at all, as far as safety goes? */
bool reach_allowed(const struct icq_client *c, uint32_t ip, uint32_t port);
/* Is there a connection, or can one be tried now? */
bool reach_possible(struct icq_client *c, uint32_t uin);
/* Until when the server may still tell that, since the session has just begun; 0: not any more. */
int64_t reach_early(const struct icq_client *c, uint32_t uin);
/* Is this the address that the server told for this user? */
bool reach_matches(struct icq_client *c, uint32_t uin, const struct addr *at);
/* Has the server told where this user is? */
bool reach_known(struct icq_client *c, uint32_t uin);
/* The way to somebody who is at these addresses and listens there, if safety allows it. */
bool reach_place(const struct icq_client *c, uint32_t ip, uint32_t inner_ip, uint32_t port,
		 struct addr *out);
/* A connection failed: none is tried for a while. */
void reach_failed(struct icq_client *c, uint32_t uin);

/* ---- summon.c -------------------------------------------------------------------------- */

/* Can this contact be asked now to connect to us, or was he a moment ago? */
bool summon_possible(const struct icq_client *c, uint32_t uin);
/* Asks him. Until when he may come; 0: he cannot be asked. */
int64_t summon(struct icq_client *c, uint32_t uin);

#endif
