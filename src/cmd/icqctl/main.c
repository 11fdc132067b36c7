/* SPDX-License-Identifier: MIT */
/* icqctl: what the operator says to a running icqd. */
#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/icqctl/commands.h"
#include "cmd/icqd/folder.h"
#include "cmd/icqd/settings.h"
#include "cmd/std_streams.h"

#include <stdlib.h>
#include <string.h>

enum { GO_ON = -1, ARGUMENTS_MAX = 200 };

static const struct flag table[] = {
	{ 'd', "data", "DIR", "the data folder of icqd" },
	{ 'S', "socket", "PATH", "the socket `control` in it, wherever it is" },
	{ 'c', "config", "FILE", "icqd's settings, which may name the data folder" },
	{ 'j', "json", NULL, "answers in JSON, one object on each line" },
	{ 'u', "uin", "N", "the number of a new user" },
	{ 'o', "online", NULL, "only users who are logged in" },
	{ 'b', "back", NULL, "the password of 72 hours ago, if it has changed" },
	{ 's', "secrets", NULL, "show passwords, too" },
	{ 'v', "verbose", NULL, "every field of a datagram on its own line" },
	{ 'h', "help", NULL, "all commands, or one in full" },
	{ 'V', "version", NULL, "print the version" },
	{ 0 },
};

/* What every command takes. */
static const char common[] = "dScjh";

struct options {
	const char *data, *socket, *config;
};

/* ---- the command line ------------------------------------------------------------------ */

static int set_option(struct call *c, struct options *o, int letter, const char *value)
{
	int64_t uin;

	switch (letter) {
	case 'd':
		o->data = value;
		break;
	case 'S':
		o->socket = value;
		break;
	case 'c':
		o->config = value;
		break;
	case 'u':
		if (!cmdline_number(c->line, "uin", value, 1, UINT32_MAX, &uin))
			return EXIT_USAGE;
		c->uin = (uint32_t)uin;
		break;
	case CMDLINE_BAD:
		return EXIT_USAGE;
	default: /* those without a value are looked up in given[] */
		break;
	}
	c->given[letter] = true;
	return GO_ON;
}

static int read_options(struct call *c, struct options *o, struct cmdline *line)
{
	const char *value;
	int letter, code = GO_ON;

	while (code == GO_ON && (letter = cmdline_next(line, &value)) != CMDLINE_END)
		code = set_option(c, o, letter, value);
	c->json = c->given['j'];
	c->online = c->given['o'];
	c->secrets = c->given['s'];
	c->verbose = c->given['v'];
	return code;
}

/* Options that mean nothing to the command are refused, or they would seem to have an effect. */
static int check_options(const struct call *c)
{
	const char *own = c->command->options ? c->command->options : "";

	for (const struct flag *f = table; f->letter; f++)
		if (c->given[(int)f->letter] && !strchr(common, f->letter) &&
		    !strchr(own, f->letter))
			return cmdline_complain(c->line, "%s takes no --%s", c->command->name,
						f->name);
	return GO_ON;
}

static int check_arguments(struct call *c)
{
	const struct command *command = c->command;
	int64_t uin;

	if (c->argc < command->least + command->user ||
	    (command->most < COMMAND_ANY && c->argc > command->most + command->user))
		return cmdline_complain(c->line, "right would be: icqctl %s%s%s", command->name,
					command->args ? " " : "",
					command->args ? command->args : "");
	if (!command->user)
		return GO_ON;
	if (!cmdline_argument(c->line, "UIN", c->argv[0], 1, UINT32_MAX, &uin))
		return EXIT_USAGE;
	c->uin = (uint32_t)uin;
	c->argc--;
	c->argv++;
	return GO_ON;
}

/* ---- the server ------------------------------------------------------------------------ */

static void print_complaint_line(void *ctx, const char *complaint)
{
	(void)ctx;
	fprintf(stderr, "icqctl: %s\n", complaint);
}

/* Where icqd has its data by the same settings. */
static int find_socket(struct call *c, const struct options *o, struct folder *folder)
{
	static struct settings settings;
	static struct args args;

	c->path = o->socket;
	if (o->socket)
		return GO_ON;
	args.file = o->config;
	if (o->data)
		args.settings[args.setting_count++] = (struct arg_setting){ "--data", "data",
									    o->data };
	if (settings_read(&settings, &args, print_complaint_line, NULL) < 0)
		return EXIT_SETTINGS;
	if (folder_name(folder, settings.conf.data) < 0)
		return cmdline_complain(c->line, "the path of the data folder is too long");
	c->path = folder->control;
	return GO_ON;
}

static int run(struct call *c, const struct options *o)
{
	json_t *request = json_pack("{s:s}", "verb", c->command->verb);
	struct folder folder;
	int code = find_socket(c, o, &folder);

	if (code == GO_ON && c->command->user)
		json_object_set_new(request, "uin", json_integer(c->uin));
	if (code == GO_ON && (!c->command->ask || (code = c->command->ask(c, request)) == EXIT_OK))
		return call_make(c, request);
	json_decref(request);
	return code;
}

/* ---- help ------------------------------------------------------------------------------ */

static int print_help(void)
{
	puts("Usage: icqctl [OPTION]... COMMAND\n"
	     "\n"
	     "Runs the icqd of this machine. Commands may be shortened: `icqctl u l`.\n");
	commands_list(stdout);
	puts("");
	cmdline_help(table, stdout);
	puts("\nExit codes: 0 ok, 1 failure, 2 usage, 3 settings, 4 no icqd answers, 5 not found,\n"
	     "6 refused. See icqctl(1).");
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	char *words[ARGUMENTS_MAX];
	struct cmdline line = { .program = "icqctl", .table = table, .argc = argc, .argv = argv };
	struct call c = { .line = &line, .argv = words };
	struct options o = { 0 };
	int taken = 0, code;
	const char *word;

	std_streams_open();
	if ((code = read_options(&c, &o, &line)) != GO_ON)
		return code;
	while ((word = cmdline_rest(&line)) && c.argc < ARGUMENTS_MAX)
		words[c.argc++] = (char *)(uintptr_t)word;
	if (c.given['V']) {
		puts("icqctl " SEEKYOU_VERSION " (Seekyou)");
		return EXIT_OK;
	}
	if (!c.argc)
		return c.given['h'] ? print_help() : cmdline_complain(&line, "give a command");
	if (!(c.command = command_find(&line, c.argc, words, &taken)))
		return EXIT_USAGE;
	if (c.given['h']) {
		command_help(c.command, stdout);
		return EXIT_OK;
	}
	c.argc -= taken;
	c.argv += taken;
	if ((code = check_options(&c)) != GO_ON || (code = check_arguments(&c)) != GO_ON)
		return code;
	return run(&c, &o);
}
