/* SPDX-License-Identifier: MIT */
/*
 * The inside of the engine, shared by its files; nobody else includes it. Each file is one noun
 * with its part of the state; all of them work within one turn, whose time is c->now.
 */
#ifndef CLIENT_ENGINE_H
#define CLIENT_ENGINE_H

#include "client/client.h"
#include "client/direct.h"
#include "link/link.h"

enum {
	AWAIT_MAX = 32,	   /* commands that wait for the server at one time */
	PRESSING_MAX = 16, /* urgent messages in the outbox; more are not urgent any more */
	READING_MAX = 8,   /* readings of the history at one time */
	RETRY_MS = 10000,  /* until the server has told its own times */
	SENDS = 6,	   /* likewise: transmissions in a round */
	JUMP_MAX = 1000,   /* a server's number further ahead is not believed */
	PACKET_MAX = 8448, /* any packet of ours: a text, its id and the fields around them */
};

/* A packet outside the link: it is repeated under one number until its result comes, since the
 * result itself is sent only once. */
struct knock {
	bool active;
	uint64_t request;
	uint16_t seq;
	unsigned sends;
	int64_t next_ms, until_ms;
	uint8_t password[ICQ_MAX_password]; /* the only copy; wiped as soon as it has no use */
	uint8_t password_len;
};

/* The session, or the attempts at one (conn.c). */
struct conn {
	struct knock login, reg;
	bool fresh;	      /* no session since the command: its result is still due */
	bool busy;	      /* the server has asked for patience */
	bool broken;	      /* the last session ended without our will */
	uint16_t login_seq;   /* repeated by the answer */
	uint16_t highest;     /* server number in this session */
	uint16_t welcome_seq; /* of the 005A that began it, acknowledged after CHORE_IDS */
	uint32_t generation;  /* of sessions: tells late answers from current ones */
	unsigned failures;    /* in a row, for backing off */
	int64_t online_ms;    /* since when */
	int64_t again_ms;     /* WAITING: when to try again */
	int64_t sent_ms;      /* last datagram */
	int64_t keepalive_ms; /* at most so long without one */
	bool prodded;	      /* one B_MESSAGE_ACK is on its way */
};

/* The last packet of a session that the user has ended (farewell.c). */
struct farewell {
	bool active;
	uint64_t request; /* whose result is due when the server knows */
	uint32_t uin;
	uint16_t seq;
	unsigned sends;
	int64_t next_ms;
};

/* What the server must be told after each login and after changes, one packet at a time so that
 * the order stands whatever gets lost (chores.c). In this order. */
enum chore {
	CHORE_IDS,	 /* this client understands message ids */
	CHORE_CONTACTS,	 /* those not told yet */
	CHORE_VISIBLE,	 /* the whole list */
	CHORE_INVISIBLE, /* the whole list */
	CHORE_STATUS,
	CHORE_STORED,  /* send what waits */
	CHORE_CONFIRM, /* it has arrived */
	CHORE_NONE,
};

struct chores {
	unsigned todo;	    /* bit for each enum chore */
	enum chore current; /* on its way; CHORE_NONE */
	size_t at;	    /* lists: first contact that is not sent yet */
	bool ids;	    /* the server has heard of message ids */
};

struct contact {
	struct icq_client_contact pub;
	bool told;    /* the server knows that we list him, in this session */
	uint16_t seq; /* of the newest presence packet, which an older one must not undo */
	uint32_t ip, inner_ip, port; /* where he takes connections, as the server says */
	int64_t pause_until_ms;	     /* after a failed connection */
	int64_t summoned_ms;	     /* when he was asked to connect to us; 0: never */
	int64_t obeyed_ms;	     /* when we connected because he asked; 0: never */
	bool read;		     /* he has read our away text, as it is now */
	bool answered;		     /* a message of his was answered with it */
};

struct roster {
	struct contact *at;
	size_t count, cap;
	struct group {
		char name[ICQ_CLIENT_NAME_MAX];
		const struct codepage *charset;
	} groups[ICQ_CLIENT_GROUPS_MAX]; /* that have a code page */
	size_t group_count;
	bool complete; /* the server has told who of them is there, in this session */
};

