/* SPDX-License-Identifier: MIT */
/*
 * The files of one transfer on the disk. These functions wait for the disk, so they run on a
 * thread, one at a time for each haul; they know no loop and no engine.
 *
 * What arrives is written to "NAME.UIN-SIZE.part" and gets its name when it is whole. A partial
 * file is gone on with when the same user sends a file of the same name and size: its last block
 * is asked for again and compared, since the protocol tells nothing else about the contents.
 */
#ifndef ICQ_HAUL_H
#define ICQ_HAUL_H

#include <limits.h>

#include "client/client.h"
#include "cmd/icq/filename.h"

struct haul {
	/* Sending: the open files. Owned. */
	size_t count;
	struct haul_file {
		int fd;
		uint32_t size;
		char *name; /* without folders, as it is on the disk */
	} * files;

	/* Receiving. */
	char *path; /* of the folder; owned */
	int folder;
	bool anew; /* what is there already does not count */
	int fd;	   /* of the partial file; -1: none */
	char name[FILENAME_SAFE_MAX], partial[FILENAME_FULL_MAX];
	char stored[FILENAME_FULL_MAX]; /* the last one that is whole; "": none yet */
	uint64_t had;			/* bytes of the partial file that were there */
	int err;			/* of the job that failed: those behind it do, too */
};

/* Opens files to be sent. NULL, or which of them cannot be and why, in words that the caller
 * frees. */
struct haul *haul_load(const char *const *paths, size_t count, char **why_out);
/* Opens the folder for what is to come; makes it, if it may. */
struct haul *haul_await(const char *path, bool make, bool anew, char **why_out);
void haul_free(struct haul *h);

/* Does a job; its answer goes into it. READ: p is the room for it. name: CREATE, in UTF-8. */
void haul_do(struct haul *h, struct icq_client_file_job *job, uint8_t *p, const char *name);

#endif
