/* SPDX-License-Identifier: MIT */
/*
 * What strangers may cost: answers to packets without a session, per address and in all. The
 * table is fixed; two addresses that fall on one place share its allowance.
 */
#ifndef SERVER_LIMIT_H
#define SERVER_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct server;

enum { STRAY_PLACES = 4096 };

struct strays {
	uint64_t key; /* of the hash, so that nobody can aim at another's place */
	int64_t second;
	uint32_t all;
	struct {
		uint32_t second, count;
	} at[STRAY_PLACES];
};

/* May an address without a session be answered now? Counts as an answer if so. */
bool limit_stray(struct server *srv, const struct addr *to);

#endif
