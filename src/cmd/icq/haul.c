/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "cmd/icq/haul.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	AGAIN = 65536,	 /* bytes of a partial file that are compared */
	SPARE = 1 << 20, /* bytes of the disk that are left alone */
	PARTIALS = 100,	 /* of one name: the others are in use */
	NAMES = 10000,	 /* that are tried for one file */
};

/* ---- opening and closing --------------------------------------------------------------- */

static struct haul *haul_new(void)
{
	struct haul *h = calloc(1, sizeof(*h));

	if (h)
		h->fd = h->folder = -1;
	return h;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void haul_free(struct haul *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->count; i++) {
		close_if_open(h->files[i].fd);
		free(h->files[i].name);
	}
	free(h->files);
	close_if_open(h->fd);
	close_if_open(h->folder);
	free(h->path);
	free(h);
}

/* Takes the haul down and says why. */
static struct haul *give_up(struct haul *h, const char *path, const char *why, char **why_out)
{
	if (asprintf(why_out, "%s: %s", path, why) < 0)
		*why_out = NULL;
	haul_free(h);
	return NULL;
}

/* What is no file never gets open, whatever it does when it is opened. NULL or why not. */
static const char *load(struct haul_file *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "this is no file";
	if (st.st_size > UINT32_MAX)
		return "this is too long: 4 GiB less a byte is the most";
	f->size = (uint32_t)st.st_size;
	f->name = strdup(slash ? slash + 1 : path);
	return f->name ? NULL : strerror(ENOMEM);
}

struct haul *haul_load(const char *const *paths, size_t count, char **why_out)
{
	struct haul *h = haul_new();

	if (h)
		h->files = calloc(count, sizeof(*h->files));
	if (!h || !h->files)
		return give_up(h, paths[0], strerror(ENOMEM), why_out);
	for (size_t i = 0; i < count; i++) {
		const char *why = load(&h->files[h->count++], paths[i]);

		if (why)
			return give_up(h, paths[i], why, why_out);
	}
	return h;
}

struct haul *haul_await(const char *path, bool make, bool anew, char **why_out)
{
	struct haul *h = haul_new();

	if (!h)
		return give_up(h, path, strerror(ENOMEM), why_out);
	if (make)
		mkdir(path, 0700); /* whether it is there is seen next */
	h->anew = anew;
	h->path = strdup(path);
	h->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!h->path || h->folder < 0)
		return give_up(h, path, strerror(errno), why_out);
	if (faccessat(h->folder, ".", W_OK | X_OK, AT_EACCESS) < 0)
		return give_up(h, path, strerror(errno), why_out);
	return h;
}

/* ---- partial files --------------------------------------------------------------------- */

static int error_now(void)
{
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return -ICQ_EFULL;
	case EACCES:
	case EPERM:
	case EROFS:
	case ENAMETOOLONG:
		return -ICQ_EDENIED;
	default:
		return -ICQ_EIO;
	}
}

