/* SPDX-License-Identifier: MIT */
/*
 * How many messages a second the store takes, in groups, against the same rows inserted by bare
 * prepared statements: same tables and indexes, same disk, runs taking turns. What is between
 * the two: the counters of the mailboxes, and the questions that a message raises (a repeat? an
 * account? room?).
 *
 * Usage: bench_store [--json] [FOLDER]     in FOLDER the databases are made, and removed
 */
#include "bench.h"
#include "database.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	USERS = 1000,
	GROUP_MAX = 1000,
	PAIRS = 5,
	TEXT_LEN = 21,
	COMMITS = 500, /* in one run, but */
	MESSAGES_MAX = 10000,
	NOW_S = 1000000000,
};

struct bench {
	char ours_file[PATH_LEN + 8], bare_file[PATH_LEN + 8];
	struct store_sqlite *ours;
	sqlite3 *bare;
	sqlite3_stmt *begin, *add_key, *add_message, *commit;
	uint32_t sent; /* numbers the messages of both */
	struct job *jobs;
	struct job *job_at[GROUP_MAX];
};

struct row {
	int group;
	double ours_per_s, bare_per_s, ratio[PAIRS]; /* the ratios sorted, the rates of the last */
};

static uint32_t sender_of(uint32_t number)
{
	return STORE_FIRST_UIN + number % USERS;
}

static uint32_t receiver_of(uint32_t number)
{
	return STORE_FIRST_UIN + (number * 7 + 1) % USERS;
}

/* ---- ours ------------------------------------------------------------------------------ */

static void run(struct bench *b, size_t n)
{
	store_run(b->ours, b->job_at, n);
	for (size_t i = 0; i < n; i++) {
		const struct job *j = &b->jobs[i];

		if (j->kind == JOB_MESSAGE_PUT && (j->put.repeat || j->put.refused))
			die("a message was not taken; the run is void");
	}
}

static void make_accounts(struct bench *b)
{
	for (uint16_t i = 0; i < USERS; i++) {
		b->jobs[i] = (struct job){ .kind = JOB_REGISTER };
		b->jobs[i].reg.seq = i;
		b->jobs[i].reg.now_s = NOW_S;
	}
	run(b, USERS);
}

static void empty_mailboxes(struct bench *b)
{
	for (uint32_t i = 0; i < USERS; i++) {
		b->jobs[i] = (struct job){ .kind = JOB_MESSAGE_DROP };
		b->jobs[i].drop.uin = STORE_FIRST_UIN + i;
		b->jobs[i].drop.last = UINT64_MAX;
	}
	run(b, USERS);
}

static void prepare_put(struct job *j, uint32_t number)
{
	memset(j, 0, offsetof(struct job, text));
	j->kind = JOB_MESSAGE_PUT;
	j->put.from = sender_of(number);
	j->put.to = receiver_of(number);
	j->put.epoch = 1 + number / UINT16_MAX;
	j->put.seq = (uint16_t)(number % UINT16_MAX);
	j->put.command = 0x010e;
	j->put.type = 1;
	j->put.now_s = NOW_S;
	j->put.max_messages = 1000; /* the presets */
	j->put.max_bytes = 524288;
	j->put.max_from_one = 100;
	j->put.max_notices = 50;
	j->text_len = TEXT_LEN;
	memset(j->text, 'x', TEXT_LEN);
}

static void put_ours(struct bench *b, uint32_t first, int group)
{
	for (int i = 0; i < group; i++)
		prepare_put(&b->jobs[i], first + (uint32_t)i);
	run(b, (size_t)group);
}

/* ---- bare ------------------------------------------------------------------------------ */

static void bare_sql(struct bench *b, const char *sql)
{
	if (sqlite3_exec(b->bare, sql, NULL, NULL, NULL))
		die("%s: %s", sql, sqlite3_errmsg(b->bare));
}

static sqlite3_stmt *bare_prepare(struct bench *b, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(b->bare, sql, -1, &st, NULL))
		die("%s: %s", sql, sqlite3_errmsg(b->bare));
	return st;
}

