/* SPDX-License-Identifier: MIT */
#include "store/parts_mem.h"

#include "base/codepage.h"
#include "base/err.h"

#include <string.h>

/* ---- accounts -------------------------------------------------------------------------- */

/* Where the account is or belongs. */
static size_t place_of(const struct store_mem *s, uint32_t uin)
{
	const struct account *a = s->accounts.at;
	size_t low = 0, high = s->accounts.count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (a[middle].uin < uin)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct account *mem_find(const struct store_mem *s, uint32_t uin)
{
	struct account *a = s->accounts.at;
	size_t i = place_of(s, uin);

	return i < s->accounts.count && a[i].uin == uin ? &a[i] : NULL;
}

static bool is_retired(const struct store_mem *s, uint32_t uin)
{
	const uint32_t *r = s->retired.at;

	for (size_t i = 0; i < s->retired.count; i++) {
		if (r[i] == uin)
			return true;
	}
	return false;
}

static uint32_t next_uin(const struct store_mem *s)
{
	uint32_t uin = s->last_uin + 1;

	while (mem_find(s, uin) || is_retired(s, uin))
		uin++;
	return uin;
}

/* hash may have anything behind its NUL; the account's has not. */
static int add_account(struct store_mem *s, uint32_t uin, const char *hash, int64_t now_s)
{
	struct account *a = list_room(&s->accounts, sizeof(*a));
	size_t i = place_of(s, uin);

	if (!a)
		return -ICQ_EIO;
	a = (struct account *)s->accounts.at + i;
	memmove(a + 1, a, (s->accounts.count++ - i) * sizeof(*a));
	*a = (struct account){ .uin = uin, .created_s = now_s };
	memcpy(a->hash, hash, strlen(hash));
	profile_preset(&a->profile);
	return 0;
}

int mem_add_echo(struct store_mem *s)
{
	int err = add_account(s, STORE_ECHO_UIN, NO_PASSWORD, 0);

	if (!err)
		echo_profile(&mem_find(s, STORE_ECHO_UIN)->profile);
	return err;
}

/* ---- registration ---------------------------------------------------------------------- */

static struct invite *find_invite(const struct store_mem *s, const char *code)
{
	struct invite *v = s->invites.at;

	for (size_t i = 0; i < s->invites.count; i++) {
		if (strcmp(v[i].code, code) == 0)
			return &v[i];
	}
	return NULL;
}

int mem_invite(struct store_mem *s, struct job *j)
{
	const char *code = j->invite.code;
	int err = invite_check(code);

	if (err)
		return err;
	if (find_invite(s, code))
		return -ICQ_EEXIST;

	struct invite *v = list_room(&s->invites, sizeof(*v));

	if (!v)
		return -ICQ_ENOMEM;
	*v = (struct invite){ 0 };
	memcpy(v->code, code, strlen(code));
	s->invites.count++;
	return 0;
}

static const struct registration *find_registration(const struct store_mem *s,
						    const struct job_register *q)
{
	const struct registration *r = s->registrations.at;

	for (size_t i = 0; i < s->registrations.count; i++) {
		if (r[i].seq == q->seq && r[i].tag == q->tag && addr_equal(&r[i].addr, &q->addr))
			return &r[i];
	}
	return NULL;
}

static void forget_registrations(struct store_mem *s, int64_t now_s)
{
	struct registration *r = s->registrations.at;
	size_t kept = 0;

	for (size_t i = 0; i < s->registrations.count; i++) {
		if (r[i].until_s > now_s)
			r[kept++] = r[i];
	}
	s->registrations.count = kept;
}

static int make_account(struct store_mem *s, struct job_register *q)
{
	struct registration *r = list_room(&s->registrations, sizeof(*r));
	uint32_t uin = next_uin(s);

	if (!r || add_account(s, uin, q->hash, q->now_s))
		return -ICQ_EIO;
	q->uin = s->last_uin = uin;
	s->registrations.count++;
	*r = (struct registration){ q->addr, q->seq, q->tag, q->uin, q->now_s + REGISTER_REPEAT_S };
	return 0;
}

int mem_register(struct store_mem *s, struct job *j)
{
	struct job_register *q = &j->reg;

	forget_registrations(s, q->now_s);
	const struct registration *r = find_registration(s, q);

	if (r) {
		q->uin = r->uin;
		return 0;
	}

	struct invite *v = q->want_invite ? find_invite(s, q->invite) : NULL;

	if (q->want_invite && (!v || v->used))
		return -ICQ_EDENIED;

	int err = make_account(s, q);

	if (!err && v)
		v->used = true;
	return err;
}

int mem_account(struct store_mem *s, struct job *j)
{
	const struct account *a = mem_find(s, j->account.uin);

	j->account.blocked = false;
	memset(j->account.hash, 0, sizeof(j->account.hash));
	if (!a)
		return -ICQ_ENOENT;
	j->account.blocked = a->blocked;
	memcpy(j->account.hash, a->hash, sizeof(a->hash));
	return 0;
}

/* ---- passwords ------------------------------------------------------------------------- */

int mem_password_set(struct store_mem *s, struct job *j)
{
	const struct job_password_set *q = &j->password_set;
	struct account *a = mem_find(s, q->uin);

	if (!a)
		return -ICQ_ENOENT;
	if (a->old_until_s <= q->now_s) {
		memcpy(a->old_hash, a->hash, sizeof(a->hash));
		a->old_until_s = q->now_s + OLD_HASH_S;
	}
	memset(a->hash, 0, sizeof(a->hash));
	memcpy(a->hash, q->hash, strlen(q->hash));
	return 0;
}

int mem_password_back(struct store_mem *s, struct job *j)
{
	struct account *a = mem_find(s, j->password_set.uin);

	if (!a || a->old_until_s <= j->password_set.now_s)
		return -ICQ_ENOENT;
	memcpy(a->hash, a->old_hash, sizeof(a->hash));
	a->old_until_s = 0;
	return 0;
}

/* ---- for the operator ------------------------------------------------------------------ */

int mem_account_add(struct store_mem *s, struct job *j)
{
	struct job_account_add *q = &j->account_add;
	uint32_t uin = q->uin ? q->uin : next_uin(s);

	if (uin < STORE_ECHO_UIN)
		return -ICQ_ERANGE;
	if (mem_find(s, uin))
		return -ICQ_EEXIST;
	if (is_retired(s, uin))
		return -ICQ_EDENIED;
	if (add_account(s, uin, q->hash, q->now_s))
		return -ICQ_EIO;
	if (!q->uin)
		s->last_uin = uin;
	q->uin = uin;
	return 0;
}

int mem_account_block(struct store_mem *s, struct job *j)
{
	struct account *a = mem_find(s, j->account_block.uin);

	if (!a)
		return -ICQ_ENOENT;
	a->blocked = j->account_block.blocked;
	return 0;
}

static void forget_registration(struct store_mem *s, uint32_t uin)
{
	struct registration *r = s->registrations.at;
	size_t kept = 0;

	for (size_t i = 0; i < s->registrations.count; i++) {
		if (r[i].uin != uin)
			r[kept++] = r[i];
	}
	s->registrations.count = kept;
}

int mem_account_delete(struct store_mem *s, struct job *j)
{
	uint32_t uin = j->account_delete.uin, *retired = list_room(&s->retired, sizeof(*retired));
	struct account *a = mem_find(s, uin);

	if (!retired)
		return -ICQ_EIO;
	if (!a)
		return -ICQ_ENOENT;
	mem_empty_mailbox(a);
	mem_forget_session(a);
	mem_forget_keys(s, uin);
	forget_registration(s, uin);
	size_t behind = --s->accounts.count - (size_t)(a - (struct account *)s->accounts.at);

	memmove(a, a + 1, behind * sizeof(*a));
	*retired = uin;
	s->retired.count++;
	return 0;
}

static void tell(const struct store_mem *s, const struct account *a, struct job_account_list *q)
{
	struct mailbox_use use = mem_mailbox_use(a, STORE_SYSTEM_UIN);
	const char *charset = mem_charset(s, a);

	q->uin = a->uin;
	q->created_s = a->created_s;
	q->last_login_s = a->last_login_s;
	q->waiting = (uint32_t)(use.messages + use.notices);
	q->blocked = a->blocked;
	memcpy(q->nick, a->profile.nick, sizeof(q->nick));
	memset(q->charset, 0, sizeof(q->charset));
	memcpy(q->charset, charset, strlen(charset));
}

int mem_account_list(struct store_mem *s, struct job *j)
{
	const struct account *a = s->accounts.at;
	char part[JOB_TEXT_MAX];
	size_t len = codepage_fold_utf8((const char *)j->text, j->text_len, part, sizeof(part));

	for (size_t i = place_of(s, j->account_list.after); i < s->accounts.count; i++) {
		struct names who;

		mem_names(s, &a[i], &who);
		if (a[i].uin > j->account_list.after && names_hold(&who, part, len)) {
			tell(s, &a[i], &j->account_list);
			return 0;
		}
	}
	return -ICQ_ENOENT;
}

int mem_stats(struct store_mem *s, struct job *j)
{
	const struct account *a = s->accounts.at;

	j->stats = (struct job_stats){ .accounts = s->accounts.count };
	for (size_t i = 0; i < s->accounts.count; i++) {
		struct mailbox_use use = mem_mailbox_use(&a[i], STORE_SYSTEM_UIN);

		j->stats.messages += use.messages + use.notices;
	}
	return 0;
}
