/* SPDX-License-Identifier: MIT */
/*
 * libicqwire: bytes to structs and back, for the Mirabilis ICQ protocol, version 2, and its
 * peer-to-peer half. No I/O, no malloc, no globals that change; every function may be called
 * from any thread.
 *
 * Everything here is made from icq.def, which says for each message and field its meaning,
 * limit, default and source. A message `c_login` has the struct `icq_c_login`, the id
 * `M_c_login`, and is the member `c_login` of `union icq_msg`. Prefix c_: from a client, s_:
 * from the server, t_ and f_: between clients over TCP, e_: element of a list.
 *
 * Text and lists that were read borrow from the packet and die with it.
 */
#ifndef ICQWIRE_H
#define ICQWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* ---- values ---------------------------------------------------------------------------- */

/* Borrowed bytes: a text without its NUL, or the rest of a packet. In a code page that the
 * protocol does not tell. */
struct icq_str {
	const uint8_t *p; /* may be NULL when len is 0 */
	uint16_t len;
};

/* A borrowed list of `count` UINs or elements as they stand on the wire. */
struct icq_list {
	const uint8_t *p;
	uint16_t count;
};

/* Borrows a C string (at most 65,534 bytes of it count). */
struct icq_str icq_str_of(const char *text);
bool icq_str_equal(struct icq_str a, struct icq_str b);

/* UIN number i < list->count. */
uint32_t icq_uins_at(const struct icq_list *list, size_t i);
/* Writes UIN number i into a buffer of 4 bytes a UIN, for a list to be sent. */
void icq_uins_set(uint8_t *uins, size_t i, uint32_t uin);

enum icq_limit {
#define LIMIT(name, value, meaning) ICQ_MAX_##name = (value),
#include "icq.def"
};

/* ---- messages -------------------------------------------------------------------------- */

enum icq_channel {
	ICQ_CLIENT, /* UDP to the server, with UIN in the header */
	ICQ_BARE,   /* UDP to the server, without */
	ICQ_SERVER, /* UDP from the server */
	ICQ_PEER,   /* TCP, told by the place in the stream */
	ICQ_STREAM, /* TCP, told by the first byte */
	ICQ_PART,   /* element of a list */
};

#define MESSAGE(id, ...) struct icq_##id {
#define U8(name, ...) uint8_t name;
#define U16(name, ...) uint16_t name;
#define U32(name, ...) uint32_t name;
#define U64(name, ...) uint64_t name;
#define IP(name, ...) uint32_t name; /* 127.0.0.1 is 0x7F000001 */
#define STR(name, ...) struct icq_str name;
#define UINS(name, ...) struct icq_list name;
#define LIST(name, ...) struct icq_list name;
#define RAW(name, flags, size, ...) uint8_t name[size];
#define REST(name, ...) struct icq_str name;
#define END                                                                                        \
	}                                                                                          \
	;
#include "icq.def"

enum icq_id {
	M_NONE, /* no such message */
#define MESSAGE(id, ...) M_##id,
#include "icq.def"
	M_COUNT
};

union icq_msg {
#define MESSAGE(id, ...) struct icq_##id id;
#include "icq.def"
};

/* The message with this code in a protocol version (1 or 2; streams: 2), M_NONE if there is
 * none. ICQ_CLIENT finds messages with and without UIN in the header. */
enum icq_id icq_find(enum icq_channel channel, uint16_t version, uint16_t code);

/* Sets every field to its default. */
void icq_preset(enum icq_id id, union icq_msg *msg);

/*
 * Reads a body. Tolerant exactly where icq.def says so: missing tails get their defaults,
 * bytes behind the last field are ignored. 0, or -ICQ_ETRUNC when the body ends inside a
 * field; then msg holds what came before, and defaults behind.
 */
int icq_decode(enum icq_id id, const void *body, size_t len, union icq_msg *msg);

/*
 * Writes a body in canonical form: every optional field, every NUL, texts and lists cut at
 * their limits. Returns its length, or -ICQ_ESPACE.
 */
int icq_encode(enum icq_id id, const union icq_msg *msg, void *out, size_t cap);

/* Reads element number i < list->count of a list of these. */
void icq_list_at(const struct icq_list *list, enum icq_id element, size_t i, union icq_msg *out);

