/* SPDX-License-Identifier: MIT */
#include "wire/field.h"
#include "wire/text.h"
#include "wire/value.h"

/* An escape of four characters for every byte, and a NUL. */
#define VALUE_MAX (4 * ICQ_MAX_datagram + 1)

enum { CHAT_CODE = 0x64, CHAT_CODE_ICQLIB = 0x65, TCP_VERSION_MAX = 9 };

struct show {
	const uint8_t *packet;
	size_t len;
	bool secrets;
	icq_show_fn *each;
	void *ctx;
	char value[VALUE_MAX];
};

static struct print value_of(struct show *s)
{
	return print_to(s->value, sizeof(s->value));
}

/* Hands over what value_of() was filled with. */
static void show_row(struct show *s, const struct icq_shown *row)
{
	struct icq_shown shown = *row;

	shown.value = s->value;
	s->each(s->ctx, &shown);
}

/* broken: the field in which the packet breaks; what is left may be a piece of its text. */
static void show_nameless(struct show *s, size_t from, const struct icq_field *broken)
{
	struct print out = value_of(s);

	if (from == s->len)
		return;
	if (broken && broken->flags & ICQ_SECRET && !s->secrets)
		print(&out, "***");
	else
		print_hex(&out, s->packet + from, s->len - from);
	show_row(s, &(struct icq_shown){ .offset = from, .len = s->len - from, .field = broken });
}

/* ---- compound texts -------------------------------------------------------------------- */

/* One row for each part; together they own all bytes of the field, from LEN to NUL. */
struct part_rows {
	const struct icq_field *field;
	size_t from, end;
};

static void show_part(struct show *s, struct part_rows *rows, const char *name, struct icq_str part,
		      bool last)
{
	struct print out = value_of(s);
	size_t behind = (size_t)(part.p - s->packet) + part.len + 1;
	size_t to = last ? rows->end : behind;

	if (to == rows->from) /* an empty last part, and no NUL behind it */
		return;
	print_escaped(&out, part);
	show_row(s, &(struct icq_shown){ .name = name,
					 .offset = rows->from,
					 .len = to - rows->from,
					 .field = rows->field });
	rows->from = to;
}

static void show_contacts(struct show *s, struct part_rows *rows, struct icq_str text)
{
	const char *name = "text.count";
	struct icq_str part;
	bool more = true;

	for (size_t i = 0; more; i++) {
		more = text_next(&text, &part) && text.len > 0;
		show_part(s, rows, name, part, !more);
		name = i % 2 ? "text.nick" : "text.uin";
	}
}

static bool is_last(const struct icq_str *parts, size_t i, size_t count)
{
	for (i++; i < count; i++)
		if (parts[i].p)
			return false;
	return true;
}

static void show_parts(struct show *s, struct part_rows *rows, enum icq_form id,
		       struct icq_str text)
{
	const struct text_form *form = text_form(id);
	union icq_text split;
	const struct icq_str *parts = text_parts(&split);

	icq_text_split(id, text, &split);
	for (size_t i = 0; i < form->part_count; i++)
		if (parts[i].p)
			show_part(s, rows, form->parts[i], parts[i],
				  is_last(parts, i, form->part_count));
}

/* False when the field is no compound text. */
static bool show_compound(struct show *s, const struct icq_field *f, const union icq_msg *msg,
			  enum icq_form form, size_t from, size_t end)
{
	struct part_rows rows = { f, from, end };

	if (f->kind != K_STR || strcmp(f->name, "text") != 0)
		return false;

	struct icq_str text = *(const struct icq_str *)field_in(f, msg);

	if (form == F_contacts)
		show_contacts(s, &rows, text);
	else if (text_form(form)->part_count > 1)
		show_parts(s, &rows, form, text);
	else
		return false;
	return true;
}

/* ---- fields ---------------------------------------------------------------------------- */

static void show_field(struct show *s, const struct icq_field *f, const union icq_msg *msg,
		       size_t from, size_t end)
{
	struct print out = value_of(s);

	if (f->flags & ICQ_SECRET && !s->secrets)
		print(&out, "***");
	else
		value_print(&out, f, msg);
	show_row(s, &(struct icq_shown){ .name = f->name,
					 .note = value_note(f, msg),
					 .offset = from,
					 .len = end - from,
					 .field = f });
}

/* The row of a list owns its count; its elements follow with their own fields. */
static void show_list(struct show *s, const struct icq_field *f, const union icq_msg *msg,
		      size_t from, size_t end)
{
	const struct icq_list *list = field_in(f, msg);
	const struct icq_message *m = icq_describe(f->element);
	size_t base = from + 1;
	struct field_reader r = field_reader_from(s->packet + base, end - base);

	show_field(s, f, msg, from, base);
	for (size_t i = 0; i < list->count * m->field_count; i++) {
		const struct icq_field *g = &m->fields[i % m->field_count];
		size_t start = r.rd.pos;
		union icq_msg element;

		field_read(&r, g, &element);
		show_field(s, g, &element, base + start, base + r.rd.pos);
	}
}

static int show_body(struct show *s, enum icq_id id, size_t base)
{
	const struct icq_message *m = icq_describe(id);
	struct field_reader r = field_reader_from(s->packet + base, s->len - base);
	union icq_msg msg;
	const struct icq_field *f = NULL;
	int err = 0;

	for (size_t i = 0; i < m->field_count && !err; i++) {
		f = &m->fields[i];
		size_t from = base + r.rd.pos;

		err = field_read(&r, f, &msg);
		size_t end = base + r.rd.pos;

		if (end == from || show_compound(s, f, &msg, icq_form_of(r.type), from, end))
			continue;
		(f->kind == K_LIST ? show_list : show_field)(s, f, &msg, from, end);
	}
	show_nameless(s, base + r.rd.pos, err ? f : NULL);
	return err;
}

