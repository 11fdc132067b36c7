/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define HEX_COLUMNS 16

enum outcome { PASSED, FAILED, SKIPPED };

static struct harness_case *cases;
static const char *program, *skip_reason;
static const struct harness_case *running;
static jmp_buf leave_case;

void harness_add(struct harness_case *c)
{
	struct harness_case **end = &cases;

	while (*end)
		end = &(*end)->next;
	*end = c;
}

const void *harness_subject(void)
{
	return running->subject;
}

void harness_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: %s: ", file, line, running->name);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	longjmp(leave_case, FAILED);
}

void harness_skip(const char *why)
{
	skip_reason = why;
	longjmp(leave_case, SKIPPED);
}

void harness_int(const char *text, intmax_t a, intmax_t b, const char *file, int line)
{
	if (a != b)
		harness_fail(file, line, "not so: %s; %jd (%#jx), %jd (%#jx)", text, a,
			     (uintmax_t)a, b, (uintmax_t)b);
}

void harness_range(const char *text, intmax_t v, intmax_t low, intmax_t high, const char *file,
		   int line)
{
	if (v < low || v > high)
		harness_fail(file, line, "%s is %jd, not from %jd to %jd", text, v, low, high);
}

void harness_str(const char *a, const char *b, const char *file, int line)
{
	if (strcmp(a, b) != 0)
		harness_fail(file, line, "these differ:\n\t\"%s\"\n\t\"%s\"", a, b);
}

static void print_row(const char *label, const uint8_t *p, size_t n, size_t from)
{
	fprintf(stderr, "%s %04zx:", label, from);
	for (size_t i = from; i < n && i < from + HEX_COLUMNS; i++)
		fprintf(stderr, " %02X", p[i]);
	fputc('\n', stderr);
}

void harness_bytes(const void *expected, size_t expected_n, const void *actual, size_t actual_n,
		   const char *file, int line)
{
	const uint8_t *e = expected, *a = actual;
	size_t same = 0;

	while (same < expected_n && same < actual_n && e[same] == a[same])
		same++;
	if (same == expected_n && same == actual_n)
		return;

	size_t from = same - same % HEX_COLUMNS;

	for (; from < expected_n || from < actual_n; from += HEX_COLUMNS) {
		print_row("expected", e, expected_n, from);
		print_row("  actual", a, actual_n, from);
	}
	harness_fail(file, line, "bytes part at %#zx; expected %zu, actual %zu", same, expected_n,
		     actual_n);
}

static uint64_t fnv1a(const char *text)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return h;
}

uint64_t harness_seed(void)
{
	const char *given = getenv("SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) : fnv1a(running->name);

	/* Told before it is needed: a crash leaves no time for it. */
	fprintf(stderr, "SEED=0x%" PRIx64 " %s %s\n", seed, program, running->name);
	return seed;
}

struct rng harness_rng(void)
{
	return (struct rng){ .state = harness_seed() };
}

static int digit_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

struct hex hex_bytes(const char *text)
{
	struct hex out = { 0 };
	size_t digits = 0;

	for (; *text; text++) {
		if (!isxdigit((unsigned char)*text))
			continue;
		assert(digits / 2 < sizeof(out.b));
		out.b[digits / 2] = (uint8_t)(out.b[digits / 2] << 4 | digit_value(*text));
		digits++;
	}
	assert(digits % 2 == 0);
	out.n = digits / 2;
	return out;
}

static enum outcome run_case(const struct harness_case *c)
{
	running = c;
	switch (setjmp(leave_case)) {
	case 0:
		c->run();
		return PASSED;
	case SKIPPED:
		return SKIPPED;
	default:
		return FAILED;
	}
}

static bool has_part(const char *name, char *const *parts)
{
	bool any = !*parts;

	for (; *parts && !any; parts++)
		any = strstr(name, *parts) != NULL;
	return any;
}

/* The next case from here on that is wanted. */
static const struct harness_case *chosen(const struct harness_case *c, char *const *parts)
{
	while (c && !has_part(c->name, parts))
		c = c->next;
	return c;
}

static bool report(const struct harness_case *c, size_t number)
{
	enum outcome outcome = run_case(c);

	printf("%s %zu - %s", outcome == FAILED ? "not ok" : "ok", number, c->name);
	if (outcome == SKIPPED)
		printf(" # SKIP %s", skip_reason);
	putchar('\n');
	fflush(stdout);
	return outcome != FAILED;
}

int harness_run(const char *program_name, char *const *name_parts)
{
	size_t count = 0;
	bool good = true;

	program = program_name;
	for (const struct harness_case *c = cases; (c = chosen(c, name_parts)); c = c->next)
		count++;
	printf("1..%zu\n", count);
	fflush(stdout);

	count = 0;
	for (const struct harness_case *c = cases; (c = chosen(c, name_parts)); c = c->next)
		good = report(c, ++count) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