/* ---- UDP headers ----------------------------------------------------------------------- */

struct icq_head {
	uint16_t version, command, seq;
	uint32_t uin; /* 0 where the header has none */
};

/*
 * Reads the header of a datagram to (ICQ_CLIENT, also for the commands without UIN) or from
 * (ICQ_SERVER) the server. Returns the header's length, -ICQ_ETRUNC for a short datagram or
 * -ICQ_EVERSION for a version other than 1 and 2.
 */
int icq_head_read(enum icq_channel channel, const void *packet, size_t len, struct icq_head *head);

/*
 * Writes a whole datagram: header, then body. head->command and the form of the header
 * follow from id. Returns its length or -ICQ_ESPACE.
 */
int icq_pack(enum icq_id id, const struct icq_head *head, const union icq_msg *msg, void *out,
	     size_t cap);

/*
 * Reads a whole datagram. 0; or the errors of icq_head_read; or -ICQ_EUNKNOWN (the header is
 * good, *id is M_NONE); or -ICQ_ETRUNC with *id set (the body is malformed).
 */
int icq_unpack(enum icq_channel channel, const void *packet, size_t len, struct icq_head *head,
	       enum icq_id *id, union icq_msg *msg);

/* As icq_pack for a TCP packet (without its LENGTH): the code byte, if any, then the body. */
int icq_pack_peer(enum icq_id id, const union icq_msg *msg, void *out, size_t cap);

/* ---- compound texts: fields separated by FE -------------------------------------------- */

#define TEXTFORM(id, ...) struct icq_text_##id {
#define PART(name, ...) struct icq_str name;
#define END_TEXT                                                                                   \
	}                                                                                          \
	;
#include "icq.def"

enum icq_form {
	F_NONE,
#define TEXTFORM(id, ...) F_##id,
#include "icq.def"
	F_COUNT
};

union icq_text {
#define TEXTFORM(id, ...) struct icq_text_##id id;
#include "icq.def"
};

/* Message types; 8000 may be added: "sent to several". */
enum icq_type {
#define TEXTFORM(id, type, ...) T_##id = (type),
#include "icq.def"
	ICQ_TYPE_MANY = 0x8000,
};

/* The form of a message type (the flag 8000 does not matter), F_NONE if unknown. */
enum icq_form icq_form_of(uint16_t type);
/* "URL", "authorization request" ...; "unknown" for F_NONE. */
const char *icq_form_name(enum icq_form form);
/* May users send this type to one another through a server by default? */
bool icq_form_relayed(enum icq_form form);

/*
 * Splits a text into its parts, which borrow from it. Missing parts are empty, the last one
 * keeps further FEs. Returns the number of FEs that were there, at most parts - 1.
 */
int icq_text_split(enum icq_form form, struct icq_str text, union icq_text *out);
/* Joins all parts; an FE inside a part becomes a blank. Length (no NUL) or -ICQ_ESPACE. */
int icq_text_join(enum icq_form form, const union icq_text *text, void *out, size_t cap);
/* Has the text exactly as many FEs as its form wants? Texts of one part may hold any number.
 * Splitting and joining completes a text, but for contact lists their own functions do. */
bool icq_text_complete(enum icq_form form, struct icq_str text);

struct icq_contacts {
	uint16_t count;
	struct icq_contact {
		uint32_t uin;
		struct icq_str nick;
	} at[ICQ_MAX_pairs];
};

/* The contact list message. Pairs whose UIN is no number are left out. */
void icq_contacts_split(struct icq_str text, struct icq_contacts *out);
/* Length (no NUL) or -ICQ_ESPACE. */
int icq_contacts_join(const struct icq_contacts *contacts, void *out, size_t cap);

/* ---- commands in words (0438) ---------------------------------------------------------- */

enum icq_text_code {
	C_NONE,
#define TEXTCODE(id, ...) C_##id,
#include "icq.def"
	C_COUNT
};

/* The command that a text begins with: clients get its length wrong. */
enum icq_text_code icq_text_code_of(struct icq_str text);
/* "B_USER_DISCONNECTED" ...; "" for C_NONE. */
const char *icq_text_code_text(enum icq_text_code code);

