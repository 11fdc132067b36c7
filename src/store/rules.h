/* SPDX-License-Identifier: MIT */
/* What both stores must agree on: lifetimes, keys, quotas. Pure. */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include "store/store.h"

enum {
	REGISTER_REPEAT_S = 10 * 60,
	KEY_SEQ_S = 15 * 60, /* the life of the duplicate window: SEQs come round again */
	KEY_MSGID_S = 30 * 24 * 3600,
	NOTICE_TYPE = 1,
	OLD_HASH_S = 72 * 3600,
	RETENTION_S = 180 * 24 * 3600, /* presetting */
	EXPIRE_MOST = 100,	       /* mailboxes that lose messages in one purge */
};

#define NO_PASSWORD "!" /* a hash that no password has */

/* What tells a repeated message from a new one. Epochs start at 1, so a message id, which
 * holds across epochs, is a key of epoch 0. */
struct message_key {
	uint32_t from;
	uint64_t epoch, id;
	int64_t until_s; /* from that steady_s on the key counts no more */
};

struct message_key message_key(const struct job_message_put *p);

/* W2 of a message. It means nothing any more when `epoch` is not its receiver's, and none comes
 * twice: so what ends a session need not look for its messages. */
struct flight {
	uint64_t epoch;
	uint32_t n, part;
	bool old;
};

/* Whether message g is read, in a session that has read up to `read`. */
bool flight_is_read(const struct flight *f, uint64_t g, uint64_t epoch, uint64_t read);

/* Adds a message to a saved session of that `read`: all that wait, in the order of g. */
void saved_session_add(struct saved_session *saved, uint64_t read, uint64_t g,
		       const struct flight *f);

/* JOB_SESSION_LIST: what becomes of a list; it has room for those that come, or for
 * STORE_LIST_MAX. Returns its length. */
uint32_t session_list_change(const struct job *j, uint32_t *list, uint32_t count);

/* UINs as bytes, low byte first, and back; also in place. */
void uins_pack(const uint32_t *uins, size_t count, uint8_t *out);
void uins_unpack(const uint8_t *p, size_t count, uint32_t *out);

/* What waits in a mailbox. Notices are counted as such and as nothing else. */
struct mailbox_use {
	uint64_t messages, bytes, from_one, notices;
};

/* Whether `text_len` more bytes of this sender are too much. */
bool mailbox_full(const struct job_message_put *p, size_t text_len, const struct mailbox_use *use);

/* 0, or -ICQ_ERANGE for a text that cannot be an invite code. */
int invite_check(const char *code);

/* The time that a job brings along, 0 if none. */
int64_t job_time(const struct job *j);

/* How the account of STORE_ECHO_UIN begins. */
void echo_profile(struct profile *p);

/* The notice that so many messages waited too long. Returns its length, at most NOTICE_MAX. */
size_t expiry_text(uint64_t messages, int64_t retention_s, uint8_t out[NOTICE_MAX]);

#endif
