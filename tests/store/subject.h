/* SPDX-License-Identifier: MIT */
/* A store under test, whichever it is, and jobs in one line. */
#ifndef TEST_STORE_SUBJECT_H
#define TEST_STORE_SUBJECT_H

#include "store/store.h"

enum { NOW_S = 1000000000 };

struct subject; /* owned by whoever called subject_mem or subject_sqlite */

struct subject *subject_mem(void);
void subject_free(struct subject **t);

void subject_run(struct subject *t, struct job *const *jobs, size_t n);
/* One job as a transaction; returns its err. */
int subject_do(struct subject *t, struct job *j);
int subject_add_invite(struct subject *t, const char *code);

/* Jobs with everything set that a good job needs; they stay the caller's to change. */
struct job job_of(enum job_kind kind);
struct job job_register(uint16_t seq);
struct job job_put(uint32_t from, uint32_t to, uint16_t seq, const char *text);
struct job job_next(uint32_t uin, uint64_t after);
struct job job_drop(uint32_t uin, uint64_t first, uint64_t last);

/* Makes an account; returns its UIN. */
uint32_t subject_account(struct subject *t, uint16_t seq);
/* Begins a session; returns its epoch. */
uint64_t subject_session(struct subject *t, uint32_t uin);
uint32_t subject_waiting(struct subject *t, uint32_t uin);

/* A case that every store must pass: CASE(name) { ... t ... } */
#define CASE(id)                                                                                   \
	static void case_##id(struct subject *t);                                                  \
	TEST(mem_##id)                                                                             \
	{                                                                                          \
		struct subject *t = subject_mem();                                                 \
		case_##id(t);                                                                      \
		subject_free(&t);                                                                  \
	}                                                                                          \
	static void case_##id(struct subject *t)

#endif
