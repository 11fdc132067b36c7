/* SPDX-License-Identifier: MIT */
#include "cut_disk.h"

#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* ---- files ------------------------------------------------------------------------------- */

static void reserve(struct cut_node *node, size_t size)
{
	if (size <= node->cap)
		return;
	node->cap = 2 * size;
	node->bytes = realloc(node->bytes, node->cap);
	assert_non_null(node->bytes);
}

static void resize(struct cut_node *node, size_t size)
{
	reserve(node, size);
	if (size > node->size)
		memset(node->bytes + node->size, 0, size - node->size);
	node->size = size;
}

static void write_bytes(struct cut_node *node, size_t at, const uint8_t *p, size_t n)
{
	if (at + n > node->size)
		resize(node, at + n);
	memcpy(node->bytes + at, p, n);
}

void cut_disk_init(struct cut_disk *d)
{
	*d = (struct cut_disk){ 0 };
	for (int i = 0; i < CUT_NAMES; i++)
		d->names[i] = CUT_NO_NODE;
}

void cut_disk_free(struct cut_disk *d)
{
	for (int i = 0; i < CUT_NODES; i++)
		free(d->nodes[i].bytes);
	cut_disk_init(d);
}

void cut_disk_copy(struct cut_disk *to, const struct cut_disk *from)
{
	for (int i = 0; i < CUT_NODES; i++) {
		to->nodes[i].size = from->nodes[i].size;
		if (!to->nodes[i].size)
			continue;
		reserve(&to->nodes[i], to->nodes[i].size);
		memcpy(to->nodes[i].bytes, from->nodes[i].bytes, to->nodes[i].size);
	}
	memcpy(to->names, from->names, sizeof(to->names));
	to->count = from->count;
}

int cut_disk_node(struct cut_disk *d)
{
	assert_true(d->count < CUT_NODES);
	return d->count++;
}

void cut_disk_do(struct cut_disk *d, const struct cut_change *c)
{
	switch (c->kind) {
	case CUT_WRITE:
		write_bytes(&d->nodes[c->node], c->at, c->bytes, c->n);
		break;
	case CUT_SIZE:
		resize(&d->nodes[c->node], c->at);
		break;
	case CUT_NAME:
		d->names[c->name] = c->node;
		break;
	case CUT_SYNC:
	case CUT_SYNC_FAILED:
	case CUT_SYNC_FOLDER:
		break;
	}
	if (c->node >= d->count)
		d->count = c->node + 1;
}

/* ---- what was done to them --------------------------------------------------------------- */

struct cut_log {
	struct cut_disk before;
	struct cut_change *changes;
	uint8_t **copies; /* of the bytes of each */
	size_t count, cap;
	/* What is sure after `at` changes, and the others of them. */
	struct cut_disk sure;
	size_t at, *unsure, unsure_count;
};

struct cut_log *cut_log_new(const struct cut_disk *before)
{
	struct cut_log *log = calloc(1, sizeof(*log));

	assert_non_null(log);
	cut_disk_copy(&log->before, before);
	log->at = SIZE_MAX; /* so that the first cut begins with `before` */
	return log;
}

void cut_log_free(struct cut_log **log)
{
	struct cut_log *l = *log;

	for (size_t i = 0; i < l->count; i++)
		free(l->copies[i]);
	free(l->changes);
	free(l->copies);
	free(l->unsure);
	cut_disk_free(&l->before);
	cut_disk_free(&l->sure);
	free(l);
	*log = NULL;
}

static uint8_t *copy_of(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n);

	assert_non_null(copy);
	return memcpy(copy, p, n);
}

void cut_log_add(struct cut_log *log, const struct cut_change *c)
{
	if (log->count == log->cap) {
		log->cap = 2 * log->cap + 64;
		log->changes = realloc(log->changes, log->cap * sizeof(*log->changes));
		log->copies = realloc(log->copies, log->cap * sizeof(*log->copies));
		log->unsure = realloc(log->unsure, log->cap * sizeof(*log->unsure));
		assert_true(log->changes && log->copies && log->unsure);
	}
	log->copies[log->count] = c->n ? copy_of(c->bytes, c->n) : NULL;
	log->changes[log->count] = *c;
	log->changes[log->count].bytes = log->copies[log->count];
	log->count++;
}

size_t cut_log_count(const struct cut_log *log)
{
	return log->count;
}

const struct cut_change *cut_log_at(const struct cut_log *log, size_t i)
{
	return &log->changes[i];
}

size_t cut_log_find(const struct cut_log *log, enum cut_change_kind kind)
{
	size_t i = 0;

	while (i < log->count && log->changes[i].kind != kind)
		i++;
	return i;
}

/* ---- what is sure ------------------------------------------------------------------------ */

