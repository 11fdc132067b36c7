/* SPDX-License-Identifier: MIT */
/*
 * One field of a body at a time. Decoder, encoder and explainer are loops over these: so
 * what is tolerated in reading is said once.
 */
#ifndef WIRE_FIELD_H
#define WIRE_FIELD_H

#include "base/cursor.h"
#include "wire/icqwire.h"

/* Where in a body the walk is. `type` is the message type that was met, which chooses among
 * the fields behind it; `done` says that nothing more is there. */
struct field_reader {
	struct rd rd;
	uint16_t type;
	bool done;
};

struct field_writer {
	struct wr wr;
	uint16_t type;
	bool done;
};

struct field_reader field_reader_from(const void *body, size_t len);

void field_preset(const struct icq_field *f, union icq_msg *msg);
/* 0, or -ICQ_ETRUNC: then the reader stands before the field, which has its default, as will
 * all that follow. */
int field_read(struct field_reader *r, const struct icq_field *f, union icq_msg *msg);
/* Look at wr.bad once at the end. */
void field_write(struct field_writer *w, const struct icq_field *f, const union icq_msg *msg);

/* The bytes of a message whose fields are all of fixed size, as those of list elements are. */
size_t field_fixed_size(enum icq_id id);

/* The value of an integer or IP field. */
uint64_t field_number(const struct icq_field *f, const union icq_msg *msg);

static inline void *field_of(const struct icq_field *f, union icq_msg *msg)
{
	return (uint8_t *)msg + f->offset;
}

static inline const void *field_in(const struct icq_field *f, const union icq_msg *msg)
{
	return (const uint8_t *)msg + f->offset;
}

#endif
