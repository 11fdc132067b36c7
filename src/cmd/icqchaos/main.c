/* SPDX-License-Identifier: MIT */
/* icqchaos: a relay of datagrams with the faults of bad lines. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/icqchaos/args.h"
#include "cmd/icqchaos/relay.h"
#include "cmd/std_streams.h"
#include "io/harden.h"
#include "io/lookup.h"
#include "io/random.h"

/* Each client takes a descriptor. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void print_ready(const struct addr *bound, uint64_t seed)
{
	char text[ADDR_TEXT_MAX];

	printf("ready listen=%s seed=0x%016" PRIx64 "\n", addr_text(bound, text), seed);
	fflush(stdout);
}

static int print_summary(const struct args *a, const struct relay *r, int64_t run_ms)
{
	const struct tally_about about = { .seed = a->conf.seed, .run_ms = run_ms };

	if (a->json)
		tally_print_json(relay_tally(r), &about, stdout);
	else
		tally_print(relay_tally(r), &about, stdout);
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

static int relay(struct args *a)
{
	struct relay *r;
	struct addr bound;
	char text[ADDR_TEXT_MAX];
	int code, err = lookup_host(a->host, a->port, &a->conf.to);

	if (err < 0) {
		fprintf(stderr, "icqchaos: no host %s; --to wants a name or an IPv4 address\n",
			a->host);
		return EXIT_NOT_FOUND;
	}
	if ((err = relay_open(&r, &a->conf, &bound)) < 0) {
		fprintf(stderr, "icqchaos: cannot listen on %s: %s\n",
			addr_text(&a->conf.listen, text),
			err == -ICQ_ENOENT ? "this machine has no such address"
					   : icq_err_text(err));
		return EXIT_FAILED;
	}
	print_ready(&bound, a->conf.seed);
	code = print_summary(a, r, relay_run(r));
	relay_close(&r);
	return code;
}

int main(int argc, char **argv)
{
	struct args args;

	std_streams_open();
	harden_process();
	if (args_read(&args, argc, argv) < 0)
		return EXIT_USAGE;
	switch (args.action) {
	case SHOW_HELP:
		args_help();
		return EXIT_OK;
	case SHOW_VERSION:
		puts("icqchaos " SEEKYOU_VERSION " (Seekyou)");
		return EXIT_OK;
	default:
		break;
	}
	if (random_init() < 0)
		return EXIT_FAILED;
	if (!args.seed_given)
		random_bytes(&args.conf.seed, sizeof(args.conf.seed));
	raise_descriptors();
	return relay(&args);
}
