/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/text.h"

enum { RELAYED = true, NOT_RELAYED = false };

#define SEPARATOR 0xFE
#define STAND_IN ' ' /* for a separator inside a part */

static const struct text_form forms[F_COUNT] = {
	[F_NONE] = { .name = "unknown" },
#define TEXTFORM(id, type, own_relayed, NAME, ...)                                                 \
	[F_##id] = { .name = (NAME),                                                               \
		     .relayed = (own_relayed),                                                     \
		     .part_count = sizeof(struct icq_text_##id) / sizeof(struct icq_str),          \
		     .parts = {
#define PART(name, ...) "text." #name,
#define END_TEXT                                                                                   \
	}                                                                                          \
	}                                                                                          \
	,
#include "icq.def"
};

const struct text_form *text_form(enum icq_form form)
{
	return &forms[form];
}

enum icq_form icq_form_of(uint16_t type)
{
	switch (type & ~ICQ_TYPE_MANY) {
#define TEXTFORM(id, type, ...)                                                                    \
	case type:                                                                                 \
		return F_##id;
#include "icq.def"
	default:
		return F_NONE;
	}
}

const char *icq_form_name(enum icq_form form)
{
	return forms[form].name;
}

bool icq_form_relayed(enum icq_form form)
{
	return forms[form].relayed;
}

/* ---- splitting ------------------------------------------------------------------------- */

bool text_next(struct icq_str *text, struct icq_str *part)
{
	const uint8_t *fe = text->len ? memchr(text->p, SEPARATOR, text->len) : NULL;

	*part = *text;
	if (!fe)
		return false;
	part->len = (uint16_t)(fe - text->p);
	text->p = fe + 1;
	text->len = (uint16_t)(text->len - part->len - 1);
	return true;
}

static bool is_yes_or_no(struct icq_str s)
{
	return s.len == 1 && (s.p[0] == '0' || s.p[0] == '1');
}

/* Some clients leave out the fifth part, which says whether others must ask them. */
static void insert_left_out_auth(struct icq_text_auth_request *t)
{
	if (is_yes_or_no(t->auth))
		return;
	t->reason = t->auth;
	t->auth = (struct icq_str){ 0 };
}

int icq_text_split(enum icq_form form, struct icq_str text, union icq_text *out)
{
	struct icq_str *parts = text_parts(out);
	size_t count = forms[form].part_count, found = 0;

	memset(parts, 0, count * sizeof(*parts));
	if (count == 0)
		return 0;
	while (found + 1 < count && text_next(&text, &parts[found]))
		found++;
	parts[found] = text;

	bool is_request = form == F_auth_request || form == F_auth_request_2;

	if (is_request && found + 2 == count)
		insert_left_out_auth(&out->auth_request);
	return (int)found;
}

/* ---- joining --------------------------------------------------------------------------- */

static void write_part(struct wr *w, struct icq_str part)
{
	uint8_t *to = wr_room(w, part.len);

	for (size_t i = 0; to && i < part.len; i++)
		to[i] = part.p[i] == SEPARATOR ? STAND_IN : part.p[i];
}

static int written(const struct wr *w)
{
	return w->bad ? -ICQ_ESPACE : (int)w->len;
}

int icq_text_join(enum icq_form form, const union icq_text *text, void *out, size_t cap)
{
	const struct icq_str *parts = (const struct icq_str *)(const void *)text;
	size_t count = forms[form].part_count;
	struct wr w = wr_to(out, cap);

	/* A text of one part is no compound: a separator in it is a letter. */
	if (count == 1)
		wr_bytes(&w, parts[0].p, parts[0].len);
	for (size_t i = 0; count > 1 && i < count; i++) {
		if (i > 0)
			wr_u8(&w, SEPARATOR);
		write_part(&w, parts[i]);
	}
	return written(&w);
}

/* ---- contact lists --------------------------------------------------------------------- */

static bool parse_number(struct icq_str s, uint32_t *out)
{
	uint64_t v = 0;

	if (s.len == 0 || s.len > 10)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = 10 * v + (uint64_t)(s.p[i] - '0');
	}
	*out = (uint32_t)v;
	return v <= UINT32_MAX;
}

void icq_contacts_split(struct icq_str text, struct icq_contacts *out)
{
	struct icq_str uin, nick;
	uint32_t told = 0;
	bool more = text_next(&text, &uin);

	out->count = 0;
	if (!parse_number(uin, &told))
		return;
	for (; more && told > 0 && out->count < ICQ_MAX_pairs; told--) {
		struct icq_contact *c = &out->at[out->count];

		nick = (struct icq_str){ 0 };
		more = text_next(&text, &uin) && text_next(&text, &nick);
		if (parse_number(uin, &c->uin)) {
			c->nick = nick;
			out->count++;
		}
	}
}

static void write_number_part(struct wr *w, uint32_t v)
{
	char digits[11];

	wr_bytes(w, digits, (size_t)snprintf(digits, sizeof(digits), "%u", (unsigned)v));
	wr_u8(w, SEPARATOR);
}

int icq_contacts_join(const struct icq_contacts *contacts, void *out, size_t cap)
{
	struct wr w = wr_to(out, cap);

	write_number_part(&w, contacts->count);
	for (size_t i = 0; i < contacts->count; i++) {
		write_number_part(&w, contacts->at[i].uin);
		write_part(&w, contacts->at[i].nick);
		wr_u8(&w, SEPARATOR);
	}
	return written(&w);
}

/* ---- counting -------------------------------------------------------------------------- */

static size_t count_separators(struct icq_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.p[i] == SEPARATOR;
	return n;
}

bool icq_text_complete(enum icq_form form, struct icq_str text)
{
	size_t count = forms[form].part_count, found = count_separators(text);

	if (form == F_contacts) {
		struct icq_str part;
		uint32_t told;

		text_next(&text, &part);
		return parse_number(part, &told) && found == 1 + 2 * (uint64_t)told;
	}
	return count <= 1 || found == count - 1;
}

/* ---- commands in words ----------------------------------------------------------------- */

const char *icq_text_code_text(enum icq_text_code code)
{
	static const char *const texts[C_COUNT] = {
		[C_NONE] = "",
#define TEXTCODE(id, text, ...) [C_##id] = (text),
#include "icq.def"
	};

	return texts[code];
}

enum icq_text_code icq_text_code_of(struct icq_str text)
{
	for (enum icq_text_code code = C_NONE + 1; code < C_COUNT; code++) {
		struct icq_str known = icq_str_of(icq_text_code_text(code));

		if (text.len >= known.len && memcmp(text.p, known.p, known.len) == 0)
			return code;
	}
	return C_NONE;
}
