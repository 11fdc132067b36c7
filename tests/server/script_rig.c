/* SPDX-License-Identifier: MIT */
/* Conversations in the world of the rig. */
#include "server/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t account(void *ctx)
{
	return rig_account(ctx, RIG_PASSWORD);
}

static struct addr place(void *ctx, size_t person, enum script_place where)
{
	uint32_t net = where == AT_ANOTHER_HOST ? 0x0A090000u : 0x0A000000u;
	unsigned ports = where == AT_ANOTHER_PORT ? 9000 : 4000;

	(void)ctx;
	return addr_v4(net + (uint32_t)person + 1, (uint16_t)(ports + person + 1));
}

static void send(void *ctx, const struct addr *from, const void *p, size_t n)
{
	rig_input(ctx, from, p, n);
}

static struct parcel *take(void *ctx, const struct addr *to, bool awaited)
{
	struct rig *r = ctx;

	(void)awaited;
	if (!to && r->first)
		to = &r->first->to;
	return to ? rig_take(r, to) : NULL;
}

static bool step(void *ctx, const char *text)
{
	struct rig *r = ctx;
	double seconds;
	unsigned n;

	if (sscanf(text, "wait %lf", &seconds) == 1) {
		rig_wait(r, (int64_t)(seconds * 1000 + 0.5));
	} else if (strcmp(text, "crash") == 0) {
		rig_crash(r);
	} else if (strcmp(text, "hold") == 0) {
		r->hold = true;
	} else if (sscanf(text, "answer %u", &n) == 1) {
		rig_answer(r, n);
	} else if (strcmp(text, "answer") == 0) {
		r->hold = false;
		rig_answer(r, SIZE_MAX);
	} else if (strncmp(text, "store fails", 11) == 0) {
		store_mem_fail(r->store, sscanf(text + 11, "%u", &n) == 1 ? n : 1);
	} else if (strncmp(text, "queue ", 6) == 0) {
		r->full = strcmp(text + 6, "full") == 0;
	} else {
		return false;
	}
	return true;
}

struct script *script_new(const struct conf *conf)
{
	struct conf preset = rig_conf();
	struct rig *r = rig_new(conf ? conf : &preset);
	struct script *s = script_in(
		&(struct script_world){ r, "r1", account, place, send, take, step });

	s->rig = r;
	return s;
}

void script_free(struct script **s)
{
	rig_free(&(*s)->rig);
	free(*s);
	*s = NULL;
}

void script_once(const char *steps)
{
	struct script *s = script_new(NULL);

	script_play(s, steps);
	script_free(&s);
}
