/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void sort_numbers(double *at, size_t n)
{
	qsort(at, n, sizeof(*at), by_size);
}

void folder_make(char folder[PATH_LEN], const char *in)
{
	int n = snprintf(folder, PATH_LEN, "%s/bench-XXXXXX", in);

	if (n < 0 || n >= PATH_LEN || !mkdtemp(folder))
		die("%s: no folder can be made here", in);
}
