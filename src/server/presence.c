/* SPDX-License-Identifier: MIT */
#include "server/presence.h"

#include <stdlib.h>

#include "base/err.h"
#include "server/core.h"

/* Contact list lines for each session on average; one list may be far longer. */
enum { WATCHES_PER_SESSION = 64 };

int watches_init(struct watches *w, uint32_t sessions)
{
	*w = (struct watches){ .cap = sessions * WATCHES_PER_SESSION, .fresh = 1 };
	if (w->cap < 10000)
		w->cap = 10000;
	w->at = calloc(w->cap + 1u, sizeof(*w->at));
	w->of_user = uintab_new();
	return w->at && w->of_user ? 0 : -ICQ_ENOMEM;
}

void watches_free(struct watches *w)
{
	free(w->at);
	uintab_free(&w->of_user);
	*w = (struct watches){ 0 };
}

/* ---- the two chains -------------------------------------------------------------------- */

static uint32_t watch_take(struct watches *w)
{
	uint32_t i = w->free;

	if (i)
		w->free = w->at[i].next_of_watcher;
	else if (w->fresh <= w->cap)
		i = w->fresh++;
	return i;
}

static void leave_audience(struct watches *w, const struct watch *x)
{
	if (x->next_of_user)
		w->at[x->next_of_user].before_of_user = x->before_of_user;
	if (x->before_of_user)
		w->at[x->before_of_user].next_of_user = x->next_of_user;
	else
		uintab_set(w->of_user, x->uin, x->next_of_user);
}

static int join_audience(struct watches *w, uint32_t i)
{
	struct watch *x = &w->at[i];

	x->before_of_user = 0;
	x->next_of_user = uintab_get(w->of_user, x->uin);
	if (uintab_set(w->of_user, x->uin, i) < 0)
		return -ICQ_ENOMEM;
	if (x->next_of_user)
		w->at[x->next_of_user].before_of_user = i;
	return 0;
}

static bool watches(const struct watches *w, const struct session *s, uint32_t uin)
{
	for (uint32_t i = s->contacts; i; i = w->at[i].next_of_watcher)
		if (w->at[i].uin == uin)
			return true;
	return false;
}

static int watch_add(struct server *srv, struct session *s, uint32_t uin)
{
	struct watches *w = &srv->watches;
	uint32_t i = watch_take(w);

	if (!i)
		return -ICQ_EFULL;
	w->at[i] = (struct watch){ .watcher = session_place(&srv->sessions, s),
				   .uin = uin,
				   .next_of_watcher = s->contacts };
	if (join_audience(w, i) < 0) {
		w->at[i].next_of_watcher = w->free;
		w->free = i;
		return -ICQ_ENOMEM;
	}
	s->contacts = i;
	s->contact_count++;
	return 0;
}

void presence_forget(struct server *srv, struct session *s)
{
	struct watches *w = &srv->watches;

	for (uint32_t i = s->contacts, next; i; i = next) {
		next = w->at[i].next_of_watcher;
		leave_audience(w, &w->at[i]);
		w->at[i] = (struct watch){ .next_of_watcher = w->free };
		w->free = i;
	}
	s->contacts = 0;
	s->contact_count = 0;
}

/* ---- who is told what ------------------------------------------------------------------ */

static bool status_visible(uint32_t status)
{
	return !(status & ICQ_STATUS_invisible);
}

void presence_watch(struct server *srv, struct session *s, uint32_t uin)
{
	struct session *who;

	if (!uin || s->contact_count >= srv->conf.limit_contacts || watches(&srv->watches, s, uin))
		return;
	if (watch_add(srv, s, uin) < 0) {
		srv->counters.queue_full++;
		return;
	}
	who = session_find(&srv->sessions, uin);
	if (who && who != s && status_visible(who->status)) {
		srv->counters.presence_out++;
		s->dialect->user_online(srv, s, who);
	}
}

enum news { NEWS_ONLINE, NEWS_OFFLINE, NEWS_STATUS };

static void tell_one(struct server *srv, struct session *to, struct session *who, enum news news)
{
	srv->counters.presence_out++;
	if (news == NEWS_ONLINE)
		to->dialect->user_online(srv, to, who);
	else if (news == NEWS_OFFLINE)
		to->dialect->user_offline(srv, to, who->uin);
	else
		to->dialect->user_status(srv, to, who);
}

static void tell_audience(struct server *srv, struct session *who, enum news news)
{
	const struct watches *w = &srv->watches;

	for (uint32_t i = uintab_get(w->of_user, who->uin); i; i = w->at[i].next_of_user) {
		struct session *to = session_at(&srv->sessions, w->at[i].watcher);

		if (to != who)
			tell_one(srv, to, who, news);
	}
}

void presence_came(struct server *srv, struct session *s, const uint32_t *instead_of)
{
	if (status_visible(s->status))
		tell_audience(srv, s, NEWS_ONLINE);
	else if (instead_of && status_visible(*instead_of))
		tell_audience(srv, s, NEWS_OFFLINE);
}

void presence_left(struct server *srv, struct session *s)
{
	if (status_visible(s->status))
		tell_audience(srv, s, NEWS_OFFLINE);
}

void presence_status(struct server *srv, struct session *s, uint32_t status)
{
	bool before = status_visible(s->status), after = status_visible(status);

	if (s->status == status)
		return;
	s->status = status;
	if (before && after)
		tell_audience(srv, s, NEWS_STATUS);
	else if (before != after)
		tell_audience(srv, s, after ? NEWS_ONLINE : NEWS_OFFLINE);
}
