/* SPDX-License-Identifier: MIT */
/*
 * Which events make themselves heard, and how. Rules are one line, as
 *
 *   message bell, message/10002 bell osc9, online/10002 hook, any none
 *
 * each with an event, perhaps the contact it is about, and what shall happen. The rule that says
 * most about an event counts: one for the contact before one for all, one for the event before one
 * for any; of equals the last.
 */
#ifndef ICQ_NOTIFY_H
#define ICQ_NOTIFY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"

/* What shall happen, as bits. */
enum notify_action {
	NOTIFY_BELL = 1,
	NOTIFY_OSC9 = 2,   /* a popup, in the words of iTerm2, Windows Terminal, kitty... */
	NOTIFY_OSC777 = 4, /* and in those of urxvt, foot, VTE... */
	NOTIFY_SOUND = 8,
	NOTIFY_HOOK = 16,
};

bool notify_rules_valid(const char *rules);
/* Bits for this event ("message") of this contact. */
unsigned notify_find(const char *rules, const char *event, uint32_t uin);
/* Puts a rule into a line of them, instead of the one for the same event and contact; uin 0: for
 * all; actions "": without it. -ICQ_ENOENT: unknown words; -ICQ_ESPACE: it does not fit. */
int notify_put(char *rules, size_t cap, const char *event, uint32_t uin, const char *actions);

/* Who is there, as far as it was told: a login tells of everybody, and that is no news. Owned by
 * its holder; all zeros: nobody. */
struct notify_presence {
	uint32_t there[ICQ_CLIENT_CONTACTS_MAX];
	size_t count;
	int64_t settled_ms; /* from then on it is news */
};

/* The event that an object of the schema is, as "message" or "online", and whose; NULL: none that
 * could be heard. now_ms is monotonic. */
const char *notify_event(struct notify_presence *p, const json_t *ev, int64_t now_ms,
			 uint32_t *uin_out);

enum { NOTIFY_BYTES_MAX = 1024 };

/* What the terminal gets for these bits: BEL and OSC sequences with fixed text and this name, in
 * which nothing is left that a terminal would obey. */
void notify_bytes(unsigned actions, const char *event, const char *name,
		  char out[NOTIFY_BYTES_MAX]);

#endif
