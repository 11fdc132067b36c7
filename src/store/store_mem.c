/* SPDX-License-Identifier: MIT */
/*
 * The model: what the store means, in lists and arrays. Where SQLite keeps counters and
 * indexes, this one looks and counts.
 */
#include "base/err.h"
#include "store/rules.h"
#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct message {
	struct message *next; /* the one with the next greater g */
	uint64_t g;
	uint32_t from;
	uint16_t type, text_len;
	int64_t accepted_s;
	uint8_t text[];
};

struct account {
	char hash[JOB_HASH_MAX];
	uint64_t epoch; /* of the live session, 0 without one */
	struct message *waiting;
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
	struct list accounts;	   /* of struct account, that of STORE_FIRST_UIN first */
	struct list registrations; /* of struct registration */
	struct list invites;	   /* of struct invite */
	struct message_key *keys;  /* open addressing; from == 0 is a free place */
	size_t key_count, key_cap; /* a power of two, at most half of it used */
	uint64_t last_g, last_epoch;
	unsigned fail;
};

/* Room for one more element at the end, not yet counted; NULL: out of memory. */
static void *list_room(struct list *l, size_t size)
{
	if (l->count == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		void *at = realloc(l->at, cap * size);

		if (!at)
			return NULL;
		l->at = at;
		l->cap = cap;
	}
	return (char *)l->at + l->count * size;
}

struct store_mem *store_mem_new(void)
{
	return calloc(1, sizeof(struct store_mem));
}

static void message_free_all(struct message *m)
{
	while (m) {
		struct message *next = m->next;

		free(m);
		m = next;
	}
}

void store_mem_free(struct store_mem **s)
{
	if (!*s)
		return;
	struct account *a = (*s)->accounts.at;

	for (size_t i = 0; i < (*s)->accounts.count; i++)
		message_free_all(a[i].waiting);
	free((*s)->accounts.at);
	free((*s)->registrations.at);
	free((*s)->invites.at);
	free((*s)->keys);
	free(*s);
	*s = NULL;
}

void store_mem_fail(struct store_mem *s, unsigned count)
{
	s->fail = count;
}

/* ---- accounts and sessions ------------------------------------------------------------- */

static struct account *find_account(const struct store_mem *s, uint32_t uin)
{
	struct account *a = s->accounts.at;

	if (uin < STORE_FIRST_UIN || uin - STORE_FIRST_UIN >= s->accounts.count)
		return NULL;
	return &a[uin - STORE_FIRST_UIN];
}

static struct invite *find_invite(const struct store_mem *s, const char *code)
{
	struct invite *v = s->invites.at;

	for (size_t i = 0; i < s->invites.count; i++) {
		if (strcmp(v[i].code, code) == 0)
			return &v[i];
	}
	return NULL;
}

int store_mem_add_invite(struct store_mem *s, const char *code)
{
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
	struct account *a = list_room(&s->accounts, sizeof(*a));
	struct registration *r = list_room(&s->registrations, sizeof(*r));

	if (!a || !r)
		return -ICQ_EIO;
	q->uin = STORE_FIRST_UIN + (uint32_t)s->accounts.count++;
	*a = (struct account){ 0 };
	memcpy(a->hash, q->hash, strlen(q->hash)); /* no more: the rest may be anything */
	s->registrations.count++;
	*r = (struct registration){ q->addr, q->seq, q->tag, q->uin, q->now_s + REGISTER_REPEAT_S };
	return 0;
}

static int do_register(struct store_mem *s, struct job *j)
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

static int do_account(struct store_mem *s, struct job *j)
{
	const struct account *a = find_account(s, j->account.uin);

	j->account.blocked = false;
	memset(j->account.hash, 0, sizeof(j->account.hash));
	if (!a)
		return -ICQ_ENOENT;
	memcpy(j->account.hash, a->hash, sizeof(a->hash));
	return 0;
}

