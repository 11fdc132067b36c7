/* SPDX-License-Identifier: MIT */
#include "cmd/cmdline.h"

#include "cmd/exit_codes.h"
#include "cmd/hint.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { CMDLINE_MAX = 40, COLUMN = 28 };

/* What getopt_long wants to have of the table. */
struct forms {
	struct option longs[CMDLINE_MAX + 1];
	char shorts[2 * CMDLINE_MAX + 2];
};

static void make_forms(const struct flag *table, struct forms *f)
{
	size_t n = 0;

	memset(f, 0, sizeof(*f));
	f->shorts[n++] = ':'; /* a missing value is told apart from an unknown option */
	for (size_t i = 0; table[i].letter && i < CMDLINE_MAX; i++) {
		f->longs[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].value ? required_argument : no_argument,
			.val = table[i].letter,
		};
		f->shorts[n++] = table[i].letter;
		if (table[i].value)
			f->shorts[n++] = ':';
	}
}

int cmdline_complain(const struct cmdline *a, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", a->program);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(stderr, " (see %s --help)\n", a->program);
	return EXIT_USAGE;
}

static void complain_unknown(const struct cmdline *a)
{
	const char *given = a->argv[optind - 1];
	struct hint hint = hint_for(given + strspn(given, "-"));

	if (optopt && strncmp(given, "--", 2) == 0) {
		cmdline_complain(a, "%.60s: this option takes no value", given);
		return;
	}
	if (optopt) {
		cmdline_complain(a, "there is no option -%c", optopt);
		return;
	}
	for (const struct flag *f = a->table; f->letter; f++)
		hint_offer(&hint, f->name);
	if (hint.best)
		cmdline_complain(a, "there is no option %.60s; did you mean --%s?", given,
				 hint.best);
	else
		cmdline_complain(a, "there is no option %.60s", given);
}

static void complain_missing(const struct cmdline *a)
{
	for (const struct flag *arg = a->table; arg->letter; arg++) {
		if (arg->letter == optopt)
			cmdline_complain(a, "--%s wants %s", arg->name, arg->value);
	}
}

int cmdline_next(struct cmdline *a, const char **value_out)
{
	struct forms forms;

	make_forms(a->table, &forms);
	opterr = 0;
	int letter = getopt_long(a->argc, a->argv, forms.shorts, forms.longs, NULL);

	*value_out = optarg;
	if (letter == ':')
		complain_missing(a);
	else if (letter == CMDLINE_BAD)
		complain_unknown(a);
	return letter == ':' ? CMDLINE_BAD : letter;
}

const char *cmdline_rest(struct cmdline *a)
{
	return optind < a->argc ? a->argv[optind++] : NULL;
}

static bool read_number(const struct cmdline *a, const char *dashes, const char *what,
			const char *text, int64_t least, int64_t most, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	if (*text && !*end && !errno && *out >= least && *out <= most)
		return true;
	cmdline_complain(a, "%s%s must be a number from %" PRId64 " to %" PRId64 ", not \"%.60s\"",
			 dashes, what, least, most, text);
	return false;
}

bool cmdline_number(const struct cmdline *a, const char *option, const char *text, int64_t least,
		    int64_t most, int64_t *out)
{
	return read_number(a, "--", option, text, least, most, out);
}

bool cmdline_argument(const struct cmdline *a, const char *name, const char *text, int64_t least,
		      int64_t most, int64_t *out)
{
	return read_number(a, "", name, text, least, most, out);
}

void cmdline_help(const struct flag *table, FILE *out)
{
	for (; table->letter; table++) {
		int n = fprintf(out, "  -%c, --%s%s%s", table->letter, table->name,
				table->value ? " " : "", table->value ? table->value : "");

		fprintf(out, "%*s%s\n", n < COLUMN ? COLUMN - n : 1, "", table->meaning);
	}
}
