/* SPDX-License-Identifier: MIT */
/* The history in memory: rows in the order of their numbers, none ever removed. */
#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/history_text.h"

enum { BUCKETS = 1024 };

struct entry {
	struct history_row row;
	uint64_t same_bucket; /* the row before it whose msgid has the same hash; 0: none */
	uint8_t *text;
	uint16_t text_len;
};

struct history_mem {
	struct entry *at; /* row n is at[n - 1] */
	size_t count, cap;
	uint64_t buckets[BUCKETS]; /* newest row with such a msgid */
	unsigned failing;
};

struct history_mem *history_mem_new(void)
{
	return calloc(1, sizeof(struct history_mem));
}

void history_mem_free(struct history_mem **h)
{
	if (!*h)
		return;
	for (size_t i = 0; i < (*h)->count; i++)
		free((*h)->at[i].text);
	free((*h)->at);
	free(*h);
	*h = NULL;
}

void history_mem_fail(struct history_mem *h, unsigned count)
{
	h->failing = count;
}

static uint64_t *bucket(struct history_mem *h, uint64_t msgid)
{
	return &h->buckets[(msgid ^ msgid >> 32) % BUCKETS];
}

static struct entry *entry_at(const struct history_mem *h, uint64_t id)
{
	return id >= 1 && id <= h->count ? &h->at[id - 1] : NULL;
}

/* ---- adding ---------------------------------------------------------------------------- */

static bool same_conversation(const struct entry *e, const struct history_job *job)
{
	return e->row.way == HISTORY_IN && e->row.self == job->row.self &&
	       e->row.peer == job->row.peer && e->text_len == job->text_len &&
	       memcmp(e->text, job->text, job->text_len) == 0;
}

static uint64_t find_same_id(struct history_mem *h, const struct history_job *job)
{
	uint64_t id = *bucket(h, job->row.msgid);
	const struct entry *e;

	while ((e = entry_at(h, id))) {
		if (e->row.msgid == job->row.msgid && same_conversation(e, job))
			break;
		id = e->same_bucket;
	}
	return id;
}

static int64_t minute_of(const struct history_row *row)
{
	return (row->sent_s ? row->sent_s : row->noted_s) / 60;
}

static uint64_t find_same_text(const struct history_mem *h, const struct history_job *job)
{
	for (uint64_t id = h->count; id > 0; id--) {
		const struct entry *e = &h->at[id - 1];
		int64_t apart = minute_of(&e->row) - minute_of(&job->row);

		if (apart >= -1 && apart <= 1 && e->row.type == job->row.type &&
		    same_conversation(e, job))
			return id;
	}
	return 0;
}

static uint64_t find_repeat(struct history_mem *h, const struct history_job *job)
{
	switch (job->add.match) {
	case HISTORY_SAME_ID:
		return find_same_id(h, job);
	case HISTORY_SAME_TEXT:
		return find_same_text(h, job);
	case HISTORY_ANY:
		break;
	}
	return 0;
}

/* Room for one more row. */
static bool grow(struct history_mem *h)
{
	size_t cap = h->cap ? 2 * h->cap : 64;
	struct entry *at;

	if (h->count < h->cap)
		return true;
	at = realloc(h->at, cap * sizeof(*at));
	if (!at)
		return false;
	h->at = at;
	h->cap = cap;
	return true;
}

static int add(struct history_mem *h, struct history_job *job)
{
	uint64_t repeat = find_repeat(h, job);
	uint8_t *text;

	job->add.repeat = repeat != 0;
	if (repeat) {
		job->row.id = repeat;
		return 0;
	}
	text = malloc(job->text_len + 1u);
	if (!text || !grow(h)) {
		free(text);
		return -ICQ_EFULL;
	}
	memcpy(text, job->text, job->text_len);
	job->row.id = h->count + 1;
	h->at[h->count++] = (struct entry){ .row = job->row,
					    .same_bucket = *bucket(h, job->row.msgid),
					    .text = text,
					    .text_len = job->text_len };
	*bucket(h, job->row.msgid) = job->row.id;
	return 0;
}

/* ---- changing and reading -------------------------------------------------------------- */

static int mark(struct history_mem *h, const struct history_job *job)
{
	struct entry *e = entry_at(h, job->row.id);

	if (!e || e->row.state != HISTORY_QUEUED || e->row.self != job->row.self)
		return -ICQ_ENOENT;
	e->row.state = job->row.state;
	e->row.via = job->row.via;
	return 0;
}

static bool holds_words(const struct entry *e, const char *find)
{
	char utf8[HISTORY_UTF8_MAX], folded[HISTORY_UTF8_MAX], words[HISTORY_WORDS_MAX];
	size_t n;

	if (history_text_words(find, words) == 0)
		return true;
	n = history_text_utf8(&e->row, e->text, e->text_len, utf8);
	n = history_text_fold(utf8, n, folded);
	return history_text_holds(folded, n, words);
}

static bool wanted(const struct entry *e, const struct history_job *job)
{
	const struct history_next *q = &job->next;

	return e->row.self == job->row.self && (!q->peer || e->row.peer == q->peer) &&
	       (!q->outbox || e->row.state == HISTORY_QUEUED) && holds_words(e, q->find);
}

static int next(const struct history_mem *h, struct history_job *job)
{
	uint64_t id = job->next.from;
	const struct entry *e;

	if (job->next.backwards && (id == 0 || id > h->count))
		id = h->count + 1;
	do {
		id += job->next.backwards ? UINT64_MAX : 1;
		e = entry_at(h, id);
	} while (e && !wanted(e, job));
	if (!e)
		return -ICQ_ENOENT;
	job->row = e->row;
	job->text_len = e->text_len;
	memcpy(job->text, e->text, e->text_len);
	return 0;
}

void history_mem_run(struct history_mem *h, struct history_job *job)
{
	if (h->failing) {
		h->failing--;
		job->err = -ICQ_EIO;
		return;
	}
	switch (job->kind) {
	case HISTORY_ADD:
		job->err = add(h, job);
		break;
	case HISTORY_MARK:
		job->err = mark(h, job);
		break;
	case HISTORY_NEXT:
		job->err = next(h, job);
		break;
	}
}
