/* SPDX-License-Identifier: MIT */
#include "cmd/icq/plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/account.h"
#include "cmd/icq/member.h"
#include "cmd/icq/prompt.h"
#include "cmd/icq/screen/terminal.h"
#include "cmd/icq/words/choices.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

/* ---- output ---------------------------------------------------------------------------- */

/* The only way to the terminal. */
static void show(struct plain *p, FILE *to, const char *text)
{
	char *safe = texts_shown(text, true);

	if (safe && *safe) {
		prompt_hide(p->prompt);
		fprintf(to, "%s\n", safe);
		fflush(to);
		prompt_show(p->prompt);
	}
	free(safe);
}

static void show_help(struct plain *p)
{
	const char *name, *args, *help;
	char line[160];

	for (size_t i = 0; phrase_help(i, &name, &args, &help); i++) {
		snprintf(line, sizeof(line), "%-11s %-23s %s", name, args, help);
		show(p, stdout, line);
	}
	show(p, stdout, "help COMMAND tells more about one.");
}

/* Breaks lines between words, in place; the text is ours, in ASCII. */
static void wrap(char *text)
{
	enum { COLUMNS = 78 };
	char *blank = NULL, *begin = text;

	for (char *at = text; *at; at++) {
		if (*at == ' ')
			blank = at;
		if (*at == '\n') {
			begin = at + 1;
			blank = NULL;
		} else if (at - begin >= COLUMNS && blank) {
			*blank = '\n';
			begin = blank + 1;
			blank = NULL;
		}
	}
}

static void show_page(struct plain *p, const struct phrase *phrase)
{
	char *page = phrase_page(phrase);

	if (page)
		wrap(page);
	show(p, stdout, page ? page : "");
	free(page);
}

/* Where it can be cleared. */
static void clear(struct plain *p)
{
	if (!p->prompt || !terminal_capable())
		return;
	fputs("\033[H\033[2J", stdout);
	prompt_show(p->prompt);
}

/* ---- input ----------------------------------------------------------------------------- */

static const char *get_password(void *ctx, json_t *command, const char *field,
				enum phrase_password wish)
{
	struct plain *p = ctx;

	prompt_pause(p->prompt);
	return account_password(p->app, command, field, wish);
}

/* Runs a phrase. NULL, or what is wrong with it. */
static const char *speak(struct plain *p, const char *line)
{
	static char error[PHRASE_ERROR_MAX];
	const struct phrase *phrase;
	json_t *command = phrase_parse(&p->speaker, line, &phrase, error);

	if (!command)
		return error;
	if (strcmp(phrase_name(phrase), "help") == 0) {
		const char *word = json_string_value(json_object_get(command, "word"));

		phrase = word ? phrase_find(word, strlen(word), error) : NULL;
		if (phrase)
			show_page(p, phrase);
		else if (!word)
			show_help(p);
	} else if (strcmp(phrase_name(phrase), "clear") == 0) {
		clear(p);
	} else if (phrase_is_of_face(phrase)) {
		snprintf(error, sizeof(error), "%s: only on a whole screen", phrase_name(phrase));
	} else {
		p->busy = true;
		app_command(p->app, command);
	}
	json_decref(command);
	return *error ? error : NULL;
}

static bool is_command(const struct plain *p, const char *line)
{
	return line[strspn(line, " \t")] == '/' ||
	       strcmp(p->app->settings->bare_commands, "yes") == 0;
}

/* A line that is no command goes to whom we wrote last. */
static const char *speak_on(struct plain *p, const char *line)
{
	const char *error;
	char *phrase = malloc(strlen("again ") + strlen(line) + 1);

	if (!phrase)
		return "out of memory";
	stpcpy(stpcpy(phrase, "again "), line);
	error = speak(p, phrase);
	free(phrase);
	return error;
}

static void complain(struct plain *p, FILE *to, const char *error)
{
	char line[PHRASE_ERROR_MAX + 8];

	snprintf(line, sizeof(line), "! %s", error);
	show(p, to, line);
}

