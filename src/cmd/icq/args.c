/* SPDX-License-Identifier: MIT */
#include "cmd/icq/args.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/icqwire.h"

static const struct option long_options[] = {
	{ "uin", required_argument, NULL, 'u' },      { "host", required_argument, NULL, 'h' },
	{ "protocol", required_argument, NULL, 'P' }, { "status", required_argument, NULL, 's' },
	{ "execute", required_argument, NULL, 'e' },  { "config", required_argument, NULL, 'c' },
	{ "plain", no_argument, NULL, 'p' },	      { "json", no_argument, NULL, 'j' },
	{ "profile", required_argument, NULL, 'f' },  { "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'H' },	      { 0 },
};

void args_help(FILE *out)
{
	fputs("icq: the terminal client of Seekyou, an ICQ system\n"
	      "\n"
	      "  -u, --uin UIN           log in as this user\n"
	      "  -h, --host HOST[:PORT]  the server (localhost:4000)\n"
	      "  -P, --protocol v2       version of the protocol\n"
	      "  -s, --status STATUS     online, away, na, occupied, dnd, ffc, invisible\n"
	      "  -e, --execute COMMAND   run a command, wait until it is done, and end;\n"
	      "                          repeatable\n"
	      "      --plain             lines for people (without this and --json, too)\n"
	      "      --json              lines for programs: one JSON object each\n"
	      "      --profile NAME      another set of settings (default)\n"
	      "  -c, --config FILE       settings\n"
	      "                          ($XDG_CONFIG_HOME/icq/PROFILE.conf)\n"
	      "      --version, --help\n"
	      "\n"
	      "The password is asked for, or read from a file that account.password-file names.\n"
	      "Exit codes: 0 ok, 1 failure, 2 usage, 3 settings, 4 no connection, 5 not found,\n"
	      "6 refused. See icq(1); \"help\" inside lists the commands.\n",
	      out);
}

static int complain(const char *what, const char *value)
{
	fprintf(stderr, "icq: \"%s\" is no %s; see icq --help\n", value, what);
	return -ICQ_ESYNTAX;
}

static int take_uin(struct args *a, const char *value)
{
	char *end;
	unsigned long uin = strtoul(value, &end, 10);

	if (*end || uin == 0 || uin > UINT32_MAX || strchr(value, '-'))
		return complain("UIN", value);
	a->uin = (uint32_t)uin;
	return 0;
}

static int take_status(struct args *a, const char *value)
{
	enum icq_status status;

	if (icq_status_parse(value, &status) < 0 || status == ICQ_STATUS_offline)
		return complain("status", value);
	a->status = value;
	return 0;
}

static int take_command(struct args *a, const char *value)
{
	if (a->command_count == ARGS_COMMANDS_MAX) {
		fprintf(stderr, "icq: more than %d commands\n", ARGS_COMMANDS_MAX);
		return -ICQ_ESYNTAX;
	}
	a->commands[a->command_count++] = value;
	return 0;
}

static int take_option(struct args *a, int option, const char *value)
{
	switch (option) {
	case 'u':
		return take_uin(a, value);
	case 'h':
		a->host = value;
		return 0;
	case 'P':
		return strcmp(value, "v2") == 0 ? 0 : complain("protocol that is served", value);
	case 's':
		return take_status(a, value);
	case 'e':
		a->mode = MODE_ONCE;
		return take_command(a, value);
	case 'c':
		a->file = value;
		return 0;
	case 'f':
		a->profile = value;
		return 0;
	case 'p':
		a->mode = MODE_PLAIN;
		return 0;
	case 'j':
		a->mode = MODE_JSON;
		return 0;
	case 'V':
		a->mode = MODE_VERSION;
		return 0;
	case 'H':
		a->mode = MODE_HELP;
		return 0;
	default: /* getopt has said what is wrong */
		fputs("icq: see icq --help\n", stderr);
		return -ICQ_ESYNTAX;
	}
}

/* A profile is a file name, never a way to one. */
static int check_profile(const struct args *a)
{
	if (*a->profile && !strchr(a->profile, '/') && *a->profile != '.')
		return 0;
	return complain("name of a profile", a->profile);
}

int args_read(struct args *a, int argc, char **argv)
{
	int option, err;

	*a = (struct args){ .mode = MODE_PLAIN, .profile = "default" };
	while ((option = getopt_long(argc, argv, "u:h:P:s:e:c:", long_options, NULL)) != -1) {
		if ((err = take_option(a, option, optarg)) < 0)
			return err;
	}
	if (optind < argc)
		return complain("option", argv[optind]);
	if (a->command_count > 0 && a->mode != MODE_ONCE) {
		fputs("icq: -e goes with neither --plain nor --json\n", stderr);
		return -ICQ_ESYNTAX;
	}
	return check_profile(a);
}
