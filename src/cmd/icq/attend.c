/* SPDX-License-Identifier: MIT */
#include "cmd/icq/attend.h"

#include "cmd/icq/app.h"
#include "io/clock.h"

enum { MINUTE_MS = 60000 };

static struct idle_rules rules_of(const struct settings *s)
{
	return (struct idle_rules){
		.away_ms = (int64_t)settings_number(s->auto_away) * MINUTE_MS,
		.na_ms = (int64_t)settings_number(s->auto_na) * MINUTE_MS,
	};
}

static void tell(struct app *a, bool back, uint32_t status)
{
	app_notice(a, LOG_LEVEL_INFO, back ? "back" : "auto_away", "%s%s",
		   back ? "You are back: " : "No key for a while. You are ",
		   icq_status_name(icq_status_plain(status)));
}

static void on_timer(uv_timer_t *timer)
{
	attend_check(timer->data);
}

void attend_init(struct app *a)
{
	uv_timer_init(a->loop, &a->attend.timer);
	a->attend.timer.data = a;
}

void attend_check(struct app *a)
{
	const struct idle_rules rules = rules_of(a->settings);
	struct icq_client *client = app_client(a);
	struct now now = clock_now();
	struct idle *idle = &a->attend.idle;
	uint32_t status;
	int64_t at;

	if (a->leaving || icq_client_get_state(client) != ICQ_CLIENT_ONLINE)
		return;
	if (idle_wants(idle, &rules, now.mono_ms, icq_client_get_status(client), &status)) {
		icq_client_status(client, now, 0, status);
		net_touch(a->net);
		tell(a, !idle->automatic, status);
	}
	at = idle_deadline(idle, &rules, now.mono_ms);
	if (at == NEVER_MS)
		uv_timer_stop(&a->attend.timer);
	else
		uv_timer_start(&a->attend.timer, on_timer, (uint64_t)(at - now.mono_ms), 0);
}

void attend_key(struct app *a)
{
	idle_touch(&a->attend.idle, clock_now().mono_ms);
	attend_check(a);
}
