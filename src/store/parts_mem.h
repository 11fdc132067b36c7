/* SPDX-License-Identifier: MIT */
/*
 * The inside of the store in memory, shared by its files. It is the model: what the store
 * means, in lists and arrays. Where SQLite keeps counters and indexes, this one looks and
 * counts.
 */
#ifndef STORE_PARTS_MEM_H
#define STORE_PARTS_MEM_H

#include "store/names.h"
#include "store/rules.h"
#include "store/store.h"

struct message {
	struct message *next; /* the one with the next greater g */
	uint64_t g;
	uint32_t from;
	uint16_t type, text_len;
	int64_t accepted_s;
	struct flight flight;
	uint8_t text[];
};

struct live_session {
	struct job_session began;
	struct job_session_save state;
	uint32_t mark;
	uint64_t read;
	uint32_t *lists[STORE_LISTS], counts[STORE_LISTS];
};

struct account {
	uint32_t uin;
	bool blocked;
	char hash[JOB_HASH_MAX], old_hash[JOB_HASH_MAX];
	int64_t old_until_s; /* old_hash can be taken back before then */
	int64_t created_s, last_login_s;
	struct live_session *session; /* NULL without one */
	struct message *waiting;
	uint64_t expired, expired_g; /* messages that the notice with this g tells of */
	struct profile profile;
};

struct registration {
	struct addr addr;
	uint16_t seq;
	uint64_t tag;
	uint32_t uin;
	int64_t until_s;
};

struct invite {
	char code[JOB_PASSWORD_MAX + 1];
	bool used;
};

struct list {
	void *at;
	size_t count, cap;
};

struct store_mem {
	struct list accounts;	   /* of struct account, by rising UIN */
	struct list retired;	   /* of uint32_t: UINs that had an account */
	struct list registrations; /* of struct registration */
	struct list invites;	   /* of struct invite */
	struct message_key *keys;  /* open addressing; from == 0 is a free place */
	size_t key_count, key_cap; /* a power of two, at most half of it used */
	uint64_t last_g, last_epoch;
	uint32_t last_uin;
	char charset[PROFILE_CHARSET_MAX]; /* of accounts that chose none */
	int64_t retention_s, now_s, purged_s;
	unsigned fail;
};

/* Room for one more element at the end, not yet counted; NULL: out of memory. */
void *list_room(struct list *l, size_t size);

struct account *mem_find(const struct store_mem *s, uint32_t uin);
/* Makes the account of STORE_ECHO_UIN. */
int mem_add_echo(struct store_mem *s);
struct mailbox_use mem_mailbox_use(const struct account *a, uint32_t from);
void mem_empty_mailbox(struct account *a);
void mem_forget_session(struct account *a);
/* The user's session if it is of that epoch, else NULL. */
struct live_session *mem_session(const struct store_mem *s, uint32_t uin, uint64_t epoch);
/* Forgets the keys of a sender. */
void mem_forget_keys(struct store_mem *s, uint32_t from);
/* The name of the account's code page; of one that is not there, the presetting. */
const char *mem_charset(const struct store_mem *s, const struct account *a);
/* The texts by which it is found. */
void mem_names(const struct store_mem *s, const struct account *a, struct names *out);
/* Removes what has waited too long, and tells the receivers. 0 or -ICQ_EIO. */
int mem_expire(struct store_mem *s);

/* Carries out a job; returns its err. */
typedef int mem_action(struct store_mem *s, struct job *j);

mem_action mem_register, mem_account, mem_password_set, mem_password_back;
mem_action mem_session_begin, mem_session_end, mem_session_end_all, mem_session_save,
	mem_session_list, mem_session_reserve;
mem_action mem_message_put, mem_message_next, mem_message_drop, mem_message_system;
mem_action mem_profile, mem_profile_set, mem_search;
mem_action mem_account_list, mem_account_add, mem_account_block, mem_account_delete, mem_invite,
	mem_stats;

#endif
