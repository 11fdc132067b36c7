/* SPDX-License-Identifier: MIT */
/* The data folder: where it is, what it is called inside, and who has it. */
#ifndef ICQD_FOLDER_H
#define ICQD_FOLDER_H

#include <limits.h>
#include <stdbool.h>

struct folder {
	char path[PATH_MAX];
	char database[PATH_MAX];
	char control[PATH_MAX]; /* socket of the operator */
	bool fresh;		/* there was no database when it was found */
};

/* Tells where the folder is (given is the setting server.data, "" for the usual place). 0, or
 * -ICQ_ERANGE: its path is too long. */
int folder_name(struct folder *f, const char *given);
/* The same, and makes what is missing of it. 0, or -ICQ_EIO after a complaint on stderr. */
int folder_find(struct folder *f, const char *given);
/* Makes the process the folder's only server. 0; -ICQ_EBUSY or -ICQ_EIO after a complaint. The
 * descriptor holds the lock until it is closed. */
int folder_lock(const struct folder *f, int *fd_out);

#endif
