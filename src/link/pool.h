/* SPDX-License-Identifier: MIT */
/*
 * Memory for packets in flight and numbers heard, shared by all links of one owner. Reserved
 * once; taking and giving back never allocates, and what was never used costs no memory.
 */
#ifndef LINK_POOL_H
#define LINK_POOL_H

#include <stddef.h>
#include <stdint.h>

struct link_pool; /* owned by whoever called link_pool_new */

/* For so many links with a few packets each in flight. NULL: out of memory. */
struct link_pool *link_pool_new(uint32_t links);
void link_pool_free(struct link_pool **p);

/* A piece of at least n bytes, uninitialised, aligned for anything; NULL when there is none
 * left or n is beyond the largest size. */
void *link_pool_take(struct link_pool *p, size_t n);
/* Gives back a piece taken for n bytes. NULL is allowed. */
void link_pool_give(struct link_pool *p, void *piece, size_t n);
/* Pieces that are out. */
size_t link_pool_used(const struct link_pool *p);

#endif
