/* SPDX-License-Identifier: MIT */
#include "base/codepage.h"
#include "base/err.h"
#include "store/parts_mem.h"

#include <stdlib.h>
#include <string.h>

void *list_room(struct list *l, size_t size)
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
	struct store_mem *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->last_uin = STORE_FIRST_UIN - 1;
	s->retention_s = RETENTION_S;
	memcpy(s->charset, STORE_CHARSET, sizeof(STORE_CHARSET));
	if (mem_add_echo(s))
		store_mem_free(&s);
	return s;
}

void store_mem_free(struct store_mem **s)
{
	if (!*s)
		return;
	struct account *a = (*s)->accounts.at;

	for (size_t i = 0; i < (*s)->accounts.count; i++) {
		mem_empty_mailbox(&a[i]);
		mem_forget_session(&a[i]);
	}
	free((*s)->accounts.at);
	free((*s)->retired.at);
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

int store_mem_set(struct store_mem *s, const struct store_settings *settings)
{
	const struct codepage *cp = codepage_find(settings->charset);

	if (!cp)
		return -ICQ_ERANGE;
	memset(s->charset, 0, sizeof(s->charset));
	memcpy(s->charset, codepage_name(cp), strlen(codepage_name(cp)));
	s->retention_s = settings->retention_s;
	s->now_s = s->purged_s = 0; /* the next job that knows the time purges by it */
	return 0;
}

static mem_action *const actions[JOB_COUNT] = {
	[JOB_REGISTER] = mem_register,
	[JOB_ACCOUNT] = mem_account,
	[JOB_SESSION_BEGIN] = mem_session_begin,
	[JOB_SESSION_END] = mem_session_end,
	[JOB_SESSION_END_ALL] = mem_session_end_all,
	[JOB_SESSION_SAVE] = mem_session_save,
	[JOB_SESSION_LIST] = mem_session_list,
	[JOB_SESSION_RESERVE] = mem_session_reserve,
	[JOB_MESSAGE_PUT] = mem_message_put,
	[JOB_MESSAGE_NEXT] = mem_message_next,
	[JOB_MESSAGE_DROP] = mem_message_drop,
	[JOB_MESSAGE_SYSTEM] = mem_message_system,
	[JOB_PROFILE] = mem_profile,
	[JOB_PROFILE_SET] = mem_profile_set,
	[JOB_SEARCH] = mem_search,
	[JOB_PASSWORD_SET] = mem_password_set,
	[JOB_PASSWORD_BACK] = mem_password_back,
	[JOB_ACCOUNT_LIST] = mem_account_list,
	[JOB_ACCOUNT_ADD] = mem_account_add,
	[JOB_ACCOUNT_BLOCK] = mem_account_block,
	[JOB_ACCOUNT_DELETE] = mem_account_delete,
	[JOB_INVITE] = mem_invite,
	[JOB_STATS] = mem_stats,
};

static int run_one(struct store_mem *s, struct job *j)
{
	int64_t now_s = job_time(j);

	if (now_s)
		s->now_s = now_s;
	return actions[j->kind] ? actions[j->kind](s, j) : -ICQ_EUNKNOWN;
}

/* W7, at most once a second. What cannot be done now is done next time. */
static void purge(struct store_mem *s)
{
	if (s->now_s == s->purged_s)
		return;
	mem_expire(s);
	s->purged_s = s->now_s;
}

void store_mem_run(struct store_mem *s, struct job *const *jobs, size_t n)
{
	bool fail = s->fail > 0;

	if (fail)
		s->fail--;
	for (size_t i = 0; i < n; i++)
		jobs[i]->err = fail ? -ICQ_EIO : run_one(s, jobs[i]);
	if (!fail)
		purge(s);
}
