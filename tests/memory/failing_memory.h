/* SPDX-License-Identifier: MIT */
/* malloc and its family for a whole test program, libraries included: one allocation fails on
 * order, and those that live are counted. */
#ifndef TEST_MEMORY_FAILING_MEMORY_H
#define TEST_MEMORY_FAILING_MEMORY_H

#include <stdbool.h>

/* The nth allocation from now, from 1, fails; 0: none does. */
void memory_fail(unsigned long nth);
/* Whether it has. */
bool memory_failed(void);
/* Allocations that have not been freed. */
long memory_live(void);

#endif
