/* SPDX-License-Identifier: MIT */
#include "base/codepage.h"
#include "base/err.h"
#include "store/parts_sqlite.h"

#include <string.h>

/* ---- accounts -------------------------------------------------------------------------- */

bool sqlite_add_account(struct store_sqlite *s, uint32_t uin, const char *hash, int64_t now_s,
			const struct profile *p)
{
	db_ask(&s->db, SQL_ADD_ACCOUNT, NUMBER(uin), STRING(hash), NUMBER(now_s));
	if (!db_changed(&s->db))
		return false;
	sqlite_save_profile(s, uin, p);
	return true;
}

static bool make_account(struct store_sqlite *s, uint32_t uin, const char *hash, int64_t now_s)
{
	struct profile p;

	profile_preset(&p);
	return sqlite_add_account(s, uin, hash, now_s, &p);
}

/* The next UIN; the operator may have taken some already. */
static uint32_t make_next_account(struct store_sqlite *s, const char *hash, int64_t now_s)
{
	bool made;

	do
		made = make_account(s, (uint32_t)++s->last.uin, hash, now_s);
	while (!made && !s->db.rc);
	return (uint32_t)s->last.uin;
}

int sqlite_register(struct store_sqlite *s, struct job *j)
{
	struct job_register *q = &j->reg;
	const struct value ip = BYTES(q->addr.ip, sizeof(q->addr.ip));

	if (db_ask(&s->db, SQL_REGISTRATION, ip, NUMBER(q->addr.port), NUMBER(q->seq),
		   NUMBER(q->tag), NUMBER(q->now_s))) {
		q->uin = (uint32_t)db_number(&s->db, 0);
		return 0;
	}
	if (q->want_invite) {
		db_ask(&s->db, SQL_USE_INVITE, STRING(q->invite));
		if (!db_changed(&s->db))
			return -ICQ_EDENIED;
	}
	q->uin = make_next_account(s, q->hash, q->now_s);
	db_ask(&s->db, SQL_ADD_REGISTRATION, ip, NUMBER(q->addr.port), NUMBER(q->seq),
	       NUMBER(q->tag), NUMBER(q->uin), NUMBER(q->now_s + REGISTER_REPEAT_S));
	return 0;
}

int sqlite_invite(struct store_sqlite *s, struct job *j)
{
	int err = invite_check(j->invite.code);

	if (err)
		return err;
	db_ask(&s->db, SQL_ADD_INVITE, STRING(j->invite.code));
	return db_changed(&s->db) ? 0 : -ICQ_EEXIST;
}

int sqlite_account(struct store_sqlite *s, struct job *j)
{
	struct job_account *q = &j->account;

	memset(q->hash, 0, sizeof(q->hash));
	q->blocked = false;
	if (!db_ask(&s->db, SQL_ACCOUNT, NUMBER(q->uin)))
		return -ICQ_ENOENT;
	db_copy(&s->db, 0, q->hash, sizeof(q->hash) - 1);
	q->blocked = db_number(&s->db, 1) != 0;
	return 0;
}

/* ---- passwords ------------------------------------------------------------------------- */

int sqlite_password_set(struct store_sqlite *s, struct job *j)
{
	const struct job_password_set *q = &j->password_set;

	db_ask(&s->db, SQL_SET_HASH, NUMBER(q->uin), STRING(q->hash), NUMBER(q->now_s),
	       NUMBER(q->now_s + OLD_HASH_S));
	return db_changed(&s->db) ? 0 : -ICQ_ENOENT;
}

int sqlite_password_back(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_HASH_BACK, NUMBER(j->password_set.uin), NUMBER(j->password_set.now_s));
	return db_changed(&s->db) ? 0 : -ICQ_ENOENT;
}

/* ---- for the operator ------------------------------------------------------------------ */

int sqlite_account_list(struct store_sqlite *s, struct job *j)
{
	struct job_account_list *q = &j->account_list;
	char part[JOB_TEXT_MAX];
	size_t len = codepage_fold_utf8((const char *)j->text, j->text_len, part, sizeof(part));

	if (!db_ask(&s->db, SQL_LIST_ACCOUNT, NUMBER(q->after), BYTES(part, len)))
		return -ICQ_ENOENT;
	q->uin = (uint32_t)db_number(&s->db, 0);
	q->created_s = (int64_t)db_number(&s->db, 1);
	q->last_login_s = (int64_t)db_number(&s->db, 2);
	q->blocked = db_number(&s->db, 3) != 0;
	q->waiting = (uint32_t)db_number(&s->db, 4);
	memset(q->nick, 0, sizeof(q->nick));
	memset(q->charset, 0, sizeof(q->charset));
	db_copy(&s->db, 5, q->nick, sizeof(q->nick) - 1);
	db_copy(&s->db, 6, q->charset, sizeof(q->charset) - 1);
	return 0;
}

static int add_chosen(struct store_sqlite *s, const struct job_account_add *q)
{
	if (q->uin < STORE_ECHO_UIN)
		return -ICQ_ERANGE;
	if (make_account(s, q->uin, q->hash, q->now_s))
		return 0;
	return db_ask(&s->db, SQL_RETIRED, NUMBER(q->uin)) ? -ICQ_EDENIED : -ICQ_EEXIST;
}

int sqlite_account_add(struct store_sqlite *s, struct job *j)
{
	struct job_account_add *q = &j->account_add;

	if (q->uin)
		return add_chosen(s, q);
	q->uin = make_next_account(s, q->hash, q->now_s);
	return 0;
}

int sqlite_account_block(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_BLOCK_ACCOUNT, NUMBER(j->account_block.uin),
	       NUMBER(j->account_block.blocked));
	return db_changed(&s->db) ? 0 : -ICQ_ENOENT;
}

int sqlite_account_delete(struct store_sqlite *s, struct job *j)
{
	db_ask(&s->db, SQL_DELETE_ACCOUNT, NUMBER(j->account_delete.uin));
	return db_changed(&s->db) ? 0 : -ICQ_ENOENT;
}

int sqlite_stats(struct store_sqlite *s, struct job *j)
{
	j->stats = (struct job_stats){ 0 };
	if (db_ask_plain(&s->db, SQL_STATS)) {
		j->stats.accounts = db_number(&s->db, 0);
		j->stats.messages = db_number(&s->db, 1);
		j->stats.bytes = db_number(&s->db, 2);
	}
	return 0;
}
