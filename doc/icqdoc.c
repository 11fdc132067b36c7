/* SPDX-License-Identifier: MIT */
/* Writes doc/protocol.md: what icq.def says, for people. */
#include <stdio.h>
#include <string.h>

#include "wire/icqwire.h"

enum { RELAYED = true, NOT_RELAYED = false };

static const char intro[] =
	"# The ICQ protocol, version 2\n\n"
	"Made from `proto/icq.def` by `doc/icqdoc.c`: change it there. The codec is made from\n"
	"the same rows, so this is what the programs really read and write.\n\n"
	"Integers are little-endian, IPv4 addresses in network order. Codes and bytes are\n"
	"hexadecimal, sizes and limits decimal. Bytes behind the last field are ignored.\n\n"
	"| Kind | On the wire |\n|---|---|\n"
	"| u8, u16, u32, u64 | integer of 1, 2, 4, 8 bytes |\n"
	"| ip | IPv4 address, 4 bytes |\n"
	"| str | length (2), text, NUL; the length counts the NUL. Read, too: no NUL, or a"
	" length of 0; the text ends at its first NUL |\n"
	"| uins | count (1), that many UINs. Read, too: a count of 2 bytes, where it fits the"
	" length; a count beyond the data |\n"
	"| list | count (1), that many elements |\n"
	"| raw | that many bytes |\n"
	"| rest | everything up to the end |\n\n"
	"| Presence | Meaning |\n|---|---|\n"
	"| (empty) | must be there, else the packet is malformed |\n"
	"| optional | a packet may end before it: then it has its default |\n"
	"| tail | as optional, and written only when it is not its default |\n"
	"| unless 1 or 4 | absent when the body has exactly 1 or 4 bytes |\n"
	"| may be cut | the bytes that are there count |\n"
	"| any length | the length is often wrong: the text goes to its first NUL or to the end |\n"
	"| NUL uncounted | the length may leave out a NUL that follows all the same |\n"
	"| 0 ends | zero here ends the packet |\n"
	"| chat, files | only when the message type is 2, or 3 |\n"
	"| secret | masked unless asked for |\n\n"
	"Texts beyond a limit are cut.\n";

/* ---- messages -------------------------------------------------------------------------- */

static const char *kind_name(enum icq_kind kind)
{
	static const char *const names[] = {
		[K_U8] = "u8",	 [K_U16] = "u16",   [K_U32] = "u32",   [K_U64] = "u64",
		[K_IP] = "ip",	 [K_STR] = "str",   [K_UINS] = "uins", [K_LIST] = "list",
		[K_RAW] = "raw", [K_REST] = "rest",
	};

	return names[kind];
}

static void print_presence(uint16_t flags)
{
	static const struct {
		enum icq_flag flag;
		const char *words;
	} words[] = {
		{ ICQ_OPT, "optional" },	{ ICQ_TAIL, "tail" },
		{ ICQ_UNNUM, "unless 1 or 4" }, { ICQ_SHORT, "may be cut" },
		{ ICQ_LOOSE, "any length" },	{ ICQ_NULLESS, "NUL uncounted" },
		{ ICQ_STOP0, "0 ends" },	{ ICQ_CHAT, "chat" },
		{ ICQ_FILES, "files" },		{ ICQ_SECRET, "secret" },
	};
	const char *comma = "";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!(flags & words[i].flag))
			continue;
		printf("%s%s", comma, words[i].words);
		comma = ", ";
	}
}

/* Defaults of integers, limits of the others. */
static void print_arg(const struct icq_field *f)
{
	switch (f->kind) {
	case K_IP:
		break;
	case K_STR:
	case K_UINS:
	case K_LIST:
	case K_REST:
		if (f->arg != ICQ_MAX_none)
			printf("at most %u", (unsigned)f->arg);
		break;
	case K_RAW:
		printf("%u bytes", (unsigned)f->arg);
		break;
	default:
		printf(f->arg > 9 ? "0x%X" : "%u", (unsigned)f->arg);
	}
}

