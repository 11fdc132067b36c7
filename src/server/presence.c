/* SPDX-License-Identifier: MIT */
#include "server/presence.h"

#include <stdlib.h>

#include "base/err.h"
#include "server/core.h"

/* Contact list lines for each session on average; one list may be far longer. */
enum { WATCHES_PER_SESSION = 64 };

enum { LATE_MS = 1000 };

/* What nobody's status is: the watcher knows that the user is offline, or must hear all about him
 * anew, since he can be reached elsewhere now. */
#define BELIEF_OFFLINE UINT32_MAX
#define BELIEF_OUTDATED (UINT32_MAX - 1)

int watches_init(struct watches *w, uint32_t sessions)
{
	*w = (struct watches){ .cap = sessions * WATCHES_PER_SESSION, .fresh = 1 };
	if (w->cap < 10000)
		w->cap = 10000;
	w->at = calloc(w->cap + 1u, sizeof(*w->at));
	w->of_user = uintab_new();
	w->audience = uintab_new();
	return w->at && w->of_user && w->audience ? 0 : -ICQ_ENOMEM;
}

void watches_free(struct watches *w)
{
	free(w->at);
	uintab_free(&w->of_user);
	uintab_free(&w->audience);
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
	uintab_set(w->audience, x->uin, uintab_get(w->audience, x->uin) - 1);
}

static int join_audience(struct watches *w, uint32_t i)
{
	struct watch *x = &w->at[i];

	x->before_of_user = 0;
	x->next_of_user = uintab_get(w->of_user, x->uin);
	if (uintab_set(w->audience, x->uin, uintab_get(w->audience, x->uin) + 1) < 0)
		return -ICQ_ENOMEM;
	if (uintab_set(w->of_user, x->uin, i) < 0) {
		uintab_set(w->audience, x->uin, uintab_get(w->audience, x->uin) - 1);
		return -ICQ_ENOMEM;
	}
	if (x->next_of_user)
		w->at[x->next_of_user].before_of_user = i;
	return 0;
}

/* ---- lists ----------------------------------------------------------------------------- */

static uint32_t find(const struct watches *w, const struct uin_list *list, uint32_t uin)
{
	uint32_t i = list->first;

	while (i && w->at[i].uin != uin)
		i = w->at[i].next_of_watcher;
	return i;
}

static void give_back(struct watches *w, uint32_t i)
{
	w->at[i] = (struct watch){ .next_of_watcher = w->free };
	w->free = i;
}

static bool crowded(const struct server *srv, uint32_t uin)
{
	return srv->conf.limits_enabled &&
	       uintab_get(srv->watches.audience, uin) >= srv->conf.limit_watchers;
}

/* The new line, 0 when it is there already or may not be. */
static uint32_t add(struct server *srv, struct session *s, enum listing which, uint32_t uin)
{
	struct watches *w = &srv->watches;
	struct uin_list *list = &s->lists[which];
	uint32_t i;

	if (!uin || list->count >= srv->conf.limit_contacts || find(w, list, uin) ||
	    (which == LIST_CONTACTS && crowded(srv, uin)))
		return 0;
	i = watch_take(w);
	srv->counters.queue_full += !i;
	if (!i)
		return 0;
	w->at[i] = (struct watch){ .watcher = session_place(&srv->sessions, s),
				   .uin = uin,
				   .belief = BELIEF_OFFLINE,
				   .next_of_watcher = list->first };
	if (which == LIST_CONTACTS && join_audience(w, i) < 0) {
		give_back(w, i);
		return 0;
	}
	list->first = i;
	list->count++;
	return i;
}

void presence_list(struct server *srv, struct session *s, enum listing which, uint32_t uin)
{
	add(srv, s, which, uin);
}

void presence_unlist(struct server *srv, struct session *s, enum listing which, uint32_t uin)
{
	struct watches *w = &srv->watches;
	uint32_t *at = &s->lists[which].first, i;

	while (*at && w->at[*at].uin != uin)
		at = &w->at[*at].next_of_watcher;
	if (!(i = *at))
		return;
	*at = w->at[i].next_of_watcher;
	give_back(w, i);
	s->lists[which].count--;
}

void presence_clear(struct server *srv, struct session *s, enum listing which)
{
	struct watches *w = &srv->watches;

	for (uint32_t i = s->lists[which].first, next; i; i = next) {
		next = w->at[i].next_of_watcher;
		if (which == LIST_CONTACTS)
			leave_audience(w, &w->at[i]);
		give_back(w, i);
	}
	s->lists[which] = (struct uin_list){ 0 };
}

void presence_forget(struct server *srv, struct session *s)
{
	for (enum listing which = 0; which < LIST_COUNT; which++)
		presence_clear(srv, s, which);
}

/* ---- who is told what ------------------------------------------------------------------ */

bool presence_lists(const struct server *srv, const struct session *s, enum listing which,
		    uint32_t uin)
{
	return find(&srv->watches, &s->lists[which], uin) != 0;
}

bool presence_visible(const struct server *srv, const struct session *s, uint32_t viewer)
{
	if (presence_lists(srv, s, LIST_INVISIBLE, viewer))
		return false;
	return !(s->status & ICQ_STATUS_invisible) || presence_lists(srv, s, LIST_VISIBLE, viewer);
}

