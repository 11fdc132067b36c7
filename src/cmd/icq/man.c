/* SPDX-License-Identifier: MIT */
/* A tool of the build: copies the source of icq(1) from stdin to stdout and puts all settings of
 * settings.def where it says @SETTINGS@, and all keys of actions.def where it says @KEYS@. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd/icq/keys.h"
#include "cmd/icq/settings/settings.h"

/* What scdoc would take for markup is shielded. */
static void print_plain(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_[]#<", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_sentence(const char *text)
{
	putchar(toupper((unsigned char)*text));
	print_plain(text + 1);
}

static void print_key(const struct action_row *row)
{
	printf("*%s* (%s)\n\t", row->keys, row->name);
	print_sentence(row->help);
	fputs(".\n\n", stdout);
}

static void print_setting(const char *key)
{
	static struct settings s;
	char wanted[SETTINGS_TEXT_MAX];

	settings_set(&s, key, ""); /* as preset */
	printf("*%s* = ", key);
	print_plain(settings_get(&s, key));
	fputs("\n\t", stdout);
	print_sentence(settings_help(key));
	fputs(" (", stdout);
	print_plain(settings_wanted(key, wanted));
	fputs(").\n\n", stdout);
}

static void print_settings(void)
{
	const char *key;

	for (size_t i = 0; (key = settings_key(i)); i++)
		if (strncmp(key, "keys.", strlen("keys.")) != 0) /* those are below */
			print_setting(key);
}

static void print_keys(void)
{
	for (enum action a = 0; a < ACTIONS; a++)
		print_key(&action_rows[a]);
}

int main(void)
{
	char line[512];

	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, "@SETTINGS@\n") == 0)
			print_settings();
		else if (strcmp(line, "@KEYS@\n") == 0)
			print_keys();
		else
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
