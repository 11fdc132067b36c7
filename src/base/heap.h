/* SPDX-License-Identifier: MIT */
/*
 * A heap of deadlines. Nodes live inside their owners and know their place, so a deadline
 * can be moved or taken out in O(log n). The array is reserved up front: no call but
 * heap_init allocates.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdint.h>

struct heap_node {
	int64_t at_ms;
	uint32_t place; /* 1-based index in the heap; 0 = not in it */
};

struct heap {
	struct heap_node **a;
	uint32_t count, cap;
};

/* 0 or -ICQ_ENOMEM. */
int heap_init(struct heap *h, uint32_t cap);
void heap_free(struct heap *h);
/* Puts the node in, or moves it when it is in already. NEVER_MS takes it out. The number of
 * nodes may not exceed cap (asserted). */
void heap_set(struct heap *h, struct heap_node *n, int64_t at_ms);
void heap_remove(struct heap *h, struct heap_node *n);
/* The earliest node, NULL when empty. It stays in. */
struct heap_node *heap_first(const struct heap *h);
/* Its time, NEVER_MS when empty. */
int64_t heap_deadline(const struct heap *h);

#endif