static void on_line(struct face *f, char *line, size_t n, bool too_long)
{
	struct plain *p = (struct plain *)f;
	const char *error = too_long	       ? "this line is too long"
			    : strlen(line) < n ? "a line cannot hold a NUL"
					       : NULL;

	attend_key(p->app);
	if (!error && line[strspn(line, " \t")])
		error = is_command(p, line) ? speak(p, line) : speak_on(p, line);
	if (error)
		complain(p, stdout, error);
}

static void prompt_line(void *ctx, char *line, size_t n, bool too_long)
{
	on_line(ctx, line, n, too_long);
}

static void prompt_key(void *ctx)
{
	struct plain *p = ctx;

	attend_key(p->app);
}

static void prompt_end(void *ctx)
{
	struct plain *p = ctx;

	app_leave(p->app, "eof", EXIT_OK);
}

static size_t completion(void *ctx, const char *line, const char *begun, char out[COMPLETE_MAX])
{
	struct plain *p = ctx;
	bool slash = strcmp(p->app->settings->bare_commands, "no") == 0;
	struct choices paths = { 0 };
	struct choice choice = choice_here(&paths, app_client(p->app), slash, line, begun);
	size_t count = complete(choice.word, choice.ctx, begun, strlen(begun), out);
	char list[512];

	if (count > 1 && strlen(out) == strlen(begun)) {
		choice_list(&choice, begun, list, sizeof(list));
		show(p, stdout, list);
	}
	choices_free(&paths);
	return count;
}

/* ---- -e -------------------------------------------------------------------------------- */

static int exit_code_of(const char *error)
{
	static const struct {
		const char *error;
		int code;
	} codes[] = {
		{ "refused", EXIT_REFUSED },	      { "policy", EXIT_REFUSED },
		{ "timeout", EXIT_NO_CONNECTION },    { "busy", EXIT_NO_CONNECTION },
		{ "not_online", EXIT_NO_CONNECTION }, { "not_found", EXIT_NOT_FOUND },
		{ "unknown_uin", EXIT_NOT_FOUND },    { "bad_field", EXIT_USAGE },
		{ "bad_command", EXIT_USAGE },	      { "too_long", EXIT_USAGE },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(codes[i].error, error) == 0)
			return codes[i].code;
	return EXIT_FAILED;
}

static void fail(struct plain *p, const char *error)
{
	complain(p, stderr, error);
	app_leave(p->app, "error", p->speaker.nobody ? EXIT_NOT_FOUND : EXIT_USAGE);
}

/* The next command of the command line; a session first, if it wants one. */
static void once_go_on(struct plain *p)
{
	const char *line = p->args->commands[p->next], *error;
	char why[PHRASE_ERROR_MAX];
	const struct phrase *phrase = phrase_find(line, strcspn(line, " \t"), why);
	bool online = icq_client_get_state(app_client(p->app)) == ICQ_CLIENT_ONLINE;

	if (!phrase) {
		fail(p, why);
		return;
	}
	if (phrase_needs_session(phrase) && !online)
		line = "login";
	else
		p->next++;
	app_hurry(p->app);
	error = speak(p, line);
	if (error)
		fail(p, error);
	uv_async_send(&p->app->later); /* of the face alone: no event follows */
}

static void on_quiet(struct face *f)
{
	struct plain *p = (struct plain *)f;

	if (p->args->mode != MODE_ONCE || p->app->pending || p->app->leaving)
		return;
	if (p->exit_code)
		app_leave(p->app, "error", p->exit_code);
	else if (p->app->waiting)
		return;
	else if (p->next < p->args->command_count)
		once_go_on(p);
	else
		app_leave(p->app, "done", EXIT_OK);
}

/* ---- events ---------------------------------------------------------------------------- */

/* With -e only results and messages are output; what went wrong is told aside, and how the
 * session comes and goes is nobody's business. */
