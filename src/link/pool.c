/* SPDX-License-Identifier: MIT */
#include "link/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Pieces of one size: fresh ones are cut off the front of `memory`, used ones are chained. */
struct shelf {
	uint8_t *memory;
	void *free;
	size_t size, fresh, count;
};

struct link_pool {
	size_t used;
	struct shelf shelves[6];
};

/* Bytes of a piece, and how many of them for how many links. Most packets are short; the
 * largest hold a whole text for our own client. */
static const struct {
	size_t size, per, least;
} plan[] = {
	{ 64, 1, 64 },	{ 192, 1, 64 },	  { 320, 4, 32 },
	{ 640, 8, 32 }, { 1152, 16, 32 }, { 8448, 256, 16 },
};

void link_pool_free(struct link_pool **p)
{
	if (*p)
		for (size_t i = 0; i < sizeof(plan) / sizeof(*plan); i++)
			free((*p)->shelves[i].memory);
	free(*p);
	*p = NULL;
}

struct link_pool *link_pool_new(uint32_t links)
{
	struct link_pool *p = calloc(1, sizeof(*p));

	static_assert(sizeof(plan) / sizeof(*plan) == sizeof(p->shelves) / sizeof(*p->shelves),
		      "one shelf for each size");
	for (size_t i = 0; p && i < sizeof(plan) / sizeof(*plan); i++) {
		struct shelf *s = &p->shelves[i];

		s->size = plan[i].size;
		s->count = plan[i].least + 2 * (size_t)links / plan[i].per;
		s->memory = malloc(s->size * s->count);
		if (!s->memory)
			link_pool_free(&p);
	}
	return p;
}

static struct shelf *shelf_for(struct link_pool *p, size_t n)
{
	for (size_t i = 0; i < sizeof(plan) / sizeof(*plan); i++)
		if (n <= plan[i].size)
			return &p->shelves[i];
	return NULL;
}

void *link_pool_take(struct link_pool *p, size_t n)
{
	struct shelf *s = shelf_for(p, n);
	void *piece = NULL;

	if (s && s->free) {
		piece = s->free;
		memcpy(&s->free, piece, sizeof(s->free));
	} else if (s && s->fresh < s->count) {
		piece = s->memory + s->size * s->fresh++;
	}
	p->used += piece != NULL;
	return piece;
}

void link_pool_give(struct link_pool *p, void *piece, size_t n)
{
	struct shelf *s = shelf_for(p, n);

	if (!piece)
		return;
	assert(s && p->used > 0);
	memcpy(piece, &s->free, sizeof(s->free));
	s->free = piece;
	p->used--;
}

size_t link_pool_used(const struct link_pool *p)
{
	return p->used;
}