static void print_field(const struct icq_field *f)
{
	printf("| %s | %s", f->name, kind_name(f->kind));
	if (f->kind == K_LIST)
		printf(" of %s", icq_describe(f->element)->name);
	printf(" | ");
	print_presence(f->flags);
	printf(" | ");
	print_arg(f);
	printf(" | %s |\n", f->meaning);
}

static void print_message(const struct icq_message *m)
{
	bool has_code = m->channel != ICQ_PEER && m->channel != ICQ_PART;

	printf("### ");
	if (has_code)
		printf(m->channel == ICQ_STREAM ? "%02X " : "%04X ", m->code);
	printf("%s\n\n%s", m->name, m->meaning);
	if (m->channel == ICQ_BARE)
		printf(" The header has no UIN.");
	if (!(m->versions & 1 << 2))
		printf(" Version 1 only.");
	printf(" (`%s`; source: %s)\n\n", m->ident, m->source);
	if (m->field_count == 0)
		return;
	puts("| Field | Kind | Presence | Default or limit | Meaning |\n|---|---|---|---|---|");
	for (size_t i = 0; i < m->field_count; i++)
		print_field(&m->fields[i]);
	putchar('\n');
}

static void print_messages(const char *title, const char *header, enum icq_channel first,
			   enum icq_channel last)
{
	printf("## %s\n\n%s\n\n", title, header);
	for (enum icq_id id = M_NONE + 1; id < M_COUNT; id++) {
		const struct icq_message *m = icq_describe(id);

		if (m->channel >= first && m->channel <= last)
			print_message(m);
	}
}

/* ---- the rest -------------------------------------------------------------------------- */

static void print_form(unsigned type, bool relayed, const char *name, const char *meaning,
		       const char *parts)
{
	printf("| %04X | %s |%s | %s | %s |\n", type, name, parts, relayed ? "yes" : "no", meaning);
}

static void print_forms(void)
{
	puts("## Message types\n\n"
	     "Parts are separated by FE. 8000 may be added to a type: sent to several.\n"
	     "\"Relayed\" are those that users may send one another through a server by\n"
	     "default.\n\n"
	     "| Type | Name | Parts | Relayed | Meaning |\n|---|---|---|---|---|");
#define TEXTFORM(id, type, relayed, NAME, source, meaning)                                         \
	print_form(type, relayed, NAME, meaning, ""
#define PART(name, meaning) " " #name
#define END_TEXT );
#include "icq.def"
	putchar('\n');
}

static void print_small_tables(void)
{
	puts("## Commands in words (0438)\n\n| Text | Meaning |\n|---|---|");
#define TEXTCODE(id, text, meaning) printf("| `%s` | %s |\n", text, meaning);
#include "icq.def"
	puts("\n## Status\n\n"
	     "The low word of a status; 100 may be added: invisible.\n\n"
	     "| Value | Meaning |\n|---|---|");
#define STATUS(name, value, label) printf("| %02X | %s |\n", (unsigned)(value), label);
#include "icq.def"
	puts("\n## Limits\n\n| Limit | Value | Meaning |\n|---|---|---|");
#define LIMIT(name, value, meaning) printf("| %s | %u | %s |\n", #name, (unsigned)(value), meaning);
#include "icq.def"
}

int main(void)
{
	puts(intro);
	print_messages("Client to server", "UDP. Header: VERSION(2) COMMAND(2) SEQ(2) UIN(4).",
		       ICQ_CLIENT, ICQ_BARE);
	print_messages("Server to client", "UDP. Header: VERSION(2) COMMAND(2) SEQ(2).", ICQ_SERVER,
		       ICQ_SERVER);
	print_messages(
		"Client to client",
		"TCP. Every packet follows its LENGTH(2). One with a code begins with it; the\n"
		"others are told by their place in the stream.",
		ICQ_PEER, ICQ_PART);
	print_forms();
	print_small_tables();
	return 0;
}
