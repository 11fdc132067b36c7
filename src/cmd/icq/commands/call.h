/* SPDX-License-Identifier: MIT */
/* A command on its way: its fields, and what is wrong with them. */
#ifndef ICQ_CALL_H
#define ICQ_CALL_H

#include "cmd/icq/app.h"

/* After the first complaint, which is its result, `bad` is set, and no other complaint counts. */
struct call {
	struct app *app;
	struct icq_client *client;
	json_t *args;
	uint64_t request;
	bool bad;
};

void call_refuse(struct call *c, const char *error, const char *detail);
void call_bad_field(struct call *c, const char *name, const char *why);

enum need { OPTIONAL, REQUIRED };

bool call_has(const struct call *c, const char *name);
/* 0 when it is not there. */
int64_t call_number(struct call *c, const char *name, enum need need, int64_t min, int64_t max);
uint32_t call_uin(struct call *c, const char *name, enum need need);
/* "" when it is not there. */
const char *call_text(struct call *c, const char *name, enum need need);
/* A status word; `preset` when the field is not there. */
uint32_t call_status(struct call *c, const char *preset, enum need need);
/* One of the words of a list that ends with NULL; its place, 0 when the field is not there. */
int call_choice(struct call *c, const char *name, const char *const *words);
/* UTF-8 to the code page of a user, with CR LF as line ends; borrows out. A character that the
 * page lacks is a bad field; what fills cap, a byte more than may be, is too long. */
struct icq_str call_encode(struct call *c, const char *name, const char *text, uint32_t uin,
			   uint8_t *out, size_t cap);

/* A message as it goes to the engine. */
struct outgoing {
	uint32_t to;
	uint16_t type;
	enum icq_client_via via;
	enum icq_client_mode mode;
	uint8_t text[2 * HISTORY_TEXT_MAX];
	size_t len;
};

/* Makes the message of a send command, for o->to. */
void messages_make(struct call *c, struct outgoing *o);
void messages_send(struct call *c, uint64_t request, const struct outgoing *o);
/* The same message to all of a list (several.c). */
void several_send(struct call *c);

/* What was seen so far (tally.c). */
void do_last(struct call *c);
void do_uptime(struct call *c);

/* The commands around messages (messages.c). */
void do_send(struct call *c);
void do_resend(struct call *c);
void do_history(struct call *c);
void do_outbox(struct call *c);
void do_export(struct call *c);

/* Those around direct connections (direct.c). */
void do_peek(struct call *c);
void do_peer(struct call *c);

/* Those around requests (requests.c), and the files that they may be about (transfers.c). */
void do_requests(struct call *c);
void do_accept(struct call *c);
void do_refuse(struct call *c);
void do_cancel(struct call *c);
void do_file(struct call *c);
void do_pause(struct call *c);
void do_resume(struct call *c);
/* The number of a request, session or transfer: those of one thing are the same. */
uint32_t requests_number(struct call *c);
/* Accepts files. */
void transfers_accept(struct call *c, uint32_t number);

/* Those around chats (chats.c). */
void do_chat(struct call *c);
void do_chat_text(struct call *c);

/* Those around the directory and the own profile (directory.c). */
void do_search(struct call *c);
void do_info(struct call *c);
void do_update(struct call *c);
void do_password(struct call *c);
void do_auth(struct call *c);
void do_rand(struct call *c);
void do_rand_set(struct call *c);

#endif
