/* SPDX-License-Identifier: MIT */
/* Jobs at random, of every kind, for few users: everything meets everything. */
#ifndef TEST_STORE_ANY_H
#define TEST_STORE_ANY_H

#include "base/rng.h"
#include "subject.h"

enum { ANY_EPOCHS = 16 };

/* What has been seen so far, so that jobs are about what is there. */
struct any {
	struct rng rng;
	int64_t now_s;
	uint64_t g;			    /* of the last message seen */
	uint32_t uin;			    /* of the last account made */
	uint64_t epoch, epochs[ANY_EPOCHS]; /* the last, and that of each user */
};

struct any any_new(struct rng rng);
struct job any_job(struct any *a);
/* A user, mostly one that has an account. */
uint32_t any_uin(struct any *a);
/* A code page, known or not. */
void any_charset(struct any *a, char out[PROFILE_CHARSET_MAX]);
/* Learns from an answer. */
void any_seen(struct any *a, const struct job *j);
void any_pass_time(struct any *a);

#endif
