/* SPDX-License-Identifier: MIT */
/* The part of cmocka that our tests use, for builds where cmocka cannot be had. */
#ifndef MINI_H
#define MINI_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

_Noreturn void mini_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
_Noreturn void mini_skip(void);
void print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

void mini_int(uintmax_t a, uintmax_t b, int same, const char *text, const char *file, int line);
void mini_str(const char *a, const char *b, const char *file, int line);

#define print_message print_error
#define _fail(file, line) mini_fail(file, line, "failed")
#define fail() mini_fail(__FILE__, __LINE__, "failed")
#define fail_msg(...) mini_fail(__FILE__, __LINE__, __VA_ARGS__)
#define skip() mini_skip()
#define assert_true(c) mini_int(!!(c), 1, 1, #c, __FILE__, __LINE__)
#define assert_false(c) mini_int(!!(c), 0, 1, #c, __FILE__, __LINE__)
#define assert_null(p) assert_true((p) == NULL)
#define assert_non_null(p) assert_true((p) != NULL)
#define assert_ptr_equal(a, b) assert_true((const void *)(a) == (const void *)(b))
#define assert_int_equal(a, b)                                                                     \
	mini_int((uintmax_t)(a), (uintmax_t)(b), 1, #a " == " #b, __FILE__, __LINE__)
#define assert_int_not_equal(a, b)                                                                 \
	mini_int((uintmax_t)(a), (uintmax_t)(b), 0, #a " != " #b, __FILE__, __LINE__)
#define assert_in_range(v, low, high)                                                              \
	assert_true((uintmax_t)(v) >= (uintmax_t)(low) && (uintmax_t)(v) <= (uintmax_t)(high))
#define assert_string_equal(a, b) mini_str(a, b, __FILE__, __LINE__)
#define assert_memory_equal(a, b, n) assert_true(memcmp(a, b, n) == 0)

struct CMUnitTest {
	const char *name;
	void (*test_func)(void **state);
	int (*setup_func)(void **state);
	int (*teardown_func)(void **state);
	void *initial_state;
};

/* Runs the tests and prints TAP; returns the number of failures. */
int mini_run(const struct CMUnitTest *tests, size_t count);

#endif
