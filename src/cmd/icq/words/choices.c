/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/choices.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/codepage.h"
#include "cmd/icq/keys.h"
#include "cmd/icq/screen/cells.h"
#include "cmd/icq/settings/settings.h"
#include "cmd/icq/words/phrase.h"

/* ---- where words come from ------------------------------------------------------------- */

static const char *command_word(void *ctx, size_t i)
{
	const char *name, *args, *help;

	(void)ctx;
	return phrase_help(i, &name, &args, &help) ? name : NULL;
}

static const char *nick_word(void *ctx, size_t i)
{
	const struct icq_client_contact *c = icq_client_contact_at(ctx, i);

	return c ? c->nick : NULL;
}

/* Does a contact before this one name the same group? */
static bool is_repeated(const struct icq_client *client, size_t i)
{
	const char *group = icq_client_contact_at(client, i)->group;

	for (size_t before = 0; before < i; before++)
		if (strcasecmp(icq_client_contact_at(client, before)->group, group) == 0)
			return true;
	return false;
}

static const char *group_word(void *ctx, size_t i)
{
	const struct icq_client_contact *c;

	for (size_t at = 0; (c = icq_client_contact_at(ctx, at)); at++)
		if (*c->group && !is_repeated(ctx, at) && i-- == 0)
			return c->group;
	return NULL;
}

static const char *charset_word(void *ctx, size_t i)
{
	const struct codepage *page = codepage_at(i);

	(void)ctx;
	return page ? codepage_name(page) : NULL;
}

static const char *setting_word(void *ctx, size_t i)
{
	(void)ctx;
	return settings_key(i);
}

static const char *action_word(void *ctx, size_t i)
{
	(void)ctx;
	return i < ACTIONS ? action_rows[i].name : NULL;
}

static const char *status_word(void *ctx, size_t i)
{
	static const char *const words[] = { "online", "away", "na",	   "occupied",
					     "dnd",    "ffc",  "invisible" };

	(void)ctx;
	return i < sizeof(words) / sizeof(*words) ? words[i] : NULL;
}

/* Of "open|close" in the arguments of a phrase, with anything behind it. */
static const char *listed_word(void *ctx, size_t i)
{
	static char word[COMPLETE_MAX];
	const char *at = ctx;

	for (; i > 0; i--) {
		at += strcspn(at, "| ]");
		if (*at != '|')
			return NULL;
		at++;
	}
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, "| ]"), at);
	return word;
}

/* ---- paths ----------------------------------------------------------------------------- */

static const char *path_word(void *ctx, size_t i)
{
	const struct choices *p = ctx;

	return i < p->count ? p->at[i] : NULL;
}

static bool is_folder(const char *path)
{
	char real[COMPLETE_MAX + 1024];
	struct stat st;

	return phrase_path(path, real, sizeof(real)) && stat(real, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Those with a dot at the beginning only for who begins so. */
static void add_path(struct choices *p, const char *folder, const char *name, const char *begun)
{
	char path[COMPLETE_MAX];
	char **more;

	if (strncmp(name, begun, strlen(begun)) != 0 || (*name == '.' && *begun != '.') ||
	    strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    snprintf(path, sizeof(path) - 1, "%s%s", folder, name) >= (int)sizeof(path) - 1)
		return;
	if (is_folder(path))
		strcat(path, "/");
	more = realloc(p->at, (p->count + 1) * sizeof(*more));
	if (!more)
		return;
	p->at = more;
	if ((more[p->count] = strdup(path)))
		p->count++;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_paths(struct choices *p, const char *begun)
{
	const char *slash = strrchr(begun, '/');
	char folder[COMPLETE_MAX + CELL_BYTES_MAX], real[COMPLETE_MAX + 1024];
	const struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - begun) + 1 : 0, begun);
	if (!phrase_path(*folder ? folder : ".", real, sizeof(real)) || !(dir = opendir(real)))
		return;
	while ((entry = readdir(dir)))
		add_path(p, folder, entry->d_name, begun + strlen(folder));
	closedir(dir);
	if (p->count)
		qsort(p->at, p->count, sizeof(*p->at), by_name);
}

void choices_free(struct choices *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->at[i]);
	free(p->at);
}

/* ---- which choice ---------------------------------------------------------------------- */

static const struct {
	const char *token;
	complete_word *word;
} tokens[] = {
	{ "NICK", nick_word },	   { "COMMAND", command_word }, { "KEY", setting_word },
	{ "WHAT", action_word },   { "GROUP", group_word },	{ "CODEPAGE", charset_word },
	{ "STATUS", status_word },
};

/* Number n of the arguments of a phrase, "[NICK" as "NICK"; the last when there are fewer. */
static const char *argument(const char *args, size_t n)
{
	args += strspn(args, " [");
	while (n-- > 0) {
		const char *next = args + strcspn(args, " ");

		next += strspn(next, " [");
		if (!*next)
			break;
		args = next;
	}
	return args;
}

static bool is_token(const char *token, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(token, word, n) == 0;
}

static struct choice choice_for_argument(struct choices *paths, const struct icq_client *client,
					 const char *token, const char *begun)
{
	size_t n = strcspn(token, " ].|,");

	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
		if (is_token(token, n, tokens[i].token))
			return (struct choice){ tokens[i].word, (void *)(uintptr_t)client };
	if (is_token(token, n, "PATH") || is_token(token, n, "FILE")) {
		read_paths(paths, begun);
		return (struct choice){ path_word, paths };
	}
	if (token[n] == '|')
		return (struct choice){ listed_word, (void *)(uintptr_t)token };
	return (struct choice){ nick_word, (void *)(uintptr_t)client };
}

/* Words of the line before byte `end`; quotes keep blanks together. */
static size_t words_before(const char *line, size_t end)
{
	bool quoted = false, inside = false;
	size_t count = 0;

	for (size_t i = 0; i < end; i++) {
		bool blank = !quoted && (line[i] == ' ' || line[i] == '\n');

		quoted ^= line[i] == '"';
		count += !blank && !inside;
		inside = !blank;
	}
	return count;
}

struct choice choice_here(struct choices *paths, const struct icq_client *client, bool slash,
			  const char *line, const char *begun)
{
	const struct choice nicks = { nick_word, (void *)(uintptr_t)client };
	size_t n = words_before(line, strlen(line));
	const char *name = line + (*line == '/'), *found, *args, *help;
	char error[PHRASE_ERROR_MAX];
	const struct phrase *phrase;

	if (slash && *line != '/')
		return nicks;
	if (n == 0 || strcmp(line, "/") == 0)
		return (struct choice){ command_word, NULL };
	phrase = phrase_find(name, strcspn(name, " "), error);
	for (size_t i = 0; phrase && phrase_help(i, &found, &args, &help); i++)
		if (strcmp(found, phrase_name(phrase)) == 0)
			return choice_for_argument(paths, client, argument(args, n - 1), begun);
	return nicks;
}

void choice_list(const struct choice *choice, const char *begun, char *out, size_t cap)
{
	size_t len = 1, n = strlen(begun);
	const char *one;

	snprintf(out, cap, " ");
	for (size_t i = 0; (one = choice->word(choice->ctx, i)); i++) {
		if (strncasecmp(one, begun, n) != 0 || len + strlen(one) + 2 > cap)
			continue;
		out[len++] = ' ';
		len += (size_t)(stpcpy(out + len, one) - (out + len));
	}
}
