/* SPDX-License-Identifier: MIT */
#include "wire/field.h"

int icq_decode(enum icq_id id, const void *body, size_t len, union icq_msg *msg)
{
	const struct icq_message *m = icq_describe(id);
	struct field_reader r = field_reader_from(body, len);
	int err = 0;

	/* Behind a failure field_read() goes on with defaults, and reports nothing more. */
	for (size_t i = 0; i < m->field_count; i++) {
		int failed = field_read(&r, &m->fields[i], msg);

		err = failed ? failed : err;
	}
	return err;
}

int icq_encode(enum icq_id id, const union icq_msg *msg, void *out, size_t cap)
{
	const struct icq_message *m = icq_describe(id);
	struct field_writer w = { .wr = wr_to(out, cap) };

	for (size_t i = 0; i < m->field_count; i++)
		field_write(&w, &m->fields[i], msg);
	return w.wr.bad ? -ICQ_ESPACE : (int)w.wr.len;
}

void icq_preset(enum icq_id id, union icq_msg *msg)
{
	const struct icq_message *m = icq_describe(id);

	for (size_t i = 0; i < m->field_count; i++)
		field_preset(&m->fields[i], msg);
}

void icq_list_at(const struct icq_list *list, enum icq_id element, size_t i, union icq_msg *out)
{
	size_t size = field_fixed_size(element);

	icq_decode(element, list->p + i * size, size, out);
}

struct icq_str icq_str_of(const char *text)
{
	return (struct icq_str){ (const uint8_t *)text, (uint16_t)strnlen(text, UINT16_MAX - 1) };
}

bool icq_str_equal(struct icq_str a, struct icq_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

uint32_t icq_uins_at(const struct icq_list *list, size_t i)
{
	struct rd r = rd_from(list->p + 4 * i, 4);

	return rd_u32(&r);
}

void icq_uins_set(uint8_t *uins, size_t i, uint32_t uin)
{
	struct wr w = wr_to(uins + 4 * i, 4);

	wr_u32(&w, uin);
}
