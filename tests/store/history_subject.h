/* SPDX-License-Identifier: MIT */
/* A history under test, whichever it is, and jobs in one line. */
#ifndef TEST_HISTORY_SUBJECT_H
#define TEST_HISTORY_SUBJECT_H

#include "store/history.h"

enum { ME = 1001, ANN = 1002, BOB = 1003, FILE_LEN = 272 };

struct history; /* owned by whoever called history_on_... */

struct history *history_on_mem(void);
struct history *history_on_sqlite(void); /* in a folder of its own, which ends with it */
void history_free(struct history **h);

/* Of a history on SQLite: its file; closes and opens it. */
const char *history_file(const struct history *h);
void history_close(struct history *h);
void history_open(struct history *h);

/* Carries out a job; returns its err. */
int history_do(struct history *h, struct history_job *job);

void job_set_text(struct history_job *job, const char *text);
struct history_job job_of(enum history_kind kind);
struct history_job job_in(uint32_t peer, const char *text);
/* Into the outbox. */
struct history_job job_out(uint32_t peer, const char *text);
struct history_job job_mark(uint64_t id);
struct history_job job_next(struct history_next query);

/* The number of the row, 0 if there is none. */
uint64_t history_next_id(struct history *h, struct history_next query);

/* A case that both must pass: CASE(name) { ... h ... } */
#define CASE(id)                                                                                   \
	static void case_##id(struct history *h);                                                  \
	CASE_ON(mem, id)                                                                           \
	CASE_ON(sqlite, id)                                                                        \
	static void case_##id(struct history *h)

#define CASE_ON(store, id)                                                                         \
	TEST(store##_##id)                                                                         \
	{                                                                                          \
		struct history *h = history_on_##store();                                          \
		case_##id(h);                                                                      \
		history_free(&h);                                                                  \
	}

#endif
