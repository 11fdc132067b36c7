/* SPDX-License-Identifier: MIT */
/*
 * A disk in memory beneath SQLite that writes down what is done to it, for one database with one
 * connection at a time, whose path is any. It syncs the folder when SQLite on Linux does: with the
 * first sync of a journal or log since that was opened.
 */
#ifndef TEST_STORE_CUT_VFS_H
#define TEST_STORE_CUT_VFS_H

#include "cut_disk.h"

/* What a sync is worth. */
enum cut_trust {
	CUT_HONEST,
	CUT_NO_SYNC,	    /* nothing is ever synced */
	CUT_NO_FOLDER_SYNC, /* names are not */
};

/* Databases opened from now on are on it, until cut_vfs_remove. It is empty. */
void cut_vfs_install(enum cut_trust trust);
void cut_vfs_remove(void);

/* The nth sync of a file from now, from 1, fails; 0: none does. */
void cut_vfs_fail(unsigned nth);
/* Whether it has. */
bool cut_vfs_failed(void);

/* The disk itself, to be changed while no database is open. */
struct cut_disk *cut_vfs_disk(void);
/* Begins to write down. */
void cut_vfs_start(void);
/* Changes so far. */
size_t cut_vfs_count(void);
/* Ends it; the log is the caller's. */
struct cut_log *cut_vfs_end(void);

#endif
