/* SPDX-License-Identifier: MIT */
/* icqsim: worlds from seeds, and whether the delivery promise held in them. */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cmd/cmdline.h"
#include "cmd/exit_codes.h"
#include "cmd/std_streams.h"
#include "sim/sweep.h"

enum {
	SEEDS_MOST = 1000000000,
	MESSAGES_MOST = 1000000,
	SHRINKS = 12,
	SEARCHES = 30,
	KEPT_BYTES = 1 << 25, /* of memory, between worlds that come and go by thousands */
};

struct args {
	struct trial trial;
	uint64_t seeds;
	uint32_t part, parts; /* of the sweep over all writes; parts 0: there is none */
	bool json, digest;
};

/* All trials together. */
struct sum {
	struct verdict all;
	uint64_t seeds;
	uint64_t points, struck; /* of sweeps */
	struct trial worst;	 /* the shortest that failed */
	struct verdict worst_verdict;
};

static const struct flag flags[] = {
	{ 'n', "seeds", "N", "so many worlds (1)" },
	{ 's', "seed", "X", "the seed of the first; the next ones follow it (1)" },
	{ 'S', "scenario", "NAME", "what befalls them (storm)" },
	{ 'm', "messages", "N", "that are said in a world; preset by the scenario" },
	{ 'o', "off", "DEFENCE", "take a defence of the server away: it must fail" },
	{ 'w', "every-write", "I/N", "a crash at each write of each world; part I of N of them" },
	{ 'c', "crash", "WHEN:K",
	  "a crash before, in or after write K, or in it and again (twice)" },
	{ 't', "trace", NULL, "every datagram and log record, on stderr" },
	{ 'd', "digest", NULL, "a line with the hash of all that happened" },
	{ 'J', "json", NULL, "the result as one JSON object" },
	{ 'h', "help", NULL, "this text" },
	{ 'V', "version", NULL, "the version of icqsim" },
	{ 0 },
};

static void help(void)
{
	puts("Usage: icqsim [OPTION]...\n"
	     "\n"
	     "Lets a server, our clients and old ones live in simulated worlds, and checks that\n"
	     "every message that was accepted arrives. One seed is one world, to the last byte.\n");
	cmdline_help(flags, stdout);
	puts("\nScenarios:");
	for (const struct scenario *s = scenarios; s->name; s++)
		printf("  %-18s %s\n", s->name, s->meaning);
	puts("\nDefences, and what happens without them:");
	for (enum defence d = DEFENCE_NONE + 1; d < DEFENCE_COUNT; d++)
		printf("  %-18s %s\n", defence_name(d), defence_without(d));
	puts("\nExit codes: 0 the promise held, 1 it did not, 2 usage. See icqsim(1).");
}

/* ---- the command line ------------------------------------------------------------------ */

static int take_seed(const struct cmdline *line, const char *value, uint64_t *out)
{
	char *end;

	*out = strtoull(value, &end, 0);
	if (*value && *value != '-' && !*end)
		return 0;
	return cmdline_complain(line, "--seed must be a number, not \"%.60s\"", value);
}

static int take_number(const struct cmdline *line, const char *option, const char *value,
		       int64_t most, int64_t *out)
{
	return cmdline_number(line, option, value, 1, most, out) ? 0 : EXIT_USAGE;
}

static int take_scenario(const struct cmdline *line, const char *value, struct trial *t)
{
	t->scenario = scenario_find(value);
	if (t->scenario)
		return 0;
	return cmdline_complain(line, "no scenario \"%.60s\"; --help lists them", value);
}

static int take_defence(const struct cmdline *line, const char *value, struct trial *t)
{
	if (defence_parse(value, &t->off) == 0)
		return 0;
	return cmdline_complain(line, "no defence \"%.60s\"; --help lists them", value);
}

static int take_crash(const struct cmdline *line, const char *value, struct trial *t)
{
	if (crash_parse(value, t) == 0)
		return 0;
	return cmdline_complain(line, "--crash must be like in:17, not \"%.60s\"", value);
}

static int take_part(const struct cmdline *line, const char *value, struct args *a)
{
	char rest;

	if (sscanf(value, "%" SCNu32 "/%" SCNu32 "%c", &a->part, &a->parts, &rest) == 2 &&
	    a->part && a->part <= a->parts)
		return 0;
	return cmdline_complain(line, "--every-write must be like 1/10, not \"%.60s\"", value);
}