struct outbox {
	uint64_t flight;  /* history number of the message on its way; 0: none */
	uint32_t to;	  /* its receiver */
	uint64_t bounced; /* the message that could not go directly: it takes the server */
	struct pressing {
		uint64_t msg; /* 0: free */
		uint16_t flags;
	} pressing[PRESSING_MAX]; /* messages with flags, until they leave */
	uint64_t after;		  /* the last one accepted in this run */
	bool reading;		  /* the next one is being fetched */
	bool stale;		  /* there may be a next one */
};

struct inbox {
	unsigned pending; /* messages of this session on their way into the history */
	bool complete;	  /* the server has sent all that waited */
	bool lossy;	  /* one of this session could not be kept: nothing is confirmed */
};

enum awaited {
	AWAIT_ACK, /* nothing but that */
	AWAIT_STATUS,
	AWAIT_SEARCH,
	AWAIT_INFO,
	AWAIT_RANDOM,
	AWAIT_UPDATE,
	AWAIT_INTRODUCE,
};

/* Its serial, cut to 16 bits, is the number that a question carries and its answer repeats. */
struct await {
	uint64_t request;
	uint32_t serial; /* 0: free */
	enum awaited kind;
	uint32_t uin; /* whom a question is about */
	unsigned due; /* answers that are still to come */
	int64_t until_ms;
};

enum {
	/* The longest profile there can be. */
	DRAFT_MAX = ICQ_MAX_nick + 2 * ICQ_MAX_name + ICQ_MAX_email + ICQ_MAX_city + ICQ_MAX_state +
		    ICQ_MAX_phone + ICQ_MAX_page + ICQ_MAX_about,
};

/* What goes out together with what the server knows about us, so that is asked for first. */
struct draft {
	uint32_t serial;		  /* of the command; it is over when nobody awaits it */
	uint32_t to;			  /* introduce */
	uint16_t type;			  /* likewise */
	struct icq_client_profile change; /* update; its texts point into bytes */
	struct icq_str text;		  /* introduce; likewise */
	uint8_t bytes[DRAFT_MAX];
};

struct reading {
	bool active;
	uint64_t request;
	uint32_t left;
};

struct icq_client {
	struct icq_client_conf conf;
	struct icq_client_env env;
	struct now now; /* of this turn */
	enum icq_client_state state;
	uint32_t uin, status;
	bool verbose;
	struct link_pool *pool;
	struct link_rules rules;
	struct link link;
	struct conn conn;
	struct farewell farewell;
	struct chores chores;
	struct roster roster;
	struct outbox outbox;
	struct inbox inbox;
	struct direct direct;
	struct await awaits[AWAIT_MAX];
	uint32_t await_serial;
	struct draft draft;
	struct knock password;
	struct reading readings[READING_MAX];
};

/* A server packet on its way through the handlers. */
struct packet {
	struct icq_head head;
	uint16_t body_len;
	const union icq_msg *msg;
};

/* ---- events and packets (client.c) ----------------------------------------------------- */

void client_emit(struct icq_client *c, const struct icq_client_event *ev);
/* Does nothing for request 0. */
void client_result(struct icq_client *c, uint64_t request, enum icq_client_error error,
		   const char *detail);
void client_notice(struct icq_client *c, enum log_level level, const char *code, const char *text);
void client_log(struct icq_client *c, enum log_level level, const char *name, const char *why,
		int64_t number);

/* Whose cookie a packet in the link carries: tag in the top byte, value below. */
enum cookie { COOKIE_NONE, COOKIE_CHORE, COOKIE_AWAIT, COOKIE_MESSAGE, COOKIE_PROD };

/* Shows a packet to a user who wants to see them. */
void client_trace(struct icq_client *c, enum icq_channel channel, bool out, const void *p,
		  size_t n);
/* Sends a datagram as it is. */
void client_transmit(struct icq_client *c, const void *p, size_t n);
/* Hands a packet to the link; msg NULL: all fields as preset. 0, -ICQ_EFULL, -ICQ_ESPACE. */
int client_post(struct icq_client *c, enum icq_id id, const union icq_msg *msg,
		enum link_flag flags, enum cookie tag, uint64_t value);
void client_ack(struct icq_client *c, uint16_t seq);

