/* SPDX-License-Identifier: MIT */
/*
 * The inside of the durable store, shared by its files. A failure inside a transaction is
 * remembered by struct db, makes the rest of the questions void and the transaction as a whole
 * fail; so the jobs look only for what can be told to their askers.
 */
#ifndef STORE_PARTS_SQLITE_H
#define STORE_PARTS_SQLITE_H

#include "store/names.h"
#include "store/questions_sqlite.h"
#include "store/rules.h"
#include "store/store.h"

struct store_sqlite {
	struct db db;
	bool reader;
	const char *file; /* its name, kept by SQLite */
	int64_t reserve;  /* bytes held beside it */
	bool full;	  /* the reserve is given up: nothing new is taken */
	struct numbers {
		uint64_t uin, epoch, g;
	} last; /* given away; written once a transaction */

	int64_t now_s, steady_s, purged_s, retention_s;
	uint32_t keys_added; /* since then */
};

/* Does nothing for a UIN that has or had an account; whether it was made. */
bool sqlite_add_account(struct store_sqlite *s, uint32_t uin, const char *hash, int64_t now_s,
			const struct profile *p);
/* Whether the account is there. `from` is the sender whose share is wanted. */
bool sqlite_mailbox_use(struct store_sqlite *s, uint32_t uin, uint32_t from,
			struct mailbox_use *use_out);
/* Stores a profile and the texts by which it is found. */
void sqlite_save_profile(struct store_sqlite *s, uint32_t uin, const struct profile *p);
/* Another presetting of the code page: what was folded by the old one is folded anew. */
void sqlite_change_charset(struct store_sqlite *s, const char *charset);
/* Removes what has waited too long, and tells the receivers. */
void sqlite_expire(struct store_sqlite *s);

/* Carries out a job; returns its err. */
typedef int sqlite_action(struct store_sqlite *s, struct job *j);

sqlite_action sqlite_register, sqlite_account, sqlite_password_set, sqlite_password_back;
sqlite_action sqlite_session_begin, sqlite_session_end, sqlite_session_end_all, sqlite_session_save,
	sqlite_session_list, sqlite_session_reserve;
sqlite_action sqlite_message_put, sqlite_message_next, sqlite_message_drop, sqlite_message_system;
sqlite_action sqlite_profile, sqlite_profile_set, sqlite_search;
sqlite_action sqlite_account_list, sqlite_account_add, sqlite_account_block, sqlite_account_delete,
	sqlite_invite, sqlite_stats;

#endif
