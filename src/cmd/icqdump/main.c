/* SPDX-License-Identifier: MIT */
/* icqdump: reads packets and explains every byte. */
#include "base/err.h"
#include "cmd/cmdline.h"
#include "cmd/exit_codes.h"
#include "cmd/icqdump/capture.h"
#include "cmd/icqdump/hex.h"
#include "cmd/icqdump/origin.h"
#include "cmd/icqdump/output.h"
#include "cmd/std_streams.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

typedef void output_fn(const struct packet *packet, bool secrets);

struct options {
	struct capture_plan plan;
	output_fn *output;
	bool each_line, secrets;
};

static const struct flag table[] = {
	{ 'r', "read", "FILE", "packets of a pcap or pcapng file, - for stdin" },
	{ 'i', "interface", "NAME", "packets of a network interface, as they pass" },
	{ 'f', "filter", "EXPRESSION", "only these, in the language of pcap-filter(7)" },
	{ 'p', "port", "NUMBER", "the server's UDP port (4000)" },
	{ 'F', "from", "WHO", "client, server or peer sent them; else it is guessed" },
	{ 'l', "each-line", NULL, "every line of hex is a packet of its own" },
	{ 'v', "verbose", NULL, "every field on its own line, with its bytes" },
	{ 'j', "json", NULL, "one JSON object for each packet" },
	{ 'x', "hex", NULL, "bytes in hex, to be read again" },
	{ 's', "secrets", NULL, "show passwords, too" },
	{ 'h', "help", NULL, "this text" },
	{ 'V', "version", NULL, "the version of icqdump" },
	{ 0 },
};

enum { GO_ON = -1 };

static int print_help(void)
{
	puts("Usage: icqdump [OPTION]...          explains packets in hex from stdin\n"
	     "       icqdump [OPTION]... -r FILE  packets of a capture file\n"
	     "       icqdump [OPTION]... -i NAME  packets of a network interface\n"
	     "\n"
	     "Reads packets of the ICQ protocol, version 2, and explains every byte.\n"
	     "In hex, a blank line ends a packet; offsets as of xxd and hexdump are skipped.\n");
	cmdline_help(table, stdout);
	return EXIT_OK;
}

static int print_version(void)
{
	puts("icqdump " SEEKYOU_VERSION " (Seekyou)");
	return EXIT_OK;
}

static int set_port(const struct cmdline *a, struct options *o, const char *value)
{
	int64_t port;

	if (!cmdline_number(a, "port", value, 1, UINT16_MAX, &port))
		return EXIT_USAGE;
	o->plan.port = (uint16_t)port;
	return GO_ON;
}

static int set_origin(const struct cmdline *a, struct options *o, const char *value)
{
	if (origin_parse(value, &o->plan.origin) < 0)
		return cmdline_complain(a, "--from must be client, server or peer, not \"%.60s\"",
					value);
	return GO_ON;
}

static int set_option(const struct cmdline *a, struct options *o, int letter, const char *value)
{
	switch (letter) {
	case 'r':
		o->plan.file = value;
		return GO_ON;
	case 'i':
		o->plan.interface = value;
		return GO_ON;
	case 'f':
		o->plan.filter = value;
		return GO_ON;
	case 'p':
		return set_port(a, o, value);
	case 'F':
		return set_origin(a, o, value);
	case 'l':
		o->each_line = true;
		return GO_ON;
	case 'v':
		o->output = output_fields;
		return GO_ON;
	case 'j':
		o->output = output_json;
		return GO_ON;
	case 'x':
		o->output = output_hex;
		return GO_ON;
	case 's':
		o->secrets = true;
		return GO_ON;
	case 'h':
		return print_help();
	case 'V':
		return print_version();
	default:
		return EXIT_USAGE;
	}
}

/* GO_ON, or what the program ends with. */
static int read_options(struct cmdline *a, struct options *o)
{
	const char *value, *rest;
	int letter, code = GO_ON;

	while (code == GO_ON && (letter = cmdline_next(a, &value)) != CMDLINE_END)
		code = set_option(a, o, letter, value);
	if (code != GO_ON)
		return code;
	if ((rest = cmdline_rest(a)))
		return cmdline_complain(a,
					"\"%.60s\" is no option; a capture file is given by "
					"--read, hex on stdin",
					rest);
	if (o->plan.file && o->plan.interface)
		return cmdline_complain(a, "--read and --interface exclude each other");
	if (o->plan.filter && !o->plan.file && !o->plan.interface)
		return cmdline_complain(a, "--filter needs --read or --interface");
	return GO_ON;
}

static void show_packet(void *ctx, const struct packet *packet)
{
	const struct options *o = ctx;
	struct packet settled = *packet;

	if (!settled.captured) {
		settled.origin = o->plan.origin;
		origin_settle(&settled);
	}
	o->output(&settled, o->secrets);
	fflush(stdout);
}

static int show_hex(struct options *o)
{
	if (isatty(STDIN_FILENO))
		fputs("icqdump: type or paste hex; a blank line ends a packet, Ctrl-D the input\n",
		      stderr);
	return hex_read(stdin, o->each_line, show_packet, o);
}

static int exit_code(int err)
{
	switch (err) {
	case 0:
		return EXIT_OK;
	case -ICQ_ENOENT:
		return EXIT_NOT_FOUND;
	case -ICQ_EDENIED:
		return EXIT_REFUSED;
	default:
		return EXIT_FAILED;
	}
}

int main(int argc, char **argv)
{
	struct cmdline a = { .program = "icqdump", .table = table, .argc = argc, .argv = argv };
	struct options o = { .plan.port = 4000, .output = output_line };
	int code;

	std_streams_open();
	if ((code = read_options(&a, &o)) != GO_ON)
		return code;
	signal(SIGPIPE, SIG_DFL); /* whoever reads us may have seen enough */

	int err = o.plan.file || o.plan.interface ? capture_run(&o.plan, show_packet, &o)
						  : show_hex(&o);

	if (!err && (fflush(stdout) == EOF || ferror(stdout))) {
		perror("icqdump: stdout");
		return EXIT_FAILED;
	}
	return exit_code(err);
}
