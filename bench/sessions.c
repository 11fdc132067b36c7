/* SPDX-License-Identifier: MIT */
/*
 * How long a restarted server needs to read its sessions back: each with 50 contacts, a message
 * in flight and one that is read. The database is closed in between, but the system's cache of
 * files stays warm: as after a plain restart of the service.
 *
 * Usage: bench_sessions [--json] [FOLDER]     in FOLDER the database is made, and removed
 */
#include "bench.h"
#include "database.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SESSIONS = 100000,
	CONTACTS = 50,
	STEPS = 6, /* jobs for each */
	GROUP = 100,
	RUNS = 5,
	NOW_S = 1000000000,
};

/* ---- making them ----------------------------------------------------------------------- */

static void fill_list(struct job *j, uint32_t number)
{
	j->list.clear = true;
	for (uint32_t i = 1; i <= CONTACTS; i++) {
		uint32_t uin = STORE_FIRST_UIN + (number + i * 97) % SESSIONS;

		for (int byte = 0; byte < 4; byte++)
			j->text[j->text_len++] = (uint8_t)(uin >> 8 * byte);
	}
}

/* In a new database the epochs rise with the UINs, and so do the messages. */
static void fill_job(struct job *j, uint32_t number, int step)
{
	static const enum job_kind kinds[STEPS] = { JOB_REGISTER,     JOB_SESSION_BEGIN,
						    JOB_SESSION_LIST, JOB_MESSAGE_PUT,
						    JOB_MESSAGE_PUT,  JOB_MESSAGE_NEXT };
	uint32_t uin = STORE_FIRST_UIN + number;
	uint64_t epoch = 1 + number;

	memset(j, 0, offsetof(struct job, text));
	j->kind = kinds[step];
	if (j->kind == JOB_REGISTER) {
		j->reg.seq = (uint16_t)number;
		j->reg.tag = (uint16_t)(number >> 16);
		j->reg.now_s = NOW_S;
	} else if (j->kind == JOB_SESSION_BEGIN) {
		j->session.uin = uin;
		j->session.now_s = NOW_S;
	} else if (j->kind == JOB_SESSION_LIST) {
		j->list.uin = uin;
		j->list.epoch = epoch;
		fill_list(j, number);
	} else if (j->kind == JOB_MESSAGE_PUT) {
		j->put.from = j->put.to = uin;
		j->put.seq = (uint16_t)step;
		j->put.now_s = NOW_S;
		j->put.flight_epoch = epoch;
		j->put.flight_n = (uint32_t)step;
	} else {
		j->next.uin = uin;
		j->next.epoch = epoch;
		j->next.n = STEPS;
		j->next.old = true;
	}
}

static void make_group(struct store_sqlite *s, uint32_t first, struct job *jobs)
{
	struct job *at[GROUP * STEPS];

	for (uint32_t i = 0; i < GROUP * STEPS; i++) {
		at[i] = &jobs[i];
		fill_job(at[i], first + i / STEPS, (int)(i % STEPS));
	}
	store_run(s, at, (size_t)GROUP * STEPS);
}

/* Returns the seconds that it took. */
static double make_sessions(const char *file)
{
	struct job *jobs = calloc((size_t)GROUP * STEPS, sizeof(*jobs));
	struct store_sqlite *s;
	double began_s = now_s();

	if (!jobs)
		die("out of memory");
	store_open(&s, file);
	for (uint32_t i = 0; i < SESSIONS; i += GROUP)
		make_group(s, i, jobs);
	store_sqlite_close(&s);
	free(jobs);
	return now_s() - began_s;
}

/* ---- reading them back ----------------------------------------------------------------- */

struct sum {
	uint32_t sessions, contacts, flights;
};

static void add(void *ctx, const struct saved_session *saved)
{
	struct sum *sum = ctx;

	sum->sessions++;
	sum->contacts += saved->counts[0];
	sum->flights += saved->flight != 0;
}

static double read_back(const char *file)
{
	struct store_sqlite *s;
	struct sum sum = { 0 };

	store_open(&s, file);
	double began_s = now_s();

	if (store_sqlite_sessions(s, add, &sum))
		die("%s: cannot be read", file);
	double took_s = now_s() - began_s;

	store_sqlite_close(&s);
	if (sum.sessions != SESSIONS || sum.contacts != SESSIONS * CONTACTS ||
	    sum.flights != SESSIONS)
		die("%u sessions, %u contacts, %u messages in flight came back; the run is void",
		    sum.sessions, sum.contacts, sum.flights);
	return took_s;
}

static void measure(const char *file, bool json)
{
	double took_s[RUNS], made_s = make_sessions(file);

	for (int i = 0; i < RUNS; i++)
		took_s[i] = read_back(file);
	sort_numbers(took_s, RUNS);
	printf(json ? "{\"bench\":\"sessions\",\"sessions\":%d,\"contacts\":%d,\"sqlite\":\"%s\","
		      "\"made_s\":%.3f,\"read_s\":%.3f,\"least_s\":%.3f,\"most_s\":%.3f}\n"
		    : "%d sessions with %d contacts each, SQLite %s: made in %.2f s, read back in "
		      "%.3f s (%.3f - %.3f)\n",
	       SESSIONS, CONTACTS, sqlite3_libversion(), made_s, took_s[RUNS / 2], took_s[0],
	       took_s[RUNS - 1]);
}

int main(int argc, char **argv)
{
	char folder[PATH_LEN], file[PATH_LEN + 8];
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;

	folder_make(folder, argc > 1 + json ? argv[1 + json] : "/tmp");
	snprintf(file, sizeof(file), "%s/db", folder);
	measure(file, json);
	store_remove(file);
	rmdir(folder);
	return EXIT_SUCCESS;
}