static void print_line(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

/* 0, an exit code, or -1: nothing else is to be done. */
static int take(struct args *a, const struct cmdline *line, int letter, const char *value)
{
	int64_t number = 0;
	int err = 0;

	switch (letter) {
	case 'n':
		err = take_number(line, "--seeds", value, SEEDS_MOST, &number);
		a->seeds = (uint64_t)number;
		return err;
	case 'm':
		err = take_number(line, "--messages", value, MESSAGES_MOST, &number);
		a->trial.messages = (uint32_t)number;
		return err;
	case 's':
		return take_seed(line, value, &a->trial.seed);
	case 'S':
		return take_scenario(line, value, &a->trial);
	case 'o':
		return take_defence(line, value, &a->trial);
	case 'c':
		return take_crash(line, value, &a->trial);
	case 'w':
		return take_part(line, value, a);
	case 't':
		a->trial.trace = print_line;
		return 0;
	case 'd':
		a->digest = true;
		return 0;
	case 'J':
		a->json = true;
		return 0;
	case 'h':
		help();
		return -1;
	case 'V':
		puts("icqsim " SEEKYOU_VERSION " (Seekyou)");
		return -1;
	default:
		return EXIT_USAGE;
	}
}

static int read_args(struct args *a, int argc, char **argv)
{
	struct cmdline line = { "icqsim", flags, argc, argv };
	const char *value;

	for (int letter; (letter = cmdline_next(&line, &value)) != CMDLINE_END;) {
		int err = take(a, &line, letter, value);

		if (err)
			return err;
	}
	value = cmdline_rest(&line);
	return value ? cmdline_complain(&line, "what is \"%.60s\"?", value) : 0;
}

/* ---- the worlds ------------------------------------------------------------------------ */

static void add(struct verdict *all, const struct verdict *v)
{
	all->accepted += v->accepted;
	all->delivered += v->delivered;
	all->refused += v->refused;
	all->lost += v->lost;
	all->duplicated += v->duplicated;
	all->reordered += v->reordered;
	all->repeated += v->repeated;
	all->discarded += v->discarded;
	all->direct += v->direct;
	all->doubled += v->doubled;
	all->returned += v->returned;
	all->files += v->files;
	all->resumed += v->resumed;
	all->lines += v->lines;
	all->crashes += v->crashes;
	all->ms += v->ms;
	all->digest = (all->digest ^ v->digest) * 0x9e3779b97f4a7c15u;
}

static void keep_worst(struct sum *sum, const struct trial *t, const struct verdict *v)
{
	if (sum->all.broken && v->broken_ms >= sum->worst_verdict.broken_ms)
		return;
	sum->all.broken = true;
	sum->worst = *t;
	sum->worst_verdict = *v;
}

/* Other seeds may fail earlier. */
static void search(struct sum *sum)
{
	struct trial t = sum->worst;
	struct rng rng = { t.seed };

	t.trace = NULL;
	for (int i = 0; i < SEARCHES; i++) {
		t.seed = rng_next(&rng);
		t.most_ms = sum->worst_verdict.broken_ms;

		struct verdict v = trial_run(&t);

		if (v.broken)
			keep_worst(sum, &t, &v);
	}
}

/* The same seed with fewer messages may fail earlier. */
static void shrink(struct sum *sum)
{
	struct trial t = sum->worst;
	uint32_t messages = t.messages ? t.messages : t.scenario->messages;

	t.trace = NULL;
	for (int i = 0; i < SHRINKS && messages > 1; i++) {
		messages /= 2;
		t.messages = messages;

		struct verdict v = trial_run(&t);

		if (v.broken)
			keep_worst(sum, &t, &v);
	}
}

static void count(void *ctx, const struct trial *t, const struct verdict *v)
{
	struct sum *sum = ctx;

	add(&sum->all, v);
	if (v->broken)
		keep_worst(sum, t, v);
}

static void sweep(struct sum *sum, const struct args *a, const struct trial *t)
{
	struct sweep s = { .part = a->part, .parts = a->parts };

	sweep_run(&s, t, count, sum);
	sum->points += s.points;
	sum->struck += s.struck;
}

static struct sum run(const struct args *a)
{
	struct sum sum = { 0 };
	struct trial t = a->trial;

	/* Without a defence, one failure is all that was asked for. */
	for (; sum.seeds < a->seeds && !(sum.all.broken && t.off); sum.seeds++, t.seed++) {
		struct verdict v;

		if (a->parts) {
			sweep(&sum, a, &t);
			continue;
		}
		v = trial_run(&t);
		count(&sum, &t, &v);
	}
	if (sum.all.broken)
		shrink(&sum);
	if (sum.all.broken && (a->seeds > 1 || a->parts)) /* no certain one was asked for */
		search(&sum);
	return sum;
}

/* ---- the result ------------------------------------------------------------------------ */

static double hours(const struct sum *sum)
{
	return (double)sum->all.ms / 3600000;
}

static void print_repeat(const struct sum *sum, FILE *out)
{
	const struct trial *t = &sum->worst;
	char crash[CRASH_TEXT_MAX];

	if (t->crash.moment)
		crash_text(t, crash);
	fprintf(out, "icqsim --scenario %s --seed %" PRIu64, t->scenario->name, t->seed);
	if (t->messages)
		fprintf(out, " --messages %" PRIu32, t->messages);
	if (t->crash.moment)
		fprintf(out, " --crash %s", crash);
	if (t->off)
		fprintf(out, " --off %s", defence_name(t->off));
}

static void print_failure(const struct sum *sum)
{
	printf("broken after %.1f simulated seconds: %s\nrepeat: ",
	       (double)sum->worst_verdict.broken_ms / 1000, sum->worst_verdict.why);
	print_repeat(sum, stdout);
	printf(" --trace\n");
}

static void print_json(const struct sum *sum)
{
	const struct verdict *v = &sum->all;
	const struct {
		const char *name;
		uint64_t count;
	} counts[] = {
		{ "seeds", sum->seeds },
		{ "accepted", v->accepted },
		{ "delivered", v->delivered },
		{ "refused", v->refused },
		{ "lost", v->lost },
		{ "duplicated", v->duplicated },
		{ "reordered", v->reordered },
		{ "repeated", v->repeated },
		{ "discarded", v->discarded },
		{ "direct", v->direct },
		{ "doubled", v->doubled },
		{ "returned", v->returned },
		{ "files", v->files },
		{ "resumed", v->resumed },
		{ "lines", v->lines },
		{ "crashes", v->crashes },
		{ "write_points", sum->points },
		{ "crashed_at", sum->struck },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		printf("%c\"%s\":%" PRIu64, i ? ',' : '{', counts[i].name, counts[i].count);
	printf(",\"simulated_hours\":%.1f,\"digest\":\"%016" PRIx64 "\",\"broken\":%s", hours(sum),
	       v->digest, v->broken ? "true" : "false");
	if (v->broken) {
		printf(",\"broken_after_s\":%.1f,\"why\":\"%s\",\"repeat\":\"",
		       (double)sum->worst_verdict.broken_ms / 1000, sum->worst_verdict.why);
		print_repeat(sum, stdout);
		printf("\"");
	}
	puts("}");
}

static void print_sum(const struct sum *sum, bool digest)
{
	const struct verdict *v = &sum->all;

	if (v->broken)
		print_failure(sum);
	if (sum->points)
		printf("write_points=%" PRIu64 " crashed_at=%" PRIu64 " (%.1f %%)\n", sum->points,
		       sum->struck, 100.0 * (double)sum->struck / (double)sum->points);
	if (digest)
		printf("digest=%016" PRIx64 "\n", v->digest);
	printf("seeds=%" PRIu64 " accepted=%" PRIu64 " delivered=%" PRIu64 " lost=%" PRIu64
	       " duplicated=%" PRIu64 " reordered=%" PRIu64 " crashes=%" PRIu64
	       " simulated_hours=%.1f\n",
	       sum->seeds, v->accepted, v->delivered, v->lost, v->duplicated, v->reordered,
	       v->crashes, hours(sum));
}

int main(int argc, char **argv)
{
	struct args args = { .trial = { .scenario = scenarios, .seed = 1 }, .seeds = 1 };
	struct sum sum;
	int err;

	std_streams_open();
	if ((err = read_args(&args, argc, argv)))
		return err < 0 ? EXIT_OK : err;
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, 8 * KEPT_BYTES);
	sum = run(&args);
	if (args.json)
		print_json(&sum);
	else
		print_sum(&sum, args.digest);
	return fflush(stdout) == 0 && !sum.all.broken ? EXIT_OK : EXIT_FAILED;
}
