/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES_MAX 512
#define HEX_COLUMNS 16

static struct harness_case *cases;
static const char *running;

void harness_add(struct harness_case *c)
{
	struct harness_case **end = &cases;

	while (*end)
		end = &(*end)->next;
	*end = c;
}

void harness_fail(const char *what, const char *file, int line)
{
	print_error("check failed: %s\n", what);
	_fail(file, line);
}

void harness_skip(const char *why)
{
	printf("# %s skipped: %s\n", running, why);
	skip();
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
	uint64_t seed = given ? strtoull(given, NULL, 0) : fnv1a(running);

	printf("# %s: SEED=0x%" PRIx64 "\n", running, seed);
	return seed;
}

struct rng harness_rng(void)
{
	return (struct rng){ .state = harness_seed() };
}

struct hex hex_bytes(const char *text)
{
	struct hex out = { 0 };
	size_t digits = 0;

	for (; *text; text++) {
		if (!isxdigit((unsigned char)*text))
			continue;
		int v = isdigit((unsigned char)*text) ? *text - '0' : (*text | 0x20) - 'a' + 10;

		assert(digits / 2 < sizeof(out.b));
		out.b[digits / 2] = (uint8_t)(out.b[digits / 2] << 4 | v);
		digits++;
	}
	assert(digits % 2 == 0);
	out.n = digits / 2;
	return out;
}

static void print_row(const char *label, const uint8_t *p, size_t n, size_t from)
{
	char row[3 * HEX_COLUMNS + 1] = "";

	for (size_t i = from; i < n && i < from + HEX_COLUMNS; i++)
		snprintf(row + 3 * (i - from), 4, " %02X", p[i]);
	print_error("%s %04zx:%s\n", label, from, row);
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

	print_error("bytes part at %#zx; expected %zu, actual %zu\n", same, expected_n, actual_n);
	for (; from < expected_n || from < actual_n; from += HEX_COLUMNS) {
		print_row("expected", e, expected_n, from);
		print_row("  actual", a, actual_n, from);
	}
	_fail(file, line);
}

static void run_case(void **state)
{
	const struct harness_case *c = *state;

	running = c->name;
	c->run();
}

static int run_all(const struct CMUnitTest *tests, size_t count)
{
#ifdef HARNESS_MINI
	return mini_run(tests, count);
#else
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("cases", tests, count, NULL, NULL);
#endif
}

/* The argument, if any, picks the cases whose name holds it. */
int main(int argc, char **argv)
{
	struct CMUnitTest tests[CASES_MAX];
	size_t count = 0;

	for (struct harness_case *c = cases; c; c = c->next) {
		if (argc > 1 && !strstr(c->name, argv[1]))
			continue;
		assert(count < CASES_MAX);
		tests[count++] = (struct CMUnitTest){ c->name, run_case, NULL, NULL, c };
	}
	return run_all(tests, count) ? EXIT_FAILURE : EXIT_SUCCESS;
}
