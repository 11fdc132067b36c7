/* SPDX-License-Identifier: MIT */
/*
 * Remembers which password went with which hash, so that logging in again costs no Argon2.
 * What it keeps are tags under a random key of this process: no password, and nothing that is
 * of use elsewhere. A new password has a new hash, so an old tag is never found again.
 */
#ifndef ICQD_LOGIN_CACHE_H
#define ICQD_LOGIN_CACHE_H

#include <stdbool.h>

#include "store/store.h"

struct login_cache; /* owned by whoever called login_cache_new */

struct login_tag {
	uint64_t half[2];
};

/* NULL: out of memory. */
struct login_cache *login_cache_new(void);
void login_cache_free(struct login_cache **c);

/* The tag of a password and a hash that are to be compared. */
struct login_tag login_cache_tag(const struct login_cache *c, const struct job_password *q);
bool login_cache_has(const struct login_cache *c, const struct login_tag *tag);
/* They match. An older entry may have to go. */
void login_cache_add(struct login_cache *c, const struct login_tag *tag);

#endif
