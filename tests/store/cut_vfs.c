/* SPDX-License-Identifier: MIT */
#include "cut_vfs.h"

#include "harness.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS = 8 };

static struct {
	sqlite3_vfs vfs, *beneath;
	struct cut_disk disk;
	struct cut_log *log; /* NULL: nothing is written down */
	enum cut_trust trust;
	unsigned syncs_left;
	bool failed;
} cut;

/* An open file; temporary ones are not ours. */
struct file {
	sqlite3_file base;
	int node;
	bool new_name; /* its first sync is one of the folder, too */
	void *regions[REGIONS];
};

static struct file *file_of(sqlite3_file *f)
{
	return (struct file *)f;
}

static struct cut_node *node_of(sqlite3_file *f)
{
	return &cut.disk.nodes[file_of(f)->node];
}

static void change(const struct cut_change *c)
{
	cut_disk_do(&cut.disk, c);
	if (cut.log)
		cut_log_add(cut.log, c);
}

/* ---- files ------------------------------------------------------------------------------- */

static int on_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

static int on_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	const struct cut_node *node = node_of(f);
	size_t there = (size_t)at < node->size ? node->size - (size_t)at : 0;

	if (there > (size_t)n)
		there = (size_t)n;
	if (there)
		memcpy(p, node->bytes + at, there);
	memset((char *)p + there, 0, (size_t)n - there);
	return there == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	change(&(struct cut_change){ .kind = CUT_WRITE,
				     .node = file_of(f)->node,
				     .at = (size_t)at,
				     .n = (size_t)n,
				     .bytes = p });
	return SQLITE_OK;
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	change(&(struct cut_change){
		.kind = CUT_SIZE, .node = file_of(f)->node, .at = (size_t)size });
	return SQLITE_OK;
}

static bool sync_fails(void)
{
	bool fails = cut.syncs_left > 0 && --cut.syncs_left == 0;

	cut.failed |= fails;
	return fails;
}

static int on_sync(sqlite3_file *f, int flags)
{
	struct file *file = file_of(f);

	(void)flags;
	if (sync_fails()) {
		change(&(struct cut_change){ .kind = CUT_SYNC_FAILED, .node = file->node });
		return SQLITE_IOERR_FSYNC;
	}
	if (cut.trust != CUT_NO_SYNC)
		change(&(struct cut_change){ .kind = CUT_SYNC, .node = file->node });
	if (cut.trust == CUT_HONEST && file->new_name)
		change(&(struct cut_change){ .kind = CUT_SYNC_FOLDER });
	file->new_name = false;
	return SQLITE_OK;
}

static int on_size(sqlite3_file *f, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)node_of(f)->size;
	return SQLITE_OK;
}

static int on_lock(sqlite3_file *f, int level)
{
	(void)f;
	(void)level;
	return SQLITE_OK;
}

static int on_check_lock(sqlite3_file *f, int *out)
{
	(void)f;
	*out = 0;
	return SQLITE_OK;
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	(void)f;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int on_sector(sqlite3_file *f)
{
	(void)f;
	return CUT_SECTOR;
}

/* As on Linux: what lies beside a write stays as it is. */
static int on_traits(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- shared memory: a power cut leaves nothing of it ------------------------------------- */

static int on_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	struct file *file = file_of(f);

	assert_true(region < REGIONS);
	if (!file->regions[region] && extend) {
		file->regions[region] = calloc(1, (size_t)size);
		assert_non_null(file->regions[region]);
	}
	*out = file->regions[region];
	return SQLITE_OK;
}

static int on_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	(void)f;
	(void)at;
	(void)n;
	(void)flags;
	return SQLITE_OK;
}

static void on_shm_barrier(sqlite3_file *f)
{
	(void)f;
}

