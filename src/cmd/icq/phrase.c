/* SPDX-License-Identifier: MIT */
#include "cmd/icq/phrase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/hint.h"

/* ---- the table ------------------------------------------------------------------------- */

enum kind {
	NOTHING,
	WHO,	   /* a nick or UIN */
	OPT_WHO,   /* the same, if there is a word */
	LAST_FROM, /* whoever wrote last */
	LAST_TO,   /* whom we wrote to last */
	NUMBER,
	OPT_NUMBER,
	WORD,
	OPT_WORD,
	TEXT, /* the rest of the line */
	OPT_TEXT,
	PEOPLE, /* the rest: nicks or UINs */
	FIXED,	/* the value below */
	MAYBE,	/* the word below may stand here, and says nothing */
	TOGGLE, /* the list below, or none if the contact is on it */
	PASSWORD,
	NEW_PASSWORD,
};

struct part {
	enum kind kind;
	const char *field, *value;
};

struct phrase {
	const char *name, *aliases, *args, *help;
	const char *cmd;
	enum { ONLINE, ANYTIME } when; /* of use with a session only, or always */
	struct part parts[4];
};

static const struct phrase phrases[] = {
#define PART(part_kind, field, value) { part_kind, field, value },
#define NO_PARTS PART(NOTHING, NULL, NULL)
#define PHRASE(name, aliases, args, help, cmd, when, parts)                                        \
	{ name, aliases, args, help, cmd, when, { parts } },
#include "cmd/icq/phrases.def"
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

bool phrase_help(size_t i, const char **name_out, const char **args_out, const char **help_out)
{
	if (i >= PHRASES)
		return false;
	*name_out = phrases[i].name;
	*args_out = phrases[i].args;
	*help_out = phrases[i].help;
	return true;
}

/* Is this one of the words in a list with blanks between them? */
static bool among(const char *list, const char *word, size_t n)
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
		if (among(p->name, word, n) || among(p->aliases, word, n))
			return p;
	found = by_beginning(word, n, error);
	if (found || *error)
		return found;
	snprintf(copy, sizeof(copy), "%.*s", (int)n, word);
	hint = hint_for(copy);
	for (size_t i = 0; i < PHRASES; i++)
		hint_offer(&hint, phrases[i].name);
	snprintf(error, PHRASE_ERROR_MAX, "there is no command %s; %s%s", copy,
		 hint.best ? "did you mean " : "see help", hint.best ? hint.best : "");
	return NULL;
}

/* ---- words of a line ------------------------------------------------------------------- */

/* A line being read. */
struct reader {
	struct speaker *s;
	const struct phrase *phrase;
	const char *p;
	json_t *command;
	char *error;
	uint32_t who; /* the last one named */
	char word[256];
};

static void complain(struct reader *r, const char *what, const char *about)
{
	if (!*r->error)
		snprintf(r->error, PHRASE_ERROR_MAX, "%s: %s%.80s (%s %s)", r->phrase->name, what,
			 about, r->phrase->name, r->phrase->args);
}

/* The next word into r->word, with quotes around it if it holds blanks. False: none left. */
static bool next_word(struct reader *r)
{
	size_t n;

	r->p += strspn(r->p, " \t");
	if (*r->p == '"') {
		n = strcspn(++r->p, "\"");
		snprintf(r->word, sizeof(r->word), "%.*s", (int)n, r->p);
		r->p += n + (r->p[n] == '"');
		return true;
	}
	n = strcspn(r->p, " \t");
	snprintf(r->word, sizeof(r->word), "%.*s", (int)n, r->p);
	r->p += n;
	return n > 0;
}

static bool need_word(struct reader *r)
{
	if (next_word(r))
		return true;
	complain(r, "something is missing", "");
	return false;
}

static bool parse_number(const char *word, json_int_t *out)
{
	char *end;

	*out = strtoll(word, &end, 10);
	return *word && !*end && *out >= 0;
}

/* A UIN, a nick, or the beginning of one nick only; 0 for nobody. */
static uint32_t find_who(const struct icq_client *client, const char *word)
{
	uint32_t found = 0;
	json_int_t uin;
	unsigned matches = 0;

	if (parse_number(word, &uin))
		return uin <= UINT32_MAX ? (uint32_t)uin : 0;
	for (size_t i = 0; i < icq_client_contact_count(client); i++) {
		const struct icq_client_contact *c = icq_client_contact_at(client, i);

		if (strcasecmp(c->nick, word) == 0)
			return c->uin;
		if (*word && strncasecmp(c->nick, word, strlen(word)) == 0) {
			found = c->uin;
			matches++;
		}
	}
	return matches == 1 ? found : 0;
}

/* ---- parts ----------------------------------------------------------------------------- */

