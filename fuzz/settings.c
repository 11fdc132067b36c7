/* SPDX-License-Identifier: MIT */
/* A line of the settings, a text in it, the rules of what rings, and a nick on its way into a
 * popup: the input is each of them in turn. */
#include "fuzz.h"

#include <string.h>

#include "cmd/icq/notify.h"
#include "cmd/icq/settings/parts.h"

enum { TEXT_MAX = 512 };

static void must_be_trimmed(const char *text)
{
	size_t n = strlen(text);

	must(n == 0 || (!strchr(" \t\r\n", text[0]) && !strchr(" \t\r\n", text[n - 1])));
}

static void cut_line(char *text)
{
	struct settings_line line = settings_line(text);

	if (line.name)
		must_be_trimmed(line.name);
	must(!line.value == (line.kind != LINE_KEY));
	if (line.value)
		must_be_trimmed(line.value);
}

/* Written as one line, and read again. */
static void keep_lines(const char *text)
{
	char *written = NULL;
	size_t n;
	FILE *to = open_memstream(&written, &n);

	must(to);
	settings_put_lines(to, text);
	fclose(to);
	must(!strchr(written, '\n'));
	settings_take_lines(written);
	must(strcmp(written, text) == 0);
	free(written);
}

/* A rule more leaves good rules good, and is the one that counts. */
static void add_rule(const char *text)
{
	char rules[2 * TEXT_MAX];

	strcpy(rules, text);
	if (!notify_rules_valid(rules))
		return;
	must(notify_put(rules, sizeof(rules), "message", 7, "bell") == 0);
	must(notify_rules_valid(rules));
	must(notify_find(rules, "message", 7) == NOTIFY_BELL);
}

/* One sequence, from its beginning to its end. */
static void pop_up(const char *name)
{
	char out[NOTIFY_BYTES_MAX];
	size_t n;

	notify_bytes(NOTIFY_OSC777, "message", name, out);
	n = strlen(out);
	must(n == 0 || (n > 4 && strcmp(out + n - 2, "\033\\") == 0));
	for (size_t i = 1; i + 2 < n; i++)
		must((unsigned char)out[i] >= ' ' && out[i] != 0x7f &&
		     !((unsigned char)out[i] == 0xc2 && (unsigned char)out[i + 1] < 0xa0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	keep_lines(text);
	add_rule(text);
	pop_up(text);
	cut_line(text);
	return 0;
}
