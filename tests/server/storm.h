/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a history of a server: packets of a few users and of forgers, time, answers of
 * jobs in any rhythm, failures. Meant for random bytes and for a fuzzer.
 */
#ifndef TESTS_SERVER_STORM_H
#define TESTS_SERVER_STORM_H

#include <stddef.h>
#include <stdint.h>

/* Aborts when the server contradicts itself, or keeps anything when all sessions are over. */
void storm_run(const uint8_t *data, size_t size);

#endif
