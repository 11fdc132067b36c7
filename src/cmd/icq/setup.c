/* SPDX-License-Identifier: MIT */
#include "cmd/icq/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/app.h"
#include "cmd/icq/wizard.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"

struct setup {
	struct face face;
	struct settings *settings;
	const struct args *args;
	struct wizard wizard;
	uv_loop_t loop;
	struct app app;
	bool open;	  /* app is */
	json_t *result;	  /* of the command that was given last; owned */
	bool silent;	  /* the server did not answer it */
	bool nobody;	  /* there is no server */
	unsigned nothing; /* passwords in a row that were none */
	int code;	  /* EXIT_OK: go on */
};

bool setup_is_wanted(const struct settings *s, const struct args *args)
{
	return !s->found && !args->uin && (args->mode == MODE_SCREEN || args->mode == MODE_PLAIN) &&
	       isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void say(const char *text)
{
	char *safe = texts_shown(text, true);

	if (safe && *safe)
		puts(safe);
	free(safe);
}

/* ---- the server ------------------------------------------------------------------------ */

static void on_event(struct face *f, json_t *ev)
{
	struct setup *u = (struct setup *)f;
	const char *name = json_string_value(json_object_get(ev, "ev"));
	const char *code = json_string_value(json_object_get(ev, "code"));
	char *text;

	if (strcmp(name, "result") == 0) {
		json_decref(u->result);
		u->result = json_incref(ev);
	} else if (strcmp(name, "message") == 0 || strcmp(name, "request") == 0) {
		text = render_event(app_client(&u->app), ev);
		say(text ? text : "");
		free(text);
	} else if (code && strcmp(code, "no_server") == 0) {
		u->nobody = true;
	}
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void hang_up(struct setup *u)
{
	if (!u->open)
		return;
	u->open = false;
	app_close(&u->app);
	uv_walk(&u->loop, close_handle, NULL);
	uv_run(&u->loop, UV_RUN_DEFAULT);
	uv_loop_close(&u->loop);
}

/* Somebody waits before his terminal: for less long than icq does otherwise. */
static int open_app(struct setup *u)
{
	static const char patience_s[] = "15";
	char *timeout = u->settings->timeout, before[SETTINGS_TEXT_MAX];
	int code;

	strcpy(before, timeout);
	strcpy(timeout, patience_s);
	code = app_open(&u->app, NULL, 0);
	strcpy(timeout, before);
	return code;
}

static bool call_up(struct setup *u)
{
	int code;

	hang_up(u);
	settings_set(u->settings, "account.host", u->wizard.answers[WIZARD_HOST]);
	settings_set(u->settings, "account.port", u->wizard.answers[WIZARD_PORT]);
	settings_set(u->settings, "text.charset", u->wizard.answers[WIZARD_CHARSET]);
	u->app = (struct app){ .loop = &u->loop,
			       .settings = u->settings,
			       .face = &u->face,
			       .profile = u->args->profile,
			       .warned = true };
	uv_loop_init(&u->loop);
	code = open_app(u);
	u->open = code == EXIT_OK;
	if (!u->open) {
		uv_run(&u->loop, UV_RUN_DEFAULT);
		uv_loop_close(&u->loop);
	}
	if (code == EXIT_NO_CONNECTION)
		wizard_back_to(&u->wizard, WIZARD_HOST);
	else
		u->code = code;
	return u->open;
}

/* Runs a command, which it takes over, to its end. False after telling what went wrong. */
static bool ask_server(struct setup *u, json_t *command)
{
	const char *error;
	char *text;

	json_object_set(command, "id", json_object_get(command, "cmd"));
	json_decref(u->result);
	u->result = NULL;
	u->nobody = false;
	app_command(&u->app, command);
	json_decref(command);
	while (!u->result && !u->nobody)
		uv_run(&u->loop, UV_RUN_ONCE);
	if (!u->result) {
		say("! There is no server at this address and port.");
		u->silent = true;
		return false;
	}
	if (json_is_true(json_object_get(u->result, "ok")))
		return true;
	error = json_string_value(json_object_get(u->result, "error"));
	u->silent = strcmp(error, "timeout") == 0;
	text = render_event(app_client(&u->app), u->result);
	say(text ? text : "");
	free(text);
	return false;
}

static void set_word(json_t *o, const char *key, const struct wizard *w, enum wizard_step step)
{
	if (*w->answers[step])
		json_object_set_new(o, key, json_string(w->answers[step]));
}

static bool write_settings(struct setup *u)
{
	settings_set(u->settings, "account.uin", u->wizard.answers[WIZARD_UIN]);
	settings_keep_all(u->settings);
	if (settings_write(u->settings, app_client(&u->app)) == 0)
		return true;
	fprintf(stderr, "icq: %s: %s\n", u->settings->path, strerror(errno));
	u->code = EXIT_FAILED;
	return false;
}

/* The number is the user's from now on, whatever happens to the rest. */
static bool make_account(struct setup *u)
{
	struct wizard *w = &u->wizard;
	json_int_t uin;

	if (!ask_server(u, json_pack("{s:s,s:s}", "cmd", "register", "password",
				     w->answers[WIZARD_PASSWORD])))
		return false;
	uin = json_integer_value(json_object_get(u->result, "uin"));
	wizard_made(w, (unsigned)uin);
	printf("\n*** Your number is %lld. Others write to you there. ***\n\n", (long long)uin);
	return write_settings(u);
}

static void tell_names(struct setup *u)
{
	const struct wizard *w = &u->wizard;
	json_t *command = json_pack("{s:s,s:b}", "cmd", "update", "auth",
				    wizard_said_yes(w, WIZARD_AUTH));

	set_word(command, "nick", w, WIZARD_NICK);
	set_word(command, "first", w, WIZARD_FIRST);
	set_word(command, "last", w, WIZARD_LAST);
	set_word(command, "email", w, WIZARD_EMAIL);
	if (!ask_server(u, command))
		say("The names are not told; update does it later.");
}

/* The session is only for a look; invisible, nobody is told of it. */
static bool try_account(struct setup *u)
{
	const struct wizard *w = &u->wizard;
	const char *uin = w->answers[WIZARD_UIN];

	if (!ask_server(u, json_pack("{s:s,s:I,s:s,s:s}", "cmd", "login", "uin",
				     (json_int_t)settings_number(uin), "password",
				     w->answers[WIZARD_PASSWORD], "status", "invisible"))) {
		ask_server(u, json_pack("{s:s}", "cmd", "logout"));
		return false;
	}
	if (w->made)
		tell_names(u);
	ask_server(u, json_pack("{s:s}", "cmd", "logout"));
	return true;
}

static void log_in(struct setup *u)
{
	struct wizard *w = &u->wizard;
	bool good;

	printf("Asking %s...\n", w->answers[WIZARD_HOST]);
	fflush(stdout);
	if (!call_up(u))
		return;
	good = (!wizard_is_new(w) || w->made || make_account(u)) && try_account(u);
	if (!good && u->code == EXIT_OK)
		wizard_back_to(w, u->silent ? WIZARD_HOST : WIZARD_KNOWN);
}

/* ---- the settings ---------------------------------------------------------------------- */

/* Beside the settings, in their name. */
static bool write_password(struct setup *u)
{
	const char *password = u->wizard.answers[WIZARD_PASSWORD];
	char path[SETTINGS_PATH_MAX + 16];
	int fd;
	bool good;

	snprintf(path, sizeof(path), "%s.password", u->settings->path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	good = fd >= 0 && dprintf(fd, "%s\n", password) > 0 && fchmod(fd, 0600) == 0;
	if (fd >= 0)
		good = close(fd) == 0 && good;
	return good && settings_set(u->settings, "account.password-file", path) == 0;
}

static void finish(struct setup *u)
{
	static const struct {
		enum wizard_step step;
		const char *key;
	} rows[] = {
		{ WIZARD_AWAY, "status.away-text" },	     { WIZARD_NA, "status.na-text" },
		{ WIZARD_OCCUPIED, "status.occupied-text" }, { WIZARD_DND, "status.dnd-text" },
		{ WIZARD_FFC, "status.ffc-text" },
	};
	const struct wizard *w = &u->wizard;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		settings_set(u->settings, rows[i].key, w->answers[rows[i].step]);
	if (!write_settings(u)) /* makes the folder, too */
		return;
	if (wizard_said_yes(w, WIZARD_STORE) && !(write_password(u) && write_settings(u)))
		say("The password could not be written; icq will ask for it.");
	printf("All this is in %s; set changes it.\n", u->settings->path);
}

/* ---- the terminal ---------------------------------------------------------------------- */

/* A line of the terminal without its end; false: that was the last. */
static bool read_answer(char *out, size_t cap)
{
	ssize_t n = read(STDIN_FILENO, out, cap - 1);

	if (n <= 0)
		return false;
	out[n] = 0;
	out[strcspn(out, "\r\n")] = 0;
	return true;
}

/* A terminal that is gone gives no password, as somebody who only types Enter. */
static bool ask_secret(struct setup *u, const char *question, char *out)
{
	enum { PATIENCE = 3 };

	*out = 0;
	if (!password_ask(question, out))
		u->nothing = 0;
	else
		u->nothing++;
	return u->nothing < PATIENCE;
}

static bool ask(struct setup *u, char *out, size_t cap)
{
	const struct wizard *w = &u->wizard;
	char question[1024];

	wizard_question(w, question, sizeof(question));
	if (wizard_is_secret(w))
		return ask_secret(u, question, out);
	fputs(question, stdout);
	fflush(stdout);
	return read_answer(out, cap);
}

static void take_answer(struct setup *u, const char *line)
{
	switch (wizard_answer(&u->wizard, line)) {
	case WIZARD_ASK:
		break;
	case WIZARD_REPEAT:
		printf("! %s\n", u->wizard.why);
		break;
	case WIZARD_LOG_IN:
		log_in(u);
		break;
	case WIZARD_FINISH:
		finish(u);
		u->wizard.at = WIZARD_STEPS;
		break;
	}
}

/* What the command line said is in brackets. */
static void take_args(struct setup *u)
{
	const char *host = u->args->host ? u->args->host : "", *colon = strrchr(host, ':');
	struct wizard *w = &u->wizard;

	if (*host)
		snprintf(w->answers[WIZARD_HOST], WIZARD_TEXT_MAX, "%.*s",
			 colon ? (int)(colon - host) : (int)strlen(host), host);
	if (colon)
		snprintf(w->answers[WIZARD_PORT], WIZARD_TEXT_MAX, "%s", colon + 1);
}

int setup_run(struct settings *s, const struct args *args, char password[PASSWORD_TEXT_MAX])
{
	struct setup u = { .face = { .event = on_event }, .settings = s, .args = args };
	const char *locale = setlocale(LC_CTYPE, NULL);
	char line[PASSWORD_TEXT_MAX + WIZARD_TEXT_MAX];

	puts("Welcome to ICQ. Some questions first: Enter takes what stands in brackets,\n"
	     "- leaves it empty, < goes back.");
	wizard_begin(&u.wizard, locale ? locale : "");
	take_args(&u);
	while (u.code == EXIT_OK && u.wizard.at < WIZARD_STEPS) {
		if (ask(&u, line, sizeof(line)))
			take_answer(&u, line);
		else
			u.code = EXIT_FAILED;
	}
	snprintf(password, PASSWORD_TEXT_MAX, "%.*s", PASSWORD_TEXT_MAX - 1,
		 u.wizard.answers[WIZARD_PASSWORD]);
	explicit_bzero(&u.wizard, sizeof(u.wizard));
	explicit_bzero(line, sizeof(line));
	hang_up(&u);
	json_decref(u.result);
	return u.code;
}
