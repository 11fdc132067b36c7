/* SPDX-License-Identifier: MIT */
#include "io/lock.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static int open_error(void)
{
	switch (errno) {
	case EACCES:
	case EPERM:
	case EROFS:
		return -ICQ_EDENIED;
	case ENOENT:
		return -ICQ_ENOENT;
	default:
		return -ICQ_EIO;
	}
}

static pid_t read_holder(int fd)
{
	char text[24];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = 0;
	return (pid_t)strtol(text, NULL, 10);
}

static int write_holder(int fd)
{
	if (ftruncate(fd, 0) < 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0)
		return -ICQ_EIO;
	return 0;
}

int lock_take(const char *file, int *fd_out, pid_t *holder_out)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int err;

	*holder_out = 0;
	if (fd < 0)
		return open_error();
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		err = errno == EWOULDBLOCK ? -ICQ_EBUSY : -ICQ_EIO;
		*holder_out = read_holder(fd);
		goto close_fd;
	}
	if ((err = write_holder(fd)) < 0)
		goto close_fd;
	*fd_out = fd;
	return 0;

close_fd:
	close(fd);
	return err;
}
