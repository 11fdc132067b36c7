/* SPDX-License-Identifier: MIT */
#include "store/parts_mem.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>

void mem_forget_session(struct account *a)
{
	for (int i = 0; a->session && i < STORE_LISTS; i++)
		free(a->session->lists[i]);
	free(a->session);
	a->session = NULL;
}

struct live_session *mem_session(const struct store_mem *s, uint32_t uin, uint64_t epoch)
{
	const struct account *a = mem_find(s, uin);

	return a && a->session && a->session->began.epoch == epoch ? a->session : NULL;
}

int mem_session_begin(struct store_mem *s, struct job *j)
{
	struct job_session *q = &j->session;
	struct account *a = mem_find(s, q->uin);
	struct live_session *begun;

	if (!a)
		return -ICQ_ENOENT;
	begun = calloc(1, sizeof(*begun));
	if (!begun)
		return -ICQ_EIO;
	mem_forget_session(a);

	struct mailbox_use use = mem_mailbox_use(a, STORE_SYSTEM_UIN);

	q->waiting = (uint32_t)(use.messages + use.notices);
	q->epoch = ++s->last_epoch;
	a->last_login_s = q->now_s;
	begun->began = *q;
	begun->state.uin = q->uin;
	begun->state.epoch = q->epoch;
	begun->state.status = q->status;
	begun->mark = STORE_NUMBERS;
	a->session = begun;
	return 0;
}

int mem_session_end(struct store_mem *s, struct job *j)
{
	if (mem_session(s, j->session.uin, j->session.epoch))
		mem_forget_session(mem_find(s, j->session.uin));
	return 0;
}

int mem_session_end_all(struct store_mem *s, struct job *j)
{
	struct account *accounts = s->accounts.at;

	(void)j;
	for (size_t i = 0; i < s->accounts.count; i++)
		mem_forget_session(&accounts[i]);
	return 0;
}

int mem_session_save(struct store_mem *s, struct job *j)
{
	struct live_session *live = mem_session(s, j->save.uin, j->save.epoch);

	if (live)
		live->state = j->save;
	return 0;
}

int mem_session_list(struct store_mem *s, struct job *j)
{
	const struct job_session_list *q = &j->list;
	struct live_session *live = mem_session(s, q->uin, q->epoch);
	uint32_t *list;

	assert(q->list < STORE_LISTS);
	if (!live || (!j->text_len && !q->clear))
		return 0;
	list = realloc(live->lists[q->list],
		       live->counts[q->list] * sizeof(*list) + j->text_len + 1);
	if (!list)
		return -ICQ_EIO;
	live->lists[q->list] = list;
	live->counts[q->list] = session_list_change(j, list, live->counts[q->list]);
	return 0;
}

int mem_session_reserve(struct store_mem *s, struct job *j)
{
	struct live_session *live = mem_session(s, j->reserve.uin, j->reserve.epoch);

	if (live && live->mark < j->reserve.mark)
		live->mark = j->reserve.mark;
	return 0;
}

static void tell_saved(const struct account *a, saved_session_fn *each, void *ctx)
{
	const struct live_session *live = a->session;
	struct saved_session saved = {
		.session = live->began,
		.state = live->state,
		.mark = live->mark,
	};

	for (int i = 0; i < STORE_LISTS; i++) {
		saved.lists[i] = live->lists[i];
		saved.counts[i] = live->counts[i];
	}
	saved.session.status = live->state.status;
	saved.session.waiting = 0;
	for (const struct message *m = a->waiting; m; m = m->next)
		saved_session_add(&saved, live->read, m->g, &m->flight);
	each(ctx, &saved);
}

void store_mem_sessions(struct store_mem *s, saved_session_fn *each, void *ctx)
{
	const struct account *a = s->accounts.at;

	for (size_t i = 0; i < s->accounts.count; i++) {
		if (a[i].session)
			tell_saved(&a[i], each, ctx);
	}
}
