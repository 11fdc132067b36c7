/* SPDX-License-Identifier: MIT */
#include "cmd/icq/wizard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codepage.h"
#include "cmd/texts.h"

/* ---- what may be answered: NULL, or why not -------------------------------------------- */

/* Of at most so many characters, all of them in the code page that was chosen. */
static const char *line_up_to(const struct wizard *w, const char *text, size_t max)
{
	const struct codepage *page = codepage_find(w->answers[WIZARD_CHARSET]);
	uint8_t bytes[WIZARD_TEXT_MAX];
	size_t lost, n = codepage_from_utf8(page, text, strlen(text), bytes, sizeof(bytes), &lost);

	if (!texts_is_line(text) || lost)
		return "Your code page lacks a character of this.";
	return n > max ? "This is too long." : NULL;
}

static const char *any_line(const struct wizard *w, const char *text)
{
	return line_up_to(w, text, WIZARD_TEXT_MAX);
}

static const char *nick(const struct wizard *w, const char *text)
{
	return line_up_to(w, text, ICQ_MAX_nick);
}

static const char *name(const struct wizard *w, const char *text)
{
	return line_up_to(w, text, ICQ_MAX_name);
}

static const char *email(const struct wizard *w, const char *text)
{
	return line_up_to(w, text, ICQ_MAX_email);
}

static const char *host(const struct wizard *w, const char *text)
{
	if (!*text || strpbrk(text, ": "))
		return "A name or an address, without the port: that comes next.";
	return any_line(w, text);
}

static bool is_number(const char *text, unsigned long long max)
{
	unsigned long long n = strtoull(text, NULL, 10);

	return *text && strlen(text) <= 10 && strspn(text, "0123456789") == strlen(text) && n > 0 &&
	       n <= max;
}

static const char *port(const struct wizard *w, const char *text)
{
	(void)w;
	return is_number(text, UINT16_MAX) ? NULL : "A port is a number from 1 to 65535.";
}

static const char *number(const struct wizard *w, const char *text)
{
	(void)w;
	return is_number(text, UINT32_MAX) ? NULL : "Your ICQ number, in digits alone.";
}

static const char *yes_or_no(const struct wizard *w, const char *text)
{
	(void)w;
	return *text && strchr("ynYN", *text) ? NULL : "Please answer with y or n.";
}

static const char *password(const struct wizard *w, const char *text)
{
	(void)w;
	return *text && strlen(text) <= ICQ_MAX_password ? NULL
							 : "A password has 1 to 8 characters.";
}

static const char *same_password(const struct wizard *w, const char *text)
{
	return strcmp(text, w->answers[WIZARD_PASSWORD]) == 0 ? NULL : "The two passwords differ.";
}

static const char *charset(const struct wizard *w, const char *text)
{
	static char why[512];
	const struct codepage *page;
	size_t n;

	(void)w;
	if (codepage_find(text))
		return NULL;
	n = (size_t)snprintf(why, sizeof(why), "One of:");
	for (size_t i = 0; (page = codepage_at(i)) && n < sizeof(why); i++)
		n += (size_t)snprintf(why + n, sizeof(why) - n, " %s", codepage_name(page));
	return why;
}

/* ---- the questions --------------------------------------------------------------------- */

static bool is_known(const struct wizard *w)
{
	return wizard_said_yes(w, WIZARD_KNOWN);
}

static bool always(const struct wizard *w)
{
	(void)w;
	return true;
}

static bool unless_made(const struct wizard *w)
{
	return !w->made;
}

static bool if_known(const struct wizard *w)
{
	return !w->made && is_known(w);
}

static bool if_to_be_made(const struct wizard *w)
{
	return !w->made && !is_known(w);
}

static const struct {
	const char *before; /* to be known before the question is asked; NULL: nothing */
	const char *question, *preset;
	bool (*applies)(const struct wizard *w);
	const char *(*check)(const struct wizard *w, const char *text);
} steps[WIZARD_STEPS] = {
	[WIZARD_HOST] = { NULL, "Server", "localhost", always, host },
	[WIZARD_PORT] = { NULL, "Port", "4000", always, port },
	[WIZARD_KNOWN] = { NULL, "Have you an ICQ number on this server (y/n)", "n", unless_made,
			   yes_or_no },
	[WIZARD_UIN] = { NULL, "Your number", "", if_known, number },
	[WIZARD_PASSWORD] = { "This protocol sends passwords in clear: use one of at most 8 "
			      "characters that\nyou use nowhere else.\n",
			      "Password", "", unless_made, password },
	[WIZARD_AGAIN] = { NULL, "The same again", "", if_to_be_made, same_password },
	[WIZARD_CHARSET] = { "Old clients write in the code page of their country: cp1252 in the "
			     "west, cp1250\nin the middle of Europe, cp1251 or koi8-r for Russian, "
			     "cp1253 for Greek.\n",
			     "Code page", "cp1252", always, charset },
	[WIZARD_NICK] = { "What others may know about you; all of it may stay empty.\n", "Nick", "",
			  wizard_is_new, nick },
	[WIZARD_FIRST] = { NULL, "First name", "", wizard_is_new, name },
	[WIZARD_LAST] = { NULL, "Last name", "", wizard_is_new, name },
	[WIZARD_EMAIL] = { NULL, "E-mail", "", wizard_is_new, email },
	[WIZARD_AUTH] = { NULL, "Must others ask you before they list you (y/n)", "n",
			  wizard_is_new, yes_or_no },
	[WIZARD_AWAY] = { "What your contacts are told when they write while you are...\n",
			  "...away", "", always, any_line },
	[WIZARD_NA] = { NULL, "...not available", "", always, any_line },
	[WIZARD_OCCUPIED] = { NULL, "...occupied", "", always, any_line },
	[WIZARD_DND] = { NULL, "...not to be disturbed", "", always, any_line },
	[WIZARD_FFC] = { NULL, "...free for chat", "", always, any_line },
	[WIZARD_STORE] = { NULL, "Keep the password in a file that only you can read (y/n)", "n",
			   always, yes_or_no },
	[WIZARD_CHECK] = { NULL, "All right (y), or again from the start (n)", "y", always,
			   yes_or_no },
};

