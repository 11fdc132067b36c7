/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/folder.h"

#include "base/err.h"
#include "cmd/folders.h"
#include "io/lock.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *home(void)
{
	const char *path = getenv("HOME");
	const struct passwd *me;

	if (path && *path == '/')
		return path;
	me = getpwuid(getuid());
	return me ? me->pw_dir : "/";
}

/* The length it would have. The XDG rules say that a relative path does not count. */
static int usual_place(char out[PATH_MAX])
{
	const char *xdg = getenv("XDG_DATA_HOME");

	if (geteuid() == 0)
		return snprintf(out, PATH_MAX, "/var/lib/icqd");
	if (xdg && *xdg == '/')
		return snprintf(out, PATH_MAX, "%s/icqd", xdg);
	return snprintf(out, PATH_MAX, "%s/.local/share/icqd", home());
}

int folder_name(struct folder *f, const char *given)
{
	int n = *given ? snprintf(f->path, sizeof(f->path), "%s", given) : usual_place(f->path);

	if (n < PATH_MAX)
		n = snprintf(f->database, sizeof(f->database), "%s/icqd.db", f->path);
	if (n < PATH_MAX)
		n = snprintf(f->control, sizeof(f->control), "%s/control", f->path);
	f->fresh = n < PATH_MAX && access(f->database, F_OK) < 0;
	return n < PATH_MAX ? 0 : -ICQ_ERANGE;
}

int folder_find(struct folder *f, const char *given)
{
	if (folder_name(f, given) < 0) {
		fputs("icqd: the path of the data folder is too long\n", stderr);
		return -ICQ_EIO;
	}
	if (folders_make(f->path) < 0) {
		fprintf(stderr,
			"icqd: the data folder %s cannot be made: %s; --data DIR names another\n",
			f->path, strerror(errno));
		return -ICQ_EIO;
	}
	return 0;
}

int folder_lock(const struct folder *f, int *fd_out)
{
	char file[PATH_MAX];
	pid_t holder;
	int err = -ICQ_EIO;

	if (snprintf(file, sizeof(file), "%s/icqd.lock", f->path) < PATH_MAX)
		err = lock_take(file, fd_out, &holder);
	if (err == -ICQ_EBUSY) {
		fprintf(stderr,
			"icqd: another icqd (process %ld) uses the data folder %s; stop it first, "
			"or name another folder with --data DIR\n",
			(long)holder, f->path);
		return err;
	}
	if (err < 0) {
		fprintf(stderr,
			"icqd: the data folder %s cannot be used: %s; --data DIR names another\n",
			f->path, strerror(errno));
		return -ICQ_EIO;
	}
	return 0;
}
