/* SPDX-License-Identifier: MIT */
/*
 * To be preloaded into a program: allocations that fail, a disk that is slow or fails when it is
 * to sync, a wall clock that jumps. Orders come through a file that both sides map (SHIM_FILE),
 * and what happened is counted there; so a test knows that its fault has arrived.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* shim.py knows the same order. */
struct orders {
	_Atomic int64_t malloc_left; /* this many allocations succeed, then one does not; 0: all */
	_Atomic int64_t sync_ms;     /* how long a sync takes */
	_Atomic int64_t sync_fails;
	_Atomic int64_t civil_s;				      /* added to the wall clock */
	_Atomic int64_t mallocs, syncs, syncs_failed, mallocs_failed; /* counted */
};

static struct orders idle, *orders = &idle;

__attribute__((constructor)) static void map_orders(void)
{
	const char *name = getenv("SHIM_FILE");
	int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
	void *p = MAP_FAILED;

	if (fd >= 0)
		p = mmap(NULL, sizeof(*orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p != MAP_FAILED)
		orders = p;
	if (fd >= 0)
		close(fd);
}

/* ---- memory ------------------------------------------------------------------------------ */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static int refuses(void)
{
	atomic_fetch_add(&orders->mallocs, 1);
	if (atomic_load(&orders->malloc_left) == 0 ||
	    atomic_fetch_sub(&orders->malloc_left, 1) != 1)
		return 0;
	atomic_fetch_add(&orders->mallocs_failed, 1);
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t n)
{
	return refuses() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return refuses() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return refuses() ? NULL : __libc_realloc(p, n);
}

/* ---- disk -------------------------------------------------------------------------------- */

static int sync_by(const char *name, int fd)
{
	int64_t ms = atomic_load(&orders->sync_ms);
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };
	int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);

	atomic_fetch_add(&orders->syncs, 1);
	nanosleep(&pause, NULL);
	if (!atomic_load(&orders->sync_fails))
		return next(fd);
	atomic_fetch_add(&orders->syncs_failed, 1);
	errno = EIO;
	return -1;
}

int fsync(int fd)
{
	return sync_by("fsync", fd);
}

int fdatasync(int fd)
{
	return sync_by("fdatasync", fd);
}

/* ---- clock ------------------------------------------------------------------------------- */

int clock_gettime(clockid_t id, struct timespec *out)
{
	int (*next)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(
		RTLD_NEXT, "clock_gettime");
	int err = next(id, out);

	if (id == CLOCK_REALTIME)
		out->tv_sec += atomic_load(&orders->civil_s);
	return err;
}