/* Whose question a job of the history carries, as its tag. */
enum tag {
	TAG_INBOX,
	TAG_SEND,
	TAG_SEND_URGENT,
	TAG_SEND_LIST,
	TAG_FETCH,
	TAG_ACCEPTED,
	TAG_DROP,
	TAG_READING,
	TAG_PEER,
	TAG_RESEND, /* and, in the order of enum icq_client_mode: */
	TAG_RESEND_URGENT,
	TAG_RESEND_LIST,
};

/* ---- the nouns ------------------------------------------------------------------------- */

/* Ends the session or the attempt, and tries again after a while. */
void conn_break(struct icq_client *c, const char *why);
void conn_on_login_reply(struct icq_client *c, const struct packet *p);
void conn_welcomed(struct icq_client *c);
void conn_on_bad_password(struct icq_client *c, const struct packet *p);
void conn_on_not_connected(struct icq_client *c, const struct packet *p);
void conn_on_try_again(struct icq_client *c, const struct packet *p);
void conn_on_go_away(struct icq_client *c, const struct packet *p);
/* The status word as the server gets it. */
uint32_t conn_status_word(const struct icq_client *c);
void conn_tick(struct icq_client *c);
/* Sends what the link has to send. */
void conn_pump(struct icq_client *c);
int64_t conn_deadline(const struct icq_client *c);

/* Tells the server that the session, which is still there, ends; the result follows. */
void farewell_begin(struct icq_client *c, uint64_t request);
/* Another request waits for the same. False: none is under way. */
bool farewell_join(struct icq_client *c, uint64_t request);
/* Whatever the server knows: it is over. */
void farewell_end(struct icq_client *c);
/* An answer to a packet has come; false: to another one. */
bool farewell_answered(struct icq_client *c, uint16_t seq);
void farewell_tick(struct icq_client *c);
int64_t farewell_deadline(const struct icq_client *c);

void signup_on_new_uin(struct icq_client *c, const struct packet *p);
void signup_on_refused(struct icq_client *c, const struct packet *p);
void signup_tick(struct icq_client *c);

/* Remembers a request and its password; false, with the result, when that is too long. */
bool knock_keep(struct icq_client *c, struct knock *k, uint64_t request, struct icq_str password);
/* Takes the next number, beside the link, and lets it go out at once. */
void knock_start(struct icq_client *c, struct knock *k);
/* Is it time for the next transmission? */
bool knock_due(struct icq_client *c, struct knock *k);
/* Sends a packet that holds the password, and wipes what was left of it on the way. */
void knock_send(struct icq_client *c, const struct knock *k, enum icq_id id,
		const union icq_msg *msg);
/* Forgets the password and everything else. */
void knock_wipe(struct knock *k);
int64_t knock_deadline(const struct knock *k);

void chores_reset(struct icq_client *c);
void chores_add(struct icq_client *c, enum chore chore);
void chores_turn(struct icq_client *c);
void chores_acked(struct icq_client *c);

void roster_reset(struct icq_client *c);
/* Somebody's country (telephone prefix) is known: if he is listed, and nobody has said otherwise,
 * his texts are taken for those of its code page. */
void roster_guess_charset(struct icq_client *c, uint32_t uin, uint16_t country);
struct contact *roster_find(const struct icq_client *c, uint32_t uin);
bool roster_has_list(const struct icq_client *c, enum icq_client_list list);
/* Our away text is another. */
void roster_unread(struct icq_client *c);
bool roster_ignores(const struct icq_client *c, uint32_t uin);

/* A contact asks us to connect to him. */
void summon_on_request(struct icq_client *c, const struct packet *p);

void presence_on_online(struct icq_client *c, const struct packet *p);
void presence_on_offline(struct icq_client *c, const struct packet *p);
void presence_on_all(struct icq_client *c, const struct packet *p);
void presence_on_status(struct icq_client *c, const struct packet *p);

void outbox_reset(struct icq_client *c);
void outbox_turn(struct icq_client *c);
void outbox_acked(struct icq_client *c, uint64_t id);
/* The other client has said what became of the message, or could not be reached. */
void outbox_taken(struct icq_client *c, uint64_t id, uint16_t status, struct icq_str text);
void outbox_not_taken(struct icq_client *c, uint64_t id);
void outbox_added(struct icq_client *c, const struct history_job *job);
void outbox_fetched(struct icq_client *c, const struct history_job *job);
void outbox_marked(struct icq_client *c, const struct history_job *job);
void outbox_dropped(struct icq_client *c, const struct history_job *job);
void outbox_resend(struct icq_client *c, const struct history_job *job);