/* What the lists of a user say about a watcher, kept in the watch: lists are long and seldom
 * change, statuses often. */
static void look_up(const struct server *srv, const struct session *who, const struct session *to,
		    struct watch *x)
{
	x->shown = presence_lists(srv, who, LIST_VISIBLE, to->uin);
	x->hidden = presence_lists(srv, who, LIST_INVISIBLE, to->uin);
}

/* What the watcher of a user should believe; who is NULL when the user is gone. */
static uint32_t truth_for(const struct session *to, const struct session *who,
			  const struct watch *x)
{
	if (!who || x->hidden || (!x->shown && (who->status & ICQ_STATUS_invisible)))
		return BELIEF_OFFLINE;
	return icq_status_shown(who->status, to->tcp_version);
}

static void tell(struct server *srv, struct session *to, const struct session *who, struct watch *x,
		 uint32_t truth)
{
	if (truth == BELIEF_OFFLINE)
		to->dialect->user_offline(srv, to, x->uin);
	else if (x->belief == BELIEF_OFFLINE || x->belief == BELIEF_OUTDATED)
		to->dialect->user_online(srv, to, who);
	else
		to->dialect->user_status(srv, to, who);
	x->belief = truth;
	srv->counters.presence_out++;
}

void presence_watch(struct server *srv, struct session *s, uint32_t uin)
{
	struct watch *x = &srv->watches.at[add(srv, s, LIST_CONTACTS, uin)];
	const struct session *who = session_shown(srv, uin);
	uint32_t truth;

	if (x == srv->watches.at || !who || who == s)
		return;
	look_up(srv, who, s, x);
	truth = truth_for(s, who, x);
	if (truth != x->belief)
		tell(srv, s, who, x, truth);
}

/* ---- the audience ---------------------------------------------------------------------- */

/*
 * The one place that decides what watchers hear. Each watch remembers what its watcher believes,
 * so nobody is told twice or left with a wrong belief, whatever has changed, and it can stop
 * anywhere and go on later. False: the user's allowance is spent before all are told.
 */
static bool tell_audience(struct server *srv, uint32_t uin, const struct session *who, bool limited)
{
	const struct watches *w = &srv->watches;
	struct watch *x;

	for (uint32_t i = uintab_get(w->of_user, uin); i; i = x->next_of_user) {
		struct session *to = session_at(&srv->sessions, w->at[i].watcher);
		uint32_t truth = truth_for(to, who, &w->at[i]);

		x = &w->at[i];
		if (to == who || truth == x->belief)
			continue;
		if (limited && !limit_presence(srv, uin))
			return false;
		tell(srv, to, who, x, truth);
	}
	return true;
}

static bool is_late(const struct lates *l, uint32_t uin)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (l->at[(l->first + i) % LATE_PLACES].uin == uin)
			return true;
	return false;
}

/* Tells as many as may be told now, and the others a while later. */
static void news(struct server *srv, uint32_t uin, const struct session *who)
{
	struct lates *l = &srv->watches.lates;

	if (is_late(l, uin) || tell_audience(srv, uin, who, l->count < LATE_PLACES))
		return;
	l->at[(l->first + l->count++) % LATE_PLACES] = (struct late){
		.uin = uin, .due_ms = srv->now.mono_ms + LATE_MS
	};
}

int64_t presence_deadline(const struct server *srv)
{
	const struct lates *l = &srv->watches.lates;

	return l->count ? l->at[l->first].due_ms : NEVER_MS;
}

void presence_run(struct server *srv)
{
	struct lates *l = &srv->watches.lates;

	while (presence_deadline(srv) <= srv->now.mono_ms) {
		uint32_t uin = l->at[l->first].uin;

		l->first = (l->first + 1) % LATE_PLACES;
		l->count--;
		news(srv, uin, session_shown(srv, uin));
	}
}

/* The lists of the user are others than before. */
static void look_up_audience(struct server *srv, const struct session *who, bool outdated)
{
	struct watches *w = &srv->watches;

	for (uint32_t i = uintab_get(w->of_user, who->uin); i; i = w->at[i].next_of_user) {
		look_up(srv, who, session_at(&srv->sessions, w->at[i].watcher), &w->at[i]);
		if (outdated && w->at[i].belief != BELIEF_OFFLINE)
			w->at[i].belief = BELIEF_OUTDATED;
	}
}

void presence_came(struct server *srv, struct session *s)
{
	look_up_audience(srv, s, true);
	news(srv, s->uin, s);
}

void presence_changed(struct server *srv, struct session *s)
{
	look_up_audience(srv, s, false);
	news(srv, s->uin, s);
}

void presence_status(struct server *srv, struct session *s, uint32_t status)
{
	s->status = status;
	news(srv, s->uin, s);
}

void presence_left(struct server *srv, struct session *s)
{
	news(srv, s->uin, NULL);
}

void presence_restored(struct server *srv)
{
	struct watches *w = &srv->watches;

	for (uint32_t i = 1; i < w->fresh; i++) {
		struct watch *x = &w->at[i];
		const struct session *who = session_shown(srv, x->uin);
		const struct session *to = session_at(&srv->sessions, x->watcher);

		if (!who || !to || who == to)
			continue;
		look_up(srv, who, to, x);
		x->belief = truth_for(to, who, x);
	}
}