static FILE *stream_for(const struct plain *p, const char *name, bool ok)
{
	if (p->args->mode != MODE_ONCE || strcmp(name, "message") == 0 ||
	    strcmp(name, "request") == 0 || strcmp(name, "sent") == 0 ||
	    strcmp(name, "transfer") == 0)
		return stdout;
	if (strcmp(name, "result") == 0)
		return ok ? stdout : stderr;
	return strcmp(name, "notice") == 0 || strcmp(name, "packet") == 0 ? stderr : NULL;
}

static void take_result(struct plain *p, const json_t *ev, bool ok)
{
	const char *id = json_string_value(json_object_get(ev, "id"));
	const char *error = json_string_value(json_object_get(ev, "error"));
	const char *why;

	p->busy = false;
	why = ok && id ? account_result(p->app, id, ev) : NULL;
	if (why)
		complain(p, stderr, why);
	if (!ok && !p->exit_code)
		p->exit_code = exit_code_of(error);
}

/* What only moves on is said every few seconds; whatever else happens, at once. */
static bool is_news(struct plain *p, const json_t *ev)
{
	enum { BETWEEN_MS = 5000, PLACES = sizeof(p->told) / sizeof(*p->told) };
	json_int_t number = member_number(ev, "transfer");
	json_int_t t = member_number(ev, "t");
	const char *state = member_text(ev, "state");
	size_t place = (size_t)number % PLACES;
	bool moves = strcmp(state, "running") == 0 && !json_object_get(ev, "path");

	if (moves && p->told[place].transfer == number && t - p->told[place].t < BETWEEN_MS)
		return false;
	p->told[place].transfer = moves ? number : 0;
	p->told[place].t = t;
	return true;
}

/* With -e, what was to be sent and did not arrive is a failure. */
static bool has_come_back(const char *name, const json_t *ev)
{
	const char *state = member_text(ev, "state");
	const char *dir = member_text(ev, "dir");

	if (strcmp(name, "sent") == 0)
		return strcmp(state, "returned") == 0;
	return strcmp(name, "transfer") == 0 && strcmp(dir, "out") == 0 &&
	       (strcmp(state, "stopped") == 0 || strcmp(state, "failed") == 0);
}

static void on_event(struct face *f, json_t *ev)
{
	struct plain *p = (struct plain *)f;
	const char *name = member_text(ev, "ev");
	bool ok = json_is_true(json_object_get(ev, "ok"));
	FILE *to = stream_for(p, name, ok);
	bool news = strcmp(name, "transfer") != 0 || is_news(p, ev);
	char *text = to && news ? render_event(app_client(p->app), ev) : NULL;

	if (text)
		show(p, to, text);
	free(text);
	phrase_heard(&p->speaker, ev);
	if (strcmp(name, "result") == 0)
		take_result(p, ev, ok);
	if (!p->exit_code && has_come_back(name, ev))
		p->exit_code = EXIT_REFUSED;
}

static void on_end(struct face *f)
{
	struct plain *p = (struct plain *)f;

	if (p->args->mode != MODE_ONCE)
		app_leave(p->app, "eof", EXIT_OK);
}

/* ---- life ------------------------------------------------------------------------------ */

void plain_init(struct plain *p, struct app *a, const struct args *args)
{
	*p = (struct plain){
		.face = { .event = on_event, .line = on_line, .end = on_end, .quiet = on_quiet },
		.app = a,
		.args = args,
		.speaker = { .client = app_client(a), .password = get_password, .ctx = p },
	};
}

void plain_start(struct plain *p)
{
	const struct prompt_calls calls = { .ctx = p,
					    .line = prompt_line,
					    .end = prompt_end,
					    .key = prompt_key,
					    .complete = completion };
	bool can_ask = isatty(STDIN_FILENO) || *p->app->settings->password_file;
	const char *error = NULL;

	if (p->args->mode == MODE_ONCE) {
		once_go_on(p);
		return;
	}
	if (can_ask || !icq_client_uin(app_client(p->app)))
		error = speak(p, "login");
	if (error)
		complain(p, stdout, error);
	p->prompt = prompt_open(p->app->loop, &calls);
	p->app->notifier.terminal = p->prompt != NULL;
}

void plain_close(struct plain *p)
{
	prompt_close(&p->prompt);
}
