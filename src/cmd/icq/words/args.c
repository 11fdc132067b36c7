/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/args.h"

#include <string.h>

#include "base/err.h"
#include "cmd/cmdline.h"
#include "wire/icqwire.h"

static const struct flag flags[] = {
	{ 'u', "uin", "UIN", "log in as this user" },
	{ 'h', "host", "HOST[:PORT]", "the server (localhost:4000)" },
	{ 'P', "protocol", "v2", "version of the protocol" },
	{ 's', "status", "STATUS", "online, away, na, occupied, dnd, ffc or invisible" },
	{ 'e', "execute", "COMMAND", "run a command, wait until it is done; repeatable" },
	{ 'p', "plain", NULL, "lines for people, also where a whole screen could be had" },
	{ 'j', "json", NULL, "lines for programs: one JSON object each" },
	{ 'n', "profile", "NAME", "another set of settings (default)" },
	{ 'c', "config", "FILE", "settings, instead of those of a profile" },
	{ 'V', "version", NULL, "print the version" },
	{ 'H', "help", NULL, "print this" },
	{ 0 },
};

void args_help(FILE *out)
{
	fputs("icq: the terminal client of Seekyou, an ICQ system\n\n", out);
	cmdline_help(flags, out);
	fputs("\n"
	      "Settings are in $XDG_CONFIG_HOME/icq/PROFILE.conf. The password is asked for, or\n"
	      "read from the file that account.password-file names. \"help\" inside lists the\n"
	      "commands. Exit codes: 0 ok, 1 failure, 2 usage, 3 settings, 4 no connection,\n"
	      "5 not found, 6 refused. See icq(1).\n",
	      out);
}

static int complain(const struct cmdline *line, const char *what, const char *value)
{
	cmdline_complain(line, "\"%.60s\" is no %s", value, what);
	return -ICQ_ESYNTAX;
}

static int take_uin(struct args *a, const struct cmdline *line, const char *value)
{
	int64_t uin;

	if (!cmdline_number(line, "uin", value, 1, UINT32_MAX, &uin))
		return -ICQ_ESYNTAX;
	a->uin = (uint32_t)uin;
	return 0;
}

static int take_status(struct args *a, const struct cmdline *line, const char *value)
{
	enum icq_status status;

	if (icq_status_parse(value, &status) < 0 || status == ICQ_STATUS_offline)
		return complain(line, "status", value);
	a->status = value;
	return 0;
}

static int take_command(struct args *a, const struct cmdline *line, const char *value)
{
	if (a->command_count == ARGS_COMMANDS_MAX) {
		cmdline_complain(line, "more than %d commands", ARGS_COMMANDS_MAX);
		return -ICQ_ESYNTAX;
	}
	a->commands[a->command_count++] = value;
	return 0;
}

/* A profile is a file name, never a way to one. */
static int take_profile(struct args *a, const struct cmdline *line, const char *value)
{
	if (!*value || *value == '.' || strchr(value, '/'))
		return complain(line, "name of a profile", value);
	a->profile = value;
	return 0;
}

/* One face only. */
static int take_mode(struct args *a, const struct cmdline *line, enum mode mode)
{
	if (a->mode != MODE_NONE && a->mode != mode && a->mode < MODE_VERSION) {
		cmdline_complain(line, "only one of --plain, --json and --execute");
		return -ICQ_ESYNTAX;
	}
	a->mode = mode;
	return 0;
}

static int take_option(struct args *a, const struct cmdline *line, int letter, const char *value)
{
	switch (letter) {
	case 'u':
		return take_uin(a, line, value);
	case 'h':
		a->host = value;
		return 0;
	case 'P':
		return strcmp(value, "v2") == 0 ? 0 : complain(line, "protocol of ours", value);
	case 's':
		return take_status(a, line, value);
	case 'e':
		return take_mode(a, line, MODE_ONCE) < 0 ? -ICQ_ESYNTAX
							 : take_command(a, line, value);
	case 'p':
		return take_mode(a, line, MODE_PLAIN);
	case 'j':
		return take_mode(a, line, MODE_JSON);
	case 'n':
		return take_profile(a, line, value);
	case 'c':
		a->file = value;
		return 0;
	case 'V':
		a->mode = MODE_VERSION;
		return 0;
	case 'H':
		a->mode = MODE_HELP;
		return 0;
	default:
		return -ICQ_ESYNTAX;
	}
}

int args_read(struct args *a, int argc, char **argv)
{
	struct cmdline line = { .program = "icq", .table = flags, .argc = argc, .argv = argv };
	const char *value, *rest;
	int letter, err;

	*a = (struct args){ .profile = "default" };
	while ((letter = cmdline_next(&line, &value)) != CMDLINE_END) {
		if ((err = take_option(a, &line, letter, value)) < 0)
			return err;
	}
	if ((rest = cmdline_rest(&line)))
		return complain(&line, "option", rest);
	return 0;
}
