/* SPDX-License-Identifier: MIT */
#include "cmd/icqctl/commands.h"

#include "cmd/exit_codes.h"
#include "cmd/hint.h"
#include "cmd/icqctl/print.h"
#include "cmd/password.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, NAME_MAX_LEN = 32, HELP_COLUMN = 34 };

/* ---- what was typed, as a request ------------------------------------------------------ */

static int add_text(const struct call *c, json_t *request, const char *key, const char *text)
{
	json_t *value = json_string(text);

	if (!value)
		return cmdline_complain(c->line, "the %s is not UTF-8", key);
	json_object_set_new(request, key, value);
	return EXIT_OK;
}

/* The first line of standard input, or what is typed twice at the terminal. */
static const char *read_password(char out[PASSWORD_TEXT_MAX])
{
	char again[PASSWORD_TEXT_MAX];
	const char *why;

	if (!isatty(STDIN_FILENO)) {
		if (!fgets(out, PASSWORD_TEXT_MAX, stdin))
			return "no password on standard input";
		out[strcspn(out, "\r\n")] = 0;
		return NULL;
	}
	why = password_ask("Password: ", out);
	if (!why)
		why = password_ask("Once more: ", again);
	if (!why && strcmp(out, again) != 0)
		why = "these were two different passwords";
	explicit_bzero(again, sizeof(again));
	return why;
}

static int ask_password(struct call *c, json_t *request)
{
	char password[PASSWORD_TEXT_MAX];
	const char *why = read_password(password);
	int code = why ? cmdline_complain(c->line, "%s", why)
		       : add_text(c, request, "password", password);

	explicit_bzero(password, sizeof(password));
	return code;
}

static int ask_add(struct call *c, json_t *request)
{
	if (c->given['u'])
		json_object_set_new(request, "uin", json_integer(c->uin));
	return ask_password(c, request);
}

static int ask_passwd(struct call *c, json_t *request)
{
	if (!c->given['b'])
		return ask_password(c, request);
	json_object_set_new(request, "back", json_true());
	return EXIT_OK;
}

static int ask_list(struct call *c, json_t *request)
{
	if (c->online)
		json_object_set_new(request, "online", json_true());
	return c->argc ? add_text(c, request, "filter", c->argv[0]) : EXIT_OK;
}

static int ask_edit(struct call *c, json_t *request)
{
	json_t *set = json_object();
	int code = EXIT_OK;

	json_object_set_new(request, "set", set);
	for (int i = 0; i < c->argc && code == EXIT_OK; i++) {
		char name[NAME_MAX_LEN];
		const char *value = strchr(c->argv[i], '=');
		int len = value ? (int)(value - c->argv[i]) : 0;

		if (!len || len >= NAME_MAX_LEN)
			return cmdline_complain(c->line, "\"%.60s\" is not FIELD=VALUE",
						c->argv[i]);
		snprintf(name, sizeof(name), "%.*s", len, c->argv[i]);
		code = add_text(c, set, name, value + 1);
	}
	return code;
}

/* The words of the message, with blanks between. */
static int ask_message(struct call *c, json_t *request)
{
	char text[TEXT_MAX] = "";
	size_t n = 0;

	for (int i = 0; i < c->argc; i++) {
		n += strlen(c->argv[i]) + 1;
		if (n >= sizeof(text))
			return cmdline_complain(c->line, "the message is too long");
		strcat(strcat(text, i ? " " : ""), c->argv[i]);
	}
	if (c->online)
		json_object_set_new(request, "online", json_true());
	return add_text(c, request, "text", text);
}

static int ask_trace(struct call *c, json_t *request)
{
	if (c->secrets)
		json_object_set_new(request, "secrets", json_true());
	return EXIT_OK;
}

static int ask_invite(struct call *c, json_t *request)
{
	int64_t count = 1;

	if (c->argc && !cmdline_argument(c->line, "N", c->argv[0], 1, 1000, &count))
		return EXIT_USAGE;
	json_object_set_new(request, "count", json_integer(count));
	return EXIT_OK;
}

