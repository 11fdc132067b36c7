/* SPDX-License-Identifier: MIT */
/*
 * How long a search among 100,000 accounts takes in the thread that reads, against a bare
 * SQLite query that looks for the same part of a text in a table of the same texts. Before
 * every search a message is stored, so that nothing read before may be taken for still true.
 *
 * Usage: bench_search [--json] [FOLDER]     in FOLDER the database is made, and removed
 */
#include "bench.h"
#include "database.h"

#include "base/rng.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ACCOUNTS = 100000,
	GROUP = 1000,
	RUNS = 31,
	NOW_S = 1000000000,
};

struct bench {
	char file[PATH_LEN + 8];
	struct store_sqlite *writer, *reader;
	sqlite3 *bare;
	struct rng rng;
	struct job *jobs;
	struct job *job_at[GROUP];
	uint32_t sent;
};

struct question {
	const char *name;
	struct job_search search;
	const char *bare; /* condition on the table of names */
};

/* No name has a q, an x or a digit. */
static const struct question questions[] = {
	{ "rare, three letters", { .nick = "xqx" }, "instr(nick, x'787178')" },
	{ "rare, one letter", { .last = "q" }, "instr(last, x'71')" },
	{ "common, one letter", { .nick = "a" }, "instr(nick, x'61')" },
	{ "common, two letters", { .first = "an" }, "instr(first, x'616e')" },
	{ "three texts, the last rare",
	  { .nick = "a", .first = "e", .last = "q" },
	  "instr(nick, x'61') AND instr(first, x'65') AND instr(last, x'71')" },
	{ "three texts of common letters",
	  { .nick = "a", .first = "e", .last = "lolololo" },
	  "instr(nick, x'61') AND instr(first, x'65') AND instr(last, x'6c6f6c6f6c6f6c6f')" },
	{ "long",
	  { .last = "abcdefghijklmnopqrstuvwxyz" },
	  "instr(last, x'6162636465666768696a6b6c6d6e6f707172737475767778797a')" },
	{ "e-mail", { .email = "nobody@example.org" }, "email = x'6e6f'" },
};

/* ---- accounts -------------------------------------------------------------------------- */

static void any_word(struct rng *rng, char *out, uint32_t least, uint32_t most)
{
	static const char letters[2][12] = { "bcdfghklmnrs", "aeiouaeiouae" };
	uint32_t len = least + rng_below(rng, most - least + 1);

	for (uint32_t i = 0; i < len; i++)
		out[i] = letters[i % 2][rng_below(rng, 12)];
	out[len] = 0;
}

static void prepare_account(struct bench *b, struct job *j, uint32_t number)
{
	(void)b;
	*j = (struct job){ .kind = JOB_REGISTER };
	j->reg.seq = (uint16_t)number;
	j->reg.addr.port = (uint16_t)(number >> 16);
	j->reg.now_s = NOW_S;
}

static void prepare_profile(struct bench *b, struct job *j, uint32_t number)
{
	struct profile *p = &j->profile.profile;
	char word[16];

	*j = (struct job){ .kind = JOB_PROFILE_SET };
	j->profile.uin = STORE_FIRST_UIN + number;
	j->profile.parts = PROFILE_NAMES;
	any_word(&b->rng, p->nick, 4, 12);
	any_word(&b->rng, p->first, 3, 9);
	any_word(&b->rng, p->last, 4, 14);
	any_word(&b->rng, word, 4, 12);
	snprintf(p->email, sizeof(p->email), "%s%u@example.org", word, number);
}

static void fill(struct bench *b, void (*prepare)(struct bench *, struct job *, uint32_t))
{
	for (uint32_t done = 0; done < ACCOUNTS; done += GROUP) {
		for (uint32_t i = 0; i < GROUP; i++)
			prepare(b, &b->jobs[i], done + i);
		store_run(b->writer, b->job_at, GROUP);
	}
}

static void disturb(struct bench *b)
{
	struct job *j = &b->jobs[0];

	*j = (struct job){ .kind = JOB_MESSAGE_PUT };
	j->put.from = j->put.to = STORE_FIRST_UIN;
	j->put.msgid = ++b->sent;
	j->put.now_s = NOW_S;
	store_run(b->writer, b->job_at, 1);
}

