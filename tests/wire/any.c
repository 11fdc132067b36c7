/* SPDX-License-Identifier: MIT */
#include "any.h"

#include <string.h>

#define TEXT_MAX 60 /* long enough: the interesting lengths are short */
#define LIST_MAX 6

static void *at(const struct icq_field *f, union icq_msg *msg)
{
	return (uint8_t *)msg + f->offset;
}

static const void *in(const struct icq_field *f, const union icq_msg *msg)
{
	return (const uint8_t *)msg + f->offset;
}

static size_t size_of(enum icq_kind kind)
{
	switch (kind) {
	case K_U8:
		return 1;
	case K_U16:
		return 2;
	case K_U32:
	case K_IP:
		return 4;
	case K_U64:
		return 8;
	default:
		return 0;
	}
}

static size_t element_size(const struct icq_field *f)
{
	const struct icq_message *m = icq_describe(f->element);
	size_t size = 0;

	if (f->kind == K_UINS)
		return 4;
	for (size_t i = 0; i < m->field_count; i++)
		size += size_of(m->fields[i].kind);
	return size;
}

/* ---- filling --------------------------------------------------------------------------- */

struct pool {
	uint8_t *p;
	struct rng *rng;
};

static const uint8_t *take(struct pool *pool, size_t n, bool nul)
{
	uint8_t *p = pool->p;

	rng_bytes(pool->rng, p, n);
	for (size_t i = 0; !nul && i < n; i++)
		p[i] = p[i] ? p[i] : 0xFE;
	pool->p += n;
	return p;
}

static struct icq_str fill_text(struct pool *pool, const struct icq_field *f, bool nul)
{
	uint32_t limit = f->arg && f->arg < TEXT_MAX ? f->arg : TEXT_MAX;
	uint16_t len = (uint16_t)rng_below(pool->rng, limit + 1);

	return (struct icq_str){ take(pool, len, nul), len };
}

static struct icq_list fill_list(struct pool *pool, const struct icq_field *f)
{
	uint16_t count = (uint16_t)rng_below(pool->rng, LIST_MAX + 1);

	return (struct icq_list){ take(pool, count * element_size(f), true), count };
}

/* Small values and defaults are where the branches are. */
static uint64_t any_value(struct rng *rng, const struct icq_field *f)
{
	switch (rng_below(rng, 4)) {
	case 0:
		return f->kind == K_IP ? 0 : f->arg;
	case 1:
		return rng_below(rng, 5) | (rng_below(rng, 2) ? ICQ_TYPE_MANY : 0);
	default:
		return rng_next(rng);
	}
}

static void fill_number(struct rng *rng, const struct icq_field *f, union icq_msg *msg)
{
	uint64_t v = any_value(rng, f);

	if (f->kind == K_U8)
		*(uint8_t *)at(f, msg) = (uint8_t)v;
	else if (f->kind == K_U16)
		*(uint16_t *)at(f, msg) = (uint16_t)v;
	else if (f->kind == K_U64)
		*(uint64_t *)at(f, msg) = v;
	else
		*(uint32_t *)at(f, msg) = (uint32_t)v;
}

static void fill_field(struct pool *pool, const struct icq_field *f, union icq_msg *msg)
{
	switch (f->kind) {
	case K_STR:
	case K_REST:
		*(struct icq_str *)at(f, msg) = fill_text(pool, f, f->kind == K_REST);
		break;
	case K_UINS:
	case K_LIST:
		*(struct icq_list *)at(f, msg) = fill_list(pool, f);
		break;
	case K_RAW:
		rng_bytes(pool->rng, at(f, msg), f->arg);
		break;
	default:
		fill_number(pool->rng, f, msg);
	}
}

void any_fill(struct rng *rng, enum icq_id id, union icq_msg *msg, uint8_t pool[ANY_POOL])
{
	const struct icq_message *m = icq_describe(id);
	struct pool left = { pool, rng };

	icq_preset(id, msg);
	for (size_t i = 0; i < m->field_count; i++)
		if (any_is_there(m, i, msg))
			fill_field(&left, &m->fields[i], msg);
}

/* ---- comparing ------------------------------------------------------------------------- */

uint64_t any_number(const struct icq_field *f, const union icq_msg *msg)
{
	switch (size_of(f->kind)) {
	case 1:
		return *(const uint8_t *)in(f, msg);
	case 2:
		return *(const uint16_t *)in(f, msg);
	case 4:
		return *(const uint32_t *)in(f, msg);
	default:
		return *(const uint64_t *)in(f, msg);
	}
}

static bool lists_equal(const struct icq_field *f, const struct icq_list *a,
			const struct icq_list *b)
{
	size_t n = a->count * element_size(f);

	return a->count == b->count && (n == 0 || memcmp(a->p, b->p, n) == 0);
}

bool any_field_equal(const struct icq_field *f, const union icq_msg *a, const union icq_msg *b)
{
	const struct icq_str *s = in(f, a), *t = in(f, b);

	switch (f->kind) {
	case K_STR:
	case K_REST:
		return icq_str_equal(*s, *t);
	case K_UINS:
	case K_LIST:
		return lists_equal(f, in(f, a), in(f, b));
	case K_RAW:
		return memcmp(in(f, a), in(f, b), f->arg) == 0;
	default:
		return any_number(f, a) == any_number(f, b);
	}
}

void any_copy(const struct icq_field *f, union icq_msg *to, const union icq_msg *from)
{
	size_t size = size_of(f->kind);

	if (f->kind == K_STR || f->kind == K_REST)
		size = sizeof(struct icq_str);
	else if (f->kind == K_UINS || f->kind == K_LIST)
		size = sizeof(struct icq_list);
	else if (f->kind == K_RAW)
		size = f->arg;
	memcpy(at(f, to), in(f, from), size);
}

bool any_equal(enum icq_id id, const union icq_msg *a, const union icq_msg *b)
{
	const struct icq_message *m = icq_describe(id);

	for (size_t i = 0; i < m->field_count; i++)
		if (!any_field_equal(&m->fields[i], a, b))
			return false;
	return true;
}

/* ---- reckoning ------------------------------------------------------------------------- */

bool any_is_there(const struct icq_message *m, size_t field, const union icq_msg *msg)
{
	const struct icq_field *f = &m->fields[field];
	uint64_t type = 0;

	for (size_t i = 0; i < field; i++) {
		if (m->fields[i].flags & ICQ_STOP0 && any_number(&m->fields[i], msg) == 0)
			return false;
		if (m->fields[i].flags & ICQ_SELECT)
			type = any_number(&m->fields[i], msg) & 0x7FFF;
	}
	return !(f->flags & ICQ_CHAT && type != T_chat) &&
	       !(f->flags & ICQ_FILES && type != T_file);
}

size_t any_field_size(const struct icq_field *f, const union icq_msg *msg)
{
	const struct icq_str *s = in(f, msg);
	const struct icq_list *list = in(f, msg);

	switch (f->kind) {
	case K_STR:
		return 2 + (size_t)s->len + 1;
	case K_REST:
		return s->len;
	case K_UINS:
	case K_LIST:
		return 1 + list->count * element_size(f);
	case K_RAW:
		return f->arg;
	default:
		return f->flags & ICQ_TAIL && any_number(f, msg) == f->arg ? 0 : size_of(f->kind);
	}
}
