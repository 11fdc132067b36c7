/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "wire/icqwire.h"

enum {
	BIT_AWAY = 0x01,
	BIT_DND = 0x02,
	BIT_NA = 0x04,
	BIT_OCCUPIED = 0x10,
	BIT_FFC = 0x20,
	LOW_WORD = 0xFFFF,
};

/* The first version of the TCP protocol whose users know all statuses. */
#define FULL_STATUS_TCP 3

/* The order matters: clients add weaker bits to stronger ones. */
enum icq_status icq_status_plain(uint32_t word)
{
	if ((word & LOW_WORD) == ICQ_STATUS_offline)
		return ICQ_STATUS_offline;
	if (word & BIT_DND)
		return ICQ_STATUS_dnd;
	if (word & BIT_OCCUPIED)
		return ICQ_STATUS_occupied;
	if (word & BIT_NA)
		return ICQ_STATUS_na;
	if (word & BIT_AWAY)
		return ICQ_STATUS_away;
	return word & BIT_FFC ? ICQ_STATUS_ffc : ICQ_STATUS_online;
}

static const struct {
	const char *name;
	enum icq_status status;
} names[] = {
#define STATUS(name, ...) { #name, ICQ_STATUS_##name },
#include "icq.def"
	{ "offline", ICQ_STATUS_offline },
	{ "invisible", ICQ_STATUS_invisible },
};

#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

const char *icq_status_name(enum icq_status plain)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (names[i].status == plain)
			return names[i].name;
	return "unknown";
}

int icq_status_parse(const char *name, enum icq_status *out)
{
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (strcmp(names[i].name, name) == 0) {
			*out = names[i].status;
			return 0;
		}
	}
	return -ICQ_ENOENT;
}

/* Clients of TCP version 2 know three statuses and call 11 "do not disturb". */
static uint32_t for_old_viewer(uint32_t word)
{
	switch (icq_status_plain(word)) {
	case ICQ_STATUS_dnd:
	case ICQ_STATUS_occupied:
		return ICQ_STATUS_occupied;
	case ICQ_STATUS_na:
	case ICQ_STATUS_away:
		return ICQ_STATUS_away;
	default:
		return ICQ_STATUS_online;
	}
}

uint32_t icq_status_shown(uint32_t word, uint32_t viewer_tcp_version)
{
	if (viewer_tcp_version < FULL_STATUS_TCP)
		return for_old_viewer(word);
	return word & ~(uint32_t)ICQ_STATUS_invisible;
}