static int on_shm_unmap(sqlite3_file *f, int remove)
{
	struct file *file = file_of(f);

	(void)remove;
	for (int i = 0; i < REGIONS; i++) {
		free(file->regions[i]);
		file->regions[i] = NULL;
	}
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_lock,
	.xCheckReservedLock = on_check_lock,
	.xFileControl = on_control,
	.xSectorSize = on_sector,
	.xDeviceCharacteristics = on_traits,
	.xShmMap = on_shm_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_shm_barrier,
	.xShmUnmap = on_shm_unmap,
};

/* ---- names ------------------------------------------------------------------------------- */

static bool ends_with(const char *path, const char *end)
{
	size_t n = strlen(path), len = strlen(end);

	return n > len && strcmp(path + n - len, end) == 0;
}

static enum cut_name name_of(const char *path)
{
	return ends_with(path, "-journal") ? CUT_JOURNAL
	       : ends_with(path, "-wal")   ? CUT_WAL
					   : CUT_DATABASE;
}

/* The database itself is made before SQLite opens it: schema_touch(). */
static int on_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *f, int flags, int *out)
{
	struct file *file = file_of(f);
	enum cut_name name;

	(void)vfs;
	if (!path)
		return cut.beneath->xOpen(cut.beneath, path, f, flags, out);
	name = name_of(path);
	*file = (struct file){ .node = cut.disk.names[name],
			       .new_name = name != CUT_DATABASE && (flags & SQLITE_OPEN_CREATE) };
	if (file->node == CUT_NO_NODE) {
		if (name != CUT_DATABASE && !(flags & SQLITE_OPEN_CREATE))
			return SQLITE_CANTOPEN;
		file->node = cut_disk_node(&cut.disk);
		change(&(struct cut_change){ .kind = CUT_NAME, .node = file->node, .name = name });
	}
	file->base.pMethods = &methods;
	if (out)
		*out = flags;
	return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
	enum cut_name name = name_of(path);

	(void)vfs;
	if (cut.disk.names[name] == CUT_NO_NODE)
		return SQLITE_IOERR_DELETE_NOENT;
	change(&(struct cut_change){ .kind = CUT_NAME, .node = CUT_NO_NODE, .name = name });
	if (sync_folder && cut.trust == CUT_HONEST)
		change(&(struct cut_change){ .kind = CUT_SYNC_FOLDER });
	return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	int node = cut.disk.names[name_of(path)];

	(void)vfs;
	/* SQLite on Linux takes an empty file for none when it asks for one. */
	*out = node != CUT_NO_NODE &&
	       (flags != SQLITE_ACCESS_EXISTS || cut.disk.nodes[node].size > 0);
	return SQLITE_OK;
}

void cut_vfs_install(enum cut_trust trust)
{
	cut.trust = trust;
	cut_vfs_fail(0);
	cut.beneath = sqlite3_vfs_find(NULL);
	cut.vfs = *cut.beneath;
	cut.vfs.zName = "cut";
	if (cut.vfs.szOsFile < (int)sizeof(struct file))
		cut.vfs.szOsFile = (int)sizeof(struct file);
	cut.vfs.xOpen = on_open;
	cut.vfs.xDelete = on_delete;
	cut.vfs.xAccess = on_access;
	cut_disk_init(&cut.disk);
	assert_int_equal(sqlite3_vfs_register(&cut.vfs, 1), SQLITE_OK);
}

void cut_vfs_remove(void)
{
	sqlite3_vfs_unregister(&cut.vfs);
	cut_disk_free(&cut.disk);
}

void cut_vfs_fail(unsigned nth)
{
	cut.syncs_left = nth;
	cut.failed = false;
}

bool cut_vfs_failed(void)
{
	return cut.failed;
}

struct cut_disk *cut_vfs_disk(void)
{
	return &cut.disk;
}

void cut_vfs_start(void)
{
	cut.log = cut_log_new(&cut.disk);
}

size_t cut_vfs_count(void)
{
	return cut_log_count(cut.log);
}

struct cut_log *cut_vfs_end(void)
{
	struct cut_log *log = cut.log;

	cut.log = NULL;
	return log;
}
