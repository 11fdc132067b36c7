/* SPDX-License-Identifier: MIT */
/*
 * What libicqclient speaks of, and the events by which it tells what happens. Part of client.h.
 */
#ifndef ICQ_CLIENT_EVENT_H
#define ICQ_CLIENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/codepage.h"
#include "base/log.h"
#include "store/history.h"
#include "wire/icqwire.h"

enum {
	ICQ_CLIENT_CONTACTS_MAX = 1000,
	ICQ_CLIENT_GROUPS_MAX = 32, /* that have a code page */
	ICQ_CLIENT_NAME_MAX = 81,   /* a nick or group in UTF-8, with NUL */
	ICQ_CLIENT_SERVER_UIN = 1,  /* who says that a message could not be delivered */
	ICQ_CLIENT_AWAY_MAX = 451,  /* an away text in UTF-8, with NUL */
};

enum icq_client_state {
	ICQ_CLIENT_OFFLINE,
	ICQ_CLIENT_CONNECTING, /* the login is on its way */
	ICQ_CLIENT_ONLINE,
	ICQ_CLIENT_WAITING, /* the session broke or the server is busy: it will try again */
	ICQ_CLIENT_REFUSED, /* wrong password, or sent away: it will not try again by itself */
};

/* The `error` of a result. */
enum icq_client_error {
	ICQ_CLIENT_OK,
	ICQ_CLIENT_NOT_ONLINE,
	ICQ_CLIENT_REFUSED_BY_SERVER,
	ICQ_CLIENT_TIMEOUT,
	ICQ_CLIENT_TOO_LONG,
	ICQ_CLIENT_BUSY,
	ICQ_CLIENT_NOT_FOUND,
	ICQ_CLIENT_UNKNOWN_UIN,
	ICQ_CLIENT_BAD_FIELD,
	ICQ_CLIENT_DISK,
	ICQ_CLIENT_NO_DIRECT,
};

enum icq_client_list {
	ICQ_CLIENT_NORMAL,
	ICQ_CLIENT_VISIBLE,   /* sees us even when we are invisible */
	ICQ_CLIENT_INVISIBLE, /* never sees us */
	ICQ_CLIENT_IGNORE,    /* his messages are dropped */
};

/* The words of these enums as the JSON schema spells them; never NULL. */
const char *icq_client_state_name(enum icq_client_state state);
const char *icq_client_error_name(enum icq_client_error error);
const char *icq_client_list_name(enum icq_client_list list);
/* The way back; -ICQ_ENOENT. */
int icq_client_list_parse(const char *name, enum icq_client_list *out);

struct icq_client_contact {
	uint32_t uin;
	char nick[ICQ_CLIENT_NAME_MAX], group[ICQ_CLIENT_NAME_MAX];
	const struct codepage *charset; /* NULL: that of the group, or of the account */
	enum icq_client_list list;
	char away_text[ICQ_CLIENT_AWAY_MAX]; /* UTF-8, told instead of those of the statuses */
	/* What the server said; offline whenever we are not online. */
	enum icq_status status;
	uint32_t tcp_version;
	bool direct; /* takes TCP connections */
};

/* What one may ask another. */
enum icq_client_kind {
	ICQ_CLIENT_CHAT,
	ICQ_CLIENT_FILE,
	ICQ_CLIENT_AUTH,  /* to be listed; accepting grants it */
	ICQ_CLIENT_ADDED, /* no question: he has listed us; accepting lists him, too */
};

const char *icq_client_kind_name(enum icq_client_kind kind);

/* A question that nobody has answered yet. Its number is never given twice in a run, and becomes
 * that of the chat or transfer. */
struct icq_client_request {
	uint32_t number;
	enum icq_client_kind kind;
	bool ours;    /* asked by us */
	uint32_t uin; /* the other side */
	bool direct;  /* over a direct connection: the server does not vouch for him ... */
	bool matches; /* ... but it came from the address that the server told */
	struct icq_str text;
	struct icq_str name; /* of a file, or how many; of who asks; of those in the chat */
	uint32_t size;	     /* bytes of the files */
	uint64_t msg;	     /* in the history; 0: not there */
};

