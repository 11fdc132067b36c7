/* SPDX-License-Identifier: MIT */
/* Members of the objects of doc/json.md, for whoever reads events and results. */
#ifndef ICQ_MEMBER_H
#define ICQ_MEMBER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* "" and 0 when it is not there, or of another kind. */
const char *member_text(const json_t *o, const char *key);
json_int_t member_number(const json_t *o, const char *key);
uint32_t member_uin(const json_t *o, const char *key);
/* Is it there, and this text? */
bool member_is(const json_t *o, const char *key, const char *value);

#endif
