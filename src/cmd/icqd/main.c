/* SPDX-License-Identifier: MIT */
/* icqd: the index of the program. */
#include "cmd/exit_codes.h"
#include "cmd/icqd/args.h"
#include "cmd/icqd/conf_dump.h"
#include "cmd/icqd/daemon.h"
#include "cmd/icqd/settings.h"
#include "cmd/std_streams.h"
#include "io/harden.h"
#include "io/random.h"

static void print_complaint(void *ctx, const char *complaint)
{
	(void)ctx;
	fprintf(stderr, "icqd: %s\n", complaint);
}

static int with_settings(const struct args *args)
{
	struct settings settings;

	if (settings_read(&settings, args, print_complaint, NULL) < 0)
		return EXIT_SETTINGS;
	switch (args->action) {
	case TEST_SETTINGS:
		fputs("icqd: the settings are in order\n", stderr);
		return EXIT_OK;
	case DUMP_SETTINGS:
		conf_dump(&settings.conf, stdout);
		return EXIT_OK;
	default:
		return daemon_serve(args, &settings);
	}
}

int main(int argc, char **argv)
{
	struct args args;

	std_streams_open();
	harden_process();
	if (random_init() < 0) {
		fputs("icqd: the system gives no random numbers\n", stderr);
		return EXIT_FAILED;
	}
	if (args_read(&args, argc, argv) < 0)
		return EXIT_USAGE;
	switch (args.action) {
	case SHOW_HELP:
		args_help(stdout);
		return EXIT_OK;
	case SHOW_VERSION:
		puts("icqd " SEEKYOU_VERSION " (Seekyou)");
		return EXIT_OK;
	default:
		return with_settings(&args);
	}
}
