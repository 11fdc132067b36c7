/* SPDX-License-Identifier: MIT */
#include "cmd/icq/keys.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- names ----------------------------------------------------------------------------- */

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Enter", '\r' },	   { "Tab", '\t' },
	{ "Esc", PRESS_ESCAPE },   { "Up", PRESS_UP },
	{ "Down", PRESS_DOWN },	   { "Left", PRESS_LEFT },
	{ "Right", PRESS_RIGHT },  { "Home", PRESS_HOME },
	{ "End", PRESS_END },	   { "Insert", PRESS_INSERT },
	{ "Del", PRESS_DELETE },   { "Backspace", PRESS_BACKSPACE },
	{ "PgUp", PRESS_PAGE_UP }, { "PgDn", PRESS_PAGE_DOWN },
};

static const struct {
	const char *name;
	uint32_t bit;
} modifiers[] = {
	{ "Ctrl+", PRESS_CTRL },
	{ "Alt+", PRESS_ALT },
	{ "Shift+", PRESS_SHIFT },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Takes "Ctrl+" or the like off the beginning; 0: there is none. */
static uint32_t take_modifier(const char **name, size_t *n)
{
	for (size_t i = 0; i < COUNT(modifiers); i++) {
		size_t len = strlen(modifiers[i].name);

		if (*n <= len || strncasecmp(*name, modifiers[i].name, len) != 0)
			continue;
		*name += len;
		*n -= len;
		return modifiers[i].bit;
	}
	return 0;
}

static uint32_t parse_special(const char *name, size_t n)
{
	char *end = NULL;
	unsigned long number;

	for (size_t i = 0; i < COUNT(names); i++)
		if (strlen(names[i].name) == n && strncasecmp(names[i].name, name, n) == 0)
			return names[i].key;
	number = tolower((unsigned char)*name) == 'f' ? strtoul(name + 1, &end, 10) : 0;
	return number >= 1 && number <= 12 && end == name + n ? PRESS_F1 + (uint32_t)number - 1 : 0;
}

/* A character with Ctrl is another character; with Shift it has no name of its own. */
static uint32_t with_bits(uint32_t key, uint32_t bits)
{
	if (key >= PRESS_UP || !(bits & (PRESS_CTRL | PRESS_SHIFT)))
		return key | bits;
	if (bits & PRESS_SHIFT || key < '@' || key > '~')
		return 0;
	return (key & 0x1f) | (bits & PRESS_ALT);
}

uint32_t key_parse(const char *name, size_t n)
{
	uint32_t bits = 0, bit, key;

	while ((bit = take_modifier(&name, &n)))
		bits |= bit;
	key = parse_special(name, n);
	if (!key && n == 1 && *name > ' ' && *name < 0x7f && bits)
		key = (uint32_t)tolower((unsigned char)*name);
	return key ? with_bits(key, bits) : 0;
}

static const char *bare_name(uint32_t key, char buffer[KEY_NAME_MAX])
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].key == key)
			return names[i].name;
	*buffer = 0;
	if (key >= PRESS_F1 && key <= PRESS_F12)
		snprintf(buffer, KEY_NAME_MAX, "F%u", (unsigned)(key - PRESS_F1 + 1));
	else if (key > ' ' && key < 0x7f)
		snprintf(buffer, KEY_NAME_MAX, "%c", toupper((int)key));
	return buffer;
}

void key_write(uint32_t key, char out[KEY_NAME_MAX])
{
	uint32_t bare = key & PRESS_BARE, bits = key & ~(uint32_t)PRESS_BARE;
	char buffer[KEY_NAME_MAX];
	size_t n = 0;

	if (bare < ' ' && bare != '\r' && bare != '\t' && bare != PRESS_ESCAPE) {
		bits |= PRESS_CTRL;
		bare += '@';
	}
	*out = 0;
	if (!*bare_name(bare, buffer))
		return;
	for (size_t i = 0; i < COUNT(modifiers); i++)
		if (bits & modifiers[i].bit)
			n += (size_t)(stpcpy(out + n, modifiers[i].name) - (out + n));
	stpcpy(out + n, bare_name(bare, buffer));
}

/* ---- lists ----------------------------------------------------------------------------- */

/* The next word, of *n bytes; NULL: none. */
static const char *next_word(const char **at, size_t *n)
{
	const char *word = *at + strspn(*at, " ");

	*n = strcspn(word, " ");
	*at = word + *n;
	return *n ? word : NULL;
}

bool key_list_valid(const char *list)
{
	const char *word;
	size_t n;

	if (strcasecmp(list, "none") == 0)
		return true;
	while ((word = next_word(&list, &n)))
		if (!key_parse(word, n))
			return false;
	return true;
}

bool key_list_has(const char *list, uint32_t key)
{
	const char *word;
	size_t n;

	while ((word = next_word(&list, &n)))
		if (key && key_parse(word, n) == key)
			return true;
	return false;
}

/* ---- actions --------------------------------------------------------------------------- */

const struct action_row action_rows[ACTIONS] = {
#define ACTION(id, name, keys, help) { name, keys, help },
#include "cmd/icq/actions.def"
#undef ACTION
};

enum action action_find(const char *name)
{
	enum action a = 0;

	while (a < ACTIONS && strcasecmp(action_rows[a].name, name) != 0)
		a++;
	return a;
}
