/* SPDX-License-Identifier: MIT */
#include "any.h"

#include "harness.h"

#include "store/rules.h"

#include <stdio.h>
#include <string.h>

enum {
	UINS = 6,	 /* few, so that everything meets everything */
	LONG_TEXTS = 16, /* one in so many has pages of its own */
};

struct any any_new(struct rng rng)
{
	return (struct any){ .rng = rng, .now_s = NOW_S, .uin = STORE_FIRST_UIN };
}

uint32_t any_uin(struct any *a)
{
	return a->uin + 1 - rng_below(&a->rng, UINS);
}

/* Mostly that of the user's live session. */
static uint64_t any_epoch(struct any *a, uint32_t uin)
{
	return rng_below(&a->rng, 8) ? a->epochs[uin % ANY_EPOCHS]
				     : rng_below(&a->rng, (uint32_t)a->epoch + 1);
}

static uint64_t any_g(struct any *a)
{
	switch (rng_below(&a->rng, 8)) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	default:
		return a->g + rng_below(&a->rng, 8) - 6;
	}
}

static struct job any_register(struct any *a)
{
	struct job j = job_register((uint16_t)rng_below(&a->rng, 20));

	j.reg.now_s = a->now_s;
	j.reg.want_invite = rng_below(&a->rng, 2) == 0;
	snprintf(j.reg.invite, sizeof(j.reg.invite), "code%u", rng_below(&a->rng, 4));
	snprintf(j.reg.hash, sizeof(j.reg.hash), "%u", rng_below(&a->rng, 1000));
	return j;
}

static struct job any_put(struct any *a)
{
	struct job j = job_put(any_uin(a), any_uin(a), (uint16_t)rng_below(&a->rng, 200), "");

	j.put.epoch = 1 + rng_below(&a->rng, 2);
	j.put.msgid = rng_below(&a->rng, 4) ? 0 : rng_next(&a->rng) | 1;
	if (j.put.msgid && rng_below(&a->rng, 2))
		j.put.msgid = 1 + rng_below(&a->rng, 20);
	j.put.type = (uint16_t)rng_next(&a->rng);
	j.put.now_s = j.put.steady_s = a->now_s;
	j.put.max_messages = rng_below(&a->rng, 20);
	j.put.max_bytes = rng_below(&a->rng, 2000);
	j.put.max_from_one = rng_below(&a->rng, 6);
	j.put.max_notices = rng_below(&a->rng, 6);
	if (rng_below(&a->rng, 2)) {
		j.put.flight_epoch = any_epoch(a, j.put.to);
		j.put.flight_n = (uint32_t)rng_next(&a->rng);
	}
	if (rng_below(&a->rng, 10) == 0)
		j.put.refused = rng_below(&a->rng, REFUSED_COUNT);
	j.text_len = (uint16_t)rng_below(&a->rng, 200);
	if (rng_below(&a->rng, LONG_TEXTS) == 0) {
		j.text_len = (uint16_t)rng_below(&a->rng, JOB_TEXT_MAX + 1);
		j.put.max_bytes = 0;
	}
	rng_bytes(&a->rng, j.text, j.text_len);
	return j;
}

static struct job any_session(struct any *a, enum job_kind kind)
{
	struct job j = job_of(kind);

	j.session.uin = any_uin(a);
	j.session.epoch = any_epoch(a, j.session.uin);
	j.session.addr = addr_v4((uint32_t)rng_next(&a->rng), 4000);
	j.session.login_packet = (uint16_t)rng_next(&a->rng);
	j.session.status = (uint32_t)rng_next(&a->rng);
	j.session.now_s = a->now_s;
	return j;
}

static struct job any_save(struct any *a)
{
	struct job j = job_of(JOB_SESSION_SAVE);
	struct job_session_save *q = &j.save;

	q->uin = any_uin(a);
	q->epoch = any_epoch(a, q->uin);
	q->status = (uint32_t)rng_next(&a->rng);
	q->verified = rng_below(&a->rng, 2);
	q->wants_ids = rng_below(&a->rng, 2);
	q->old = (uint8_t)rng_next(&a->rng);
	return j;
}

static struct job any_list(struct any *a)
{
	uint32_t uin = any_uin(a);
	struct uins uins;

	uins.count = rng_below(&a->rng, 10);
	for (uint32_t i = 0; i < uins.count; i++)
		uins.at[i] = any_uin(a);
	return job_uins(uin, any_epoch(a, uin), (int)rng_below(&a->rng, STORE_LISTS),
			(int)rng_below(&a->rng, 4), &uins);
}

static struct job any_reserve(struct any *a)
{
	struct job j = job_of(JOB_SESSION_RESERVE);

	j.reserve.uin = any_uin(a);
	j.reserve.epoch = any_epoch(a, j.reserve.uin);
	j.reserve.mark = rng_below(&a->rng, 65000);
	return j;
}

static struct job any_next(struct any *a)
{
	struct job j = job_next(any_uin(a), any_g(a));
	struct job_message_next *q = &j.next;

	q->before = rng_below(&a->rng, 4) ? 0 : any_g(a);
	q->epoch = any_epoch(a, q->uin);
	q->read = rng_below(&a->rng, 2) ? 0 : any_g(a);
	q->n = rng_below(&a->rng, 100);
	q->part = rng_below(&a->rng, 8192);
	q->old = rng_below(&a->rng, 4);
	return j;
}

/* Short ones of few letters, so that searches find some. */
static void any_text(struct any *a, char *out, size_t cap)
{
	size_t len = rng_below(&a->rng, 4);

	memset(out, 0, cap);
	for (size_t i = 0; i < len; i++)
		out[i] = "aAbB\xe4\xc4\xf0\xd0"[rng_below(&a->rng, 8)];
}

