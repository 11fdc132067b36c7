/* SPDX-License-Identifier: MIT */
#include "wire/field.h"

#define STR_MAX 0xFFFE /* LEN counts the NUL, too */

static const uint8_t widths[] = {
	[K_U8] = 1, [K_U16] = 2, [K_U32] = 4, [K_U64] = 8, [K_IP] = 4,
};

static size_t width_of(enum icq_kind kind)
{
	return kind < sizeof(widths) ? widths[kind] : 0;
}

static size_t at_most(size_t n, size_t limit)
{
	return n < limit ? n : limit;
}

/* The length that a text or rest of n bytes has within its limit. */
static uint16_t cut(const struct icq_field *f, size_t n)
{
	return (uint16_t)at_most(n, f->arg == ICQ_MAX_none ? STR_MAX : f->arg);
}

/* Reads as if the field were not there: it belongs to other packets than this one. */
static bool is_foreign(const struct icq_field *f, uint16_t type)
{
	uint16_t plain = type & (uint16_t)~ICQ_TYPE_MANY;

	return (f->flags & ICQ_CHAT && plain != T_chat) ||
	       (f->flags & ICQ_FILES && plain != T_file);
}

/* ---- numbers --------------------------------------------------------------------------- */

static void set_number(const struct icq_field *f, union icq_msg *msg, uint64_t v)
{
	void *to = field_of(f, msg);

	switch (width_of(f->kind)) {
	case 1:
		*(uint8_t *)to = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)to = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)to = (uint32_t)v;
		break;
	default:
		*(uint64_t *)to = v;
	}
}

