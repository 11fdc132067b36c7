/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/phrase.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cmd/icq/member.h"
#include "cmd/icq/words/phrase_table.h"
#include "cmd/icq/words/phrase_who.h"

/* ---- words of a line ------------------------------------------------------------------- */

/* A line being read. */
struct reader {
	struct speaker *s;
	const struct phrase *phrase;
	const char *p;
	json_t *command;
	char *error;
	uint32_t who;  /* the last one named */
	bool complete; /* the parts that remain are not wanted */
	char word[1024];
};

static void complain(struct reader *r, const char *what, const char *about)
{
	const struct phrase *p = r->phrase;

	if (*r->error)
		return;
	if (*p->args)
		snprintf(r->error, PHRASE_ERROR_MAX, "%s: %s%.80s (%s %s)", p->name, what, about,
			 p->name, p->args);
	else
		snprintf(r->error, PHRASE_ERROR_MAX, "%s: %s%.80s", p->name, what, about);
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

static void nobody(struct reader *r, const char *why, const char *about)
{
	r->s->nobody = true;
	complain(r, why, about);
}

/* 0 after telling why it is nobody. */
static uint32_t find_who(struct reader *r, const char *word)
{
	const char *why;
	uint32_t uin = phrase_who(r->s->client, word, &why);

	if (!uin)
		nobody(r, why, word);
	return uin;
}

/* ---- parts ----------------------------------------------------------------------------- */

static void set_who(struct reader *r, const struct part *part, uint32_t uin)
{
	r->who = uin;
	json_object_set_new(r->command, part->field, json_integer(uin));
}

static void take_who(struct reader *r, const struct part *part)
{
	uint32_t uin = find_who(r, r->word);

	if (uin)
		set_who(r, part, uin);
}

static void set_text(struct reader *r, const struct part *part, const char *value)
{
	json_t *text = json_string(value);

	if (text)
		json_object_set_new(r->command, part->field, text);
	else
		complain(r, "this is no UTF-8", "");
}

static void take_word(struct reader *r, const struct part *part)
{
	set_text(r, part, r->word);
}

static void take_word_or_empty(struct reader *r, const struct part *part)
{
	if (!next_word(r))
		*r->word = 0;
	take_word(r, part);
}

static void take_all_or_who(struct reader *r, const struct part *part)
{
	if (strcmp(r->word, "all") != 0)
		take_who(r, part);
}

static void take_who_or_group(struct reader *r, const struct part *part)
{
	const struct part group = { .field = "group" };

	if (*r->word != '@') {
		take_who(r, part);
		return;
	}
	memmove(r->word, r->word + 1, strlen(r->word));
	take_word(r, &group);
}

static void take_last_from(struct reader *r, const struct part *part)
{
	if (r->s->last_from)
		set_who(r, part, r->s->last_from);
	else
		nobody(r, "nobody has written yet", "");
}

static void take_last_to(struct reader *r, const struct part *part)
{
	if (r->s->last_to)
		set_who(r, part, r->s->last_to);
	else
		nobody(r, "you have written to nobody yet", "");
}

static void take_returned(struct reader *r, const struct part *part)
{
	if (r->s->last_returned)
		json_object_set_new(r->command, part->field, json_integer(r->s->last_returned));
	else
		nobody(r, "no message has come back", "");
}

static void take_number(struct reader *r, const struct part *part)
{
	json_int_t n;

	if (parse_number(r->word, &n))
		json_object_set_new(r->command, part->field, json_integer(n));
	else
		complain(r, "this is no number: ", r->word);
}

bool phrase_path(const char *typed, char *out, size_t cap)
{
	const char *home = getenv("HOME");
	bool at_home = *typed == '~' && (typed[1] == '/' || !typed[1]) && home;

	return snprintf(out, cap, "%s%s", at_home ? home : "", typed + at_home) < (int)cap;
}

/* A number; where none stands, that of the only request there is. */
static void take_request(struct reader *r, const struct part *part)
{
	const char *before = r->p, *why;
	json_int_t n;

	if (!next_word(r) || !parse_number(r->word, &n)) {
		r->p = before;
		n = phrase_request(r->s->client, &why);
		if (!n)
			nobody(r, why, "");
	}
	json_object_set_new(r->command, part->field, json_integer(n));
}

static void take_path(struct reader *r, const struct part *part)
{
	char path[sizeof(r->word) + 1024];

	if (phrase_path(r->word, path, sizeof(path)))
		set_text(r, part, path);
	else
		complain(r, "this is too long: ", r->word);
}

static void add_path(struct reader *r, json_t *list, const char *typed)
{
	char path[sizeof(r->word) + 1024];
	json_t *text = phrase_path(typed, path, sizeof(path)) ? json_string(path) : NULL;

	if (!text || json_array_append_new(list, text) < 0)
		complain(r, "this is no path: ", typed);
}

/* A comma may belong to a name, too. */
static void take_paths(struct reader *r, const struct part *part)
{
	char whole[sizeof(r->word) + 1024], *rest = NULL;
	json_t *list = json_array();

	if (phrase_path(r->word, whole, sizeof(whole)) && access(whole, F_OK) == 0)
		add_path(r, list, r->word);
	else
		for (char *path = strtok_r(r->word, ",", &rest); path;
		     path = strtok_r(NULL, ",", &rest))
			add_path(r, list, path);
	json_object_set_new(r->command, part->field, list);
}

static void take_away(struct reader *r, const struct part *part)
{
	char key[sizeof(r->word) + 16];

	snprintf(key, sizeof(key), "status.%s-text", r->word);
	set_text(r, part, key);
}

static void take_fixed(struct reader *r, const struct part *part)
{
	set_text(r, part, part->value);
}

/* The rest of the line. */
static void take_opt_text(struct reader *r, const struct part *part)
{
	r->p += strspn(r->p, " \t");
	set_text(r, part, r->p);
	r->p += strlen(r->p);
}

static void take_rest(struct reader *r, const struct part *part)
{
	if (r->p[strspn(r->p, " \t")])
		take_opt_text(r, part);
}

static void take_text(struct reader *r, const struct part *part)
{
	r->p += strspn(r->p, " \t");
	if (!*r->p)
		complain(r, "something is missing", "");
	take_opt_text(r, part);
}

/* Quotes are only needed where more follows, but nobody means them. */
static void take_name(struct reader *r, const struct part *part)
{
	const char *quote;

	r->p += strspn(r->p, " \t");
	quote = *r->p == '"' ? strchr(r->p + 1, '"') : NULL;
	if (quote && !quote[1 + strspn(quote + 1, " \t")] && next_word(r))
		take_word(r, part);
	else
		take_text(r, part);
}

static void take_people(struct reader *r, const struct part *part)
{
	json_t *list = json_array();

	while (next_word(r)) {
		uint32_t uin = find_who(r, r->word);
		const struct icq_client_contact *c = icq_client_contact(r->s->client, uin);

		json_array_append_new(list, json_pack("{s:I,s:s}", "uin", (json_int_t)uin, "nick",
						      c ? c->nick : ""));
	}
	json_object_set_new(r->command, part->field, list);
}

static void take_many(struct reader *r, const struct part *part)
{
	const char *why, *whom;
	json_t *list = phrase_receivers(r->s->client, r->word, &why, &whom);

	if (list)
		json_object_set_new(r->command, part->field, list);
	else
		nobody(r, why, whom);
}

static void take_toggle(struct reader *r, const struct part *part)
{
	const struct icq_client_contact *c = icq_client_contact(r->s->client, r->who);
	bool on = c && strcmp(icq_client_list_name(c->list), part->value) == 0;

	set_text(r, part, on ? "none" : part->value);
}

static void take_password(struct reader *r, const struct part *part)
{
	static const enum phrase_password wishes[] = { [PASSWORD] = PHRASE_OF_ACCOUNT,
						       [NEW_PASSWORD] = PHRASE_FIRST,
						       [OTHER_PASSWORD] = PHRASE_OTHER };
	const char *why = r->s->password(r->s->ctx, r->command, part->field, wishes[part->kind]);

	if (why)
		complain(r, why, "");
}

/* Numbers as numbers, yes and no as such, all others as text. */
static void take_value(struct reader *r, const char *key, const char *value)
{
	const struct part part = { .field = key };
	bool yes = strcasecmp(value, "yes") == 0;
	json_int_t n;

	if (strcmp(key, "auth") == 0 && (yes || strcasecmp(value, "no") == 0))
		json_object_set_new(r->command, key, json_boolean(yes));
	else if (strstr(" uin country age ", key) && parse_number(value, &n))
		json_object_set_new(r->command, key, json_integer(n));
	else
		set_text(r, &part, value);
}

/* What a value is called that came without a key. */
static const char *key_for(const struct part *part, const char *value)
{
	return strspn(value, "0123456789") == strlen(value) ? "uin"
	       : strchr(value, '@')			    ? "email"
							    : part->value;
}

static void take_pairs(struct reader *r, const struct part *part)
{
	size_t count = 0;

	for (; !*r->error && next_word(r); count++) {
		char *value = strchr(r->word, '=');

		if (!value && part->value) {
			take_value(r, key_for(part, r->word), r->word);
			continue;
		}
		if (!value || !phrase_among(part->field, r->word, (size_t)(value - r->word))) {
			complain(r, "not a KEY=VALUE with one of these keys: ", part->field);
			return;
		}
		*value++ = 0;
		for (char *key = r->word; *key; key++)
			*key = (char)tolower((unsigned char)*key);
		take_value(r, r->word, value);
	}
	if (!count)
		complain(r, "something is missing", "");
}

/* A word that may stand there; puts it back when it is another. */
static void take_maybe(struct reader *r, const struct part *part)
{
	const char *before = r->p;

	if (next_word(r) && strcmp(r->word, part->value) != 0)
		r->p = before;
}

/* Ends the line. */
static void take_or_resend(struct reader *r, const struct part *part)
{
	const struct part msg = { .field = "msg" };

	if (r->p[strspn(r->p, " \t")])
		return;
	r->phrase = phrase_find("resend", strlen("resend"), r->error);
	json_object_set_new(r->command, "cmd", json_string("resend"));
	json_object_set_new(r->command, "id", json_string("resend"));
	take_fixed(r, part);
	take_returned(r, &msg);
	r->complete = true;
}

static void take_part(struct reader *r, const struct part *part)
{
	static const struct {
		enum { NO_WORD, MAY, MUST } word; /* does it want a word, and can it do without? */
		void (*take)(struct reader *r, const struct part *part);
	} kinds[] = {
		[WHO] = { MUST, take_who },
		[OPT_WHO] = { MAY, take_who },
		[WHO_OR_GROUP] = { MUST, take_who_or_group },
		[ALL_OR_WHO] = { MAY, take_all_or_who },
		[LAST_FROM] = { NO_WORD, take_last_from },
		[LAST_TO] = { NO_WORD, take_last_to },
		[RETURNED] = { NO_WORD, take_returned },
		[OR_RESEND] = { NO_WORD, take_or_resend },
		[NUMBER] = { MUST, take_number },
		[OPT_NUMBER] = { MAY, take_number },
		[REQUEST] = { NO_WORD, take_request },
		[WORD] = { MUST, take_word },
		[WORD_OR_EMPTY] = { NO_WORD, take_word_or_empty },
		[OPT_WORD] = { MAY, take_word },
		[PATH] = { MUST, take_path },
		[OPT_PATH] = { MAY, take_path },
		[PATHS] = { MUST, take_paths },
		[TEXT] = { NO_WORD, take_text },
		[NAME] = { NO_WORD, take_name },
		[OPT_TEXT] = { NO_WORD, take_opt_text },
		[REST] = { NO_WORD, take_rest },
		[PEOPLE] = { NO_WORD, take_people },
		[MANY] = { MUST, take_many },
		[FIXED] = { NO_WORD, take_fixed },
		[AWAY] = { MUST, take_away },
		[MAYBE] = { NO_WORD, take_maybe },
		[TOGGLE] = { NO_WORD, take_toggle },
		[PASSWORD] = { NO_WORD, take_password },
		[NEW_PASSWORD] = { NO_WORD, take_password },
		[OTHER_PASSWORD] = { NO_WORD, take_password },
		[PAIRS] = { NO_WORD, take_pairs },
	};

	if (r->complete || !kinds[part->kind].take ||
	    (kinds[part->kind].word == MUST && !need_word(r)) ||
	    (kinds[part->kind].word == MAY && !next_word(r)))
		return;
	kinds[part->kind].take(r, part);
}

void phrase_heard(struct speaker *s, const json_t *ev)
{
	if (member_is(ev, "ev", "message"))
		s->last_from = member_uin(ev, "from");
	if (member_is(ev, "ev", "sent") && member_is(ev, "state", "returned"))
		s->last_returned = member_number(ev, "msg");
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
	*phrase_out = r.phrase;
	if (!*error && next_word(&r))
		complain(&r, "this is too much: ", r.word);
	if (*error) {
		json_decref(r.command);
		return NULL;
	}
	if (json_is_integer(json_object_get(r.command, "to")))
		s->last_to = r.who;
	return r.command;
}
