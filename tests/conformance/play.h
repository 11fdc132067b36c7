/* SPDX-License-Identifier: MIT */
/* Conversations of the table as cases of the harness. */
#ifndef TESTS_CONFORMANCE_PLAY_H
#define TESTS_CONFORMANCE_PLAY_H

#include "conformance/table.h"
#include "server/script.h"

/* Makes every conversation a case, with the conversation as its subject. */
void play_add_cases(const struct table *t, void (*run)(void));
/* Plays its steps, and fails unless it had the commands that it is to show. */
void play(const struct conversation *c, struct script *s);

#endif
