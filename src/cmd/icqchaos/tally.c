/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/tally.h"

#include <inttypes.h>
#include <jansson.h>

void tally_fate(struct tally_way *t, const struct fault_fate *fate, size_t n)
{
	t->in++;
	t->lost += fate->lost;
	t->cut += fate->cut;
	t->duplicated += fate->count > 1;
	t->waiting += fate->count;
	for (unsigned i = 0; i < fate->count; i++) {
		const struct fault_copy *copy = &fate->copies[i];

		t->held_back += copy->back;
		t->corrupted += copy->flip != 0;
		t->truncated += copy->len < n;
	}
}

void tally_passed(struct tally_way *t, int64_t delay_ms, bool overtaken)
{
	if (t->passed == 0 || delay_ms < t->delay_least_ms)
		t->delay_least_ms = delay_ms;
	if (delay_ms > t->delay_most_ms)
		t->delay_most_ms = delay_ms;
	t->delay_sum_ms += delay_ms;
	t->reordered += overtaken;
	t->passed++;
	t->waiting--;
}

void tally_not_sent(struct tally_way *t)
{
	t->not_sent++;
	t->waiting--;
}

static double delay_mean_ms(const struct tally_way *t)
{
	return t->passed ? (double)t->delay_sum_ms / (double)t->passed : 0;
}

static void print_row(FILE *out, const char *label, uint64_t up, uint64_t down)
{
	fprintf(out, "  %-24s%12" PRIu64 "%12" PRIu64 "\n", label, up, down);
}

static void print_ms(FILE *out, const char *label, double up, double down)
{
	fprintf(out, "  %-24s%12.1f%12.1f\n", label, up, down);
}

void tally_print(const struct tally *t, const struct tally_about *about, FILE *out)
{
	const struct tally_way *up = &t->ways[FAULT_UP], *down = &t->ways[FAULT_DOWN];

	fprintf(out, "seed 0x%016" PRIx64 ", %.1f s, %" PRIu32 " clients, %" PRIu64 " rebinds\n",
		about->seed, (double)about->run_ms / 1000, t->clients, t->rebinds);
	fprintf(out, "  %-24s%12s%12s\n", "datagrams", "up", "down");
#define X(name, label) print_row(out, label, up->name, down->name);
	TALLY_COUNTS(X)
#undef X
	print_ms(out, "least delay, ms", (double)up->delay_least_ms, (double)down->delay_least_ms);
	print_ms(out, "mean delay, ms", delay_mean_ms(up), delay_mean_ms(down));
	print_ms(out, "most delay, ms", (double)up->delay_most_ms, (double)down->delay_most_ms);
	if (t->refused)
		fprintf(out, "  refused, no port left: %" PRIu64 "\n", t->refused);
	if (t->strangers)
		fprintf(out, "  dropped, not from the server: %" PRIu64 "\n", t->strangers);
}

static json_t *way_json(const struct tally_way *t)
{
	json_t *o = json_object();

#define X(name, label) json_object_set_new(o, #name, json_integer((json_int_t)t->name));
	TALLY_COUNTS(X)
#undef X
	json_object_set_new(o, "delay_ms",
			    json_pack("{sI sf sI}", "min", (json_int_t)t->delay_least_ms, "mean",
				      delay_mean_ms(t), "max", (json_int_t)t->delay_most_ms));
	return o;
}

/* The seed as text: a number of JSON has 53 bits at many a reader. */
void tally_print_json(const struct tally *t, const struct tally_about *about, FILE *out)
{
	char seed[20];
	json_t *o;

	snprintf(seed, sizeof(seed), "0x%016" PRIx64, about->seed);
	o = json_pack("{ss sf sI sI sI sI so so}", "seed", seed, "seconds",
		      (double)about->run_ms / 1000, "clients", (json_int_t)t->clients, "rebinds",
		      (json_int_t)t->rebinds, "refused", (json_int_t)t->refused, "strangers",
		      (json_int_t)t->strangers, "up", way_json(&t->ways[FAULT_UP]), "down",
		      way_json(&t->ways[FAULT_DOWN]));
	json_dumpf(o, out, JSON_COMPACT | JSON_REAL_PRECISION(6));
	fputc('\n', out);
	json_decref(o);
}
