/* SPDX-License-Identifier: MIT */
#include "cmd/icq/commands/call.h"

#include <stdio.h>
#include <string.h>

#include "cmd/texts.h"

void call_refuse(struct call *c, const char *error, const char *detail)
{
	if (!c->bad)
		app_result(c->app, c->request, error, detail, NULL);
	c->bad = true;
}

void call_bad_field(struct call *c, const char *name, const char *why)
{
	char detail[128];

	snprintf(detail, sizeof(detail), "%s: %s", name, why);
	call_refuse(c, "bad_field", detail);
}

bool call_has(const struct call *c, const char *name)
{
	const json_t *v = json_object_get(c->args, name);

	return v && !json_is_null(v);
}

int64_t call_number(struct call *c, const char *name, enum need need, int64_t min, int64_t max)
{
	const json_t *v = json_object_get(c->args, name);
	int64_t n = json_integer_value(v);
	char why[64];

	if (!call_has(c, name)) {
		if (need == REQUIRED)
			call_bad_field(c, name, "missing");
		return 0;
	}
	if (!json_is_integer(v) || n < min || n > max) {
		snprintf(why, sizeof(why), "a number from %lld to %lld", (long long)min,
			 (long long)max);
		call_bad_field(c, name, why);
		return 0;
	}
	return n;
}

uint32_t call_uin(struct call *c, const char *name, enum need need)
{
	return (uint32_t)call_number(c, name, need, 1, UINT32_MAX);
}

const char *call_text(struct call *c, const char *name, enum need need)
{
	const json_t *v = json_object_get(c->args, name);

	if (call_has(c, name) && json_is_string(v))
		return json_string_value(v);
	if (call_has(c, name))
		call_bad_field(c, name, "not a string");
	else if (need == REQUIRED)
		call_bad_field(c, name, "missing");
	return "";
}

uint32_t call_status(struct call *c, const char *preset, enum need need)
{
	const char *text = call_text(c, "status", need);
	enum icq_status status = ICQ_STATUS_online;

	if (!*text)
		text = preset;
	if (!c->bad && (icq_status_parse(text, &status) < 0 || status == ICQ_STATUS_offline))
		call_bad_field(c, "status", "one of online away na occupied dnd ffc invisible");
	return status;
}

int call_choice(struct call *c, const char *name, const char *const *words)
{
	const char *text = call_text(c, name, OPTIONAL);
	char all[96] = "one of";
	size_t n = strlen(all);

	for (int i = 0; *text && words[i]; i++) {
		if (strcmp(words[i], text) == 0)
			return i;
		if (n < sizeof(all))
			n += (size_t)snprintf(all + n, sizeof(all) - n, " %s", words[i]);
	}
	if (*text)
		call_bad_field(c, name, all);
	return 0;
}

struct icq_str call_encode(struct call *c, const char *name, const char *text, uint32_t uin,
			   uint8_t *out, size_t cap)
{
	const struct codepage *page = icq_client_charset(c->client, uin);
	char detail[64];
	size_t lost;
	struct icq_str s = { out, 0 };
	size_t n = texts_encode(page, text, out, cap, &lost);

	if (lost) {
		snprintf(detail, sizeof(detail), "%zu of its characters are not in %s", lost,
			 codepage_name(page));
		call_bad_field(c, name, detail);
	}
	if (n == cap || n > HISTORY_TEXT_MAX)
		call_refuse(c, "too_long", NULL);
	else
		s.len = (uint16_t)n;
	return s;
}