/* The fields of a profile, texts first. */
enum icq_profile_field {
	ICQ_PROFILE_NICK,
	ICQ_PROFILE_FIRST,
	ICQ_PROFILE_LAST,
	ICQ_PROFILE_EMAIL,
	ICQ_PROFILE_CITY,
	ICQ_PROFILE_STATE,
	ICQ_PROFILE_PHONE,
	ICQ_PROFILE_HOMEPAGE,
	ICQ_PROFILE_ABOUT,
	ICQ_PROFILE_TEXTS,
	ICQ_PROFILE_AUTH = ICQ_PROFILE_TEXTS, /* 1: who lists the user must ask; 0: anyone may */
	ICQ_PROFILE_COUNTRY,		      /* telephone prefix */
	ICQ_PROFILE_AGE,
	ICQ_PROFILE_SEX, /* 1: female, 2: male */
	ICQ_PROFILE_COUNT,
};

#define ICQ_PROFILE_BIT(field) (1u << (field))

/* What is said about somebody; an empty text, and 0 in a number, is "not entered". */
struct icq_client_profile {
	uint32_t has; /* the bits of the fields that are said at all */
	struct icq_str text[ICQ_PROFILE_TEXTS];
	uint16_t number[ICQ_PROFILE_COUNT]; /* by field, those that are no texts */
};

/* As the wire tells it. */
enum icq_client_there { ICQ_CLIENT_IS_OFFLINE, ICQ_CLIENT_IS_ONLINE, ICQ_CLIENT_NOT_TOLD };

/* ---- what comes out -------------------------------------------------------------------- */

enum icq_client_event_kind {
	ICQ_CLIENT_EV_RESULT, /* a command is done; exactly one for each with a request id */
	ICQ_CLIENT_EV_STATE,
	ICQ_CLIENT_EV_MESSAGE, /* it is in the history */
	ICQ_CLIENT_EV_SENT,    /* what became of a message to somebody */
	ICQ_CLIENT_EV_PRESENCE,
	ICQ_CLIENT_EV_CONTACT, /* the own list has changed */
	ICQ_CLIENT_EV_REQUEST, /* somebody asks something */
	ICQ_CLIENT_EV_NOTICE,
	ICQ_CLIENT_EV_PACKET,  /* only when asked for by icq_client_verbose */
	ICQ_CLIENT_EV_HISTORY, /* one row of an answer; the result follows the last one */
	ICQ_CLIENT_EV_FOUND,   /* a hit of a search, or half a profile; likewise */
	ICQ_CLIENT_EV_PEER,    /* a direct connection has come or gone */
	ICQ_CLIENT_EV_AWAY_READ,
	ICQ_CLIENT_EV_CHAT,
	ICQ_CLIENT_EV_TRANSFER, /* how it goes with files */
};

enum icq_client_sent {
	ICQ_CLIENT_QUEUED,
	ICQ_CLIENT_SENT,
	ICQ_CLIENT_ACCEPTED,  /* the server has it */
	ICQ_CLIENT_DELIVERED, /* the other client has it */
	ICQ_CLIENT_RETURNED,  /* the other client did not want it: it is out of the outbox, too */
};

enum icq_client_peer_state {
	ICQ_CLIENT_PEER_OPEN,
	ICQ_CLIENT_PEER_CLOSED,
	ICQ_CLIENT_PEER_REFUSED, /* it never came about */
};

enum icq_client_transfer_state {
	ICQ_CLIENT_TRANSFER_WAITING, /* for the other side */
	ICQ_CLIENT_TRANSFER_RUNNING,
	ICQ_CLIENT_TRANSFER_PAUSED,
	ICQ_CLIENT_TRANSFER_DONE,
	ICQ_CLIENT_TRANSFER_STOPPED, /* by will of either side */
	ICQ_CLIENT_TRANSFER_FAILED,
};