/* ---- the table ------------------------------------------------------------------------- */

const struct command commands[] = {
	{ .name = "status",
	  .verb = "status",
	  .done = print_members,
	  .help = "Tell whether icqd serves, where, since when, and how many are online." },
	{ .name = "stats",
	  .verb = "stats",
	  .done = print_stats,
	  .help = "Print every counter since the start of icqd, and the size of the store." },
	{ .name = "user add",
	  .verb = "user.add",
	  .options = "u",
	  .ask = ask_add,
	  .done = print_uin,
	  .help = "Make an account and print its number.",
	  .more = "--uin N chooses the number. The password is asked for, or is the first line of\n"
		  "standard input: 1 to 8 characters." },
	{ .name = "user list",
	  .args = "[FILTER]",
	  .verb = "user.list",
	  .options = "o",
	  .most = 1,
	  .ask = ask_list,
	  .row = print_user,
	  .help = "List the users whose nick, names or e-mail hold FILTER; without it all.",
	  .more = "--online leaves out those who are not logged in." },
	{ .name = "user show",
	  .args = "UIN",
	  .verb = "user.show",
	  .user = true,
	  .done = print_members,
	  .help = "Show a user's account, profile and session." },
	{ .name = "user edit",
	  .args = "UIN FIELD=VALUE...",
	  .verb = "user.edit",
	  .user = true,
	  .least = 1,
	  .most = COMMAND_ANY,
	  .ask = ask_edit,
	  .done = print_members,
	  .help = "Change a user's profile, and show it.",
	  .more = "Fields: nick, first, last, email, city, state, phone, page, about, authorize,\n"
		  "country, timezone, age, sex, zip, charset. An empty number is one that was\n"
		  "never entered. charset is the code page in which the user's client speaks; it\n"
		  "changes no byte of the texts, but what they mean." },
	{ .name = "user passwd",
	  .args = "UIN",
	  .verb = "user.passwd",
	  .options = "b",
	  .user = true,
	  .ask = ask_passwd,
	  .help = "Set a user's password.",
	  .more = "It is asked for, or is the first line of standard input: 1 to 8 characters.\n"
		  "--back returns to the one before the changes of the last 72 hours." },
	{ .name = "user kick",
	  .args = "UIN",
	  .verb = "user.kick",
	  .user = true,
	  .help = "End a user's session; he may log in again." },
	{ .name = "user block",
	  .args = "UIN",
	  .verb = "user.block",
	  .user = true,
	  .help = "End a user's session and let him log in no more, nor be found." },
	{ .name = "user unblock",
	  .args = "UIN",
	  .verb = "user.unblock",
	  .user = true,
	  .help = "Let a blocked user log in again." },
	{ .name = "user delete",
	  .args = "UIN",
	  .verb = "user.delete",
	  .user = true,
	  .help = "Delete an account and all that waits for it; its number is not given again." },
	{ .name = "message send",
	  .args = "UIN TEXT...",
	  .verb = "message.send",
	  .user = true,
	  .least = 1,
	  .most = COMMAND_ANY,
	  .ask = ask_message,
	  .done = print_sent,
	  .help = "Send a message of the server to a user, now or when he logs in." },
	{ .name = "message broadcast",
	  .args = "TEXT...",
	  .verb = "message.broadcast",
	  .options = "o",
	  .least = 1,
	  .most = COMMAND_ANY,
	  .ask = ask_message,
	  .done = print_broadcast,
	  .help = "Send a message of the server to every user.",
	  .more = "--online leaves out those who are not logged in." },
	{ .name = "trace",
	  .args = "UIN",
	  .verb = "trace",
	  .options = "sv",
	  .user = true,
	  .ask = ask_trace,
	  .row = print_datagram,
	  .decodes = true,
	  .help = "Show every datagram from (<) and to (>) a user as it passes, until Ctrl-C.",
	  .more = "Passwords are masked but with --secrets; --verbose shows every field." },
	{ .name = "invite",
	  .args = "[N]",
	  .verb = "invite",
	  .most = 1,
	  .ask = ask_invite,
	  .done = print_codes,
	  .help = "Make N invite codes, one without N; each is good for one registration." },
	{ .name = "reload",
	  .verb = "reload",
	  .row = print_complaint,
	  .help = "Read the settings again; if anything is wrong with them, none is changed." },
	{ .name = "stop",
	  .verb = "stop",
	  .waits = true,
	  .done = print_stopped,
	  .help = "Tell every client to go away, stop icqd, and wait until it has ended." },
	{ 0 },
};

