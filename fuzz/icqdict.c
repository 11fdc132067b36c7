/* SPDX-License-Identifier: MIT */
/* Writes a dictionary for the fuzzers: what random bytes would not hit soon. */
#include <stdio.h>

#include "wire/icqwire.h"

static void entry(const char *name, const uint8_t *p, size_t n)
{
	printf("%s=\"", name);
	for (size_t i = 0; i < n; i++)
		printf("\\x%02X", p[i]);
	printf("\"\n");
}

static void entry_u16(const char *name, uint16_t v)
{
	entry(name, (const uint8_t[]){ (uint8_t)v, (uint8_t)(v >> 8) }, 2);
}

/* A whole packet of defaults, so that every message can be reached in one step. */
static void entry_message(const struct icq_message *m)
{
	struct icq_head head = { .version = m->versions & 1 << 2 ? 2 : 1, .uin = 10001 };
	uint8_t out[1024];
	union icq_msg msg;

	icq_preset(m->id, &msg);

	int n = m->channel <= ICQ_SERVER ? icq_pack(m->id, &head, &msg, out, sizeof(out))
					 : icq_pack_peer(m->id, &msg, out, sizeof(out));

	entry(m->ident, out, (size_t)n);
}

static void entry_text(const char *name, const char *text)
{
	struct icq_str s = icq_str_of(text);

	entry(name, s.p, s.len);
}

int main(void)
{
	for (enum icq_id id = M_NONE + 1; id < M_COUNT; id++)
		entry_message(icq_describe(id));
#define TEXTFORM(id, type, ...) entry_u16("type_" #id, type);
#include "icq.def"
#define TEXTCODE(id, text, ...) entry_text("code_" #id, text);
#include "icq.def"
	entry("separator", (const uint8_t[]){ 0xFE }, 1);
	return 0;
}
