/* SPDX-License-Identifier: MIT */
#include "server/conf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int conf_choice(const char *choices, const char *word)
{
	size_t len = strlen(word);

	for (int i = 0; choices; i++) {
		size_t n = strcspn(choices, "|");

		if (n == len && memcmp(choices, word, n) == 0)
			return i;
		choices = choices[n] ? choices + n + 1 : NULL;
	}
	return -1;
}

bool conf_lists_number(const char *text, long number)
{
	while (*text) {
		char *end;
		long value = strtol(text, &end, 10);

		if (end != text && value == number)
			return true;
		text = end != text ? end : text + 1;
	}
	return false;
}

static void text_set(char *to, size_t cap, const char *text)
{
	size_t len = strlen(text);

	assert(len < cap);
	memcpy(to, text, len + 1);
}

void conf_preset(struct conf *c)
{
	*c = (struct conf){ 0 };
#define INT(section, key, field, preset, ...) c->field = (preset);
#define BOOL(section, key, field, preset, ...) c->field = (preset);
#define ENUM(section, key, field, preset, choices, ...) c->field = conf_choice(choices, preset);
#define LIST(section, key, field, preset, ...)                                                     \
	c->field.count = 1;                                                                        \
	text_set(c->field.at[0], sizeof(c->field.at[0]), preset);
#define TEXT(section, key, field, preset, ...) text_set(c->field, sizeof(c->field), preset);
#define RATE(section, key, field, burst_, count_, seconds_, ...)                                   \
	c->field = (struct conf_rate){ .burst = burst_, .count = count_, .seconds = seconds_ };
#include "conf.def"
}
