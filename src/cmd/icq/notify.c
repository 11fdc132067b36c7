/* SPDX-License-Identifier: MIT */
#include "cmd/icq/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cmd/icq/member.h"
#include "cmd/texts.h"

enum { SETTLE_MS = 10000 };

/* ---- words ----------------------------------------------------------------------------- */

static const struct {
	const char *event, *before, *after; /* the name, in a popup */
} events[] = {
	{ "message", "message from ", "" },
	{ "request", "", " asks for something" },
	{ "chat", "", " wants to chat" },
	{ "file", "", " offers a file" },
	{ "online", "", " is there" },
	{ "offline", "", " has gone" },
	{ "returned", "", " did not take your message" },
	{ "away-read", "", " has read your away text" },
	{ "beep", "", " beeps in a chat" },
	{ "any", "", "" },
};

enum { EVENTS = sizeof(events) / sizeof(*events) };

static const struct {
	const char *word;
	unsigned bit;
} actions[] = {
	{ "none", 0 },
	{ "bell", NOTIFY_BELL },
	{ "osc9", NOTIFY_OSC9 },
	{ "osc777", NOTIFY_OSC777 },
	{ "sound", NOTIFY_SOUND },
	{ "hook", NOTIFY_HOOK },
};

enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

static bool is_word(const char *word, const char *at, size_t n)
{
	return strlen(word) == n && memcmp(word, at, n) == 0;
}

static size_t event_of(const char *at, size_t n)
{
	size_t i = 0;

	while (i < EVENTS && !is_word(events[i].event, at, n))
		i++;
	return i;
}

/* ---- rules ----------------------------------------------------------------------------- */

struct rule {
	size_t event;
	uint32_t uin; /* 0: all */
	unsigned bits;
	const char *text; /* of the line */
	size_t len;
};

/* "bell osc9" to bits. */
static bool read_actions(const char *at, const char *end, unsigned *out)
{
	bool any = false;

	for (*out = 0; at += strspn(at, " "), at < end; any = true) {
		size_t n = strcspn(at, " ,"), i = 0;

		while (i < ACTIONS && !is_word(actions[i].word, at, n))
			i++;
		if (i == ACTIONS)
			return false;
		*out |= actions[i].bit;
		at += n;
	}
	return any;
}

/* The rule at *at, which moves behind it. False: none; *bad when there should be one. */
static bool next_rule(const char **at, struct rule *out, bool *bad)
{
	const char *p = *at + strspn(*at, " ");
	size_t n = strcspn(p, " /,");
	const char *after = p + n;
	char *end = NULL;

	*bad = false;
	if (!*p)
		return false;
	*out = (struct rule){ .event = event_of(p, n), .text = p, .len = strcspn(p, ",") };
	if (p[n] == '/') {
		out->uin = (uint32_t)strtoul(p + n + 1, &end, 10);
		after = end;
	}
	*at = p + out->len;
	*bad = out->event == EVENTS || (p[n] == '/' && !out->uin) || (*after && *after != ' ') ||
	       !read_actions(after, *at, &out->bits);
	*at += **at == ',';
	return !*bad;
}

bool notify_rules_valid(const char *rules)
{
	struct rule rule;
	bool bad;

	while (next_rule(&rules, &rule, &bad))
		;
	return !bad;
}

unsigned notify_find(const char *rules, const char *event, uint32_t uin)
{
	size_t wanted = event_of(event, strlen(event));
	int best = -1;
	unsigned bits = 0;
	struct rule rule;
	bool bad;

	while (next_rule(&rules, &rule, &bad)) {
		int rank = 2 * (rule.uin != 0) + (rule.event == wanted);

		if ((rule.event != wanted && rule.event != EVENTS - 1) ||
		    (rule.uin && rule.uin != uin) || rank < best)
			continue;
		best = rank;
		bits = rule.bits;
	}
	return bits;
}

/* All rules but the one for this event and contact. */
static void copy_others(FILE *to, const char *rules, size_t event, uint32_t uin)
{
	const char *between = "";
	struct rule rule;
	bool bad;

	while (next_rule(&rules, &rule, &bad)) {
		if (rule.event == event && rule.uin == uin)
			continue;
		fprintf(to, "%s%.*s", between, (int)rule.len, rule.text);
		between = ", ";
	}
}

