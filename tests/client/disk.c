/* SPDX-License-Identifier: MIT */
#include "client/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

uint8_t disk_byte(unsigned seed, uint32_t file, uint64_t offset)
{
	uint64_t x = (offset + 1) * 0x9E3779B97F4A7C15u + (file + seed) * 0xBF58476D1CE4E5B9u;

	return (uint8_t)(x >> 40);
}

void disk_submit(struct disk *d, const struct icq_client_file_job *job)
{
	check(d->jobs < DISK_JOBS);
	d->job[d->jobs] = *job;
	d->bytes[d->jobs] = malloc(job->n + job->name.len + 1);
	check(d->bytes[d->jobs]);
	if (job->kind == ICQ_CLIENT_FILE_WRITE)
		memcpy(d->bytes[d->jobs], job->p, job->n);
	if (job->name.len)
		memcpy(d->bytes[d->jobs], job->name.p, job->name.len);
	d->job[d->jobs].name.p = d->bytes[d->jobs];
	d->jobs++;
}

/* What has begun is done, but nobody is told. */
void disk_end(struct disk *d, uint32_t transfer)
{
	d->over = transfer;
}

static struct disk_file *find(const struct disk *d, const char *name)
{
	for (const struct disk_file *f = d->file; f < d->file + DISK_FILES; f++)
		if (f->used && strcmp(f->name, name) == 0)
			return (struct disk_file *)(uintptr_t)f;
	return NULL;
}

static void create(struct disk *d, struct icq_client_file_job *job)
{
	char name[64];
	struct disk_file *f = d->file;

	snprintf(name, sizeof(name), "%.*s", job->name.len, (const char *)job->name.p);
	d->open = find(d, name);
	if (d->open && (d->open->size != job->size || d->open->finished))
		d->open = NULL;
	while (!d->open && f->used)
		check(++f < d->file + DISK_FILES);
	if (!d->open) {
		d->open = f;
		f->used = true;
		f->size = job->size;
		f->n = 0;
		f->bytes = malloc(job->size + 1);
		check(f->bytes);
		memcpy(f->name, name, sizeof(name));
	}
	job->offset = d->open->n > DISK_AGAIN ? d->open->n - DISK_AGAIN : 0;
}

static void write_some(struct disk *d, struct icq_client_file_job *job, const uint8_t *p)
{
	struct disk_file *f = d->open;

	if (!f) {
		job->err = -ICQ_EIO;
		return;
	}
	check(job->offset <= f->n && job->offset + job->n <= f->size);
	for (size_t i = 0; i < job->n; i++) {
		uint32_t at = (uint32_t)job->offset + (uint32_t)i;

		if (at < f->n && f->bytes[at] != p[i]) {
			job->err = -ICQ_ECORRUPT;
			d->open = NULL;
			return;
		}
		f->bytes[at] = p[i];
		f->n = at < f->n ? f->n : at + 1;
	}
}

bool disk_turn(struct disk *d, struct scene *s)
{
	struct icq_client_file_job job = d->job[0];
	uint8_t *bytes = d->bytes[0];

	if (!d->jobs)
		return false;
	d->jobs--;
	memmove(d->job, d->job + 1, d->jobs * sizeof(*d->job));
	memmove(d->bytes, d->bytes + 1, d->jobs * sizeof(*d->bytes));
	job.err = d->err;
	job.p = bytes;
	if (job.kind == ICQ_CLIENT_FILE_CREATE)
		create(d, &job);
	else if (job.kind == ICQ_CLIENT_FILE_WRITE)
		write_some(d, &job, bytes);
	else if (job.kind == ICQ_CLIENT_FILE_FINISH && d->open)
		d->open->finished = d->open->n == d->open->size;
	for (size_t i = 0; job.kind == ICQ_CLIENT_FILE_READ && i < job.n; i++)
		bytes[i] = disk_byte(d->seed, job.file, job.offset + i);
	if (job.transfer != d->over)
		icq_client_file_done(s->client, s->now, &job);
	free(bytes);
	return true;
}

bool disk_has(const struct disk *d, const char *name, uint32_t i, uint32_t size)
{
	const struct disk_file *f = find(d, name);

	if (!f || !f->finished || f->size != size)
		return false;
	for (uint32_t at = 0; at < size; at++)
		if (f->bytes[at] != disk_byte(0, i, at))
			return false;
	return true;
}

uint32_t disk_part(const struct disk *d, const char *name)
{
	const struct disk_file *f = find(d, name);

	return f ? f->n : 0;
}

void disk_close(struct disk *d)
{
	while (d->jobs)
		free(d->bytes[--d->jobs]);
	for (struct disk_file *f = d->file; f < d->file + DISK_FILES; f++)
		free(f->bytes);
	*d = (struct disk){ 0 };
}
