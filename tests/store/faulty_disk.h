/* SPDX-License-Identifier: MIT */
/* A disk beneath SQLite that fails on order. It never really syncs: the tests are over sooner. */
#ifndef TEST_STORE_FAULTY_DISK_H
#define TEST_STORE_FAULTY_DISK_H

#include <stdbool.h>

enum disk_fault {
	DISK_WELL,
	DISK_EIO,  /* half of a write is done, and nothing else */
	DISK_FULL, /* met by writes only */
};

/* Databases opened from now on are on it, until disk_remove. */
void disk_install(void);
void disk_remove(void);
/* The nth call from now, from 1, meets the fault; those before and behind it do not. */
void disk_fail(enum disk_fault fault, unsigned nth);
/* Whether the fault has been met. */
bool disk_failed(void);
/* Writes, truncations and syncs since disk_install. */
unsigned disk_changes(void);

#endif
