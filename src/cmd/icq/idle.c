/* SPDX-License-Identifier: MIT */
#include "cmd/icq/idle.h"

#include "base/now.h"
#include "wire/icqwire.h"

void idle_touch(struct idle *i, int64_t now_ms)
{
	i->watched = true;
	i->touched_ms = now_ms;
}

/* Which status this silence makes of one that was chosen. */
static uint32_t status_after(const struct idle_rules *rules, int64_t silent_ms, uint32_t chosen)
{
	enum icq_status plain = icq_status_plain(chosen);

	if (chosen & ICQ_STATUS_invisible ||
	    (plain != ICQ_STATUS_online && plain != ICQ_STATUS_ffc))
		return chosen;
	if (rules->na_ms && silent_ms >= rules->na_ms)
		return ICQ_STATUS_na;
	return rules->away_ms && silent_ms >= rules->away_ms ? ICQ_STATUS_away : chosen;
}

bool idle_wants(struct idle *i, const struct idle_rules *rules, int64_t now_ms, uint32_t status,
		uint32_t *out)
{
	if (!i->watched)
		return false;
	i->automatic = i->automatic && status == i->set;
	if (!i->automatic)
		i->before = status;
	*out = i->set = status_after(rules, now_ms - i->touched_ms, i->before);
	i->automatic = i->set != i->before;
	return *out != status;
}

static int64_t sooner(int64_t deadline, int64_t at_ms, int64_t now_ms)
{
	return at_ms > now_ms && at_ms < deadline ? at_ms : deadline;
}

int64_t idle_deadline(const struct idle *i, const struct idle_rules *rules, int64_t now_ms)
{
	int64_t at = NEVER_MS;

	if (i->watched && rules->away_ms)
		at = sooner(at, i->touched_ms + rules->away_ms, now_ms);
	if (i->watched && rules->na_ms)
		at = sooner(at, i->touched_ms + rules->na_ms, now_ms);
	return at;
}