/* The first two acknowledge by themselves, when the message is safe. */
void inbox_on_message(struct icq_client *c, const struct packet *p);
void inbox_on_stored(struct icq_client *c, const struct packet *p);
void inbox_on_stored_end(struct icq_client *c, const struct packet *p);
/* The job that keeps a message; tag, cookie and match are the caller's. */
void inbox_job(struct icq_client *c, struct history_job *job, const struct history_row *row,
	       struct icq_str text);
/* A message that was kept, for the user. */
void inbox_show(struct icq_client *c, const struct history_job *job);
void inbox_kept(struct icq_client *c, const struct history_job *job);
void inbox_turn(struct icq_client *c);
void inbox_reset(struct icq_client *c);

/* Remembers that a command waits. NULL, with the result, when there is no room or no session. */
struct await *await_add(struct icq_client *c, uint64_t request, enum awaited kind);
/* The command whose question had this number and was about this user; NULL: there is none. An
 * answer without number has 0. */
struct await *await_find(struct icq_client *c, uint16_t number, uint32_t uin);
struct await *await_of(struct icq_client *c, uint32_t serial);
/* The wait is over: its request, for a result of one's own. */
uint64_t await_take(struct await *a);
void await_finish(struct icq_client *c, struct await *a, enum icq_client_error error);
/* A question of this command has gone to the link (err 0), or could not. */
void await_posted(struct icq_client *c, struct await *a, int err);
/* One of the answers has come. */
void await_answered(struct icq_client *c, struct await *a);
void await_done(struct icq_client *c, uint32_t serial);
void await_done_all(struct icq_client *c, enum awaited kind);
void await_tick(struct icq_client *c);
/* The session is over. */
void await_fail(struct icq_client *c);
int64_t await_deadline(const struct icq_client *c);

void reading_read(struct icq_client *c, const struct history_job *job);

void directory_on_found(struct icq_client *c, const struct packet *p);
void directory_on_end(struct icq_client *c, const struct packet *p);
void directory_on_info(struct icq_client *c, const struct packet *p);
void directory_on_ext_info(struct icq_client *c, const struct packet *p);
void directory_on_unknown(struct icq_client *c, const struct packet *p);
void directory_on_random(struct icq_client *c, const struct packet *p);
void directory_on_nobody(struct icq_client *c, const struct packet *p);
/* Is no text longer than its field, and none holds a NUL? Else the result. */
bool profile_fits(struct icq_client *c, uint64_t request, const struct icq_client_profile *profile);
/* Asks for half a profile. */
void directory_post(struct icq_client *c, struct await *a, enum icq_id id);

/* The fields of either half. */
enum {
	PROFILE_AUTH = ICQ_PROFILE_BIT(ICQ_PROFILE_AUTH),
	PROFILE_NAMES = ICQ_PROFILE_BIT(ICQ_PROFILE_NICK) | ICQ_PROFILE_BIT(ICQ_PROFILE_FIRST) |
			ICQ_PROFILE_BIT(ICQ_PROFILE_LAST) | ICQ_PROFILE_BIT(ICQ_PROFILE_EMAIL) |
			PROFILE_AUTH,
	PROFILE_MORE = ICQ_PROFILE_BIT(ICQ_PROFILE_COUNT) - 1 - PROFILE_NAMES,
};

/* The halves of the own profile, for a command that wanted them. */
void profile_names(struct icq_client *c, struct await *a, const struct icq_s_info *own);
void profile_more(struct icq_client *c, struct await *a, const struct icq_s_ext_info *own);
void profile_on_updated(struct icq_client *c, const struct packet *p);
void profile_on_failed(struct icq_client *c, const struct packet *p);
void profile_on_password(struct icq_client *c, const struct packet *p);
void profile_on_password_failed(struct icq_client *c, const struct packet *p);
void profile_tick(struct icq_client *c);
/* The welcome is acknowledged: before, a server may take the address of this session for forged,
 * and refuses another password. */
void profile_welcomed(struct icq_client *c);
/* The session is over. */
void profile_reset(struct icq_client *c);

/* Ends a turn: everything that became possible is done. */
void client_turn(struct icq_client *c);

#endif
