/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/phrase_table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/hint.h"
#include "cmd/icq/words/phrase.h"

static const struct phrase phrases[] = {
#define FACE ""
#define PART(part_kind, field, value) { part_kind, field, value },
#define NO_PARTS PART(NOTHING, NULL, NULL)
#define PHRASE(name, aliases, args, help, cmd, when, parts, ...)                                   \
	{ name, aliases, args, help, cmd, when, { parts }, "" __VA_ARGS__ },
#include "cmd/icq/words/phrases.def"
};

enum { PHRASES = sizeof(phrases) / sizeof(*phrases) };

const char *phrase_name(const struct phrase *p)
{
	return p->name;
}

bool phrase_needs_session(const struct phrase *p)
{
	return p->when == ONLINE;
}

bool phrase_is_of_face(const struct phrase *p)
{
	return !*p->cmd;
}

bool phrase_help(size_t i, const char **name_out, const char **args_out, const char **help_out)
{
	if (i >= PHRASES)
		return false;
	*name_out = phrases[i].name;
	*args_out = phrases[i].args;
	*help_out = phrases[i].help;
	return true;
}

char *phrase_page(const struct phrase *p)
{
	char *out = NULL;
	size_t n;
	FILE *to = open_memstream(&out, &n);

	if (!to)
		return NULL;
	fprintf(to, "%s%s%s: %s", p->name, *p->args ? " " : "", p->args, p->help);
	if (*p->aliases)
		fprintf(to, "\n(also: %s)", p->aliases);
	if (*p->page)
		fprintf(to, "\n%s", p->page);
	fclose(to);
	return out;
}

bool phrase_among(const char *list, const char *word, size_t n)
{
	while (*list) {
		size_t len = strcspn(list, " ");

		if (len == n && strncasecmp(list, word, n) == 0)
			return true;
		list += len + strspn(list + len, " ");
	}
	return false;
}

static const struct phrase *by_beginning(const char *word, size_t n, char error[PHRASE_ERROR_MAX])
{
	const struct phrase *found = NULL;

	for (const struct phrase *p = phrases; p < phrases + PHRASES; p++) {
		if (strncasecmp(p->name, word, n) != 0)
			continue;
		if (found) {
			snprintf(error, PHRASE_ERROR_MAX, "%.*s may be %s or %s", (int)n, word,
				 found->name, p->name);
			return NULL;
		}
		found = p;
	}
	return found;
}

const struct phrase *phrase_find(const char *word, size_t n, char error[PHRASE_ERROR_MAX])
{
	char copy[32];
	struct hint hint;
	const struct phrase *found;

	*error = 0;
	for (const struct phrase *p = phrases; p < phrases + PHRASES; p++)
		if (phrase_among(p->name, word, n) || phrase_among(p->aliases, word, n))
			return p;
	found = by_beginning(word, n, error);
	if (found || *error)
		return found;
	snprintf(copy, sizeof(copy), "%.*s", (int)n, word);
	hint = hint_for(copy);
	for (size_t i = 0; i < PHRASES; i++)
		hint_offer(&hint, phrases[i].name);
	snprintf(error, PHRASE_ERROR_MAX, "there is no command %s; %s%s%s", copy,
		 hint.best ? "did you mean " : "see help", hint.best ? hint.best : "",
		 hint.best ? "?" : "");
	return NULL;
}