/* The tables are those that the store makes, without the triggers that count. */
static void open_bare(struct bench *b)
{
	struct store_sqlite *s;

	store_open(&s, b->bare_file);
	store_sqlite_close(&s);
	if (sqlite3_open_v2(b->bare_file, &b->bare, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL))
		die("%s: %s", b->bare_file, sqlite3_errmsg(b->bare));
	bare_sql(b, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		    "DROP TRIGGER message_in; DROP TRIGGER message_out");
	b->begin = bare_prepare(b, "BEGIN IMMEDIATE");
	b->commit = bare_prepare(b, "COMMIT");
	b->add_key = bare_prepare(b, "INSERT INTO message_key (sender, epoch, id, until_s)"
				     " VALUES (?1, ?2, ?3, ?4)");
	b->add_message = bare_prepare(
		b, "INSERT INTO message (g, receiver, sender, type, accepted_s, text)"
		   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
}

static void bare_step(struct bench *b, sqlite3_stmt *st)
{
	sqlite3_step(st);
	if (sqlite3_reset(st))
		die("%s", sqlite3_errmsg(b->bare));
}

static void bare_row(struct bench *b, uint32_t number)
{
	static const char text[TEXT_LEN] = "xxxxxxxxxxxxxxxxxxxx";

	sqlite3_bind_int64(b->add_key, 1, sender_of(number));
	sqlite3_bind_int64(b->add_key, 2, 1 + number / UINT16_MAX);
	sqlite3_bind_int64(b->add_key, 3,
			   (int64_t)(number % UINT16_MAX) << 32 | (int64_t)0x010e << 16);
	sqlite3_bind_int64(b->add_key, 4, NOW_S);
	bare_step(b, b->add_key);
	sqlite3_bind_int64(b->add_message, 1, number + 1);
	sqlite3_bind_int64(b->add_message, 2, receiver_of(number));
	sqlite3_bind_int64(b->add_message, 3, sender_of(number));
	sqlite3_bind_int64(b->add_message, 4, 1);
	sqlite3_bind_int64(b->add_message, 5, NOW_S);
	sqlite3_bind_blob(b->add_message, 6, text, TEXT_LEN, SQLITE_STATIC);
	bare_step(b, b->add_message);
}

static void put_bare(struct bench *b, uint32_t first, int group)
{
	bare_step(b, b->begin);
	for (int i = 0; i < group; i++)
		bare_row(b, first + (uint32_t)i);
	bare_step(b, b->commit);
}

static void close_bare(struct bench *b)
{
	sqlite3_finalize(b->begin);
	sqlite3_finalize(b->commit);
	sqlite3_finalize(b->add_key);
	sqlite3_finalize(b->add_message);
	sqlite3_close(b->bare);
}

/* ---- measuring ------------------------------------------------------------------------- */

/* Messages a second. */
static double measure(struct bench *b, void (*put)(struct bench *, uint32_t, int), int group,
		      int count)
{
	double began_s = now_s();

	for (int done = 0; done < count; done += group)
		put(b, b->sent + (uint32_t)done, group);
	return count / (now_s() - began_s);
}

/* Who goes first changes from pair to pair: the disk is warmer for the second. */
static struct row measure_group(struct bench *b, int group)
{
	struct row r = { .group = group };
	int count = group * COMMITS < MESSAGES_MAX ? group * COMMITS : MESSAGES_MAX;

	for (int i = 0; i < PAIRS; i++) {
		if (i % 2)
			r.ours_per_s = measure(b, put_ours, group, count);
		r.bare_per_s = measure(b, put_bare, group, count);
		if (i % 2 == 0)
			r.ours_per_s = measure(b, put_ours, group, count);
		r.ratio[i] = r.ours_per_s / r.bare_per_s;
		b->sent += (uint32_t)count;
		empty_mailboxes(b);
		bare_sql(b, "DELETE FROM message");
	}
	sort_numbers(r.ratio, PAIRS);
	return r;
}

static void print_row(const struct row *r, bool json, bool first)
{
	double median = r->ratio[PAIRS / 2], least = r->ratio[0], most = r->ratio[PAIRS - 1];

	if (json)
		printf("%s{\"group\":%d,\"ours_per_s\":%.0f,\"bare_per_s\":%.0f,\"ratio\":%.3f,"
		       "\"least\":%.3f,\"most\":%.3f}",
		       first ? "" : ",", r->group, r->ours_per_s, r->bare_per_s, median, least,
		       most);
	else
		printf("%6d %12.0f %12.0f %8.2f  %.2f - %.2f\n", r->group, r->ours_per_s,
		       r->bare_per_s, median, least, most);
	fflush(stdout);
}

static void measure_all(struct bench *b, bool json)
{
	static const int groups[] = { 1, 10, 100, 1000 };

	if (json)
		printf("{\"bench\":\"store\",\"sqlite\":\"%s\",\"rows\":[", sqlite3_libversion());
	else
		printf("store: messages a second, SQLite %s, %d pairs of runs\n"
		       " group         ours         bare    ratio  range\n",
		       sqlite3_libversion(), PAIRS);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct row r = measure_group(b, groups[i]);

		print_row(&r, json, i == 0);
	}
	if (json)
		puts("]}");
}

static void bench_in(const char *folder, bool json)
{
	struct bench b = { .jobs = calloc(GROUP_MAX, sizeof(struct job)) };

	if (!b.jobs)
		die("out of memory");
	for (size_t i = 0; i < GROUP_MAX; i++)
		b.job_at[i] = &b.jobs[i];
	snprintf(b.ours_file, sizeof(b.ours_file), "%s/ours", folder);
	snprintf(b.bare_file, sizeof(b.bare_file), "%s/bare", folder);
	store_open(&b.ours, b.ours_file);
	open_bare(&b);
	make_accounts(&b);
	measure_all(&b, json);
	store_sqlite_close(&b.ours);
	close_bare(&b);
	store_remove(b.ours_file);
	store_remove(b.bare_file);
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
