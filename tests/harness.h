/* SPDX-License-Identifier: MIT */
/*
 * What every test program leans on. Write TEST(what_it_shows) { ... } and the case is known:
 * there is no second list, and main() is in harness_main.c, unless the program has its own.
 * Output is TAP, reasons go to stderr.
 *
 * It runs where no library can be had (MSan, foreign machines). The asserts are named as in
 * cmocka; they end the case, so they belong into the main thread.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/rng.h"

struct harness_case {
	const char *name;
	void (*run)(void);
	const void *subject; /* for cases made from a table */
	struct harness_case *next;
};

void harness_add(struct harness_case *c);
/* The subject of the running case. */
const void *harness_subject(void);
/* Runs the cases whose name holds one of these parts; all of them if there are none. The parts
 * end with NULL. What main returns comes back. */
int harness_run(const char *program_name, char *const *name_parts);

#define TEST(id)                                                                                   \
	static void test_##id(void);                                                               \
	__attribute__((constructor)) static void add_##id(void)                                    \
	{                                                                                          \
		static struct harness_case c = { .name = #id, .run = test_##id };                  \
		harness_add(&c);                                                                   \
	}                                                                                          \
	static void test_##id(void)

/* Ends the case as failed, with a message. */
#define fail_msg(...) harness_fail(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void harness_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Ends the case as skipped, with the reason. */
_Noreturn void harness_skip(const char *why);

/* A condition, evaluated inline: also for loops of millions. */
#define check(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("not so: %s", #condition);                                        \
	} while (0)

#define assert_true(c) check(c)
#define assert_false(c) check(!(c))
#define assert_null(p) check((p) == NULL)
#define assert_non_null(p) check((p) != NULL)
#define assert_ptr_equal(a, b) check((const void *)(a) == (const void *)(b))
#define assert_memory_equal(a, b, n) assert_bytes(b, n, a, n)

#define assert_int_equal(a, b)                                                                     \
	harness_int(#a " == " #b, (intmax_t)(a), (intmax_t)(b), __FILE__, __LINE__)
void harness_int(const char *text, intmax_t a, intmax_t b, const char *file, int line);

/* From low to high, both included. */
#define assert_in_range(v, low, high)                                                              \
	harness_range(#v, (intmax_t)(v), (intmax_t)(low), (intmax_t)(high), __FILE__, __LINE__)
void harness_range(const char *text, intmax_t v, intmax_t low, intmax_t high, const char *file,
		   int line);

#define assert_int_not_equal(a, b) check((intmax_t)(a) != (intmax_t)(b))

#define assert_string_equal(a, b) harness_str(a, b, __FILE__, __LINE__)
void harness_str(const char *a, const char *b, const char *file, int line);

/* Fails with both sides in hex, from the line where they part. */
#define assert_bytes(expected, expected_n, actual, actual_n)                                       \
	harness_bytes(expected, expected_n, actual, actual_n, __FILE__, __LINE__)
void harness_bytes(const void *expected, size_t expected_n, const void *actual, size_t actual_n,
		   const char *file, int line);

/*
 * The seed of the running case: the environment's SEED, else a fixed one made from the
 * case's name. It is told on stderr, so that a failure can be repeated.
 */
uint64_t harness_seed(void);
struct rng harness_rng(void);

struct hex {
	size_t n;
	uint8_t b[2048];
};

/* "02 00 E8.03" to bytes; everything but hex digits is ignored. */
struct hex hex_bytes(const char *text);

#endif
