/* SPDX-License-Identifier: MIT */
#include "mini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

enum outcome { PASSED, FAILED, SKIPPED };

static jmp_buf leave_test;

__attribute__((format(printf, 1, 0))) static void print_comment(const char *format, va_list ap)
{
	printf("# ");
	vprintf(format, ap);
	if (!strchr(format, '\n'))
		putchar('\n');
}

void print_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print_comment(format, ap);
	va_end(ap);
}

void mini_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print_comment(format, ap);
	va_end(ap);
	printf("# %s:%d: error: failure\n", file, line);
	longjmp(leave_test, FAILED);
}

void mini_skip(void)
{
	longjmp(leave_test, SKIPPED);
}

void mini_int(uintmax_t a, uintmax_t b, int same, const char *text, const char *file, int line)
{
	if ((a == b) != same)
		mini_fail(file, line, "%s: %#jx, %#jx", text, a, b);
}

void mini_str(const char *a, const char *b, const char *file, int line)
{
	if (strcmp(a, b) != 0)
		mini_fail(file, line, "\"%s\" != \"%s\"", a, b);
}

static enum outcome run_one(const struct CMUnitTest *t)
{
	void *state = t->initial_state;
	int outcome = setjmp(leave_test);

	if (outcome == PASSED)
		t->test_func(&state);
	return (enum outcome)outcome;
}

int mini_run(const struct CMUnitTest *tests, size_t count)
{
	int failed = 0;

	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = run_one(&tests[i]);

		failed += outcome == FAILED;
		printf("%s %zu - %s%s\n", outcome == FAILED ? "not ok" : "ok", i + 1, tests[i].name,
		       outcome == SKIPPED ? " # SKIP" : "");
	}
	return failed;
}
