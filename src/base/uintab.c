/* SPDX-License-Identifier: MIT */
#include "base/uintab.h"

#include "base/err.h"

#include <stdlib.h>

#define PAGE_BITS 14
#define PAGE_SIZE (1u << PAGE_BITS)
#define PAGE_COUNT (1u << (32 - PAGE_BITS))

/* Fresh memory is zero and costs nothing until it is touched, so the upper level is plain. */
struct uintab {
	uint32_t end; /* pages from here on were never there */
	uint32_t *pages[PAGE_COUNT];
};

struct uintab *uintab_new(void)
{
	return calloc(1, sizeof(struct uintab));
}

void uintab_free(struct uintab **t)
{
	if (!*t)
		return;
	for (uint32_t i = 0; i < (*t)->end; i++)
		free((*t)->pages[i]);
	free(*t);
	*t = NULL;
}

uint32_t uintab_get(const struct uintab *t, uint32_t uin)
{
	const uint32_t *page = t->pages[uin >> PAGE_BITS];

	return page ? page[uin & (PAGE_SIZE - 1)] : 0;
}

int uintab_set(struct uintab *t, uint32_t uin, uint32_t value)
{
	uint32_t at = uin >> PAGE_BITS, **page = &t->pages[at];

	if (!*page && value == 0)
		return 0;
	if (!*page)
		*page = calloc(PAGE_SIZE, sizeof(**page));
	if (!*page)
		return -ICQ_ENOMEM;
	if (t->end <= at)
		t->end = at + 1;
	(*page)[uin & (PAGE_SIZE - 1)] = value;
	return 0;
}
