/* SPDX-License-Identifier: MIT */
#include "store/reserve_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static bool name_of(const char *file, char out[PATH_MAX])
{
	return snprintf(out, PATH_MAX, "%s.reserve", file) < PATH_MAX;
}

static bool no_room(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EINTR;
}

bool reserve_hold(const char *file, int64_t bytes)
{
	char name[PATH_MAX];
	int fd, error;

	if (bytes == 0 || !name_of(file, name))
		return true;
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return !no_room(errno);
	error = posix_fallocate(fd, 0, bytes);
	close(fd);
	if (error)
		unlink(name);
	return !no_room(error);
}

bool reserve_give_up(const char *file)
{
	char name[PATH_MAX];

	return name_of(file, name) && unlink(name) == 0;
}
