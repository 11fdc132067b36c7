/* SPDX-License-Identifier: MIT */
/* Conversations of the table with a server. */
#ifndef TESTS_CONFORMANCE_PLAY_H
#define TESTS_CONFORMANCE_PLAY_H

#include "conformance/table.h"
#include "server/script.h"

/* Plays its steps, and fails unless it had the commands that it is to show. */
void play(const struct conversation *c, struct script *s);

#endif
