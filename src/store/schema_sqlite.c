/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "store/schema_sqlite.h"

static int pragma_number(sqlite3 *db, const char *sql, int *out)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

	if (rc)
		return rc;
	sqlite3_step(st);
	*out = sqlite3_column_int(st, 0);
	return sqlite3_finalize(st);
}

/* The version of the file. One that is neither ours nor empty is not touched. */
static int read_version(sqlite3 *db, int application_id, int *version_out)
{
	int id, objects;
	int rc = pragma_number(db, "PRAGMA user_version", version_out);

	if (!rc)
		rc = pragma_number(db, "PRAGMA application_id", &id);
	if (!rc)
		rc = pragma_number(db, "SELECT count(*) FROM sqlite_schema", &objects);
	if (rc)
		return rc;
	return id == application_id || (*version_out == 0 && objects == 0) ? SQLITE_OK
									   : SQLITE_NOTADB;
}

int schema_touch(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EACCES || errno == EPERM || errno == EROFS ? SQLITE_PERM
									   : SQLITE_CANTOPEN;
	close(fd);
	return SQLITE_OK;
}

static int copy_to(sqlite3 *db, sqlite3 *copy)
{
	sqlite3_backup *b = sqlite3_backup_init(copy, "main", db, "main");

	if (!b)
		return sqlite3_errcode(copy);
	sqlite3_backup_step(b, -1);
	return sqlite3_backup_finish(b);
}

static int back_up(sqlite3 *db, const char *file, int version)
{
	char *name = sqlite3_mprintf("%s.before-%d", file, version);
	sqlite3 *copy = NULL;
	int rc = name ? schema_touch(name) : SQLITE_NOMEM;

	if (!rc)
		rc = sqlite3_open_v2(name, &copy, SQLITE_OPEN_READWRITE, NULL);
	if (!rc)
		rc = copy_to(db, copy);
	sqlite3_close(copy);
	sqlite3_free(name);
	return rc;
}

static int apply(sqlite3 *db, const struct schema *to, int from)
{
	char mark[80];
	int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	for (int i = from; !rc && i < to->version; i++)
		rc = sqlite3_exec(db, to->steps[i], NULL, NULL, NULL);
	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 to->application_id, to->version);
	if (!rc)
		rc = sqlite3_exec(db, mark, NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int schema_upgrade(sqlite3 *db, const char *file, const struct schema *to)
{
	int version;
	int rc = read_version(db, to->application_id, &version);

	if (rc || version == to->version)
		return rc;
	if (version > to->version)
		return SQLITE_MISMATCH;
	if (version > 0)
		rc = back_up(db, file, to->version);
	return rc ? rc : apply(db, to, version);
}