void any_charset(struct any *a, char out[PROFILE_CHARSET_MAX])
{
	static const char *const names[] = { "", "cp1251", "koi8-r", "cp1252", "cp9999" };

	memset(out, 0, PROFILE_CHARSET_MAX);
	strcpy(out, names[rng_below(&a->rng, 5)]);
}

static struct job any_profile(struct any *a)
{
	struct job j = job_of(rng_below(&a->rng, 2) ? JOB_PROFILE : JOB_PROFILE_SET);
	struct profile *p = &j.profile.profile;

	j.profile.uin = any_uin(a);
	j.profile.parts = rng_below(&a->rng, 16);
#define X(part, name, limit) any_text(a, p->name, sizeof(p->name));
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, type, preset) p->name = (type)rng_next(&a->rng);
	PROFILE_NUMBERS(X)
#undef X
	any_charset(a, p->charset);
	return j;
}

static struct job any_search(struct any *a)
{
	struct job j = job_of(JOB_SEARCH);
	struct job_search *q = &j.search;

	q->asker = any_uin(a);
	any_text(a, q->nick, sizeof(q->nick));
	if (rng_below(&a->rng, 2))
		any_text(a, q->first, sizeof(q->first));
	if (rng_below(&a->rng, 2))
		any_text(a, q->last, sizeof(q->last));
	if (rng_below(&a->rng, 4) == 0)
		any_text(a, q->email, sizeof(q->email));
	return j;
}

static struct job any_password(struct any *a)
{
	struct job j = job_of(rng_below(&a->rng, 2) ? JOB_PASSWORD_SET : JOB_PASSWORD_BACK);

	j.password_set.uin = any_uin(a);
	j.password_set.now_s = a->now_s;
	snprintf(j.password_set.hash, JOB_HASH_MAX, "%u", rng_below(&a->rng, 1000));
	return j;
}

static struct job any_system(struct any *a)
{
	struct job j = job_of(JOB_MESSAGE_SYSTEM);

	j.message_system.to = any_uin(a);
	j.message_system.type = (uint16_t)rng_next(&a->rng);
	j.message_system.now_s = a->now_s;
	j.message_system.max_notices = rng_below(&a->rng, 6);
	j.text_len = (uint16_t)rng_below(&a->rng, 20);
	rng_bytes(&a->rng, j.text, j.text_len);
	return j;
}

static struct job any_account_job(struct any *a)
{
	struct job j = job_of(JOB_ACCOUNT_LIST);
	char part[4];

	switch (rng_below(&a->rng, 11)) {
	case 0:
		j.kind = JOB_ACCOUNT_DELETE;
		j.account_delete.uin = any_uin(a);
		return j;
	case 1:
	case 2:
		j.kind = JOB_ACCOUNT_ADD;
		j.account_add.uin = rng_below(&a->rng, 2) ? 0 : any_uin(a);
		j.account_add.now_s = a->now_s;
		return j;
	case 3:
	case 4:
		j.kind = JOB_ACCOUNT_BLOCK;
		j.account_block.uin = any_uin(a);
		j.account_block.blocked = rng_below(&a->rng, 3) == 0;
		return j;
	default:
		j.account_list.after = any_uin(a) - 1;
		any_text(a, part, sizeof(part));
		j.text_len = (uint16_t)strlen(part);
		memcpy(j.text, part, j.text_len);
		return j;
	}
}

static struct job any_invite(struct any *a)
{
	struct job j = job_of(JOB_INVITE);

	snprintf(j.invite.code, sizeof(j.invite.code), "code%u", rng_below(&a->rng, 4));
	return j;
}

struct job any_job(struct any *a)
{
	struct job j;

	switch (rng_below(&a->rng, 27)) {
	case 0:
		return any_register(a);
	case 1:
		j = job_of(JOB_ACCOUNT);
		j.account.uin = any_uin(a);
		return j;
	case 2:
		return any_session(a, JOB_SESSION_BEGIN);
	case 3:
		return any_session(a, JOB_SESSION_END);
	case 4:
	case 5:
		return any_next(a);
	case 6:
		return job_drop(any_uin(a), any_g(a), any_g(a));
	case 7:
	case 8:
		return any_profile(a);
	case 9:
	case 10:
		return any_search(a);
	case 11:
		return any_password(a);
	case 12:
		return any_system(a);
	case 13:
	case 14:
		return any_account_job(a);
	case 15:
		return any_save(a);
	case 16:
	case 17:
		return any_list(a);
	case 18:
		return any_reserve(a);
	case 19:
	case 20:
		return any_next(a);
	case 21:
		return any_invite(a);
	default:
		return any_put(a);
	}
}

void any_seen(struct any *a, const struct job *j)
{
	if (j->kind == JOB_MESSAGE_PUT && j->put.g)
		a->g = j->put.g;
	if (j->kind == JOB_REGISTER && !j->err && j->reg.uin > a->uin)
		a->uin = j->reg.uin;
	if (j->kind == JOB_SESSION_BEGIN && !j->err)
		a->epochs[j->session.uin % ANY_EPOCHS] = a->epoch = j->session.epoch;
}

/* Now and then beyond the life of what lives for a time. */
void any_pass_time(struct any *a)
{
	static const int64_t steps_s[] = { 0, 0, 1, 1, 60, REGISTER_REPEAT_S, KEY_SEQ_S };

	a->now_s += rng_below(&a->rng, 200) == 0
			    ? KEY_MSGID_S
			    : steps_s[rng_below(&a->rng, sizeof(steps_s) / sizeof(steps_s[0]))];
}