/* Is this a partial file of ours, that nobody else is writing to? */
static bool is_ours(int fd, uint32_t size, struct stat *st)
{
	return fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	       st->st_nlink == 1 && st->st_size <= size && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* Opens or makes the partial file of this name. 0, negative, or 1: the name is taken. */
static int try_partial(struct haul *h, uint32_t size)
{
	enum { FLAGS = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK };
	struct stat st;

	h->fd = openat(h->folder, h->partial, FLAGS | O_CREAT | O_EXCL, 0600);
	if (h->fd >= 0 && flock(h->fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (h->fd < 0 && errno == EEXIST)
		h->fd = openat(h->folder, h->partial, FLAGS);
	else
		return error_now();
	if (h->fd < 0 || !is_ours(h->fd, size, &st)) {
		close_if_open(h->fd);
		h->fd = -1;
		return 1;
	}
	if (h->anew && ftruncate(h->fd, 0) < 0)
		return error_now();
	h->had = h->anew ? 0 : (uint64_t)st.st_size;
	return 0;
}

static int open_partial(struct haul *h, uint32_t uin, uint32_t size)
{
	int err = 1;

	h->had = 0;
	for (unsigned i = 1; i < PARTIALS && err == 1; i++) {
		char number[16] = "";

		if (i > 1)
			snprintf(number, sizeof(number), ".%u", i);
		snprintf(h->partial, sizeof(h->partial), "%s.%u-%u%s.part", h->name, uin, size,
			 number);
		err = try_partial(h, size);
	}
	return err == 1 ? -ICQ_EDENIED : err;
}

static bool has_room(const struct haul *h, uint64_t bytes)
{
	struct statvfs fs;

	return fstatvfs(h->folder, &fs) < 0 || (uint64_t)fs.f_bavail * fs.f_frsize >= bytes + SPARE;
}

static int create(struct haul *h, struct icq_client_file_job *job, const char *name)
{
	int err;

	close_if_open(h->fd);
	h->fd = -1;
	if (!filename_make(h->name, name))
		return -ICQ_EDENIED;
	err = open_partial(h, job->uin, job->size);
	if (err < 0)
		return err;
	if (!has_room(h, job->size - h->had))
		return -ICQ_EFULL;
	job->offset = h->had > AGAIN ? h->had - AGAIN : 0;
	return 0;
}

/* ---- contents -------------------------------------------------------------------------- */

/* Up to the end of the file. */
static int read_all(int fd, uint8_t *p, size_t *n, uint64_t offset)
{
	size_t done = 0;

	while (done < *n) {
		ssize_t got = pread(fd, p + done, *n - done, (off_t)(offset + done));

		if (got < 0 && errno != EINTR)
			return error_now();
		if (got == 0)
			break;
		if (got > 0)
			done += (size_t)got;
	}
	*n = done;
	return 0;
}

static int write_all(int fd, const uint8_t *p, size_t n, uint64_t offset)
{
	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, (off_t)offset);

		if (put < 0 && errno != EINTR)
			return error_now();
		if (put > 0) {
			p += put;
			n -= (size_t)put;
			offset += (uint64_t)put;
		}
	}
	return 0;
}

/* Is what comes what was there? */
static int compare(int fd, const uint8_t *p, size_t n, uint64_t offset)
{
	uint8_t there[8192];

	while (n > 0) {
		size_t part = n < sizeof(there) ? n : sizeof(there), got = part;
		int err = read_all(fd, there, &got, offset);

		if (err < 0)
			return err;
		if (got != part || memcmp(there, p, part) != 0)
			return -ICQ_ECORRUPT;
		p += part;
		n -= part;
		offset += part;
	}
	return 0;
}

static int write_new(const struct haul *h, const uint8_t *p, size_t n, uint64_t offset)
{
	uint64_t old = offset < h->had ? h->had - offset : 0;
	size_t same = old < n ? (size_t)old : n;
	int err = compare(h->fd, p, same, offset);

	return err < 0 ? err : write_all(h->fd, p + same, n - same, offset + same);
}

/* A free name is taken with an empty file, which the whole one then replaces: so nothing that is
 * there is ever lost. */
static int finish(struct haul *h)
{
	char name[FILENAME_FULL_MAX];
	int fd = -1;

	for (unsigned i = 1; fd < 0 && i < NAMES; i++) {
		filename_numbered(name, h->name, i);
		fd = openat(h->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    0600);
		if (fd < 0 && errno != EEXIST)
			return error_now();
	}
	if (fd < 0)
		return error_now();
	close(fd);
	if (renameat(h->folder, h->partial, h->folder, name) < 0) {
		int err = error_now();

		unlinkat(h->folder, name, 0);
		return err;
	}
	close(h->fd);
	h->fd = -1;
	memcpy(h->stored, name, sizeof(name));
	return 0;
}

void haul_do(struct haul *h, struct icq_client_file_job *job, uint8_t *p, const char *name)
{
	if (!h->err) {
		switch (job->kind) {
		case ICQ_CLIENT_FILE_READ:
			h->err = read_all(h->files[job->file].fd, p, &job->n, job->offset);
			break;
		case ICQ_CLIENT_FILE_CREATE:
			h->err = create(h, job, name);
			break;
		case ICQ_CLIENT_FILE_WRITE:
			h->err = write_new(h, p, job->n, job->offset);
			break;
		case ICQ_CLIENT_FILE_FINISH:
			h->err = finish(h);
			break;
		}
	}
	job->err = h->err;
	job->p = p;
}
