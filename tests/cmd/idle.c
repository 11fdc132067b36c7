/* SPDX-License-Identifier: MIT */
/* Away by itself, hours in a moment. */
#include "cmd/icq/idle.h"

#include "base/now.h"
#include "harness.h"
#include "wire/icqwire.h"

enum { MINUTE = 60000, AWAY = 10 * MINUTE, NA = 30 * MINUTE };

static const struct idle_rules rules = { AWAY, NA };

/* Somebody with a status, and what the machine makes of it. */
struct user {
	struct idle idle;
	struct idle_rules rules;
	uint32_t status;
};

static struct user user_with(uint32_t status)
{
	struct user u = { .rules = rules, .status = status };

	idle_touch(&u.idle, 0);
	return u;
}

static void check_at(struct user *u, int64_t now_ms, uint32_t expected)
{
	uint32_t status;

	if (idle_wants(&u->idle, &u->rules, now_ms, u->status, &status))
		u->status = status;
	assert_int_equal(u->status, expected);
	check(!idle_wants(&u->idle, &u->rules, now_ms, u->status, &status));
}

TEST(away_after_a_while_na_after_another)
{
	struct user u = user_with(ICQ_STATUS_online);

	check_at(&u, AWAY - 1, ICQ_STATUS_online);
	check_at(&u, AWAY, ICQ_STATUS_away);
	check_at(&u, NA - 1, ICQ_STATUS_away);
	check_at(&u, NA, ICQ_STATUS_na);
	check_at(&u, 100 * NA, ICQ_STATUS_na);
}

TEST(a_key_brings_the_old_status_back)
{
	struct user u = user_with(ICQ_STATUS_ffc);

	check_at(&u, NA, ICQ_STATUS_na);
	idle_touch(&u.idle, NA + 5);
	check_at(&u, NA + 5, ICQ_STATUS_ffc);
	check_at(&u, NA + 5 + AWAY, ICQ_STATUS_away);
}

TEST(a_status_set_by_hand_wins)
{
	static const uint32_t chosen[] = { ICQ_STATUS_away, ICQ_STATUS_na, ICQ_STATUS_dnd,
					   ICQ_STATUS_occupied, ICQ_STATUS_invisible };

	for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++) {
		struct user u = user_with(chosen[i]);

		check_at(&u, 2 * NA, chosen[i]);
		idle_touch(&u.idle, 2 * NA + 1);
		check_at(&u, 2 * NA + 1, chosen[i]);
	}
}

TEST(a_status_set_by_hand_meanwhile_wins)
{
	struct user u = user_with(ICQ_STATUS_online);

	check_at(&u, AWAY, ICQ_STATUS_away);
	u.status = ICQ_STATUS_dnd; /* by a program: no key was touched */
	check_at(&u, NA, ICQ_STATUS_dnd);
	idle_touch(&u.idle, NA);
	check_at(&u, NA, ICQ_STATUS_dnd);
}

TEST(each_of_the_two_may_be_off)
{
	struct user u = user_with(ICQ_STATUS_online);

	u.rules = (struct idle_rules){ .na_ms = NA };
	check_at(&u, NA - 1, ICQ_STATUS_online);
	check_at(&u, NA, ICQ_STATUS_na);
	u.rules = (struct idle_rules){ 0 };
	check_at(&u, NA, ICQ_STATUS_online);
	assert_int_equal(idle_deadline(&u.idle, &u.rules, NA), NEVER_MS);
}

TEST(nobody_at_the_keys_is_never_away)
{
	struct user u = { .rules = rules, .status = ICQ_STATUS_online };

	check_at(&u, 100 * NA, ICQ_STATUS_online);
	assert_int_equal(idle_deadline(&u.idle, &u.rules, 0), NEVER_MS);
}

TEST(it_wakes_when_something_is_due_and_not_before)
{
	struct user u = user_with(ICQ_STATUS_online);

	assert_int_equal(idle_deadline(&u.idle, &u.rules, 0), AWAY);
	assert_int_equal(idle_deadline(&u.idle, &u.rules, AWAY), NA);
	assert_int_equal(idle_deadline(&u.idle, &u.rules, NA), NEVER_MS);
}
