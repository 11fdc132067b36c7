/* SPDX-License-Identifier: MIT */
/* icqconform: plays the table of conversations against a real server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd/cmdline.h"
#include "cmd/exit_codes.h"
#include "conformance/cases.h"
#include "conformance/play.h"
#include "conformance/udp.h"
#include "harness.h"
#include "io/lookup.h"
#include "io/random.h"

enum { WAIT_S = 1, PATIENCE_MS = 3000, QUIET_MS = 30, MOST = 60000, DEFAULT_PORT = 4000 };

static const struct flag flags[] = {
	{ 't', "table", "FOLDER", "the conversations; else those of the source tree" },
	{ 'w', "wait", "SECONDS", "skip conversations that wait longer (1)" },
	{ 'p', "patience", "MS", "how long an answer may take (3000)" },
	{ 'q', "quiet", "MS", "how long to listen for what must not come (30)" },
	{ 'h', "help", NULL, "this text" },
	{ 0 },
};

static struct udp_world world;
static int64_t longest_wait_s = WAIT_S;

/* ---- what cannot be played here -------------------------------------------------------- */

static bool needs_rig(const char *steps)
{
	static const char *const words[] = { "\thold\n", "\tanswer",  "\tstore fails",
					     "\tqueue ", "\tcrash\n", " is at " };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(steps, words[i]))
			return true;
	return false;
}

static double waits_s(const char *steps)
{
	double all = 0, one;

	for (; (steps = strstr(steps, "\twait ")); steps++)
		if (sscanf(steps, " wait %lf", &one) == 1)
			all += one;
	return all;
}

static void skip_unless_possible(const struct conversation *c)
{
	if (c->setting_count)
		harness_skip("needs settings of its own");
	if (needs_rig(c->steps))
		harness_skip("needs a simulated store or network");
	if (waits_s(c->steps) > (double)longest_wait_s)
		harness_skip("waits too long");
	if (strstr(c->steps, "to another host") && !addr_is_loopback(&world.server))
		harness_skip("has another address on loopback only");
}

static void play_over_udp(void)
{
	const struct conversation *c = harness_subject();
	struct script_world in = udp_script_world(&world);
	struct script *s;

	skip_unless_possible(c);
	udp_begin(&world);
	s = script_in(&in);
	play(c, s);
	udp_leave(&world, s);
	free(s);
}

/* ---- the command line ------------------------------------------------------------------ */

static int print_help(void)
{
	puts("Usage: icqconform [OPTION]... HOST[:PORT] [PART]...\n"
	     "\n"
	     "Plays conversations of old ICQ clients against a server and prints TAP: those whose\n"
	     "name holds one of these parts, or all. The server needs open registration and\n"
	     "should run with limits.enabled=no. The accounts that it makes stay.\n");
	cmdline_help(flags, stdout);
	return EXIT_OK;
}

/* HOST:PORT, or HOST alone. */
static int find_server(const char *text, struct addr *out)
{
	char host[256];
	unsigned port = DEFAULT_PORT;

	if (sscanf(text, "%255[^:]:%u", host, &port) < 1 || port > UINT16_MAX)
		return -ICQ_ESYNTAX;
	return lookup_host(host, (uint16_t)port, out);
}

static bool number(const struct cmdline *a, const char *name, const char *text, int64_t *out)
{
	return cmdline_number(a, name, text, 0, MOST, out);
}

/* Reads the options. False: *status_out is what the program ends with. */
static bool read_options(struct cmdline *a, const char **folder, int *status_out)
{
	const char *value;
	int letter;
	bool good = true;

	*status_out = EXIT_USAGE;
	while (good && (letter = cmdline_next(a, &value)) != CMDLINE_END) {
		if (letter == 't')
			*folder = value;
		else if (letter == 'w')
			good = number(a, "wait", value, &longest_wait_s);
		else if (letter == 'p')
			good = number(a, "patience", value, &world.patience_ms);
		else if (letter == 'q')
			good = number(a, "quiet", value, &world.quiet_ms);
		else if (letter == 'h')
			*status_out = print_help();
		good = good && letter != 'h' && letter != CMDLINE_BAD;
	}
	return good;
}

static int no_connection(const char *server)
{
	fprintf(stderr, "icqconform: no answer from %s\n", server);
	return EXIT_NO_CONNECTION;
}

static int run(const struct table *t, const char *server, char **parts)
{
	if (find_server(server, &world.server) < 0 || !udp_server_is_there(&world))
		return no_connection(server);
	cases_add(t, play_over_udp);
	return harness_run("icqconform", parts);
}

int main(int argc, char **argv)
{
	struct cmdline a = { "icqconform", flags, argc, argv };
	const char *folder = CONVERSATIONS, *server;
	struct table *table;
	int status;

	world.patience_ms = PATIENCE_MS;
	world.quiet_ms = QUIET_MS;
	if (!read_options(&a, &folder, &status))
		return status;
	server = cmdline_rest(&a);
	if (!server)
		return cmdline_complain(&a, "which server?");
	table = table_read(folder);
	if (!table || random_init() < 0)
		return EXIT_FAILED;
	status = run(table, server, argv + optind); /* getopt moves what is no option there */
	table_free(&table);
	return status;
}
