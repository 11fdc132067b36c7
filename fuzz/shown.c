/* SPDX-License-Identifier: MIT */
/* What strangers write, on its way to the terminal: no byte of it is a command there, and no line
 * of theirs looks like one of ours. */
#include "fuzz.h"

#include <string.h>

#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

enum { PIECE_MAX = 4096 };

/* Controls, of which C2 80 to C2 9F are some, and marks that turn the direction of writing. */
static void must_be_harmless(const char *text, bool lines)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		must(*p >= ' ' || (lines && *p == '\n'));
		must(*p != 0x7f);
		must(*p != 0xc2 || p[1] >= 0xa0);
		must(*p != 0xe2 || p[1] != 0x80 || p[2] < 0xa8 || p[2] > 0xae);
	}
}

/* What went through the filter goes through it unchanged. */
static void filter(const char *text, bool lines)
{
	char *shown = texts_shown(text, lines), *again;

	must(shown);
	must_be_harmless(shown, lines);
	again = texts_shown(shown, lines);
	must(again && strcmp(again, shown) == 0);
	free(again);
	free(shown);
}

static void look_at_lines(const char *text)
{
	while ((text = strchr(text, '\n'))) {
		text++;
		must(strncmp(text, RENDER_INDENT, strlen(RENDER_INDENT)) == 0);
	}
}

/* A message of somebody unknown, with foreign text wherever there can be some. */
static void show_message(const struct icq_client *client, const char *type, const char *text,
			 const char *name)
{
	json_t *ev = json_pack("{s:s,s:i,s:s,s:s,s:s,s:[{s:i,s:s}],s:b}", "ev", "message", "from",
			       10001, "type", type, "text", text, "url", name, "contacts", "uin",
			       10002, "nick", name, "verified", 0);
	char *line, *shown;

	must(ev);
	line = render_event(client, ev);
	must(line);
	look_at_lines(line);
	shown = texts_shown(line, true);
	must(shown);
	must_be_harmless(shown, true);
	look_at_lines(shown);
	free(shown);
	free(line);
	json_decref(ev);
}

static char *piece_of(const struct codepage *page, const uint8_t *data, size_t n)
{
	char *text = texts_decode(page, (struct icq_str){ data, (uint16_t)n });

	must(text);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const pages[] = { "cp1252", "cp1251", "cp1255", "koi8-r" };
	static struct icq_client *client;
	static const struct icq_client_env env;
	const struct codepage *page = codepage_find(pages[size ? *data % 4 : 0]);
	size_t n = size < PIECE_MAX ? size : PIECE_MAX, half = n / 2;
	char raw[PIECE_MAX + 1], *first, *second;

	if (!client)
		client = icq_client_new(&(struct icq_client_conf){ 0 }, &env);
	must(client);
	memcpy(raw, data, n);
	raw[n] = 0;
	filter(raw, false);
	filter(raw, true);
	first = piece_of(page, data, half);
	second = piece_of(page, data + half, n - half);
	filter(first, true);
	show_message(client, "text", first, second);
	show_message(client, "url", first, second);
	show_message(client, "contacts", first, second);
	free(first);
	free(second);
	return 0;
}
