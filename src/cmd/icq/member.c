/* SPDX-License-Identifier: MIT */
#include "cmd/icq/member.h"

#include <string.h>

const char *member_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

json_int_t member_number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

uint32_t member_uin(const json_t *o, const char *key)
{
	return (uint32_t)member_number(o, key);
}

bool member_is(const json_t *o, const char *key, const char *value)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text && strcmp(text, value) == 0;
}
