/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/args.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd/cmdline.h"
#include "cmd/icqchaos/units.h"

#define SERVER_PORT "4000"

enum { IDLE_MS = 300000 };

static const struct flag flags[] = {
	{ 'l', "listen", "ADDR:PORT", "where clients come to (127.0.0.1:0: any free port)" },
	{ 't', "to", "HOST[:PORT]", "the server (port 4000)" },
	{ 's', "seed", "NUMBER", "of all chances; without it a random one" },
	{ 'L', "loss", "P%", "lose so many datagrams, both ways" },
	{ 'u', "loss-up", "P%", "the same towards the server only" },
	{ 'd', "loss-down", "P%", "the same towards the clients only" },
	{ '2', "duplicate", "P%", "send so many twice" },
	{ 'r', "reorder", "P%", "hold so many back, so that others overtake them" },
	{ 'c', "corrupt", "P%", "change one byte of so many" },
	{ 'x', "truncate", "P%", "cut so many short" },
	{ 'D', "delay", "MS", "delay all" },
	{ 'j', "jitter", "MS", "and by up to so much more" },
	{ 'b', "rebind", "SECONDS|P%", "give a client another port, so often or by chance" },
	{ 'p', "partition", "START:LENGTH", "lose all from a second on, so long; repeatable" },
	{ 'f', "for", "SECONDS", "end the faults then; the relay goes on" },
	{ 'S', "stop-after", "SECONDS", "end the relay then" },
	{ 'i', "idle", "SECONDS", "forget clients after so long a silence (300)" },
	{ 'J', "json", NULL, "the summary as one JSON object" },
	{ 'v', "verbose", NULL, "each datagram and its fate, on stderr" },
	{ 'h', "help", NULL, "this text" },
	{ 'V', "version", NULL, "the version of icqchaos" },
	{ 0 },
};

void args_help(void)
{
	puts("Usage: icqchaos --to HOST[:PORT] [OPTION]...\n"
	     "\n"
	     "Relays UDP datagrams between clients and a server, and lets happen to them what\n"
	     "happens on bad lines. It prints a ready line, and a summary when it is stopped.\n");
	cmdline_help(flags, stdout);
	puts("\nExit codes: 0 ok, 1 failure, 2 usage, 5 no such host. See icqchaos(1).");
}

/* ---- one option ------------------------------------------------------------------------ */

static int refuse(const struct cmdline *line, const char *option, const char *wanted,
		  const char *value)
{
	cmdline_complain(line, "--%s must be %s, not \"%.60s\"", option, wanted, value);
	return -ICQ_ESYNTAX;
}

static int take_chance(const struct cmdline *line, const char *option, const char *value,
		       uint32_t *out)
{
	if (units_chance(value, out) == 0)
		return 0;
	return refuse(line, option, "a percentage from 0 to 100, such as 12.5%", value);
}

static int take_millis(const struct cmdline *line, const char *option, const char *value,
		       uint32_t *out)
{
	if (units_millis(value, out) == 0)
		return 0;
	return refuse(line, option, "whole milliseconds from 0 to 60000", value);
}

static int take_seconds(const struct cmdline *line, const char *option, const char *value,
			int64_t *out)
{
	if (units_seconds(value, out) == 0 && *out > 0)
		return 0;
	return refuse(line, option, "seconds, more than 0, such as 30 or 0.5", value);
}

static int take_loss(struct args *a, const struct cmdline *line, const char *value)
{
	uint32_t *loss = a->conf.plan.loss;

	if (take_chance(line, "loss", value, &loss[FAULT_UP]) < 0)
		return -ICQ_ESYNTAX;
	loss[FAULT_DOWN] = loss[FAULT_UP];
	return 0;
}

/* A percentage has its sign here: without one it would be seconds. */
static int take_rebind(struct args *a, const struct cmdline *line, const char *value)
{
	struct fault_plan *plan = &a->conf.plan;

	if (strchr(value, '%') && units_chance(value, &plan->rebind) == 0)
		return 0;
	if (units_seconds(value, &plan->rebind_ms) == 0 && plan->rebind_ms > 0)
		return 0;
	return refuse(line, "rebind", "seconds, such as 30, or a percentage, such as 1%", value);
}

static int take_cut(struct args *a, const struct cmdline *line, const char *value)
{
	struct fault_plan *plan = &a->conf.plan;
	int64_t start_ms, len_ms;

	if (plan->cut_count == FAULT_CUTS_MAX) {
		cmdline_complain(line, "more than %d partitions", FAULT_CUTS_MAX);
		return -ICQ_ESYNTAX;
	}
	if (units_span(value, &start_ms, &len_ms) < 0)
		return refuse(line, "partition", "START:LENGTH in seconds, such as 10:2.5", value);
	plan->cuts[plan->cut_count++] = (struct fault_cut){ start_ms, start_ms + len_ms };
	return 0;
}

