/* SPDX-License-Identifier: MIT */
/* A store under test, whichever it is, and jobs in one line. */
#ifndef TEST_STORE_SUBJECT_H
#define TEST_STORE_SUBJECT_H

#include "folder.h"
#include "store/store.h"

enum { NOW_S = 1000000000, UINS_MAX = 255 };

struct subject; /* owned by whoever called subject_mem or subject_sqlite */

struct subject *subject_mem(void);
struct subject *subject_sqlite(void); /* in a folder of its own, which ends with it */
void subject_free(struct subject **t);

/* The file of a store on SQLite. */
const char *subject_file(const struct subject *t);
/* Closes and opens a store on SQLite. */
void subject_close(struct subject *t);
void subject_open(struct subject *t);
int subject_try_open(struct subject *t); /* what store_sqlite_open returns */
enum store_health subject_health(const struct subject *t);

/* All that jobs can tell of a store, as a number: its users up to this one, and its sessions. */
uint64_t subject_digest(struct subject *t, uint32_t last_uin);

void subject_run(struct subject *t, struct job *const *jobs, size_t n);
/* One job as a transaction; returns its err. */
int subject_do(struct subject *t, struct job *j);
int subject_add_invite(struct subject *t, const char *code);
int subject_set(struct subject *t, const char *charset, int64_t retention_s);
int subject_reserve(struct subject *t, int64_t bytes);

/* Jobs with everything set that a good job needs; they stay the caller's to change. */
struct job job_of(enum job_kind kind);
struct job job_register(uint16_t seq);
struct job job_put(uint32_t from, uint32_t to, uint16_t seq, const char *text);
struct job job_next(uint32_t uin, uint64_t after);
/* Reads a message into flight, as live. */
struct job job_flight(uint32_t uin, uint64_t after, uint64_t epoch, uint32_t n);
struct job job_drop(uint32_t uin, uint64_t first, uint64_t last);
struct job job_profile_set(uint32_t uin, unsigned parts, const struct profile *p);

/* Makes an account; returns its UIN. */
uint32_t subject_account(struct subject *t, uint16_t seq);
/* Begins a session; returns its epoch. */
uint64_t subject_session(struct subject *t, uint32_t uin);
void subject_block(struct subject *t, uint32_t uin, bool blocked);
uint32_t subject_waiting(struct subject *t, uint32_t uin);

/* A few UINs: UINS(1, 2) */
struct uins {
	uint32_t at[UINS_MAX];
	uint32_t count;
};

#define UINS(...)                                                                                  \
	((struct uins){ { __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t) })

enum { CLEAR = 1, TAKE_OFF = 2 };

struct job job_uins(uint32_t uin, uint64_t epoch, int list, int how, const struct uins *uins);
int subject_list(struct subject *t, uint32_t uin, uint64_t epoch, int list, int how,
		 struct uins uins);

/* A copy of a session that is kept; the lists that `of` points to are gone. */
struct saved {
	struct saved_session of;
	uint32_t lists[STORE_LISTS][STORE_LIST_MAX];
};

/* Calls it for all that are kept; fails unless they come by rising UIN. */
void subject_sessions(struct subject *t, saved_session_fn *each, void *ctx);
/* That of a user, all zero if there is none. */
struct saved subject_saved(struct subject *t, uint32_t uin);
void expect_saved(const struct saved *expected, const struct saved *actual);

/* A case that every store must pass: CASE(name) { ... t ... } */
#define CASE(id)                                                                                   \
	static void case_##id(struct subject *t);                                                  \
	CASE_ON(mem, id)                                                                           \
	CASE_ON(sqlite, id)                                                                        \
	static void case_##id(struct subject *t)

#define CASE_ON(store, id)                                                                         \
	TEST(store##_##id)                                                                         \
	{                                                                                          \
		struct subject *t = subject_##store();                                             \
		case_##id(t);                                                                      \
		subject_free(&t);                                                                  \
	}

#endif
