/* SPDX-License-Identifier: MIT */
/*
 * The inside of chats: how they come about and end (chat.c), who takes part (chat_people.c), how
 * two of them get to know each other (chat_setup.c), and what is typed (chat_talk.c). Part of
 * engine.h; nobody else includes it.
 *
 * A chat is a mesh: each party has a stream to each of the others, and a port where newcomers
 * connect. A newcomer is told by whoever let him in who else is there, and connects to all of
 * them. The protocol has no word by which the others would be told of him before he comes. So the
 * first to come must have been invited; later, anybody is let in who knows the port, which only
 * those in the chat are told, and the user sees him come. For the same reason whom we connect to
 * need not be a contact: by accepting or asking the user has chosen the company, and the rules of
 * reach.c about addresses hold all the same.
 */
#ifndef CLIENT_CHAT_H
#define CLIENT_CHAT_H

#include "client/request.h"
#include "link/chat.h"

enum {
	CHATS_MAX = 8,
	CHAT_PEOPLE_MAX = 15, /* beside us */
	CHAT_MEET_MAX = 30,   /* whom we connect to because others tell of them, in all */
	CHAT_LINE_MAX = 1024, /* longer ones are divided */
	CHAT_NAMES_MAX = 12 * (CHAT_PEOPLE_MAX + 1),
	CHAT_SETUP_MS = 15000, /* from the stream to the first text */
	CHAT_BUDGET = 65536,   /* bytes that one may send at once */
};

/* How far somebody has got: what is to come from him next. */
enum chatter_stage {
	CHATTER_CONNECTION,
	CHATTER_COLOR,
	CHATTER_COLOR_FONT,
	CHATTER_FONT,
	CHATTER_TALK,
};

/* Another party. Owned by its chat. */
struct chatter {
	uint32_t stream; /* 0: free */
	uint32_t uin, tcp_version, code;
	struct addr at;
	uint32_t inner_ip, port; /* where newcomers find him; port 0: nowhere */
	uint16_t session;
	enum chatter_stage stage;
	int64_t until_ms;	   /* then he must talk */
	int64_t budget, budget_ms; /* bytes that he may send, and as of when */
	struct chat_reader reader;
	uint16_t line_len; /* of the line that he has not ended */
	bool typed;	   /* it has changed since the user saw it */
	uint8_t line[CHAT_LINE_MAX];
};

/* Somebody who may come. */
struct chat_guest {
	uint32_t uin;	  /* 0: free */
	uint32_t request; /* that asks him, while he has not answered; or 0 */
	int64_t until_ms; /* then he comes no more */
};

/* Owned by the table in struct direct. */
struct chat {
	uint32_t number;  /* of the request that began it */
	uint16_t port;	  /* where others connect; 0: nowhere */
	uint16_t session; /* told to the others, for whatever they need it */
	unsigned met;	  /* of CHAT_MEET_MAX */
	struct chatter people[CHAT_PEOPLE_MAX];
	struct chat_guest guests[CHAT_PEOPLE_MAX];
};

/* ---- chat.c ---------------------------------------------------------------------------- */

struct chat *chat_of(struct icq_client *c, uint32_t number);
/* Somebody has gone, or must go; the last one ends the chat. */
void chat_leave(struct icq_client *c, struct chat *chat, struct chatter *who, const char *reason);
/* Connects to one whom the others have told of, unless he is there, or must not be connected to. */
void chat_meet(struct icq_client *c, struct chat *chat, const struct icq_e_chat_user *user);
/* The setup is over: from now on there are no packets. */
void chat_welcome(struct icq_client *c, struct branch *b, struct chat *chat, struct chatter *who);
/* Tells the user something; who NULL: about the chat itself. */
void chat_tell(struct icq_client *c, const struct chat *chat, const struct chatter *who,
	       enum icq_client_chat_event what, struct icq_str text);
void chats_free(struct icq_client *c);

/* ---- chat_people.c --------------------------------------------------------------------- */

/* Who is on this stream; 0: a free place. NULL: nobody, none. */
struct chatter *chatter_on(struct chat *chat, uint32_t stream);
struct chatter *chatter_named(struct chat *chat, uint32_t uin);
/* Gives somebody a place; NULL: there is none. */
struct chatter *chatter_new(struct icq_client *c, struct chat *chat, const struct branch *b,
			    enum chatter_stage stage);
/* Is somebody there who may have told others of us? */
bool chat_has_company(const struct chat *chat);
/* Who is there already, for whoever is asked to join. */
struct icq_str chat_names(const struct chat *chat, char out[CHAT_NAMES_MAX]);
/* Who may come; uin 0: a free place. NULL: not he, none. */
struct chat_guest *chat_guest_of(struct chat *chat, uint32_t uin);
/* He may come: as long as the request is open, or (0) for a minute. False: there is no place. */
bool chat_expect(struct icq_client *c, struct chat *chat, uint32_t uin, uint32_t request);
/* He has come, or will not. */
void chat_expect_no_more(struct chat *chat, uint32_t uin);
/* When somebody must have come, or must talk. */
int64_t chat_deadline(const struct chat *chat);

/* ---- chat_setup.c ---------------------------------------------------------------------- */

/* We have connected: ours is the first packet. */
void chat_begin(struct icq_client *c, struct branch *b, const struct chat *chat,
		struct chatter *who);
/* One of the three packets. False: it is not the one that should come. */
bool chat_introduce(struct icq_client *c, struct branch *b, struct chat *chat, struct chatter *who,
		    const uint8_t *p, size_t n);

/* ---- chat_talk.c ----------------------------------------------------------------------- */

/* Bytes of somebody. Why he must go; NULL: he need not. */
const char *chat_hear(struct icq_client *c, const struct chat *chat, struct chatter *who,
		      const uint8_t *p, size_t n);
/* What he has not ended is a line all the same. */
void chat_finish_line(struct icq_client *c, const struct chat *chat, struct chatter *who);

#endif
