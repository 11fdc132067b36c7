/* SPDX-License-Identifier: MIT */
/* Writes doc/commands.md: every command, what the server does with it, and what shows it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/table.h"

static const char intro[] =
	"# What the server does with every command\n\n"
	"Made by `doc/icqcommands.c` from `proto/icq.def` and `tests/conformance/`: change it\n"
	"there. A test is a conversation of that folder, named by its file and title;\n"
	"`./test conformance` plays all of them against the server's core,\n"
	"`build/icqconform HOST:PORT` against any server. Where a command has many, the one of\n"
	"each kind that shows the fewest others stands here; `protocol.md` describes the\n"
	"packets.\n";

static const char *const kind_names[CONVERSATION_KINDS] = { "good", "bad", "borderline" };

static size_t count_shown(const struct table *t, const struct icq_message *m)
{
	size_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += conversation_shows(&t->rows[i], m);
	return n;
}

/* The conversation of a kind that shows it and the fewest others; NULL if there is none. */
static const char *best_shown(const struct table *t, const struct icq_message *m,
			      enum conversation_kind kind)
{
	const struct conversation *best = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const struct conversation *c = &t->rows[i];

		if (c->kind == kind && conversation_shows(c, m) &&
		    (!best || strlen(c->shows) < strlen(best->shows)))
			best = c;
	}
	return best ? best->name : NULL;
}

static void print_tests(const struct table *t, const struct icq_message *m)
{
	size_t n = count_shown(t, m);

	for (enum conversation_kind k = 0; k < CONVERSATION_KINDS; k++) {
		const char *name = best_shown(t, m, k);

		if (name)
			printf("%s: *%s*<br>", kind_names[k], name);
	}
	printf(n ? "%zu in all" : "none: never sent", n);
}

static void print_client_row(const struct table *t, const struct icq_message *m)
{
	const char *deed = table_deed(t, m);

	printf("| %04X | %s | %s | %s | ", m->code, m->name, m->meaning, deed ? deed : "");
	print_tests(t, m);
	puts(" |");
}

static void print_server_row(const struct table *t, const struct icq_message *m)
{
	printf("| %04X | %s | %s | ", m->code, m->name, m->meaning);
	print_tests(t, m);
	puts(" |");
}

static void print_rows(const struct table *t, enum icq_channel first, enum icq_channel last,
		       void (*print)(const struct table *, const struct icq_message *))
{
	for (enum icq_id id = M_NONE + 1; id < M_COUNT; id++) {
		const struct icq_message *m = icq_describe(id);

		if (m->channel >= first && m->channel <= last)
			print(t, m);
	}
}

int main(int argc, char **argv)
{
	struct table *t = argc == 2 ? table_read(argv[1]) : NULL;

	if (!t)
		return EXIT_FAILURE;
	puts(intro);
	puts("## From clients\n\n| Code | Name | Meaning | What the server does | Tests |\n"
	     "|---|---|---|---|---|");
	print_rows(t, ICQ_CLIENT, ICQ_BARE, print_client_row);
	puts("\n## From the server\n\n| Code | Name | Meaning | Tests |\n|---|---|---|---|");
	print_rows(t, ICQ_SERVER, ICQ_SERVER, print_server_row);
	table_free(&t);
	return EXIT_SUCCESS;
}
