/* SPDX-License-Identifier: MIT */
#include "cmd/icqload/load.h"

#include "cmd/icqload/user.h"

#include <stdlib.h>

enum {
	/* Two pieces for each: numbers heard, as every contact comes and goes; the rest beside. */
	POOL_LINKS = LOAD_CONTACTS_MAX / LINK_BLOCK + 2,
	BUSY_MAX = 100, /* users in the middle of a step */
	SECOND_MS = 1000,
};

/* A step of every user, for the phases that consist of it. */
static bool (*const steps[LOAD_OVER + 1])(struct load *, struct user *) = {
	[LOAD_REGISTER] = user_register,
	[LOAD_LOGIN] = user_login,
	[LOAD_LOGOUT] = user_logout,
};

struct load *load_new(const struct load_plan *plan, const struct load_env *env)
{
	struct load *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->plan = *plan;
	l->env = *env;
	/* Loopback loses nothing unless a buffer is full, so repeats need not be slow. */
	l->rules = (struct link_rules){ .retry_ms = 3 * SECOND_MS,
					.sends = 10,
					.rounds = 1,
					.window = 8,
					.dead_packets = 1,
					.numbers = UINT16_MAX };
	l->users = calloc(plan->users, sizeof(*l->users));
	l->pool = link_pool_new(plan->users * POOL_LINKS);
	l->by_uin = uintab_new();
	if (!l->users || !l->pool || !l->by_uin || heap_init(&l->timers, plan->users) < 0)
		load_free(&l);
	return l;
}

void load_free(struct load **l)
{
	if (!*l)
		return;
	heap_free(&(*l)->timers);
	uintab_free(&(*l)->by_uin);
	link_pool_free(&(*l)->pool);
	free((*l)->users);
	free(*l);
	*l = NULL;
}

static void init_users(struct load *l)
{
	for (uint32_t i = 0; i < l->plan.users; i++) {
		uint32_t uin = l->plan.first_uin ? l->plan.first_uin + i : 0;

		user_init(l, &l->users[i], uin);
		if (uin)
			uintab_set(l->by_uin, uin, i + 1);
	}
}

/* ---- phases ---------------------------------------------------------------------------- */

static uint32_t count_missed(const struct load *l)
{
	uint32_t missed = 0;

	for (uint32_t i = 0; i < l->plan.users; i++)
		missed += user_missed(l, &l->users[i]);
	return missed;
}

static void enter_phase(struct load *l, enum load_phase phase)
{
	l->phase = phase;
	l->next = l->busy = l->over = 0;
	l->phase_began_ms = l->now.mono_ms;
	l->phase_ends_ms = NEVER_MS;
	if (phase == LOAD_SETTLE)
		l->phase_ends_ms = l->now.mono_ms + l->plan.settle_ms;
	else if (phase == LOAD_HOLD && l->plan.hold_ms != NEVER_MS)
		l->phase_ends_ms = l->now.mono_ms + l->plan.hold_ms;
	if (phase == LOAD_SETTLE)
		l->counts.presence_missed = count_missed(l); /* each that comes takes one off */
	l->env.phase(l->env.ctx, phase);
}

static bool phase_is_over(const struct load *l)
{
	if (l->phase == LOAD_SETTLE)
		return l->now.mono_ms >= l->phase_ends_ms || !l->counts.presence_missed;
	if (l->phase == LOAD_HOLD)
		return l->now.mono_ms >= l->phase_ends_ms;
	return l->phase != LOAD_OVER && l->over == l->plan.users;
}

/* When the next user may begin, by the rate. */
static int64_t next_start_ms(const struct load *l)
{
	if (!steps[l->phase] || l->next == l->plan.users || l->busy == BUSY_MAX)
		return NEVER_MS;
	if (!l->plan.rate || l->phase == LOAD_LOGOUT)
		return l->phase_began_ms;
	return l->phase_began_ms + (int64_t)l->next * SECOND_MS / l->plan.rate;
}

static void begin_steps(struct load *l)
{
	while (next_start_ms(l) <= l->now.mono_ms) {
		struct user *u = &l->users[l->next++];

		l->busy++;
		if (!steps[l->phase](l, u))
			load_step_over(l);
	}
}

static void go_on(struct load *l)
{
	begin_steps(l);
	while (phase_is_over(l)) {
		enter_phase(l, l->phase + 1);
		begin_steps(l);
	}
}

void load_step_over(struct load *l)
{
	l->busy--;
	l->over++;
}

/* ---- the machine ----------------------------------------------------------------------- */

void load_input(struct load *l, struct now now, uint32_t user, const void *p, size_t n)
{
	l->now = now;
	if (user < l->plan.users)
		user_input(l, &l->users[user], p, n);
	go_on(l);
}

void load_tick(struct load *l, struct now now)
{
	l->now = now;
	if (l->phase == LOAD_NOT_BEGUN) {
		init_users(l);
		enter_phase(l, l->plan.first_uin ? LOAD_LOGIN : LOAD_REGISTER);
	}
	while (heap_deadline(&l->timers) <= now.mono_ms)
		user_tick(l, (struct user *)heap_first(&l->timers));
	go_on(l);
}

int64_t load_deadline(const struct load *l)
{
	int64_t at = heap_deadline(&l->timers), start = next_start_ms(l);

	if (start < at)
		at = start;
	return l->phase_ends_ms < at ? l->phase_ends_ms : at;
}

void load_stop(struct load *l, struct now now)
{
	bool again = l->phase >= LOAD_LOGOUT;

	l->now = now;
	for (uint32_t i = 0; i < l->plan.users; i++)
		user_abandon(l, &l->users[i]);
	enter_phase(l, again ? LOAD_OVER : LOAD_LOGOUT);
	go_on(l);
}

enum load_phase load_phase(const struct load *l)
{
	return l->phase;
}

uint32_t load_progress(const struct load *l)
{
	return l->over;
}

const struct load_counts *load_counts(const struct load *l)
{
	return &l->counts;
}
