/* SPDX-License-Identifier: MIT */
/* One process per data folder: a locked file that holds the process number. */
#ifndef IO_LOCK_H
#define IO_LOCK_H

#include <sys/types.h>

/*
 * Takes the lock, making the file if it is not there. The lock lasts until *fd_out is closed,
 * at the latest when the process ends; the file stays. -ICQ_EBUSY: another process has it,
 * and *holder_out is its number, 0 if it did not say. -ICQ_EDENIED, -ICQ_ENOENT (no such
 * folder) or -ICQ_EIO: errno tells more.
 */
int lock_take(const char *file, int *fd_out, pid_t *holder_out);

#endif