/* ---- finding --------------------------------------------------------------------------- */

/* How many of the words given begin a word of the name; 0 when one does not. */
static int words_alike(const char *name, int argc, char **argv, bool *exact)
{
	int i = 0;

	*exact = true;
	for (const char *word = name; word && i < argc; i++) {
		size_t len = strcspn(word, " "), given = strlen(argv[i]);

		if (!given || given > len || strncmp(word, argv[i], given) != 0)
			return 0;
		*exact = *exact && given == len;
		word = word[len] ? word + len + 1 : NULL;
	}
	*exact = *exact && (strchr(name, ' ') ? 2 : 1) == i;
	return i;
}

static bool is_whole(const struct command *command, int words)
{
	return words == (strchr(command->name, ' ') ? 2 : 1);
}

static struct hint nearest(const char *given)
{
	struct hint hint = hint_for(given);

	for (const struct command *c = commands; c->name; c++)
		hint_offer(&hint, c->name);
	return hint;
}

/* The second word may belong to the command or be its argument. */
static void complain_unknown(const struct cmdline *line, int argc, char **argv)
{
	char two[2 * NAME_MAX_LEN];
	struct hint hint;

	snprintf(two, sizeof(two), "%.30s%s%.30s", argv[0], argc > 1 ? " " : "",
		 argc > 1 ? argv[1] : "");
	hint = nearest(two);
	if (!hint.best)
		hint = nearest(argv[0]);
	cmdline_complain(line, "there is no command \"%.60s\"%s%s", hint.word,
			 hint.best ? "; did you mean " : "", hint.best ? hint.best : "");
}

static void complain_several(const struct cmdline *line, int argc, char **argv)
{
	char names[300] = "";
	bool exact;

	for (const struct command *c = commands; c->name; c++)
		if (words_alike(c->name, argc, argv, &exact))
			strcat(strcat(names, *names ? ", " : ""), c->name);
	cmdline_complain(line, "which one: %s?", names);
}

const struct command *command_find(const struct cmdline *line, int argc, char **argv, int *taken)
{
	const struct command *found = NULL;
	bool exact, several = false, near = false;

	for (const struct command *c = commands; c->name; c++) {
		int words = words_alike(c->name, argc, argv, &exact);

		near = near || words;
		if (!is_whole(c, words))
			continue;
		several = found && !exact;
		found = c;
		*taken = words;
		if (exact)
			break;
	}
	if (found && !several)
		return found;
	(near ? complain_several : complain_unknown)(line, argc, argv);
	return NULL;
}

/* ---- help ------------------------------------------------------------------------------ */

void commands_list(FILE *out)
{
	for (const struct command *c = commands; c->name; c++) {
		int n = fprintf(out, "  %s%s%s", c->name, c->args ? " " : "",
				c->args ? c->args : "");

		fprintf(out, "%*s%s\n", n < HELP_COLUMN ? HELP_COLUMN - n : 1, "", c->help);
	}
}

void command_help(const struct command *command, FILE *out)
{
	fprintf(out, "icqctl %s%s%s\n\n%s\n", command->name, command->args ? " " : "",
		command->args ? command->args : "", command->help);
	if (command->more)
		fprintf(out, "%s\n", command->more);
}