/* ---- measuring ------------------------------------------------------------------------- */

static double search_ours(struct bench *b, const struct question *q)
{
	struct job *j = &b->jobs[0];

	*j = (struct job){ .kind = JOB_SEARCH, .search = q->search };
	double began_s = now_s();

	store_run(b->reader, b->job_at, 1);
	return now_s() - began_s;
}

static double search_bare(sqlite3_stmt *st)
{
	double began_s = now_s();

	while (sqlite3_step(st) == SQLITE_ROW)
		;
	if (sqlite3_reset(st))
		die("the bare query failed; the run is void");
	return now_s() - began_s;
}

static sqlite3_stmt *prepare_bare(struct bench *b, const struct question *q)
{
	char sql[256];
	sqlite3_stmt *st;

	snprintf(sql, sizeof(sql), "SELECT uin FROM names WHERE %s LIMIT %d", q->bare,
		 PROFILE_MAX_hits + 1);
	if (sqlite3_prepare_v2(b->bare, sql, -1, &st, NULL))
		die("%s: %s", sql, sqlite3_errmsg(b->bare));
	return st;
}

static void measure(struct bench *b, const struct question *q, bool json, bool first)
{
	double ours[RUNS], bare[RUNS], ratio[RUNS];
	sqlite3_stmt *st = prepare_bare(b, q);

	for (int i = 0; i < RUNS; i++) {
		disturb(b);
		if (i % 2)
			ours[i] = search_ours(b, q);
		bare[i] = search_bare(st);
		if (i % 2 == 0)
			ours[i] = search_ours(b, q);
		ratio[i] = ours[i] / bare[i];
	}
	sqlite3_finalize(st);
	sort_numbers(ours, RUNS);
	sort_numbers(bare, RUNS);
	sort_numbers(ratio, RUNS);
	printf(json ? "%s{\"search\":\"%s\",\"ours_ms\":%.3f,\"most_ms\":%.3f,\"bare_ms\":%.3f,"
		      "\"ratio\":%.3f}"
		    : "%s%-28s %8.2f %8.2f %8.2f %8.2f\n",
	       json && !first ? "," : "", q->name, 1e3 * ours[RUNS / 2], 1e3 * ours[RUNS - 1],
	       1e3 * bare[RUNS / 2], ratio[RUNS / 2]);
	fflush(stdout);
}

static void measure_all(struct bench *b, bool json)
{
	if (json)
		printf("{\"bench\":\"search\",\"sqlite\":\"%s\",\"rows\":[", sqlite3_libversion());
	else
		printf("search: milliseconds among %d accounts, SQLite %s, %d pairs of runs\n"
		       "%-28s %8s %8s %8s %8s\n",
		       ACCOUNTS, sqlite3_libversion(), RUNS, "", "median", "most", "bare", "ratio");
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		measure(b, &questions[i], json, i == 0);
	if (json)
		puts("]}");
}

static void bench_in(const char *folder, bool json)
{
	struct bench b = { .jobs = calloc(GROUP, sizeof(struct job)), .rng = { 1 } };
	const char *why;

	if (!b.jobs)
		die("out of memory");
	for (size_t i = 0; i < GROUP; i++)
		b.job_at[i] = &b.jobs[i];
	snprintf(b.file, sizeof(b.file), "%s/db", folder);
	store_open(&b.writer, b.file);
	fill(&b, prepare_account);
	fill(&b, prepare_profile);
	if (store_sqlite_open_reader(&b.reader, b.file, &why))
		die("%s: %s", b.file, why);
	if (sqlite3_open_v2(b.file, &b.bare, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL))
		die("%s: %s", b.file, sqlite3_errmsg(b.bare));
	measure_all(&b, json);
	sqlite3_close(b.bare);
	store_sqlite_close(&b.reader);
	store_sqlite_close(&b.writer);
	store_remove(b.file);
	free(b.jobs);
}

int main(int argc, char **argv)
{
	char folder[PATH_LEN];
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;

	folder_make(folder, argc > 1 + json ? argv[1 + json] : "/tmp");
	bench_in(folder, json);
	rmdir(folder);
	return EXIT_SUCCESS;
}
