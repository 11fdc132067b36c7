/* SPDX-License-Identifier: MIT */
#include "base/heap.h"

#include "base/err.h"
#include "base/now.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

int heap_init(struct heap *h, uint32_t cap)
{
	*h = (struct heap){ .a = calloc(cap ? cap : 1, sizeof(struct heap_node *)), .cap = cap };
	return h->a ? 0 : -ICQ_ENOMEM;
}

void heap_free(struct heap *h)
{
	free(h->a);
	*h = (struct heap){ 0 };
}

static void put(struct heap *h, struct heap_node *n, uint32_t place)
{
	h->a[place - 1] = n;
	n->place = place;
}

static void rise(struct heap *h, struct heap_node *n)
{
	uint32_t place = n->place;

	for (; place > 1 && h->a[place / 2 - 1]->at_ms > n->at_ms; place /= 2)
		put(h, h->a[place / 2 - 1], place);
	put(h, n, place);
}

static void sink(struct heap *h, struct heap_node *n)
{
	uint32_t place = n->place;

	while (place <= h->count / 2) {
		uint32_t child = 2 * place;

		if (child < h->count && h->a[child]->at_ms < h->a[child - 1]->at_ms)
			child++;
		if (h->a[child - 1]->at_ms >= n->at_ms)
			break;
		put(h, h->a[child - 1], place);
		place = child;
	}
	put(h, n, place);
}

void heap_remove(struct heap *h, struct heap_node *n)
{
	uint32_t place = n->place;

	if (!place)
		return;
	n->place = 0;

	struct heap_node *last = h->a[--h->count];

	if (last == n)
		return;
	put(h, last, place);
	rise(h, last);
	sink(h, last);
}

void heap_set(struct heap *h, struct heap_node *n, int64_t at_ms)
{
	if (at_ms == NEVER_MS) {
		heap_remove(h, n);
		n->at_ms = at_ms;
		return;
	}
	n->at_ms = at_ms;
	if (!n->place) {
		assert(h->count < h->cap);
		put(h, n, ++h->count);
	}
	rise(h, n);
	sink(h, n);
}

struct heap_node *heap_first(const struct heap *h)
{
	return h->count ? h->a[0] : NULL;
}

int64_t heap_deadline(const struct heap *h)
{
	return h->count ? h->a[0]->at_ms : NEVER_MS;
}
