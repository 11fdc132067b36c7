/* SPDX-License-Identifier: MIT */
/*
 * The only code that measures bytes. A reader or writer remembers its first failure: read
 * on, and look at `bad` once. A failed read yields zeros, a failed write changes nothing.
 * All integers are little-endian unless the name says otherwise.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rd {
	const uint8_t *p;
	size_t len, pos;
	bool bad;
};

struct wr {
	uint8_t *p;
	size_t cap, len;
	bool bad;
};

/* (NULL, 0) is fine, for readers and for writers. */
static inline struct rd rd_from(const void *p, size_t len)
{
	return (struct rd){ .p = p ? p : "", .len = len };
}

static inline size_t rd_left(const struct rd *r)
{
	return r->bad ? 0 : r->len - r->pos;
}

/* n bytes, borrowed from the buffer; NULL and bad when there are fewer. */
static inline const uint8_t *rd_bytes(struct rd *r, size_t n)
{
	if (rd_left(r) < n || r->bad) {
		r->bad = true;
		return NULL;
	}
	r->pos += n;
	return r->p + (r->pos - n);
}

static inline uint32_t rd_le(struct rd *r, size_t width)
{
	const uint8_t *b = rd_bytes(r, width);
	uint32_t v = 0;

	for (size_t i = 0; b && i < width; i++)
		v |= (uint32_t)b[i] << 8 * i;
	return v;
}

static inline uint8_t rd_u8(struct rd *r)
{
	return (uint8_t)rd_le(r, 1);
}

static inline uint16_t rd_u16(struct rd *r)
{
	return (uint16_t)rd_le(r, 2);
}

static inline uint32_t rd_u32(struct rd *r)
{
	return rd_le(r, 4);
}

static inline struct wr wr_to(void *p, size_t cap)
{
	return (struct wr){ .p = p, .cap = cap };
}

/* Room for n bytes, to be filled by the caller; NULL and bad when there is none. */
static inline uint8_t *wr_room(struct wr *w, size_t n)
{
	if (w->bad || w->cap - w->len < n) {
		w->bad = true;
		return NULL;
	}

	uint8_t *room = w->p ? w->p + w->len : NULL; /* NULL + 0 is undefined in C */

	w->len += n;
	return room;
}

static inline void wr_bytes(struct wr *w, const void *p, size_t n)
{
	uint8_t *to = wr_room(w, n);

	if (to && n)
		memcpy(to, p, n);
}

static inline void wr_le(struct wr *w, uint32_t v, size_t width)
{
	uint8_t *to = wr_room(w, width);

	for (size_t i = 0; to && i < width; i++)
		to[i] = (uint8_t)(v >> 8 * i);
}

static inline void wr_u8(struct wr *w, uint8_t v)
{
	wr_le(w, v, 1);
}

static inline void wr_u16(struct wr *w, uint16_t v)
{
	wr_le(w, v, 2);
}

static inline void wr_u32(struct wr *w, uint32_t v)
{
	wr_le(w, v, 4);
}

#endif
