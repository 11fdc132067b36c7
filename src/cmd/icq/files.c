/* SPDX-License-Identifier: MIT */
#include "cmd/icq/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/texts.h"
#include "io/clock.h"

/* A job on its way. */
struct work {
	uv_work_t uv;
	struct work *next;
	struct hold *hold;
	struct icq_client_file_job job;
	char *name;
	uint8_t bytes[];
};

/* The haul of a transfer, and the jobs for it, the first of which is being done. */
struct hold {
	struct hold *next;
	struct files *home;
	struct haul *haul;
	uint32_t transfer;
	struct work *first, **last;
	bool ended; /* nobody waits for answers */
	bool told;  /* somebody is just being told one */
};

struct opening {
	uv_work_t uv;
	struct files *home;
	char **paths;
	size_t count;
	bool await, make, anew;
	struct haul *haul;
	char *why;
	files_ready *ready;
	void *ctx;
};

/* Freed when it is closed and nothing is under way any more. */
struct files {
	uv_loop_t *loop;
	struct icq_client *client;
	void (*touched)(void *ctx);
	void *ctx;
	struct hold *holds;
	unsigned openings;
	bool closed;
};

struct files *files_open(uv_loop_t *loop)
{
	struct files *f = calloc(1, sizeof(*f));

	if (f)
		f->loop = loop;
	return f;
}

void files_attend(struct files *f, struct icq_client *client, void (*touched)(void *ctx), void *ctx)
{
	f->client = client;
	f->touched = touched;
	f->ctx = ctx;
}

static void free_if_over(struct files *f)
{
	if (f->closed && !f->holds && !f->openings)
		free(f);
}

/* ---- opening --------------------------------------------------------------------------- */

static void open_work(uv_work_t *uv)
{
	struct opening *o = uv->data;

	if (o->await)
		o->haul = haul_await(o->paths[0], o->make, o->anew, &o->why);
	else
		o->haul = haul_load((const char *const *)o->paths, o->count, &o->why);
}

static void opening_free(struct opening *o)
{
	for (size_t i = 0; i < o->count; i++)
		free(o->paths[i]);
	free(o->paths);
	free(o->why);
	free(o);
}

static void after_open(uv_work_t *uv, int status)
{
	struct opening *o = uv->data;
	struct files *f = o->home;

	(void)status;
	f->openings--;
	if (f->closed) {
		haul_free(o->haul);
		o->ready(o->ctx, NULL, NULL);
	} else {
		o->ready(o->ctx, o->haul, o->haul ? NULL : o->why ? o->why : "out of memory");
		f->touched(f->ctx);
	}
	opening_free(o);
	free_if_over(f);
}

/* NULL: out of memory, which is told at once. */
static struct opening *opening_new(struct files *f, const char *const *paths, size_t count,
				   files_ready *ready, void *ctx)
{
	struct opening *o = calloc(1, sizeof(*o));

	if (o)
		o->paths = calloc(count, sizeof(*o->paths));
	while (o && o->paths && o->count < count && (o->paths[o->count] = strdup(paths[o->count])))
		o->count++;
	if (!o || o->count < count) {
		if (o)
			opening_free(o);
		ready(ctx, NULL, "out of memory");
		return NULL;
	}
	o->uv.data = o;
	o->home = f;
	o->ready = ready;
	o->ctx = ctx;
	f->openings++;
	return o;
}

void files_load(struct files *f, const char *const *paths, size_t count, files_ready *ready,
		void *ctx)
{
	struct opening *o = opening_new(f, paths, count, ready, ctx);

	if (o)
		uv_queue_work(f->loop, &o->uv, open_work, after_open);
}

void files_await(struct files *f, const char *path, bool make, bool anew, files_ready *ready,
		 void *ctx)
{
	struct opening *o = opening_new(f, &path, 1, ready, ctx);

	if (!o)
		return;
	o->await = true;
	o->make = make;
	o->anew = anew;
	uv_queue_work(f->loop, &o->uv, open_work, after_open);
}

/* ---- hauls ----------------------------------------------------------------------------- */

static struct hold *hold_of(const struct files *f, uint32_t transfer)
{
	struct hold *h = f->holds;

	while (h && (h->ended || h->transfer != transfer))
		h = h->next;
	return h;
}

static void hold_free_if_over(struct hold *h)
{
	struct files *f = h->home;
	struct hold **at = &f->holds;

	if (!h->ended || h->first || h->told)
		return;
	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	haul_free(h->haul);
	free(h);
	free_if_over(f);
}

void files_keep(struct files *f, uint32_t transfer, struct haul *haul)
{
	struct hold *h = calloc(1, sizeof(*h));

	if (!h) {
		haul_free(haul);
		return;
	}
	*h = (struct hold){ .next = f->holds, .home = f, .haul = haul, .transfer = transfer };
	h->last = &h->first;
	f->holds = h;
}

void files_end(struct files *f, uint32_t transfer)
{
	struct hold *h = hold_of(f, transfer);

	if (!h)
		return;
	h->ended = true;
	hold_free_if_over(h);
}

void files_close(struct files **at)
{
	struct files *f = *at;
	struct hold *next;

	*at = NULL;
	if (!f)
		return;
	f->client = NULL;
	for (struct hold *h = f->holds; h; h = next) {
		next = h->next;
		h->ended = true;
		hold_free_if_over(h);
	}
	f->closed = true;
	free_if_over(f);
}

char *files_stored(const struct files *f, uint32_t transfer)
{
	const struct hold *h = hold_of(f, transfer);
	size_t n = h && *h->haul->stored ? strlen(h->haul->path) + sizeof(h->haul->stored) + 2 : 0;
	char *path = n ? malloc(n) : NULL;

	if (path)
		snprintf(path, n, "%s/%s", h->haul->path, h->haul->stored);
	return path;
}

/* ---- jobs ------------------------------------------------------------------------------ */

static void do_work(uv_work_t *uv)
{
	struct work *w = uv->data;

	haul_do(w->hold->haul, &w->job, w->bytes, w->name);
}

static void after_work(uv_work_t *uv, int status);

/* The first job that waits. */
static void start(struct hold *h)
{
	if (h->first)
		uv_queue_work(h->home->loop, &h->first->uv, do_work, after_work);
}

static void after_work(uv_work_t *uv, int status)
{
	struct work *w = uv->data;
	struct hold *h = w->hold;
	struct files *f = h->home;

	(void)status;
	h->first = w->next;
	if (!h->first)
		h->last = &h->first;
	start(h);
	if (!h->ended) {
		h->told = true;
		icq_client_file_done(f->client, clock_now(), &w->job);
		h->told = false;
		f->touched(f->ctx);
	}
	free(w->name);
	free(w);
	hold_free_if_over(h);
}

int files_submit(struct files *f, const struct icq_client_file_job *job)
{
	struct hold *h = hold_of(f, job->transfer);
	struct work *w = h ? malloc(sizeof(*w) + job->n) : NULL;

	if (!w)
		return -ICQ_ENOMEM;
	*w = (struct work){ .hold = h, .job = *job };
	w->uv.data = w;
	if (job->kind == ICQ_CLIENT_FILE_WRITE)
		memcpy(w->bytes, job->p, job->n);
	if (job->kind == ICQ_CLIENT_FILE_CREATE &&
	    !(w->name = texts_decode(job->charset, job->name))) {
		free(w);
		return -ICQ_ENOMEM;
	}
	*h->last = w;
	h->last = &w->next;
	if (h->first == w)
		start(h);
	return 0;
}
