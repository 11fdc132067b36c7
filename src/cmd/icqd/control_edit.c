/* SPDX-License-Identifier: MIT */
/* Profiles as JSON, and back. */
#include "cmd/icqd/control_verbs.h"

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/hint.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The fields of a profile that can be edited, as a table. */
struct edit_field {
	const char *name;
	unsigned part;
	bool is_text;
	size_t offset, size; /* in struct profile; a text's with its NUL */
	uint32_t preset;     /* of a number */
};

static const struct edit_field fields[] = {
#define X(part, name, limit)                                                                       \
	{ #name,                                                                                   \
	  PROFILE_##part,                                                                          \
	  true,                                                                                    \
	  offsetof(struct profile, name),                                                          \
	  sizeof(((struct profile *)0)->name),                                                     \
	  0 },
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, type, preset)                                                                \
	{ #name, PROFILE_##part, false, offsetof(struct profile, name), sizeof(type), preset },
		PROFILE_NUMBERS(X)
#undef X
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* ---- numbers --------------------------------------------------------------------------- */

static uint32_t most(const struct edit_field *f)
{
	return f->size == 1 ? UINT8_MAX : f->size == 2 ? UINT16_MAX : UINT32_MAX;
}

static uint32_t number_get(const struct profile *p, const struct edit_field *f)
{
	const char *at = (const char *)p + f->offset;
	uint16_t two;
	uint32_t four;

	if (f->size == sizeof(uint8_t))
		return (uint8_t)*at;
	memcpy(&two, at, sizeof(two));
	if (f->size == sizeof(two))
		return two;
	memcpy(&four, at, sizeof(four));
	return four;
}

static void number_set(struct profile *p, const struct edit_field *f, uint32_t value)
{
	char *at = (char *)p + f->offset;
	uint8_t one = (uint8_t)value;
	uint16_t two = (uint16_t)value;

	if (f->size == sizeof(one))
		memcpy(at, &one, sizeof(one));
	else if (f->size == sizeof(two))
		memcpy(at, &two, sizeof(two));
	else
		memcpy(at, &value, sizeof(value));
}

void profile_to_json(json_t *to, const struct profile *p, const struct codepage *page)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct edit_field *f = &fields[i];
		json_t *value;

		if (f->is_text)
			value = text_to_json(page, (const char *)p + f->offset);
		else if (number_get(p, f) == f->preset && f->preset == most(f))
			value = json_null();
		else
			value = json_integer(number_get(p, f));
		json_object_set_new(to, f->name, value);
	}
}

/* ---- changing -------------------------------------------------------------------------- */

static const struct edit_field *find_field(struct request *q, const char *name)
{
	struct hint hint = hint_for(name);

	for (size_t i = 0; i < FIELDS; i++) {
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
		hint_offer(&hint, fields[i].name);
	}
	hint_offer(&hint, "charset");
	request_fail(q, EXIT_USAGE, "there is no field %.40s%s%s", name,
		     hint.best ? "; did you mean " : "", hint.best ? hint.best : "");
	return NULL;
}

/* Each of these answers 0, or -ICQ_ERANGE after it has refused the request. */

static int set_text(struct request *q, struct profile *p, const struct edit_field *f,
		    const json_t *value)
{
	const char *text = json_string_value(value);
	char *to = (char *)p + f->offset;
	size_t lost = 0, n;

	if (!text) {
		request_fail(q, EXIT_USAGE, "%s is a text", f->name);
		return -ICQ_ERANGE;
	}
	memset(to, 0, f->size);
	n = codepage_from_utf8(q->page, text, strlen(text), to, f->size, &lost);
	if (n < f->size && !lost)
		return 0;
	if (lost)
		request_fail(q, EXIT_USAGE, "%s: %zu characters are not in %s", f->name, lost,
			     codepage_name(q->page));
	else
		request_fail(q, EXIT_USAGE, "%s: at most %zu characters", f->name, f->size - 1);
	return -ICQ_ERANGE;
}

/* As a number, or as its text; an empty one is what a new account has. */
static int set_number(struct request *q, struct profile *p, const struct edit_field *f,
		      const json_t *value)
{
	const char *text = json_string_value(value);
	json_int_t number = json_integer_value(value);
	char *end = NULL;

	if (text && *text)
		number = strtoll(text, &end, 10);
	if ((text && !*text) || json_is_null(value))
		number = f->preset;
	else if ((text && *end) || (!text && !json_is_integer(value)) || number < 0 ||
		 number > most(f)) {
		request_fail(q, EXIT_USAGE, "%s is a number from 0 to %u", f->name, most(f));
		return -ICQ_ERANGE;
	}
	number_set(p, f, (uint32_t)number);
	return 0;
}

/* The code page comes first: the other texts are in it. */
static int set_charset(struct request *q, struct job_profile *change, const json_t *value)
{
	const char *name = json_string_value(value);
	const struct codepage *page = name ? codepage_find(name) : NULL;
	struct hint hint = hint_for(name ? name : "");

	if (!value)
		return 0;
	for (size_t i = 0; !page && codepage_at(i); i++)
		hint_offer(&hint, codepage_name(codepage_at(i)));
	if (!page) {
		request_fail(q, EXIT_USAGE, "there is no such code page%s%s",
			     hint.best ? "; did you mean " : "", hint.best ? hint.best : "");
		return -ICQ_ERANGE;
	}
	q->page = page;
	strncpy(change->profile.charset, codepage_name(page), PROFILE_CHARSET_MAX - 1);
	change->parts |= PROFILE_CHARSET;
	return 0;
}

static int set_fields(struct request *q, struct job_profile *change, json_t *set)
{
	const char *name;
	json_t *value;

	if (set_charset(q, change, json_object_get(set, "charset")) < 0)
		return -ICQ_ERANGE;
	json_object_foreach(set, name, value)
	{
		const struct edit_field *f;

		if (strcmp(name, "charset") == 0)
			continue;
		if (!(f = find_field(q, name)) ||
		    (f->is_text ? set_text : set_number)(q, &change->profile, f, value) < 0)
			return -ICQ_ERANGE;
		change->parts |= f->part;
	}
	return 0;
}

static void stored(struct request *q, const struct job *job)
{
	json_t *o;

	if (job->err < 0) {
		request_fail_err(q, job->err);
		return;
	}
	o = json_object();
	profile_to_json(o, &job->profile.profile, q->page);
	json_object_set_new(o, "charset", json_string(codepage_name(q->page)));
	request_done(q, o);
}

static void profile_read(struct request *q, const struct job *done)
{
	struct job job;

	if (done->err < 0) {
		request_fail_err(q, done->err);
		return;
	}
	job.kind = JOB_PROFILE_SET;
	job.text_len = 0;
	job.profile = done->profile;
	job.profile.parts = 0;
	if (set_fields(q, &job.profile, json_object_get(q->args, "set")) == 0)
		request_job(q, &job, stored);
}

static void account_read(struct request *q, const struct job *done)
{
	struct job job;

	(void)done;
	job.kind = JOB_PROFILE;
	job.text_len = 0;
	job.profile.uin = q->uin;
	request_job(q, &job, profile_read);
}

void verb_user_edit(struct request *q)
{
	json_t *set;

	if (!request_args(q, "{s:o}", "set", &set))
		return;
	if (!json_object_size(set))
		request_fail(q, EXIT_USAGE, "\"set\" must name a field");
	else
		request_account(q, account_read);
}