static int take_listen(struct args *a, const struct cmdline *line, const char *value)
{
	if (addr_parse(value, &a->conf.listen) == 0 && addr_is_v4(&a->conf.listen))
		return 0;
	return refuse(line, "listen", "ADDR:PORT, such as 127.0.0.1:0", value);
}

static int take_server(struct args *a, const struct cmdline *line, const char *value)
{
	size_t n = strcspn(value, ":");
	char *end;
	unsigned long port = strtoul(value[n] ? value + n + 1 : SERVER_PORT, &end, 10);

	if (n == 0 || n >= sizeof(a->host) || *end || port < 1 || port > UINT16_MAX)
		return refuse(line, "to", "HOST or HOST:PORT", value);
	memcpy(a->host, value, n);
	a->host[n] = '\0';
	a->port = (uint16_t)port;
	return 0;
}

static int take_seed(struct args *a, const struct cmdline *line, const char *value)
{
	a->seed_given = true;
	if (units_seed(value, &a->conf.seed) == 0)
		return 0;
	return refuse(line, "seed", "a number of 64 bits, such as 7 or 0x5f2c91", value);
}

/* ---- all of them ----------------------------------------------------------------------- */

static int take_fault(struct args *a, const struct cmdline *line, int letter, const char *value)
{
	struct fault_plan *plan = &a->conf.plan;

	switch (letter) {
	case 'L':
		return take_loss(a, line, value);
	case 'u':
		return take_chance(line, "loss-up", value, &plan->loss[FAULT_UP]);
	case 'd':
		return take_chance(line, "loss-down", value, &plan->loss[FAULT_DOWN]);
	case '2':
		return take_chance(line, "duplicate", value, &plan->duplicate);
	case 'r':
		return take_chance(line, "reorder", value, &plan->reorder);
	case 'c':
		return take_chance(line, "corrupt", value, &plan->corrupt);
	case 'x':
		return take_chance(line, "truncate", value, &plan->truncate);
	case 'D':
		return take_millis(line, "delay", value, &plan->delay_ms);
	case 'j':
		return take_millis(line, "jitter", value, &plan->jitter_ms);
	case 'b':
		return take_rebind(a, line, value);
	case 'p':
		return take_cut(a, line, value);
	case 'f':
		return take_seconds(line, "for", value, &plan->end_ms);
	default:
		return -ICQ_ESYNTAX;
	}
}

static int take_option(struct args *a, const struct cmdline *line, int letter, const char *value)
{
	switch (letter) {
	case 'l':
		return take_listen(a, line, value);
	case 't':
		return take_server(a, line, value);
	case 's':
		return take_seed(a, line, value);
	case 'S':
		return take_seconds(line, "stop-after", value, &a->conf.stop_ms);
	case 'i':
		return take_seconds(line, "idle", value, &a->conf.idle_ms);
	case 'J':
		a->json = true;
		return 0;
	case 'v':
		a->conf.verbose = true;
		return 0;
	case 'h':
		a->action = SHOW_HELP;
		return 0;
	case 'V':
		a->action = SHOW_VERSION;
		return 0;
	default:
		return take_fault(a, line, letter, value);
	}
}

/* What the options have to be together. */
static int check(struct args *a, struct cmdline *line)
{
	const char *rest = cmdline_rest(line);

	if (rest) {
		cmdline_complain(line, "\"%.60s\" is no option", rest);
		return -ICQ_ESYNTAX;
	}
	if (!*a->host && a->action == RELAY) {
		cmdline_complain(line, "--to HOST[:PORT] has to say where the server is");
		return -ICQ_ESYNTAX;
	}
	a->conf.progress = !a->conf.verbose && isatty(STDERR_FILENO);
	return 0;
}

int args_read(struct args *a, int argc, char **argv)
{
	struct cmdline line = { "icqchaos", flags, argc, argv };
	const char *value;
	int letter, err;

	*a = (struct args){ .action = RELAY,
			    .conf = { .listen = addr_v4(0x7f000001, 0),
				      .plan = fault_none(),
				      .idle_ms = IDLE_MS,
				      .stop_ms = NEVER_MS } };
	while ((letter = cmdline_next(&line, &value)) != CMDLINE_END) {
		if ((err = take_option(a, &line, letter, value)) < 0)
			return err;
	}
	return check(a, &line);
}
