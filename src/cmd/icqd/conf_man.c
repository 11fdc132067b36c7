/* SPDX-License-Identifier: MIT */
/* A tool of the build: copies the source of icqd.conf(5) from stdin to stdout and puts all
 * settings of conf.def where it says @SETTINGS@. */
#include "cmd/icqd/conf_value.h"

#include <stdio.h>
#include <string.h>

/* What scdoc would take for markup is shielded. */
static void print_plain(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_[]#", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_row(const struct conf *presets, const struct conf_row *row)
{
	char text[CONF_TEXT_MAX];

	conf_value_text(presets, row, 0, text, sizeof(text));
	printf("*%s* =%s", row->key, *text ? " " : "");
	print_plain(text);
	fputs("\n\t", stdout);
	print_plain(row->meaning);
	fputs(" Possible: ", stdout);
	print_plain(conf_value_range(row, text, sizeof(text)));
	fputs(".\n\n", stdout);
}

static void print_settings(void)
{
	const char *section = "";
	struct conf presets;

	conf_preset(&presets);
	for (int i = 0; i < CONF_ROW_COUNT; i++) {
		const struct conf_row *row = &conf_rows[i];

		if (strcmp(row->section, section) != 0)
			printf("## [%s]\n\n", row->section);
		section = row->section;
		print_row(&presets, row);
	}
}

int main(void)
{
	char line[512];

	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, "@SETTINGS@\n") == 0)
			print_settings();
		else
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
