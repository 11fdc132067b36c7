/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* nftw() */
#include "folder.h"

#include "harness.h"

#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

void folder_new(char path[PATH_LEN])
{
	const char *in = getenv("TMPDIR");
	int n = snprintf(path, PATH_LEN, "%s/store-XXXXXX", in && *in ? in : "/tmp");

	assert_in_range(n, 1, PATH_LEN - 1);
	assert_non_null(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void folder_free(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void write_file(const char *file, const char *text, size_t n)
{
	FILE *f = fopen(file, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

void sql(const char *file, const char *text)
{
	sqlite3 *db;
	char *error = NULL;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &error))
		fail_msg("%s: %s", text, error);
	sqlite3_close(db);
}

int sql_number(const char *file, const char *text)
{
	sqlite3 *db;
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int n = sqlite3_column_int(st, 0);

	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

uint32_t kill_while(told_work *work, void *ctx, uint32_t number, uint32_t tells)
{
	int ends[2], status;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		work(ctx, ends[1]);
	close(ends[1]);
	for (uint32_t told; read(ends[0], &told, sizeof(told)) == sizeof(told); number = told) {
		if (tells-- == 0)
			kill(child, SIGKILL);
	}
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return number;
}
