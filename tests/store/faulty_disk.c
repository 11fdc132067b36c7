/* SPDX-License-Identifier: MIT */
#include "faulty_disk.h"

#include "harness.h"

#include <sqlite3.h>

static struct {
	sqlite3_vfs vfs, *beneath;
	enum disk_fault fault;
	unsigned calls_left, changes;
	bool failed;
} disk;

/* It lies behind ours. */
static sqlite3_file *beneath(sqlite3_file *f)
{
	return f + 1;
}

enum call { READS, WRITES, CHANGES };

/* Whether this call meets the fault. */
static bool fails(enum call call)
{
	disk.changes += call != READS;
	if (disk.fault == DISK_WELL || (disk.fault == DISK_FULL && call != WRITES) || disk.failed)
		return false;
	disk.failed = --disk.calls_left == 0;
	return disk.failed;
}

static int on_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return fails(READS) ? SQLITE_IOERR_READ : beneath(f)->pMethods->xRead(beneath(f), p, n, at);
}

static int on_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (!fails(WRITES))
		return beneath(f)->pMethods->xWrite(beneath(f), p, n, at);
	if (disk.fault == DISK_FULL)
		return SQLITE_FULL;
	beneath(f)->pMethods->xWrite(beneath(f), p, n / 2, at);
	return SQLITE_IOERR_WRITE;
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return fails(CHANGES) ? SQLITE_IOERR_TRUNCATE
			      : beneath(f)->pMethods->xTruncate(beneath(f), size);
}

static int on_sync(sqlite3_file *f, int flags)
{
	(void)f;
	(void)flags;
	return fails(CHANGES) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int on_close(sqlite3_file *f)
{
	return beneath(f)->pMethods->xClose(beneath(f));
}

static int on_size(sqlite3_file *f, sqlite3_int64 *out)
{
	return beneath(f)->pMethods->xFileSize(beneath(f), out);
}

static int on_lock(sqlite3_file *f, int level)
{
	return beneath(f)->pMethods->xLock(beneath(f), level);
}

static int on_unlock(sqlite3_file *f, int level)
{
	return beneath(f)->pMethods->xUnlock(beneath(f), level);
}

static int on_check_lock(sqlite3_file *f, int *out)
{
	return beneath(f)->pMethods->xCheckReservedLock(beneath(f), out);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	return beneath(f)->pMethods->xFileControl(beneath(f), op, arg);
}

static int on_sector(sqlite3_file *f)
{
	return beneath(f)->pMethods->xSectorSize(beneath(f));
}

static int on_traits(sqlite3_file *f)
{
	return beneath(f)->pMethods->xDeviceCharacteristics(beneath(f));
}

static int on_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return beneath(f)->pMethods->xShmMap(beneath(f), page, size, extend, out);
}

static int on_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return beneath(f)->pMethods->xShmLock(beneath(f), at, n, flags);
}

static void on_shm_barrier(sqlite3_file *f)
{
	beneath(f)->pMethods->xShmBarrier(beneath(f));
}

static int on_shm_unmap(sqlite3_file *f, int remove)
{
	return beneath(f)->pMethods->xShmUnmap(beneath(f), remove);
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
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_check_lock,
	.xFileControl = on_control,
	.xSectorSize = on_sector,
	.xDeviceCharacteristics = on_traits,
	.xShmMap = on_shm_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_shm_barrier,
	.xShmUnmap = on_shm_unmap,
};

static int on_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
	int rc = disk.beneath->xOpen(disk.beneath, name, beneath(f), flags, out);

	(void)vfs;
	f->pMethods = beneath(f)->pMethods ? &methods : NULL;
	return rc;
}

void disk_install(void)
{
	disk.beneath = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.beneath;
	disk.vfs.zName = "faulty";
	disk.vfs.szOsFile += (int)sizeof(sqlite3_file);
	disk.vfs.xOpen = on_open;
	disk.fault = DISK_WELL;
	disk.changes = 0;
	assert_int_equal(sqlite3_vfs_register(&disk.vfs, 1), SQLITE_OK);
}

void disk_remove(void)
{
	sqlite3_vfs_unregister(&disk.vfs);
}

void disk_fail(enum disk_fault fault, unsigned nth)
{
	disk.fault = fault;
	disk.calls_left = nth;
	disk.failed = false;
}

unsigned disk_changes(void)
{
	return disk.changes;
}

bool disk_failed(void)
{
	return disk.failed;
}
