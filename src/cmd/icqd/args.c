/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/args.h"

#include "base/err.h"

#include <getopt.h>

static const struct option long_options[] = {
	{ "listen", required_argument, NULL, 'l' }, { "data", required_argument, NULL, 'd' },
	{ "config", required_argument, NULL, 'c' }, { "test", no_argument, NULL, 't' },
	{ "option", required_argument, NULL, 'o' }, { "dump-config", no_argument, NULL, 'D' },
	{ "invite", no_argument, NULL, 'I' },	    { "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'H' },	    { 0 },
};

void args_help(FILE *out)
{
	fputs("icqd: the server of Seekyou, an ICQ system\n"
	      "\n"
	      "  --listen ADDR:PORT     serve there; repeatable; port 0 takes a free one\n"
	      "                         (0.0.0.0:4000)\n"
	      "  --data DIR             folder of the database (/var/lib/icqd as root, else\n"
	      "                         $XDG_DATA_HOME/icqd)\n"
	      "  -c, --config FILE      settings (/etc/icqd.conf if it is there)\n"
	      "  -o, --option SECTION.KEY=VALUE\n"
	      "                         one setting; repeatable; stronger than the file\n"
	      "  -t, --test             check the settings and stop\n"
	      "  --dump-config          print all settings as a commented file\n"
	      "  --invite               make and print an invite code for one new account\n"
	      "  --version, --help\n"
	      "\n"
	      "SIGTERM stops it, SIGHUP reads the settings again. Exit codes: 0 ok, 1 failure,\n"
	      "2 usage, 3 settings, 6 another icqd uses the data folder.\n"
	      "See icqd(8) and icqd.conf(5).\n",
	      out);
}

static int add_setting(struct args *a, const char *flag, const char *key, const char *value)
{
	if (a->setting_count == ARGS_SETTINGS_MAX) {
		fprintf(stderr, "icqd: more than %d settings; put them into a file\n",
			ARGS_SETTINGS_MAX);
		return -ICQ_ESYNTAX;
	}
	a->settings[a->setting_count++] = (struct arg_setting){ flag, key, value };
	return 0;
}

static int take_option(struct args *a, int option, const char *value)
{
	switch (option) {
	case 'l':
		return add_setting(a, "--listen", "listen", value);
	case 'd':
		return add_setting(a, "--data", "data", value);
	case 'o':
		return add_setting(a, "-o", NULL, value);
	case 'c':
		a->file = value;
		return 0;
	case 't':
		a->action = TEST_SETTINGS;
		return 0;
	case 'D':
		a->action = DUMP_SETTINGS;
		return 0;
	case 'I':
		a->action = MAKE_INVITE;
		return 0;
	case 'V':
		a->action = SHOW_VERSION;
		return 0;
	case 'H':
		a->action = SHOW_HELP;
		return 0;
	default: /* getopt has said what is wrong */
		fputs("icqd: see icqd --help\n", stderr);
		return -ICQ_ESYNTAX;
	}
}

int args_read(struct args *a, int argc, char **argv)
{
	int option, err;

	*a = (struct args){ .action = SERVE };
	while ((option = getopt_long(argc, argv, "c:o:t", long_options, NULL)) != -1) {
		if ((err = take_option(a, option, optarg)) < 0)
			return err;
	}
	if (optind < argc) {
		fprintf(stderr, "icqd: \"%s\" is no option; see icqd --help\n", argv[optind]);
		return -ICQ_ESYNTAX;
	}
	return 0;
}
