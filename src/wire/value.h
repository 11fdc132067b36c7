/* SPDX-License-Identifier: MIT */
/* How the value of a field looks to people, and what it means. */
#ifndef WIRE_VALUE_H
#define WIRE_VALUE_H

#include "wire/print.h"

void value_print(struct print *out, const struct icq_field *f, const union icq_msg *msg);
/* NULL when there is nothing to say. */
const char *value_note(const struct icq_field *f, const union icq_msg *msg);

#endif