static struct mailbox_use mailbox_use(const struct account *a, uint32_t from)
{
	struct mailbox_use use = { 0 };

	for (const struct message *m = a->waiting; m; m = m->next) {
		if (m->from == STORE_SYSTEM_UIN) {
			use.notices++;
			continue;
		}
		use.messages++;
		use.bytes += m->text_len;
		use.from_one += m->from == from;
	}
	return use;
}

static int do_session_begin(struct store_mem *s, struct job *j)
{
	struct account *a = find_account(s, j->session.uin);

	if (!a)
		return -ICQ_ENOENT;
	a->epoch = ++s->last_epoch;
	j->session.epoch = a->epoch;

	struct mailbox_use use = mailbox_use(a, STORE_SYSTEM_UIN);

	j->session.waiting = (uint32_t)(use.messages + use.notices);
	return 0;
}

static int do_session_end(struct store_mem *s, struct job *j)
{
	struct account *a = find_account(s, j->session.uin);

	if (a && a->epoch == j->session.epoch)
		a->epoch = 0;
	return 0;
}

/* ---- keys of messages ------------------------------------------------------------------ */

/* The place of the key, or the free one where it belongs. */
static struct message_key *key_place(const struct store_mem *s, const struct message_key *k)
{
	uint64_t hash = (k->id ^ k->epoch << 48 ^ k->from) * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(hash >> 20) & (s->key_cap - 1);

	while (s->keys[i].from && (s->keys[i].from != k->from || s->keys[i].epoch != k->epoch ||
				   s->keys[i].id != k->id))
		i = (i + 1) & (s->key_cap - 1);
	return &s->keys[i];
}

static size_t live_keys(const struct store_mem *s, int64_t now_s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->key_cap; i++)
		n += s->keys[i].from && s->keys[i].until_s > now_s;
	return n;
}

/* Makes room for one more key. A full table is made anew, without the keys that are over. */
static int keys_reserve(struct store_mem *s, int64_t now_s)
{
	if (2 * (s->key_count + 1) <= s->key_cap)
		return 0;

	struct store_mem old = *s;
	size_t live = live_keys(s, now_s), cap = 64;

	while (cap < 4 * live)
		cap *= 2;
	s->keys = calloc(cap, sizeof(*s->keys));
	if (!s->keys) {
		s->keys = old.keys;
		return -ICQ_EIO;
	}
	s->key_cap = cap;
	s->key_count = 0;
	for (size_t i = 0; i < old.key_cap; i++) {
		if (old.keys[i].from && old.keys[i].until_s > now_s) {
			*key_place(s, &old.keys[i]) = old.keys[i];
			s->key_count++;
		}
	}
	free(old.keys);
	return 0;
}

/* ---- messages -------------------------------------------------------------------------- */

/* Stores a copy of `like` with that text as the newest. */
static int append(struct store_mem *s, struct account *to, const struct message *like,
		  const uint8_t *text)
{
	struct message *m = malloc(sizeof(*m) + like->text_len);
	struct message **end = &to->waiting;

	if (!m)
		return -ICQ_EIO;
	*m = *like;
	m->g = ++s->last_g;
	memcpy(m->text, text, m->text_len);
	while (*end)
		end = &(*end)->next;
	*end = m;
	return 0;
}

static int put_message(struct store_mem *s, const struct job *j, struct account *to)
{
	struct message m = {
		.from = j->put.from,
		.type = j->put.type,
		.text_len = j->text_len,
		.accepted_s = j->put.now_s,
	};

	return append(s, to, &m, j->text);
}

static int put_notice(struct store_mem *s, const struct job_message_put *q)
{
	struct account *sender = find_account(s, q->from);
	uint8_t text[NOTICE_MAX];
	struct message m = {
		.from = STORE_SYSTEM_UIN,
		.type = NOTICE_TYPE,
		.text_len = (uint16_t)refusal_text(q->refused, q->to, text, sizeof(text)),
		.accepted_s = q->now_s,
	};

	if (!sender)
		return -ICQ_ENOENT;

	struct mailbox_use use = mailbox_use(sender, q->from);

	if (q->max_notices && use.notices >= q->max_notices)
		return -ICQ_EFULL;
	return append(s, sender, &m, text);
}

