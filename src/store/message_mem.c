/* SPDX-License-Identifier: MIT */
#include "store/parts_mem.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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

static size_t live_keys(const struct store_mem *s, int64_t steady_s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->key_cap; i++)
		n += s->keys[i].from && s->keys[i].until_s > steady_s;
	return n;
}

/* Makes room for one more key. A full table is made anew, without the keys that are over. */
static int keys_reserve(struct store_mem *s, int64_t steady_s)
{
	if (2 * (s->key_count + 1) <= s->key_cap)
		return 0;

	struct store_mem old = *s;
	size_t live = live_keys(s, steady_s), cap = 64;

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
		if (old.keys[i].from && old.keys[i].until_s > steady_s) {
			*key_place(s, &old.keys[i]) = old.keys[i];
			s->key_count++;
		}
	}
	free(old.keys);
	return 0;
}

/* ---- messages -------------------------------------------------------------------------- */

struct mailbox_use mem_mailbox_use(const struct account *a, uint32_t from)
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
		.from = message_author(&j->put),
		.type = j->put.type,
		.text_len = j->text_len,
		.accepted_s = j->put.now_s,
		.flight = { .epoch = j->put.flight_epoch, .n = j->put.flight_n },
	};

	return append(s, to, &m, j->text);
}

/* Stores a text from the server. */
static int put_notice(struct store_mem *s, struct account *to, struct message like,
		      const uint8_t *text, uint32_t max_notices)
{
	struct mailbox_use use;

	if (!to)
		return -ICQ_ENOENT;
	use = mem_mailbox_use(to, STORE_SYSTEM_UIN);
	if (max_notices && use.notices >= max_notices)
		return -ICQ_EFULL;
	like.from = STORE_SYSTEM_UIN;
	return append(s, to, &like, text);
}

static int put_refusal(struct store_mem *s, const struct job_message_put *q)
{
	uint8_t text[NOTICE_MAX];
	struct message m = {
		.type = NOTICE_TYPE,
		.text_len = (uint16_t)refusal_text(q->refused, q->to, text, sizeof(text)),
		.accepted_s = q->now_s,
	};

	return put_notice(s, mem_find(s, q->from), m, text, q->max_notices);
}

/* Stores the message or its notice. */
static int put_either(struct store_mem *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct account *to = mem_find(s, q->to);

	if (!q->refused && !to)
		q->refused = REFUSED_UNKNOWN;
	if (!q->refused) {
		struct mailbox_use use = mem_mailbox_use(to, message_author(q));

		if (mailbox_full(q, j->text_len, &use))
			q->refused = REFUSED_FULL;
	}
	return q->refused ? put_refusal(s, q) : put_message(s, j, to);
}

int mem_message_put(struct store_mem *s, struct job *j)
{
	struct job_message_put *q = &j->put;
	struct message_key key = message_key(q);
	int err = keys_reserve(s, q->steady_s);

	assert(q->from > STORE_SYSTEM_UIN);
	q->repeat = false;
	q->g = 0;
	if (err)
		return err;

	struct message_key *place = key_place(s, &key);

	if (place->from && place->until_s > q->steady_s) {
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

static bool is_read(const struct account *a, const struct message *m)
{
	return a->session &&
	       flight_is_read(&m->flight, m->g, a->session->began.epoch, a->session->read);
}

static struct message *find_next(const struct account *a, const struct job_message_next *q)
{
	struct message *m = a ? a->waiting : NULL;

	while (m && (m->g <= q->after || is_read(a, m)))
		m = m->next;
	return m && (!q->before || m->g < q->before) ? m : NULL;
}

int mem_message_next(struct store_mem *s, struct job *j)
{
	struct job_message_next *q = &j->next;
	struct live_session *live = mem_session(s, q->uin, q->epoch);

	if (live && live->read < q->read)
		live->read = q->read;

	struct message *m = find_next(mem_find(s, q->uin), q);

	j->text_len = 0;
	if (!m)
		return -ICQ_ENOENT;
	if (live)
		m->flight = (struct flight){ q->epoch, q->n, q->part, q->old };
	q->g = m->g;
	q->from = m->from;
	q->type = m->type;
	q->accepted_s = m->accepted_s;
	j->text_len = m->text_len;
	memcpy(j->text, m->text, m->text_len);
	return 0;
}

/* Removes the messages from one g to another that were accepted by then; returns how many of
 * them were no notices. */
static uint64_t remove_some(struct account *a, uint64_t first, uint64_t last, int64_t until_s)
{
	uint64_t count = 0;

	for (struct message **at = &a->waiting; *at;) {
		struct message *m = *at;

		if (m->g < first || m->g > last || m->accepted_s > until_s) {
			at = &m->next;
			continue;
		}
		count += m->from != STORE_SYSTEM_UIN;
		*at = m->next;
		free(m);
	}
	return count;
}

int mem_message_drop(struct store_mem *s, struct job *j)
{
	struct account *a = mem_find(s, j->drop.uin);

	if (a)
		remove_some(a, j->drop.first, j->drop.last, INT64_MAX);
	return 0;
}

void mem_empty_mailbox(struct account *a)
{
	remove_some(a, 0, UINT64_MAX, INT64_MAX);
}

int mem_message_system(struct store_mem *s, struct job *j)
{
	struct job_message_system *q = &j->message_system;
	struct message m = { .type = q->type, .text_len = j->text_len, .accepted_s = q->now_s };
	int err = put_notice(s, mem_find(s, q->to), m, j->text, q->max_notices);

	q->g = err ? 0 : s->last_g;
	return err;
}

void mem_forget_keys(struct store_mem *s, uint32_t from)
{
	for (size_t i = 0; i < s->key_cap; i++) {
		if (s->keys[i].from == from)
			s->keys[i].until_s = INT64_MIN; /* the place stays: others lie behind it */
	}
}

/* ---- those that waited too long -------------------------------------------------------- */

/* The receiver of the oldest message, if it has waited too long. */
static struct account *find_expired(const struct store_mem *s, int64_t until_s)
{
	struct account *a = s->accounts.at, *oldest = NULL;

	for (size_t i = 0; i < s->accounts.count; i++) {
		if (a[i].waiting && (!oldest || a[i].waiting->g < oldest->waiting->g))
			oldest = &a[i];
	}
	return oldest && oldest->waiting->accepted_s <= until_s ? oldest : NULL;
}

static bool still_waits(const struct account *a, uint64_t g)
{
	const struct message *m = a->waiting;

	while (m && m->g != g)
		m = m->next;
	return m;
}

/* A notice that has not been read yet makes way for the one that tells of all. */
static int expire_mailbox(struct store_mem *s, struct account *a, int64_t until_s)
{
	uint8_t text[NOTICE_MAX];
	struct message m = { .type = NOTICE_TYPE, .accepted_s = s->now_s };
	uint64_t before = still_waits(a, a->expired_g) ? a->expired : 0;
	uint64_t count = remove_some(a, 0, UINT64_MAX, until_s);

	if (!count)
		return 0;
	remove_some(a, a->expired_g, a->expired_g, INT64_MAX);
	a->expired = before + count;
	m.text_len = (uint16_t)expiry_text(a->expired, s->retention_s, text);
	int err = put_notice(s, a, m, text, 0);

	a->expired_g = s->last_g;
	return err;
}

int mem_expire(struct store_mem *s)
{
	int64_t until_s = s->now_s - s->retention_s;

	for (int i = 0; i < EXPIRE_MOST; i++) {
		struct account *a = find_expired(s, until_s);
		int err = a ? expire_mailbox(s, a, until_s) : 0;

		if (!a || err)
			return err;
	}
	return 0;
}