/* ---- headers --------------------------------------------------------------------------- */

static void show_word(struct show *s, const char *name, const char *note, size_t from, size_t len)
{
	show_row(s, &(struct icq_shown){ .name = name, .note = note, .offset = from, .len = len });
}

static const char *name_of(enum icq_id id)
{
	return id == M_NONE ? NULL : icq_describe(id)->name;
}

static void show_head(struct show *s, const struct icq_head *head, enum icq_id id, size_t len)
{
	struct print out = value_of(s);

	print(&out, "%u", head->version);
	show_word(s, "version", NULL, 0, 2);
	out = value_of(s);
	print(&out, "%04X", head->command);
	show_word(s, "command", name_of(id), 2, 2);
	out = value_of(s);
	print(&out, "%u", head->seq);
	show_word(s, "seq", NULL, 4, 2);
	if (len <= 6)
		return;
	out = value_of(s);
	print(&out, "%u", (unsigned)head->uin);
	show_word(s, "uin", NULL, 6, 4);
}

static int show_datagram(struct show *s, enum icq_channel channel, enum icq_id *id)
{
	struct icq_head head;
	int n = icq_head_read(channel, s->packet, s->len, &head);

	if (n < 0) {
		show_nameless(s, 0, NULL);
		return n;
	}
	*id = icq_find(channel, head.version, head.command);
	show_head(s, &head, *id, (size_t)n);
	if (*id)
		return show_body(s, *id, (size_t)n);
	show_nameless(s, (size_t)n, NULL);
	return -ICQ_EUNKNOWN;
}

static int show_stream(struct show *s, enum icq_id *id)
{
	if (s->len == 0)
		return -ICQ_ETRUNC;
	*id = icq_find(ICQ_STREAM, 2, s->packet[0]);
	if (*id == M_NONE) {
		show_nameless(s, 0, NULL);
		return -ICQ_EUNKNOWN;
	}
	struct print out = value_of(s);

	print(&out, "%02X", s->packet[0]);
	show_word(s, "code", name_of(*id), 0, 1);
	return show_body(s, *id, 1);
}

/*
 * Between clients the place in the stream tells the packet. Seen by itself: a message begins
 * with its sender's UIN, and no user has one as small as what chat packets begin with.
 */
static enum icq_id guess_peer(const void *packet, size_t len)
{
	struct rd r = rd_from(packet, len);
	uint32_t first = rd_u32(&r), second = rd_u32(&r);

	if (r.bad)
		return M_t_message;
	if (first == CHAT_CODE || first == CHAT_CODE_ICQLIB)
		return (int32_t)second < 0 ? M_t_chat_color : M_t_chat_color_font;
	return first > 0 && first <= TCP_VERSION_MAX ? M_t_chat_font : M_t_message;
}

int icq_show(enum icq_channel channel, const void *packet, size_t len, bool secrets,
	     icq_show_fn *each, void *ctx, enum icq_id *id_out)
{
	struct show s;

	s.packet = len ? packet : (const void *)"";
	s.len = len;
	s.secrets = secrets;
	s.each = each;
	s.ctx = ctx;
	*id_out = M_NONE;
	switch (channel) {
	case ICQ_STREAM:
		return show_stream(&s, id_out);
	case ICQ_PEER:
		*id_out = guess_peer(packet, len);
		return show_body(&s, *id_out, 0);
	default:
		return show_datagram(&s, channel, id_out);
	}
}

/* ---- one line -------------------------------------------------------------------------- */

struct line {
	struct print out;
	char version[8];
	bool secrets;
};

static const char *gap(const struct line *l)
{
	return l->out.len ? " " : "";
}

static void line_name(struct line *l, const struct icq_shown *shown)
{
	if (shown->note)
		print(&l->out, "%s", shown->note);
	else
		print(&l->out, "command %s", shown->value);
	if (l->version[0])
		print(&l->out, " v%s", l->version);
}

static void line_value(struct line *l, const struct icq_shown *shown)
{
	const struct icq_field *f = shown->field;
	bool masked = f && f->flags & ICQ_SECRET && !l->secrets;
	const char *name = shown->name ? shown->name : "rest";
	const char *quote = shown->name && f && f->kind == K_STR && !masked ? "\"" : "";

	print(&l->out, "%s%s=%s%s%s", gap(l), name, quote, shown->value, quote);
	if (shown->note)
		print(&l->out, " (%s)", shown->note);
}

static void line_each(void *ctx, const struct icq_shown *shown)
{
	struct line *l = ctx;
	bool is_word = shown->name && !shown->field;

	if (is_word && strcmp(shown->name, "version") == 0) {
		struct print version = print_to(l->version, sizeof(l->version));

		print(&version, "%s", shown->value);
	} else if (is_word && shown->name[0] == 'c') /* command or code */
		line_name(l, shown);
	else
		line_value(l, shown);
}

size_t icq_show_line(enum icq_channel channel, const void *packet, size_t len, bool secrets,
		     char *out, size_t cap)
{
	struct line l = { .out = print_to(out, cap), .secrets = secrets };
	enum icq_id id;

	if (channel == ICQ_PEER)
		print(&l.out, "%s", name_of(guess_peer(packet, len)));
	int err = icq_show(channel, packet, len, secrets, line_each, &l, &id);

	if (err)
		print(&l.out, "%s(%s)", gap(&l), icq_err_text(err));
	return l.out.len;
}
