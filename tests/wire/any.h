/* SPDX-License-Identifier: MIT */
/* Any message: filled at random from its description, and compared field by field. */
#ifndef TESTS_WIRE_ANY_H
#define TESTS_WIRE_ANY_H

#include "base/rng.h"
#include "wire/icqwire.h"

/* Values that encode and decode unchanged. Texts and lists borrow from `pool`. */
#define ANY_POOL 16384
void any_fill(struct rng *rng, enum icq_id id, union icq_msg *msg, uint8_t pool[ANY_POOL]);

bool any_field_equal(const struct icq_field *f, const union icq_msg *a, const union icq_msg *b);
void any_copy(const struct icq_field *f, union icq_msg *to, const union icq_msg *from);
bool any_equal(enum icq_id id, const union icq_msg *a, const union icq_msg *b);

/* Reckoned from the table alone, for checking the codec. */

/* Is the field part of this very message, by type and by what stops it? */
bool any_is_there(const struct icq_message *m, size_t field, const union icq_msg *msg);
/* Bytes of the field in canonical form. */
size_t any_field_size(const struct icq_field *f, const union icq_msg *msg);
uint64_t any_number(const struct icq_field *f, const union icq_msg *msg);

#endif
