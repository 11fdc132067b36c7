/* SPDX-License-Identifier: MIT */
#include "store/parts_mem.h"

#include "base/err.h"

int mem_profile(struct store_mem *s, struct job *j)
{
	const struct account *a = mem_find(s, j->profile.uin);

	if (!a)
		return -ICQ_ENOENT;
	j->profile.profile = a->profile;
	return 0;
}

int mem_profile_set(struct store_mem *s, struct job *j)
{
	struct job_profile *q = &j->profile;
	struct account *a = mem_find(s, q->uin);

	if (!a)
		return -ICQ_ENOENT;
	if ((q->parts & PROFILE_CHARSET) && !charset_known(q->profile.charset))
		return -ICQ_ERANGE;
	profile_copy(&a->profile, &q->profile, q->parts);
	return 0;
}

const char *mem_charset(const struct store_mem *s, const struct account *a)
{
	return a && *a->profile.charset ? a->profile.charset : s->charset;
}

void mem_names(const struct store_mem *s, const struct account *a, struct names *out)
{
	names_fold(out, mem_charset(s, a), NAMES_OF(&a->profile));
}

int mem_search(struct store_mem *s, struct job *j)
{
	struct job_search *q = &j->search;
	const struct account *a = s->accounts.at;
	struct names wanted, who;

	names_fold(&wanted, mem_charset(s, mem_find(s, q->asker)), NAMES_OF(q));
	q->count = 0;
	q->more = false;
	for (size_t i = 0; i < s->accounts.count && !q->more && !names_empty(&wanted); i++) {
		mem_names(s, &a[i], &who);
		if (a[i].blocked || !names_match(&who, &wanted))
			continue;
		q->more = q->count == PROFILE_MAX_hits;
		if (!q->more)
			q->uins[q->count++] = a[i].uin;
	}
	return 0;
}
