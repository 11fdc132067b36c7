/* SPDX-License-Identifier: MIT */
/*
 * What is done to the files of a database, and what a power cut leaves of it.
 *
 * What was written before a sync of its file is there. Of what was written since, any part may be
 * there, in any order: sectors of a write, a change of size, also a size without the bytes. A name
 * that came, went or changed its file is sure when the folder has been synced.
 */
#ifndef TEST_STORE_CUT_DISK_H
#define TEST_STORE_CUT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

enum cut_name {
	CUT_DATABASE,
	CUT_JOURNAL,
	CUT_WAL,
	CUT_NAMES,
};

enum {
	CUT_NODES = 64,	  /* files, also those that have no name any more */
	CUT_SECTOR = 512, /* is written as a whole or not at all */
	CUT_NO_NODE = -1,
};

struct cut_node {
	uint8_t *bytes;
	size_t size, cap;
};

/* Owned by whoever called cut_disk_init. */
struct cut_disk {
	struct cut_node nodes[CUT_NODES];
	int count; /* of nodes */
	int names[CUT_NAMES];
};

enum cut_change_kind {
	CUT_WRITE,	 /* bytes, n of them, at `at` */
	CUT_SIZE,	 /* becomes `at` */
	CUT_NAME,	 /* `name` is that of the node from now on, or of nothing: CUT_NO_NODE */
	CUT_SYNC,	 /* of the node */
	CUT_SYNC_FAILED, /* what was written to it since the last one will never be on the disk,
			  * whatever later syncs say, though the system shows it */
	CUT_SYNC_FOLDER,
};

struct cut_change {
	enum cut_change_kind kind;
	int node;
	enum cut_name name;
	size_t at, n;
	const uint8_t *bytes;
};

bool cut_is_sync(const struct cut_change *c);

void cut_disk_init(struct cut_disk *d);
void cut_disk_free(struct cut_disk *d);
void cut_disk_copy(struct cut_disk *to, const struct cut_disk *from);
void cut_disk_do(struct cut_disk *d, const struct cut_change *c);
/* A new node, without a name. */
int cut_disk_node(struct cut_disk *d);

/* Changes to a disk, in their order. Owned by whoever called cut_log_new. */
struct cut_log;

struct cut_log *cut_log_new(const struct cut_disk *before);
void cut_log_free(struct cut_log **log);
/* Copies the bytes. */
void cut_log_add(struct cut_log *log, const struct cut_change *c);
size_t cut_log_count(const struct cut_log *log);
const struct cut_change *cut_log_at(const struct cut_log *log, size_t i);

enum cut_left {
	CUT_LEFT_SURE, /* what was synced, and nothing else */
	CUT_LEFT_ALL,
	CUT_LEFT_TORN, /* all, but of the last write only the first sectors */
	CUT_LEFT_ANY,
	CUT_LEFT_COUNT,
};

/* Makes the disk what a cut leaves after the first n changes. Quick when n rises from call to
 * call. */
void cut_log_cut(struct cut_log *log, size_t n, enum cut_left left, struct rng *rng,
		 struct cut_disk *out);
/* The first change of a kind; the number of all if there is none. */
size_t cut_log_find(const struct cut_log *log, enum cut_change_kind kind);
/* Whether the last of the first n changes is a write of more than a sector, so that it can be
 * torn. */
bool cut_log_can_tear(const struct cut_log *log, size_t n);

#endif
