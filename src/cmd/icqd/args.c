/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/args.h"

#include "base/err.h"
#include "cmd/cmdline.h"

static const struct flag flags[] = {
	{ 'l', "listen", "ADDR:PORT", "serve there; repeatable; port 0 takes a free one" },
	{ 'd', "data", "DIR", "folder of the database" },
	{ 'c', "config", "FILE", "settings; without: " SETTINGS_FILE " if it is there" },
	{ 'o', "option", "SETTING", "SECTION.KEY=VALUE; repeatable; stronger than the file" },
	{ 't', "test", NULL, "check the settings and stop" },
	{ 'D', "dump-config", NULL, "print all settings as a commented file" },
	{ 'V', "version", NULL, "print the version" },
	{ 'h', "help", NULL, "print this" },
	{ 0 },
};

void args_help(FILE *out)
{
	fputs("icqd: the server of Seekyou, an ICQ system\n\n", out);
	cmdline_help(flags, out);
	fputs("\n"
	      "Without --listen it serves 0.0.0.0:4000; without --data its data is in\n"
	      "/var/lib/icqd as root, else in $XDG_DATA_HOME/icqd. SIGTERM stops it, SIGHUP\n"
	      "reads the settings again. Exit codes: 0 ok, 1 failure, 2 usage, 3 settings,\n"
	      "6 another icqd uses the data folder. See icqd(8) and icqd.conf(5).\n",
	      out);
}

static int add_setting(struct args *a, const struct cmdline *line, const char *flag,
		       const char *key, const char *value)
{
	if (a->setting_count == ARGS_SETTINGS_MAX) {
		cmdline_complain(line, "more than %d settings; put them into a file",
				 ARGS_SETTINGS_MAX);
		return -ICQ_ESYNTAX;
	}
	a->settings[a->setting_count++] = (struct arg_setting){ flag, key, value };
	return 0;
}

static int take_option(struct args *a, const struct cmdline *line, int letter, const char *value)
{
	switch (letter) {
	case 'l':
		return add_setting(a, line, "--listen", "listen", value);
	case 'd':
		return add_setting(a, line, "--data", "data", value);
	case 'o':
		return add_setting(a, line, "-o", NULL, value);
	case 'c':
		a->file = value;
		return 0;
	case 't':
		a->action = TEST_SETTINGS;
		return 0;
	case 'D':
		a->action = DUMP_SETTINGS;
		return 0;
	case 'V':
		a->action = SHOW_VERSION;
		return 0;
	case 'h':
		a->action = SHOW_HELP;
		return 0;
	default:
		return -ICQ_ESYNTAX;
	}
}

int args_read(struct args *a, int argc, char **argv)
{
	struct cmdline line = { "icqd", flags, argc, argv };
	const char *value;
	int letter, err;

	*a = (struct args){ .program = argv[0], .action = SERVE };
	while ((letter = cmdline_next(&line, &value)) != CMDLINE_END) {
		if ((err = take_option(a, &line, letter, value)) < 0)
			return err;
	}
	if ((value = cmdline_rest(&line))) {
		cmdline_complain(&line, "\"%s\" is no option", value);
		return -ICQ_ESYNTAX;
	}
	return 0;
}