static void set_who(struct reader *r, const char *field, uint32_t uin, const char *why)
{
	if (!uin) {
		r->s->nobody = true;
		complain(r, why, r->word);
		return;
	}
	r->who = uin;
	json_object_set_new(r->command, field, json_integer(uin));
}

static void take_number(struct reader *r, const char *field)
{
	json_int_t n;

	if (parse_number(r->word, &n))
		json_object_set_new(r->command, field, json_integer(n));
	else
		complain(r, "this is no number: ", r->word);
}

static void take_word(struct reader *r, const char *field, const char *word)
{
	json_t *text = json_string(word);

	if (text)
		json_object_set_new(r->command, field, text);
	else
		complain(r, "this is no UTF-8", "");
}

static void take_people(struct reader *r, const char *field)
{
	json_t *list = json_array();

	while (next_word(r)) {
		uint32_t uin = find_who(r->s->client, r->word);
		const struct icq_client_contact *c = icq_client_contact(r->s->client, uin);

		if (!uin) {
			r->s->nobody = true;
			complain(r, "nobody is called ", r->word);
		}
		json_array_append_new(list, json_pack("{s:I,s:s}", "uin", (json_int_t)uin, "nick",
						      c ? c->nick : ""));
	}
	json_object_set_new(r->command, field, list);
}

static void take_toggle(struct reader *r, const struct part *part)
{
	const struct icq_client_contact *c = icq_client_contact(r->s->client, r->who);
	bool on = c && strcmp(icq_client_list_name(c->list), part->value) == 0;

	take_word(r, part->field, on ? "none" : part->value);
}

static void take_password(struct reader *r, bool again)
{
	const char *why = r->s->password(r->s->ctx, r->command, again);

	if (why)
		complain(r, why, "");
}

/* A word that may stand there; puts it back when it is another. */
static void skip_word(struct reader *r, const char *word)
{
	const char *before = r->p;

	if (next_word(r) && strcmp(r->word, word) != 0)
		r->p = before;
}

static void take_part(struct reader *r, const struct part *part)
{
	switch (part->kind) {
	case WHO:
		if (need_word(r))
			set_who(r, part->field, find_who(r->s->client, r->word),
				"nobody is called ");
		break;
	case OPT_WHO:
		if (next_word(r))
			set_who(r, part->field, find_who(r->s->client, r->word),
				"nobody is called ");
		break;
	case LAST_FROM:
		set_who(r, part->field, r->s->last_from, "nobody has written yet");
		break;
	case LAST_TO:
		set_who(r, part->field, r->s->last_to, "you have written to nobody yet");
		break;
	case NUMBER:
		if (need_word(r))
			take_number(r, part->field);
		break;
	case OPT_NUMBER:
		if (next_word(r))
			take_number(r, part->field);
		break;
	case WORD:
		if (need_word(r))
			take_word(r, part->field, r->word);
		break;
	case OPT_WORD:
		if (next_word(r))
			take_word(r, part->field, r->word);
		break;
	case TEXT:
	case OPT_TEXT:
		r->p += strspn(r->p, " \t");
		if (!*r->p && part->kind == TEXT)
			complain(r, "something is missing", "");
		take_word(r, part->field, r->p);
		r->p += strlen(r->p);
		break;
	case PEOPLE:
		take_people(r, part->field);
		break;
	case FIXED:
		take_word(r, part->field, part->value);
		break;
	case MAYBE:
		skip_word(r, part->value);
		break;
	case TOGGLE:
		take_toggle(r, part);
		break;
	case PASSWORD:
		take_password(r, false);
		break;
	case NEW_PASSWORD:
		take_password(r, true);
		break;
	case NOTHING:
		break;
	}
}

json_t *phrase_parse(struct speaker *s, const char *line, const struct phrase **phrase_out,
		     char error[PHRASE_ERROR_MAX])
{
	struct reader r = { .s = s, .p = line + strspn(line, " \t"), .error = error };
	size_t n;

	s->nobody = false;
	r.p += *r.p == '/';
	n = strcspn(r.p, " \t");
	r.phrase = *phrase_out = phrase_find(r.p, n, error);
	if (!r.phrase)
		return NULL;
	r.p += n;
	r.command = json_pack("{s:s,s:s}", "cmd", r.phrase->cmd, "id", r.phrase->name);
	for (size_t i = 0; i < sizeof(r.phrase->parts) / sizeof(*r.phrase->parts) && !*error; i++)
		take_part(&r, &r.phrase->parts[i]);
	if (!*error && next_word(&r))
		complain(&r, "this is too much: ", r.word);
	if (*error) {
		json_decref(r.command);
		return NULL;
	}
	if (json_object_get(r.command, "to"))
		s->last_to = r.who;
	return r.command;
}