static bool concerns(const struct cut_change *sync, const struct cut_change *c)
{
	if (sync->kind == CUT_SYNC_FOLDER)
		return c->kind == CUT_NAME;
	return c->node == sync->node && (c->kind == CUT_WRITE || c->kind == CUT_SIZE);
}

static void sync_up(struct cut_log *log, const struct cut_change *sync)
{
	size_t left = 0;

	for (size_t i = 0; i < log->unsure_count; i++) {
		const struct cut_change *c = &log->changes[log->unsure[i]];

		if (!concerns(sync, c))
			log->unsure[left++] = log->unsure[i];
		else if (sync->kind != CUT_SYNC_FAILED || c->kind == CUT_SIZE)
			cut_disk_do(&log->sure, c);
	}
	log->unsure_count = left;
}

bool cut_is_sync(const struct cut_change *c)
{
	return c->kind == CUT_SYNC || c->kind == CUT_SYNC_FAILED || c->kind == CUT_SYNC_FOLDER;
}

static void go_to(struct cut_log *log, size_t n)
{
	if (n < log->at) {
		cut_disk_copy(&log->sure, &log->before);
		log->at = log->unsure_count = 0;
	}
	for (; log->at < n; log->at++) {
		const struct cut_change *c = &log->changes[log->at];

		if (cut_is_sync(c))
			sync_up(log, c);
		else
			log->unsure[log->unsure_count++] = log->at;
		if (c->node >= log->sure.count)
			log->sure.count = c->node + 1;
	}
}

/* ---- a cut ------------------------------------------------------------------------------- */

/* Bytes up to the end of a write or of its first sector. */
static size_t first_sector(const struct cut_change *c)
{
	size_t n = CUT_SECTOR - c->at % CUT_SECTOR;

	return n < c->n ? n : c->n;
}

bool cut_log_can_tear(const struct cut_log *log, size_t n)
{
	const struct cut_change *c = n ? &log->changes[n - 1] : NULL;

	return c && c->kind == CUT_WRITE && first_sector(c) < c->n;
}

/* One sector at least is written, and one is not. */
static void tear(struct cut_disk *out, struct cut_change c, struct rng *rng)
{
	size_t first = first_sector(&c), more = (c.n - first - 1) / CUT_SECTOR;

	c.n = first + CUT_SECTOR * rng_below(rng, (uint32_t)more + 1);
	cut_disk_do(out, &c);
}

/* How a cut treats what was not sure. */
struct chance {
	struct rng *rng;
	uint32_t kept; /* of 8 sectors */
	bool grow;     /* what is lost may have made the file longer */
	bool rubbish;  /* with old bytes of other files there, else zeros */
};

static void lose(struct cut_disk *out, const struct cut_change *c, const struct chance *chance)
{
	struct cut_node *node = &out->nodes[c->node];
	size_t from = node->size, to = c->at + c->n;

	if (!chance->grow || to <= from)
		return;
	resize(node, to);
	if (chance->rubbish)
		rng_bytes(chance->rng, node->bytes + from, to - from);
}

static bool is_kept(const struct chance *chance)
{
	return rng_below(chance->rng, 8) < chance->kept;
}

static void write_some(struct cut_disk *out, struct cut_change c, const struct chance *chance)
{
	while (c.n) {
		struct cut_change sector = c;

		sector.n = first_sector(&c);
		if (is_kept(chance))
			cut_disk_do(out, &sector);
		else
			lose(out, &sector, chance);
		c.at += sector.n;
		c.bytes += sector.n;
		c.n -= sector.n;
	}
}

static void cut_any(const struct cut_log *log, struct rng *rng, struct cut_disk *out)
{
	static const uint32_t kept[] = { 1, 4, 7 };
	struct chance chance = { .rng = rng,
				 .kept = kept[rng_below(rng, 3)],
				 .grow = rng_below(rng, 2),
				 .rubbish = rng_below(rng, 2) };

	for (size_t i = 0; i < log->unsure_count; i++) {
		const struct cut_change *c = &log->changes[log->unsure[i]];

		if (c->kind == CUT_WRITE)
			write_some(out, *c, &chance);
		else if (is_kept(&chance))
			cut_disk_do(out, c);
	}
}

void cut_log_cut(struct cut_log *log, size_t n, enum cut_left left, struct rng *rng,
		 struct cut_disk *out)
{
	go_to(log, n);
	cut_disk_copy(out, &log->sure);
	if (left == CUT_LEFT_ANY) {
		cut_any(log, rng, out);
		return;
	}
	for (size_t i = 0; left != CUT_LEFT_SURE && i < log->unsure_count; i++) {
		const struct cut_change *c = &log->changes[log->unsure[i]];

		if (left == CUT_LEFT_TORN && log->unsure[i] == n - 1)
			tear(out, *c, rng);
		else
			cut_disk_do(out, c);
	}
}
