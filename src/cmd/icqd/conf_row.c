/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/conf_row.h"

#define ROW(kind_, section_, key_, field_, meaning_, ...)                                          \
	{ .kind = kind_,                                                                           \
	  .section = section_,                                                                     \
	  .key = key_,                                                                             \
	  .offset = offsetof(struct conf, field_),                                                 \
	  .meaning = meaning_,                                                                     \
	  __VA_ARGS__ },

const struct conf_row conf_rows[CONF_ROW_COUNT] = {
#define INT(s, k, field, preset, least_, most_, unit_, meaning)                                    \
	ROW(CONF_INT, s, k, field, meaning, .least = least_, .most = most_, .unit = unit_)
#define BOOL(s, k, field, preset, meaning) ROW(CONF_BOOL, s, k, field, meaning, .most = 1)
#define ENUM(s, k, field, preset, choices_, meaning)                                               \
	ROW(CONF_ENUM, s, k, field, meaning, .choices = choices_)
#define LIST(s, k, field, preset, most_, meaning)                                                  \
	ROW(CONF_LIST, s, k, field, meaning, .most = most_)
#define TEXT(s, k, field, preset, meaning) ROW(CONF_TEXT, s, k, field, meaning, .most = 1)
#define RATE(s, k, field, burst, count, seconds, meaning)                                          \
	ROW(CONF_RATE, s, k, field, meaning, .most = 1)
#include "conf.def"
};