/* That of old Windows in this language. */
static const char *charset_of(const char *locale)
{
	static const struct {
		const char *languages, *page;
	} table[] = {
		{ "cs hr hu pl ro sk sl sq", "cp1250" },
		{ "be bg kk ky mk mn ru sr tg tt uk", "cp1251" },
		{ "el", "cp1253" },
		{ "az tr", "cp1254" },
		{ "he iw yi", "cp1255" },
		{ "ar fa ur", "cp1256" },
		{ "et lt lv", "cp1257" },
		{ "vi", "cp1258" },
	};
	char language[3];

	snprintf(language, sizeof(language), "%s", locale);
	for (size_t i = 0; strlen(language) == 2 && i < sizeof(table) / sizeof(*table); i++)
		if (strstr(table[i].languages, language))
			return table[i].page;
	return steps[WIZARD_CHARSET].preset;
}

void wizard_begin(struct wizard *w, const char *locale)
{
	*w = (struct wizard){ 0 };
	for (size_t i = 0; i < WIZARD_STEPS; i++)
		snprintf(w->answers[i], sizeof(w->answers[i]), "%s", steps[i].preset);
	snprintf(w->answers[WIZARD_CHARSET], sizeof(w->answers[WIZARD_CHARSET]), "%s",
		 charset_of(locale));
}

bool wizard_is_secret(const struct wizard *w)
{
	return w->at == WIZARD_PASSWORD || w->at == WIZARD_AGAIN;
}

void wizard_question(const struct wizard *w, char *out, size_t cap)
{
	const char *preset = w->answers[w->at], *before = steps[w->at].before;

	if (wizard_is_secret(w) && *preset)
		preset = "as before";
	snprintf(out, cap, "%s%s%s%s%s: ", before ? before : "", steps[w->at].question,
		 *preset ? " [" : "", preset, *preset ? "]" : "");
}

bool wizard_said_yes(const struct wizard *w, enum wizard_step step)
{
	return *w->answers[step] == 'y' || *w->answers[step] == 'Y';
}

bool wizard_is_new(const struct wizard *w)
{
	return !is_known(w);
}

/* ---- from one to the next -------------------------------------------------------------- */

static enum wizard_want repeat(struct wizard *w, const char *why)
{
	w->why = why;
	return WIZARD_REPEAT;
}

static enum wizard_want go_back(struct wizard *w)
{
	enum wizard_step to = w->at;

	while (to > 0 && !steps[--to].applies(w))
		;
	w->at = to;
	return WIZARD_ASK;
}

static enum wizard_want go_on(struct wizard *w)
{
	bool account = w->at < WIZARD_AWAY;

	if (w->at == WIZARD_CHECK && wizard_said_yes(w, WIZARD_CHECK))
		return WIZARD_FINISH;
	if (w->at == WIZARD_CHECK) {
		wizard_back_to(w, WIZARD_HOST);
		return WIZARD_ASK;
	}
	do
		w->at++;
	while (!steps[w->at].applies(w));
	return account && w->at >= WIZARD_AWAY ? WIZARD_LOG_IN : WIZARD_ASK;
}

/* An account is one of its server. */
static void take(struct wizard *w, const char *text)
{
	char *to = w->answers[w->at];

	if (w->at <= WIZARD_PORT && strcmp(to, text) != 0)
		w->made = false;
	memmove(to, text, strlen(text) + 1);
}

enum wizard_want wizard_answer(struct wizard *w, const char *line)
{
	const char *text = *line ? line : w->answers[w->at];
	const char *why;

	if (strcmp(line, "<") == 0)
		return go_back(w);
	if (strcmp(line, "-") == 0)
		text = "";
	if (strlen(text) >= WIZARD_TEXT_MAX)
		return repeat(w, "This is too long.");
	why = steps[w->at].check(w, text);
	if (why && w->at == WIZARD_AGAIN)
		w->at = WIZARD_PASSWORD;
	if (why)
		return repeat(w, why);
	take(w, text);
	return go_on(w);
}

void wizard_made(struct wizard *w, unsigned uin)
{
	w->made = true;
	snprintf(w->answers[WIZARD_UIN], sizeof(w->answers[WIZARD_UIN]), "%u", uin);
}

void wizard_back_to(struct wizard *w, enum wizard_step step)
{
	w->at = step;
	while (!steps[w->at].applies(w))
		w->at++;
	snprintf(w->answers[WIZARD_CHECK], sizeof(w->answers[WIZARD_CHECK]), "%s",
		 steps[WIZARD_CHECK].preset);
}
