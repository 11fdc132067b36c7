/* SPDX-License-Identifier: MIT */
/*
 * How long a restarted server needs until its sessions are back: each with 50 contacts, a message
 * in flight and one that is read. The database is closed in between, but the system's cache of
 * files stays warm: as after a plain restart of the service. What counts is the time from opening
 * the database until the server goes on; of that, how long the sessions are read from the store.
 *
 * Usage: bench_sessions [--json] [FOLDER]     in FOLDER the database is made, and removed
 */
#include "bench.h"
#include "database.h"
#include "server/server.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SESSIONS = 100000,
	CONTACTS = 50,
	STEPS = 7, /* jobs for each */
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
						    JOB_SESSION_SAVE, JOB_SESSION_LIST,
						    JOB_MESSAGE_PUT,  JOB_MESSAGE_PUT,
						    JOB_MESSAGE_NEXT };
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
		j->session.addr = addr_v4(0x7f000001, 4000);
		j->session.version = 2;
		j->session.now_s = NOW_S;
	} else if (j->kind == JOB_SESSION_SAVE) {
		j->save.uin = uin;
		j->save.epoch = epoch;
		j->save.verified = true;
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

static void send_nothing(void *ctx, const struct addr *to, const void *p, size_t n)
{
	(void)ctx;
	(void)to;
	(void)p;
	(void)n;
}

static int take_job(void *ctx, const struct job *job)
{
	(void)ctx;
	(void)job;
	return 0;
}

static void not_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 1, n);
}

static void log_nothing(void *ctx, const struct log_event *ev)
{
	(void)ctx;
	(void)ev;
}

static struct now time_now(void)
{
	return (struct now){ .mono_ms = (int64_t)(1000 * now_s()), .unix_s = NOW_S };
}

static struct server *server_new(void)
{
	const struct srv_env env = {
		.send = send_nothing, .submit = take_job, .random = not_random, .log = log_nothing
	};
	struct server *srv;
	struct conf conf;

	conf_preset(&conf);
	srv = srv_new(&conf, &env, time_now());
	if (!srv)
		die("out of memory");
	return srv;
}

struct back {
	struct server *srv; /* NULL: they are only read */
	uint32_t contacts, flights;
};

static void take_back(void *ctx, const struct saved_session *saved)
{
	struct back *back = ctx;

	back->contacts += saved->counts[0];
	back->flights += saved->flight != 0;
	if (back->srv && srv_restore(back->srv, time_now(), saved))
		die("a session does not come back; the run is void");
}

struct times {
	double back_s, read_s;
};

static double read_sessions(struct store_sqlite *s, struct back *back)
{
	double began_s = now_s();

	if (store_sqlite_sessions(s, take_back, back))
		die("the sessions cannot be read");
	if (back->contacts != SESSIONS * CONTACTS || back->flights != SESSIONS)
		die("%u contacts, %u messages in flight came back; the run is void", back->contacts,
		    back->flights);
	return now_s() - began_s;
}

static struct times start(const char *file)
{
	struct back back = { .srv = server_new() }, only_read = { 0 };
	struct store_sqlite *s;
	struct times took;
	double began_s = now_s();

	store_open(&s, file);
	read_sessions(s, &back);
	srv_restored(back.srv, time_now());
	took.back_s = now_s() - began_s;
	if (srv_session_count(back.srv) != SESSIONS)
		die("%u sessions came back; the run is void", srv_session_count(back.srv));
	took.read_s = read_sessions(s, &only_read);
	srv_free(&back.srv);
	store_sqlite_close(&s);
	return took;
}

static void measure(const char *file, bool json)
{
	double back_s[RUNS], read_s[RUNS], made_s = make_sessions(file);

	for (int i = 0; i < RUNS; i++) {
		struct times took = start(file);

		back_s[i] = took.back_s;
		read_s[i] = took.read_s;
	}
	sort_numbers(back_s, RUNS);
	sort_numbers(read_s, RUNS);
	printf(json ? "{\"bench\":\"sessions\",\"sessions\":%d,\"contacts\":%d,\"sqlite\":\"%s\","
		      "\"made_s\":%.3f,\"back_s\":%.3f,\"least_s\":%.3f,\"most_s\":%.3f,"
		      "\"read_s\":%.3f}\n"
		    : "%d sessions with %d contacts each, SQLite %s: made in %.2f s, back in "
		      "%.3f s (%.3f - %.3f), of which reading them takes %.3f s\n",
	       SESSIONS, CONTACTS, sqlite3_libversion(), made_s, back_s[RUNS / 2], back_s[0],
	       back_s[RUNS - 1], read_s[RUNS / 2]);
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
