/* SPDX-License-Identifier: MIT */
/* Password jobs, carried out: Argon2id by libsodium. Safe for several threads at once. */
#ifndef ICQD_PASSWORD_H
#define ICQD_PASSWORD_H

#include "store/store.h"

struct password_rules {
	unsigned long long passes;
	size_t memory;
	uint8_t tag_key[32];
	char dummy[JOB_HASH_MAX]; /* checked in place of the hash that an unknown UIN lacks */
};

/* cost: PASSWORD_COST_...; secret: store_sqlite_secret. Takes as long as one password check.
 * 0 or -ICQ_ENOMEM. */
int password_init(struct password_rules *r, int cost, const uint8_t secret[32]);
/* Carries out JOB_HASH or JOB_VERIFY and wipes the password. 0 or -ICQ_ENOMEM. */
int password_run(const struct password_rules *r, enum job_kind kind, struct job_password *q);

#endif
