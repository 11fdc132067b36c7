/* SPDX-License-Identifier: MIT */
/*
 * What every test program leans on. Write TEST(what_it_shows) { ... } and the case is known:
 * there is no second list, and main() is in harness.c. The checks are cmocka's assert_...;
 * check() and assert_bytes() come on top. Output is TAP.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef HARNESS_MINI
#include "mini.h"
#else
#include <cmocka.h>
#endif

#include "base/rng.h"

struct harness_case {
	const char *name;
	void (*run)(void);
	struct harness_case *next;
};

void harness_add(struct harness_case *c);

#define TEST(id)                                                                                   \
	static void test_##id(void);                                                               \
	__attribute__((constructor)) static void add_##id(void)                                    \
	{                                                                                          \
		static struct harness_case c = { .name = #id, .run = test_##id };                  \
		harness_add(&c);                                                                   \
	}                                                                                          \
	static void test_##id(void)

/* A condition checked inline: for loops of millions. */
#define check(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			harness_fail(#condition, __FILE__, __LINE__);                              \
	} while (0)

void harness_fail(const char *what, const char *file, int line);

/* Ends the case as skipped, with the reason in the log. */
void harness_skip(const char *why);

/*
 * The seed of the running case: the environment's SEED, else a fixed one made from the
 * case's name. It is printed, so that a failure can be repeated with SEED=... build/tests/X.
 */
uint64_t harness_seed(void);
struct rng harness_rng(void);

struct hex {
	size_t n;
	uint8_t b[2048];
};

/* "02 00 E8.03" to bytes; everything but hex digits is ignored. */
struct hex hex_bytes(const char *text);

/* Fails with both sides in hex, from the line where they part. */
#define assert_bytes(expected, expected_n, actual, actual_n)                                       \
	harness_bytes(expected, expected_n, actual, actual_n, __FILE__, __LINE__)

void harness_bytes(const void *expected, size_t expected_n, const void *actual, size_t actual_n,
		   const char *file, int line);

#endif
