/* SPDX-License-Identifier: MIT */
/* How a line of the settings is spelled. */
#include <string.h>

#include "cmd/icq/settings/parts.h"

#define BLANKS " \t\r\n"

/* Without the blanks at either end. */
static char *trim(char *text)
{
	size_t n;

	text += strspn(text, BLANKS);
	n = strlen(text);
	while (n > 0 && strchr(BLANKS, text[n - 1]))
		n--;
	text[n] = 0;
	return text;
}

struct settings_line settings_line(char *line)
{
	struct settings_line out = { .kind = LINE_BAD };
	char *text = trim(line), *end = text + strlen(text), *equals = strchr(text, '=');

	if (!*text) {
		out.kind = LINE_EMPTY;
	} else if (*text == '#' || *text == ';') {
		out.kind = LINE_COMMENT;
	} else if (*text == '[' && end[-1] == ']') {
		end[-1] = 0;
		out.kind = LINE_SECTION;
		out.name = trim(text + 1);
	} else if (*text != '[' && equals) {
		*equals = 0;
		out.kind = LINE_KEY;
		out.name = trim(text);
		out.value = trim(equals + 1);
	}
	return out;
}

void settings_put_lines(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n' || *text == '\\')
			fputc('\\', to);
		fputc(*text == '\n' ? 'n' : *text, to);
	}
}

void settings_take_lines(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1])
			*to++ = *++text == 'n' ? '\n' : *text;
		else
			*to++ = *text;
	}
	*to = 0;
}
