/* SPDX-License-Identifier: MIT */
/*
 * The files of a client under test. Those to be sent have contents that follow from their number
 * and place; those that arrive are kept, and what is not finished is found again by name and size.
 */
#ifndef DISK_H
#define DISK_H

#include "client/scene.h"

enum { DISK_FILES = 16, DISK_JOBS = 16, DISK_AGAIN = 1000 };

struct disk_file {
	bool used, finished;
	char name[64];
	uint32_t size, n;
	uint8_t *bytes; /* owned */
};

struct disk {
	struct disk_file file[DISK_FILES];
	struct disk_file *open; /* being written */
	unsigned seed; /* of the contents that are sent; by default all disks have the same */
	int err;       /* of jobs from now on */
	uint32_t over; /* the last transfer that has ended */
	size_t jobs;
	struct icq_client_file_job job[DISK_JOBS];
	uint8_t *bytes[DISK_JOBS];
};

/* Byte `offset` of the file of this number. */
uint8_t disk_byte(unsigned seed, uint32_t file, uint64_t offset);
/* What the engine asks for. */
void disk_submit(struct disk *d, const struct icq_client_file_job *job);
void disk_end(struct disk *d, uint32_t transfer);
/* Does one job. False: there was none. */
bool disk_turn(struct disk *d, struct scene *s);
/* Is this file there, whole, with the contents of file number i? */
bool disk_has(const struct disk *d, const char *name, uint32_t i, uint32_t size);
/* How much of it has been written; 0: it is not there. */
uint32_t disk_part(const struct disk *d, const char *name);
/* Frees all of it. */
void disk_close(struct disk *d);

#endif