enum icq_client_chat_event {
	ICQ_CLIENT_CHAT_OPEN,	/* somebody is there */
	ICQ_CLIENT_CHAT_TEXT,	/* a whole line of his */
	ICQ_CLIENT_CHAT_TYPING, /* what he has of the next one */
	ICQ_CLIENT_CHAT_BEEP,
	ICQ_CLIENT_CHAT_CLOSE, /* somebody has left; nobody (UIN 0): it is over, or never began */
};

/* What the number in a result belongs to. */
enum icq_client_numbered {
	ICQ_CLIENT_NO_NUMBER,
	ICQ_CLIENT_REQUEST,
	ICQ_CLIENT_SESSION,
	ICQ_CLIENT_TRANSFER,
};

const char *icq_client_sent_name(enum icq_client_sent sent);
const char *icq_client_transfer_state_name(enum icq_client_transfer_state state);
const char *icq_client_chat_event_name(enum icq_client_chat_event event);
const char *icq_client_peer_state_name(enum icq_client_peer_state state);

struct icq_client_event {
	enum icq_client_event_kind kind;
	union {
		struct {
			uint64_t request;
			enum icq_client_error error;
			const char *detail; /* a sentence, or NULL */
			uint64_t msg;	    /* send: its number in the history */
			uint32_t uin;	    /* register: the new account; random: who it is */
			bool more;	    /* search: not all hits were told */
			enum icq_client_numbered what;
			uint32_t number;
			/* peek: */
			bool peeked;
			enum icq_status status;
			const struct codepage *charset;
			struct icq_str text;
		} result;
		struct {
			enum icq_client_state state;
			const char *reason; /* one word, or NULL */
		} state;
		/* message, history: row.type is plain (without the flag 8000) */
		struct {
			uint64_t request; /* history only */
			const struct history_row *row;
			const struct codepage *charset;
			struct icq_str text;
		} message;
		struct {
			uint64_t msg;
			uint32_t to;
			enum icq_client_sent state;
			enum history_via via;
			const char *reason;  /* returned: one word; else NULL */
			struct icq_str text; /* what the other client says to it */
			const struct codepage *charset;
		} sent;
		struct {
			uint32_t uin;
			enum icq_client_peer_state state;
			const char *reason; /* one word, or NULL */
		} peer;
		uint32_t away_read; /* who has read our away text */
		struct {
			const struct icq_client_request *request;
			const struct codepage *charset;
		} asked;
		struct {
			uint32_t number, uin;
			enum icq_client_transfer_state state;
			bool sending;
			struct icq_str name; /* of the file under way, or of the request */
			bool stored;	     /* receiving: this file is whole and has its name */
			uint64_t done, size; /* bytes, of all files */
			uint32_t rate;	     /* bytes a second, lately */
			const char *reason;  /* one word, or NULL */
			struct icq_str text; /* what the other side says to it */
			const struct codepage *charset;
		} transfer;
		struct {
			uint32_t session; /* of a request that came to nothing: its number */
			enum icq_client_chat_event what;
			uint32_t uin;
			bool matches;	     /* at the address that the server told */
			const char *reason;  /* close: one word, or NULL */
			struct icq_str text; /* close: what the other side says to it */
			const struct codepage *charset;
		} chat;
		const struct icq_client_contact *presence;
		struct {
			uint64_t request;
			uint32_t uin;
			enum icq_client_there there; /* search only */
			const struct icq_client_profile *profile;
		} found;
		struct {
			const struct icq_client_contact *contact;
			bool removed;
		} contact;
		struct {
			enum log_level level;
			const char *code; /* one word */
			const char *text; /* ours, plain ASCII */
		} notice;
		struct {
			enum icq_channel channel; /* ICQ_STREAM, ICQ_PEER: another client */
			bool out;
			const uint8_t *p; /* passwords included: mask before showing */
			size_t n;
		} packet;
	};
};

#endif