uint64_t field_number(const struct icq_field *f, const union icq_msg *msg)
{
	const void *at = field_in(f, msg);

	switch (width_of(f->kind)) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

static uint64_t read_number(struct field_reader *r, const struct icq_field *f)
{
	size_t width = width_of(f->kind);

	if (f->flags & ICQ_SHORT)
		return rd_le(&r->rd, at_most(width, rd_left(&r->rd)));
	if (f->kind == K_IP)
		return __builtin_bswap32(rd_u32(&r->rd));
	if (f->kind == K_U64) {
		uint64_t low = rd_u32(&r->rd);

		return low | (uint64_t)rd_u32(&r->rd) << 32;
	}
	return rd_le(&r->rd, width);
}

static void write_number(struct wr *w, const struct icq_field *f, uint64_t v)
{
	if (f->kind == K_IP)
		wr_u32(w, __builtin_bswap32((uint32_t)v));
	else if (f->kind == K_U64) {
		wr_u32(w, (uint32_t)v);
		wr_u32(w, (uint32_t)(v >> 32));
	} else
		wr_le(w, (uint32_t)v, width_of(f->kind));
}

size_t field_fixed_size(enum icq_id id)
{
	const struct icq_message *m = icq_describe(id);
	size_t size = 0;

	for (size_t i = 0; i < m->field_count; i++)
		size += width_of(m->fields[i].kind);
	return size;
}

/* ---- texts ----------------------------------------------------------------------------- */

static size_t text_len(const uint8_t *p, size_t n)
{
	const uint8_t *nul = memchr(p, 0, n);

	return nul ? (size_t)(nul - p) : n;
}

/* The NUL that LEN left out, if what stays behind it is enough for the fields behind. */
static void skip_left_out_nul(struct rd *r, const struct icq_field *f)
{
	size_t behind = 0;

	for (const struct icq_field *g = f + 1; g->name; g++)
		behind += width_of(g->kind);
	if (rd_left(r) > behind && r->p[r->pos] == 0)
		r->pos++;
}

static void read_str(struct rd *r, const struct icq_field *f, struct icq_str *s)
{
	size_t n = rd_u16(r);
	const uint8_t *p = rd_bytes(r, n);

	if (!p)
		return;
	size_t len = text_len(p, n);

	if (len == n && f->flags & ICQ_NULLESS)
		skip_left_out_nul(r, f);
	*s = (struct icq_str){ p, cut(f, len) };
}

static void read_loose_str(struct rd *r, const struct icq_field *f, struct icq_str *s)
{
	rd_u16(r);
	size_t left = rd_left(r);
	const uint8_t *p = rd_bytes(r, left);

	if (!p)
		return;
	size_t len = text_len(p, left);

	if (len < left)
		r->pos -= left - len - 1;
	*s = (struct icq_str){ p, cut(f, len) };
}

/* Canonical: nothing behind a NUL, for nobody would read it. */
static void write_str(struct wr *w, const struct icq_field *f, const struct icq_str *s)
{
	uint16_t limit = cut(f, s->len);
	uint16_t len = limit ? (uint16_t)text_len(s->p, limit) : 0;

	wr_u16(w, (uint16_t)(len + 1));
	wr_bytes(w, s->p, len);
	wr_u8(w, 0);
}

/* ---- lists and bytes ------------------------------------------------------------------- */

/*
 * The first specification has a count of two bytes, all programs one of one byte. The length
 * tells them apart; where it fits neither, one byte, and what is there.
 */
static void read_uins(struct rd *r, const struct icq_field *f, struct icq_list *list)
{
	size_t n = rd_left(r);
	size_t count = rd_u8(r);

	if (n >= 2 && n - 1 != 4 * count) {
		size_t wide = count | (size_t)r->p[r->pos] << 8;

		if (n - 2 == 4 * wide) {
			r->pos++;
			count = wide;
		}
	}
	count = at_most(count, rd_left(r) / 4);
	list->p = rd_bytes(r, 4 * count);
	list->count = (uint16_t)at_most(count, f->arg);
}

static void read_list(struct rd *r, const struct icq_field *f, struct icq_list *list)
{
	size_t count = rd_u8(r);

	list->p = rd_bytes(r, count * field_fixed_size(f->element));
	list->count = (uint16_t)at_most(count, f->arg);
}

static void write_list(struct wr *w, const struct icq_field *f, const struct icq_list *list)
{
	size_t size = f->kind == K_UINS ? 4 : field_fixed_size(f->element);
	size_t count = at_most(list->count, f->arg);

	wr_u8(w, (uint8_t)count);
	wr_bytes(w, list->p, count * size);
}

static void read_raw(struct rd *r, const struct icq_field *f, uint8_t *to)
{
	const uint8_t *p = rd_bytes(r, f->arg);

	if (p)
		memcpy(to, p, f->arg);
}

static void read_rest(struct rd *r, const struct icq_field *f, struct icq_str *s)
{
	size_t len = cut(f, rd_left(r));

	*s = (struct icq_str){ rd_bytes(r, rd_left(r)), (uint16_t)len };
}

/* ---- any field ------------------------------------------------------------------------- */

void field_preset(const struct icq_field *f, union icq_msg *msg)
{
	void *to = field_of(f, msg);

	switch (f->kind) {
	case K_STR:
	case K_REST:
		*(struct icq_str *)to = (struct icq_str){ 0 };
		break;
	case K_UINS:
	case K_LIST:
		*(struct icq_list *)to = (struct icq_list){ 0 };
		break;
	case K_RAW:
		memset(to, 0, f->arg);
		break;
	default:
		set_number(f, msg, f->arg);
	}
}

struct field_reader field_reader_from(const void *body, size_t len)
{
	return (struct field_reader){ .rd = rd_from(len ? body : "", len) };
}

static bool is_absent(const struct field_reader *r, const struct icq_field *f)
{
	if (f->flags & ICQ_UNNUM)
		return r->rd.len == 1 || r->rd.len == 4;
	return is_foreign(f, r->type);
}

static void read_value(struct field_reader *r, const struct icq_field *f, union icq_msg *msg)
{
	void *to = field_of(f, msg);

	switch (f->kind) {
	case K_STR:
		(f->flags & ICQ_LOOSE ? read_loose_str : read_str)(&r->rd, f, to);
		break;
	case K_REST:
		read_rest(&r->rd, f, to);
		break;
	case K_UINS:
		read_uins(&r->rd, f, to);
		break;
	case K_LIST:
		read_list(&r->rd, f, to);
		break;
	case K_RAW:
		read_raw(&r->rd, f, to);
		break;
	default:
		set_number(f, msg, read_number(r, f));
	}
}

/* What a value means for the fields behind it. */
static void look_ahead(const struct icq_field *f, const union icq_msg *msg, uint16_t *type,
		       bool *done)
{
	if (f->flags & ICQ_SELECT)
		*type = (uint16_t)field_number(f, msg);
	if (f->flags & ICQ_STOP0 && field_number(f, msg) == 0)
		*done = true;
}

int field_read(struct field_reader *r, const struct icq_field *f, union icq_msg *msg)
{
	size_t start = r->rd.pos;

	if (r->done || is_absent(r, f)) {
		field_preset(f, msg);
		return 0;
	}
	read_value(r, f, msg);
	if (!r->rd.bad) {
		look_ahead(f, msg, &r->type, &r->done);
		return 0;
	}
	field_preset(f, msg);
	r->rd.pos = start;
	r->rd.bad = false;
	r->done = true;
	return f->flags & (ICQ_OPT | ICQ_TAIL) ? 0 : -ICQ_ETRUNC;
}

static void write_value(struct wr *w, const struct icq_field *f, const union icq_msg *msg)
{
	const void *from = field_in(f, msg);
	const struct icq_str *s = from;

	switch (f->kind) {
	case K_STR:
		write_str(w, f, s);
		break;
	case K_REST:
		wr_bytes(w, s->p, cut(f, s->len));
		break;
	case K_UINS:
	case K_LIST:
		write_list(w, f, from);
		break;
	case K_RAW:
		wr_bytes(w, from, f->arg);
		break;
	default:
		write_number(w, f, field_number(f, msg));
	}
}

void field_write(struct field_writer *w, const struct icq_field *f, const union icq_msg *msg)
{
	if (w->done || is_foreign(f, w->type))
		return;
	if (f->flags & ICQ_TAIL && field_number(f, msg) == f->arg)
		return;
	write_value(&w->wr, f, msg);
	look_ahead(f, msg, &w->type, &w->done);
}