/* ---- status words ---------------------------------------------------------------------- */

enum icq_status {
#define STATUS(name, value, label) ICQ_STATUS_##name = (value),
#include "icq.def"
	ICQ_STATUS_invisible = 0x100, /* a bit beside the others */
	ICQ_STATUS_hide_ip = 0x20000, /* a bit beside the others */
	ICQ_STATUS_offline = 0xFFFF,  /* never on the wire */
};

/* The one of the values above (without bits) that a status word means, whatever a client
 * combined; ICQ_STATUS_offline for FFFF in the low word. */
enum icq_status icq_status_plain(uint32_t word);
/* "online", "away", "na", "occupied", "dnd", "ffc", "offline". */
const char *icq_status_name(enum icq_status plain);
/* The way back, also from "invisible"; -ICQ_ENOENT. */
int icq_status_parse(const char *name, enum icq_status *out);
/* The word as a viewer may see it who speaks this version of the TCP protocol. */
uint32_t icq_status_shown(uint32_t word, uint32_t viewer_tcp_version);

/* ---- the description itself ------------------------------------------------------------ */

enum icq_kind {
	K_U8,
	K_U16,
	K_U32,
	K_U64,
	K_IP,
	K_STR,
	K_UINS,
	K_LIST,
	K_RAW,
	K_REST,
};

enum icq_flag {
	ICQ_NEED = 0,
	ICQ_OPT = 1 << 0,
	ICQ_TAIL = 1 << 1,
	ICQ_SECRET = 1 << 2,
	ICQ_UNNUM = 1 << 3,
	ICQ_SHORT = 1 << 4,
	ICQ_LOOSE = 1 << 5,
	ICQ_NULLESS = 1 << 6,
	ICQ_STOP0 = 1 << 7,
	ICQ_SELECT = 1 << 8,
	ICQ_CHAT = 1 << 9,
	ICQ_FILES = 1 << 10,
};

struct icq_field {
	const char *name, *meaning;
	enum icq_kind kind;
	uint16_t flags;	     /* enum icq_flag */
	uint16_t offset;     /* in the message's struct */
	uint32_t arg;	     /* integers: default; STR, UINS, REST: limit; RAW: size; LIST: limit */
	enum icq_id element; /* LIST */
};

struct icq_message {
	enum icq_id id;
	enum icq_channel channel;
	uint8_t versions; /* bit n: protocol version n */
	uint16_t code;
	const char *ident; /* "c_login" */
	const char *name;  /* "LOGIN" */
	const char *source, *meaning;
	const struct icq_field *fields;
	size_t field_count;
};

/* NULL for M_NONE and beyond M_COUNT. */
const struct icq_message *icq_describe(enum icq_id id);

/* ---- explaining packets ---------------------------------------------------------------- */

struct icq_shown {
	const char *name;	       /* field, or header word; NULL: bytes that no field owns */
	const char *value;	       /* readable, escaped, secrets masked */
	const char *note;	       /* meaning of the value ("away", "text"), or NULL */
	size_t offset, len;	       /* its bytes in the packet */
	const struct icq_field *field; /* NULL for header words; nameless: where it breaks */
};

typedef void icq_show_fn(void *ctx, const struct icq_shown *shown);

/*
 * Calls `each` for every header word and field of a packet, in the order of the wire, up to
 * the byte where it breaks; bytes that no field owns come last, as a nameless one. The parts
 * of a compound text come one by one, named text.url and the like; elements of a list follow
 * its count. Together the rows cover the packet without a gap. Channels: ICQ_CLIENT,
 * ICQ_SERVER, ICQ_STREAM, ICQ_PEER (which one it is, is guessed). *id_out tells what it was.
 * Returns 0 or the errors of icq_unpack.
 */
int icq_show(enum icq_channel channel, const void *packet, size_t len, bool secrets,
	     icq_show_fn *each, void *ctx, enum icq_id *id_out);

/*
 * The same on one line: `LOGIN v2 seq=1 uin=20001 port=54125 password=*** ...`. Cuts at cap;
 * returns the length without the NUL.
 */
size_t icq_show_line(enum icq_channel channel, const void *packet, size_t len, bool secrets,
		     char *out, size_t cap);

#endif