int notify_put(char *rules, size_t cap, const char *event, uint32_t uin, const char *wanted)
{
	size_t which = event_of(event, strlen(event)), n;
	char *text = NULL;
	unsigned bits;
	FILE *to;

	if (which == EVENTS || strchr(wanted, ',') ||
	    (*wanted && !read_actions(wanted, wanted + strlen(wanted), &bits)))
		return -ICQ_ENOENT;
	to = open_memstream(&text, &n);
	if (!to)
		return -ICQ_ENOMEM;
	copy_others(to, rules, which, uin);
	fflush(to);
	if (*wanted) {
		fprintf(to, "%s%s", n ? ", " : "", event);
		if (uin)
			fprintf(to, "/%u", uin);
		fprintf(to, " %s", wanted);
	}
	fclose(to);
	if (n < cap)
		memcpy(rules, text, n + 1);
	free(text);
	return n < cap ? 0 : -ICQ_ESPACE;
}

/* ---- events ---------------------------------------------------------------------------- */

/* What a presence makes of who is there: "online", "offline", or no change. */
static const char *note_presence(struct notify_presence *p, uint32_t uin, bool there)
{
	size_t i = 0;

	while (i < p->count && p->there[i] != uin)
		i++;
	if (there == (i < p->count) || (there && p->count == ICQ_CLIENT_CONTACTS_MAX))
		return NULL;
	if (there)
		p->there[p->count++] = uin;
	else
		p->there[i] = p->there[--p->count];
	return there ? "online" : "offline";
}

static const char *on_presence(struct notify_presence *p, const json_t *ev, int64_t now_ms)
{
	const char *news = note_presence(p, member_uin(ev, "uin"),
					 !member_is(ev, "status", "offline"));

	return now_ms < p->settled_ms ? NULL : news;
}

const char *notify_event(struct notify_presence *p, const json_t *ev, int64_t now_ms,
			 uint32_t *uin_out)
{
	*uin_out = member_uin(ev, json_object_get(ev, "from") ? "from"
				  : json_object_get(ev, "to") ? "to"
							      : "uin");
	if (member_is(ev, "ev", "message"))
		return "message";
	if (member_is(ev, "ev", "request"))
		return member_is(ev, "kind", "chat")   ? "chat"
		       : member_is(ev, "kind", "file") ? "file"
						       : "request";
	if (member_is(ev, "ev", "sent"))
		return member_is(ev, "state", "returned") ? "returned" : NULL;
	if (member_is(ev, "ev", "away_read"))
		return "away-read";
	if (member_is(ev, "ev", "chat"))
		return member_is(ev, "event", "beep") ? "beep" : NULL;
	if (member_is(ev, "ev", "presence"))
		return on_presence(p, ev, now_ms);
	if (member_is(ev, "ev", "state")) {
		p->count = 0;
		p->settled_ms = now_ms + SETTLE_MS;
	}
	return NULL;
}

/* ---- the terminal ---------------------------------------------------------------------- */

/* Between the semicolons of a sequence. To be freed; NULL: out of memory. */
static char *harmless(const char *name)
{
	char *safe = texts_shown(name, false);

	for (char *at = safe; at && (at = strchr(at, ';'));)
		*at = ',';
	return safe;
}

static size_t put_popup(char *out, size_t cap, const char *begin, size_t event, const char *name)
{
	int n = snprintf(out, cap, "%s%s%s%s\033\\", begin, events[event].before, name,
			 events[event].after);

	if ((size_t)n < cap)
		return (size_t)n;
	*out = 0; /* never half a sequence */
	return 0;
}

void notify_bytes(unsigned bits, const char *event, const char *name, char out[NOTIFY_BYTES_MAX])
{
	size_t i = event_of(event, strlen(event)), n = 0;
	char *safe = harmless(name);

	if (bits & NOTIFY_BELL)
		out[n++] = '\a';
	out[n] = 0;
	if (safe && bits & NOTIFY_OSC9)
		n += put_popup(out + n, NOTIFY_BYTES_MAX - n, "\033]9;icq: ", i, safe);
	if (safe && bits & NOTIFY_OSC777)
		put_popup(out + n, NOTIFY_BYTES_MAX - n, "\033]777;notify;icq;", i, safe);
	free(safe);
}