/* Stores the message or its notice. */
static int put_either(struct store_mem *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct account *to = find_account(s, q->to);

	if (!q->refused && !to)
		q->refused = REFUSED_UNKNOWN;
	if (!q->refused) {
		struct mailbox_use use = mailbox_use(to, q->from);

		if (mailbox_full(q, j->text_len, &use))
			q->refused = REFUSED_FULL;
	}
	return q->refused ? put_notice(s, q) : put_message(s, j, to);
}

static int do_put(struct store_mem *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct message_key key = message_key(q);
	int err = keys_reserve(s, q->now_s);

	assert(q->from > STORE_SYSTEM_UIN);
	q->repeat = false;
	q->g = 0;
	if (err)
		return err;

	struct message_key *place = key_place(s, &key);

	if (place->from && place->until_s > q->now_s) {
		q->repeat = true;
		return 0;
	}
	err = put_either(s, j);
	if (err)
		return err;
	s->key_count += place->from == 0;
	*place = key;
	q->g = s->last_g;
	return 0;
}

static int do_next(struct store_mem *s, struct job *j)
{
	const struct account *a = find_account(s, j->next.uin);
	const struct message *m = a ? a->waiting : NULL;

	while (m && m->g <= j->next.after)
		m = m->next;
	j->text_len = 0;
	if (!m)
		return -ICQ_ENOENT;
	j->next.g = m->g;
	j->next.from = m->from;
	j->next.type = m->type;
	j->next.accepted_s = m->accepted_s;
	j->text_len = m->text_len;
	memcpy(j->text, m->text, m->text_len);
	return 0;
}

static int do_drop(struct store_mem *s, struct job *j)
{
	struct account *a = find_account(s, j->drop.uin);
	struct message **at = a ? &a->waiting : NULL;

	while (at && *at && (*at)->g < j->drop.first)
		at = &(*at)->next;
	while (at && *at && (*at)->g <= j->drop.last) {
		struct message *gone = *at;

		*at = gone->next;
		free(gone);
	}
	return 0;
}

/* ---- transactions ---------------------------------------------------------------------- */

static int run_one(struct store_mem *s, struct job *j)
{
	switch (j->kind) {
	case JOB_REGISTER:
		return do_register(s, j);
	case JOB_ACCOUNT:
		return do_account(s, j);
	case JOB_SESSION_BEGIN:
		return do_session_begin(s, j);
	case JOB_SESSION_END:
		return do_session_end(s, j);
	case JOB_MESSAGE_PUT:
		return do_put(s, j);
	case JOB_MESSAGE_NEXT:
		return do_next(s, j);
	case JOB_MESSAGE_DROP:
		return do_drop(s, j);
	case JOB_PROFILE:
	case JOB_PROFILE_SET:
	case JOB_PASSWORD_SET:
	case JOB_SEARCH:
	case JOB_REGISTERED_AT:
	case JOB_ACCOUNT_LIST:
	case JOB_ACCOUNT_ADD:
	case JOB_ACCOUNT_BLOCK:
	case JOB_ACCOUNT_DELETE:
	case JOB_PASSWORD_BACK:
	case JOB_MESSAGE_SYSTEM:
	case JOB_STATS:
	case JOB_HASH:
	case JOB_VERIFY:
	case JOB_COUNT:
		break;
	}
	return -ICQ_EUNKNOWN;
}

void store_mem_run(struct store_mem *s, struct job *const *jobs, size_t n)
{
	bool fail = s->fail > 0;

	if (fail)
		s->fail--;
	for (size_t i = 0; i < n; i++)
		jobs[i]->err = fail ? -ICQ_EIO : run_one(s, jobs[i]);
}
