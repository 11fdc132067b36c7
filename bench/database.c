/* SPDX-License-Identifier: MIT */
#include "database.h"

#include "bench.h"

#include <stdio.h>
#include <unistd.h>

void store_open(struct store_sqlite **s, const char *file)
{
	const char *why;

	if (store_sqlite_open(s, file, &why))
		die("%s: %s", file, why);
}

void store_run(struct store_sqlite *s, struct job *const *jobs, size_t n)
{
	store_sqlite_run(s, jobs, n);
	for (size_t i = 0; i < n; i++) {
		if (jobs[i]->err)
			die("a job failed; the run is void");
	}
}

void store_remove(const char *file)
{
	static const char *const tails[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		char path[PATH_LEN + 16];

		snprintf(path, sizeof(path), "%s%s", file, tails[i]);
		unlink(path);
	}
}
