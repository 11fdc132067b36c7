/* SPDX-License-Identifier: MIT */
#include "wire/value.h"

#include <string.h>

#include "wire/field.h"

struct meaning {
	uint16_t value;
	const char *text;
};

static const struct meaning peer_commands[] = {
	{ 0x07EE, "message" },
	{ 0x07DA, "acknowledgement" },
	{ 0x07D0, "cancel" },
	{ 0, NULL },
};

static const struct meaning peer_answers[] = {
	{ 0x0001, "refused" },
	{ 0x0004, "delivered, receiver away" },
	{ 0x0009, "not delivered, receiver occupied" },
	{ 0x000A, "not delivered, receiver not to be disturbed" },
	{ 0x000B, "occupied, with a text" },
	{ 0x000C, "put on the contact list" },
	{ 0x000E, "delivered, receiver not available" },
	{ 0x000F, "not to be disturbed, with a text" },
	{ 0, NULL },
};

static const struct meaning modes[] = {
	{ 1, "behind a firewall" },
	{ 2, "through the server" },
	{ 4, "direct" },
	{ 6, "through the server" },
	{ 0, NULL },
};

static const char *look_up(const struct meaning *m, uint64_t value)
{
	while (m->text && m->value != value)
		m++;
	return m->text;
}

static const char *note_command(uint64_t value)
{
	return look_up(peer_commands, value);
}

static const char *note_answer(uint64_t value)
{
	return look_up(peer_answers, value);
}

static const char *note_mode(uint64_t value)
{
	return look_up(modes, value);
}

static const char *note_status(uint64_t value)
{
	bool invisible = value & ICQ_STATUS_invisible;

	switch (icq_status_plain((uint32_t)value)) {
#define STATUS(name, status, label)                                                                \
	case ICQ_STATUS_##name:                                                                    \
		return invisible ? label ", invisible" : label;
#include "icq.def"
	default:
		return "offline";
	}
}

static const char *note_type(uint64_t value)
{
	return icq_form_name(icq_form_of((uint16_t)value));
}

/* Fields of these names and kinds are shown with so many hex digits (0: decimal), with a note. */
static const struct style {
	const char *name;
	enum icq_kind kind;
	int hex_digits;
	const char *(*note)(uint64_t value);
} styles[] = {
	{ "status", K_U32, 8, note_status },
	{ "status", K_U16, 4, note_answer },
	{ "type", K_U16, 4, note_type },
	{ "command", K_U16, 4, note_command },
	{ "mode", K_U8, 0, note_mode },
	{ "flags", K_U16, 4, NULL },
	{ "client", K_U32, 8, NULL },
	{ "sequence", K_U32, 8, NULL },
	{ "minus_version", K_U32, 8, NULL },
	{ "foreground", K_U32, 8, NULL },
	{ "background", K_U32, 8, NULL },
	{ "msgid", K_U64, 16, NULL },
	{ "x1", K_U32, 8, NULL },
	{ "x2", K_U32, 8, NULL },
	{ "x4", K_U32, 8, NULL },
	{ "x5", K_U32, 8, NULL },
};

static struct style style_of(const struct icq_field *f)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (styles[i].kind == f->kind && strcmp(styles[i].name, f->name) == 0)
			return styles[i];
	return (struct style){ 0 };
}

static void print_number(struct print *out, int hex_digits, uint64_t v)
{
	if (hex_digits)
		print(out, "%0*llX", hex_digits, (unsigned long long)v);
	else
		print(out, "%llu", (unsigned long long)v);
}

static void print_ip(struct print *out, uint64_t ip)
{
	print(out, "%u.%u.%u.%u", (unsigned)(ip >> 24 & 0xFF), (unsigned)(ip >> 16 & 0xFF),
	      (unsigned)(ip >> 8 & 0xFF), (unsigned)(ip & 0xFF));
}

static void print_uins(struct print *out, const struct icq_list *uins)
{
	for (size_t i = 0; i < uins->count; i++)
		print(out, i ? ",%u" : "%u", (unsigned)icq_uins_at(uins, i));
}

void value_print(struct print *out, const struct icq_field *f, const union icq_msg *msg)
{
	const void *at = field_in(f, msg);
	const struct icq_str *s = at;
	const struct icq_list *list = at;

	switch (f->kind) {
	case K_STR:
		print_escaped(out, *s);
		break;
	case K_REST:
		print_hex(out, s->p, s->len);
		break;
	case K_RAW:
		print_hex(out, at, f->arg);
		break;
	case K_UINS:
		print_uins(out, list);
		break;
	case K_LIST:
		print(out, "%u", (unsigned)list->count);
		break;
	case K_IP:
		print_ip(out, field_number(f, msg));
		break;
	default:
		print_number(out, style_of(f).hex_digits, field_number(f, msg));
	}
}

static const char *note_text_code(struct icq_str text)
{
	static const char *const meanings[C_COUNT] = {
#define TEXTCODE(id, text, meaning) [C_##id] = (meaning),
#include "icq.def"
	};

	return meanings[icq_text_code_of(text)];
}

const char *value_note(const struct icq_field *f, const union icq_msg *msg)
{
	if (f->kind == K_STR && f->flags & ICQ_LOOSE)
		return note_text_code(*(const struct icq_str *)field_in(f, msg));

	struct style style = style_of(f);

	return style.note ? style.note(field_number(f, msg)) : NULL;
}
