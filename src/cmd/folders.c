/* SPDX-License-Identifier: MIT */
#include "cmd/folders.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"

int folders_make(const char *path)
{
	char part[PATH_MAX];

	snprintf(part, sizeof(part), "%s", path);
	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return -ICQ_EIO;
		*p = '/';
	}
	return mkdir(part, 0700) < 0 && errno != EEXIST ? -ICQ_EIO : 0;
}
