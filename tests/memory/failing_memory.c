/* SPDX-License-Identifier: MIT */
#include "failing_memory.h"

#include <errno.h>
#include <stdlib.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static unsigned long left;
static bool failed;
static long live;

void memory_fail(unsigned long nth)
{
	left = nth;
	failed = false;
}

bool memory_failed(void)
{
	return failed;
}

long memory_live(void)
{
	return live;
}

static bool refuses(void)
{
	if (left == 0 || --left > 0)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

static void *counted(void *p)
{
	live += p != NULL;
	return p;
}

void *malloc(size_t n)
{
	return refuses() ? NULL : counted(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
	return refuses() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *p, size_t n)
{
	void *at;

	if (refuses())
		return NULL;
	at = __libc_realloc(p, n);
	live += (at != NULL) - (p != NULL && (at || n == 0));
	return at;
}

void free(void *p)
{
	live -= p != NULL;
	__libc_free(p);
}
