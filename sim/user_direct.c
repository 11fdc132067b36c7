/* SPDX-License-Identifier: MIT */
#include "sim/user_direct.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* ---- streams --------------------------------------------------------------------------- */

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	struct user *u = ctx;

	streams_connect(u->streams, &u->outlet, stream, to);
	return 0;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	struct user *u = ctx;

	streams_send(u->streams, &u->outlet, stream, p, n);
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	struct user *u = ctx;

	streams_close(u->streams, &u->outlet, stream);
}

static void on_stream_end(void *ctx, uint32_t stream)
{
	struct user *u = ctx;

	streams_end(u->streams, &u->outlet, stream);
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	struct user *u = ctx;

	return streams_room(u->streams, &u->outlet, stream);
}

static void on_stream_hold(void *ctx, uint32_t stream, bool hold)
{
	struct user *u = ctx;

	streams_hold(u->streams, &u->outlet, stream, hold);
}

/* Whoever sits behind a wall can open ports, but nobody gets there. */
static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	struct user *u = ctx;

	if (!u->listen_port)
		return -ICQ_EDENIED;
	*port_out = streams_listen(u->streams, &u->outlet, listener, 0);
	return 0;
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	struct user *u = ctx;

	streams_listen_end(u->streams, &u->outlet, listener);
}

static uint32_t on_inner_ip(void *ctx)
{
	const struct user *u = ctx;

	return addr_ip4(&u->host.addr);
}

static uint32_t on_accepted(void *self, uint32_t listener, const struct addr *from)
{
	struct user *u = self;

	return icq_client_stream_accepted(u->client, world_now(u->world), listener, from);
}

static void on_opened(void *self, uint32_t stream)
{
	struct user *u = self;

	icq_client_stream_opened(u->client, world_now(u->world), stream);
}

static void on_data(void *self, uint32_t stream, const void *p, size_t n)
{
	struct user *u = self;

	icq_client_stream_data(u->client, world_now(u->world), stream, p, n);
}

static void on_room(void *self, uint32_t stream)
{
	struct user *u = self;

	icq_client_stream_room(u->client, world_now(u->world), stream);
}

static void on_closed(void *self, uint32_t stream, bool broken)
{
	struct user *u = self;

	icq_client_stream_closed(u->client, world_now(u->world), stream, broken);
}

void user_plug_in(struct user *u)
{
	if (!u->streams)
		return;
	u->outlet = (struct outlet){ .host = &u->host,
				     .self = u,
				     .accepted = on_accepted,
				     .opened = on_opened,
				     .data = on_data,
				     .room = on_room,
				     .closed = on_closed };
	streams_plug(u->streams, &u->outlet);
	if (u->listen_port)
		streams_listen(u->streams, &u->outlet, 0, u->listen_port);
}

void user_plug_out(struct user *u)
{
	if (u->streams && u->client)
		streams_unplug(u->streams, &u->outlet);
	errands_drop(&u->files);
}

/* ---- files ----------------------------------------------------------------------------- */

/* A job for the disk, and behind it what it reads or writes, and the name. */
struct file_work {
	bool unanswered; /* nobody wants to hear of it any more */
	struct icq_client_file_job job;
	uint8_t bytes[];
};

static int on_file(void *ctx, const struct icq_client_file_job *job)
{
	struct user *u = ctx;
	const struct file_work head = { .job = *job };
	size_t n = job->n + job->name.len;
	struct errand *e = errand_new(&head, sizeof(head), sizeof(head) + n);
	struct file_work *work = (struct file_work *)e->job;

	if (job->kind == ICQ_CLIENT_FILE_WRITE)
		memcpy(work->bytes, job->p, job->n);
	if (job->name.len)
		memcpy(work->bytes + job->n, job->name.p, job->name.len);
	errands_put(&u->files, e, world_now(u->world).mono_ms + u->file_ms);
	return 0;
}

static void on_file_end(void *ctx, uint32_t transfer)
{
	struct user *u = ctx;

	for (struct errand *e = u->files.first; e; e = e->next) {
		struct file_work *work = (struct file_work *)e->job;

		work->unanswered |= work->job.transfer == transfer;
	}
}

void user_work_on_files(struct user *u)
{
	for (struct errand *e; (e = errands_take(&u->files, world_now(u->world).mono_ms));) {
		struct file_work *work = (struct file_work *)e->job;

		work->job.p = work->bytes;
		work->job.name.p = work->bytes + work->job.n;
		u->file(u->watch_ctx, u, &work->job, work->bytes);
		if (!work->unanswered)
			icq_client_file_done(u->client, world_now(u->world), &work->job);
		free(e);
	}
}

/* ---- what the client asks for ---------------------------------------------------------- */

void user_direct_env(const struct user *u, struct icq_client_env *env)
{
	if (u->streams) {
		env->connect = on_connect;
		env->stream_send = on_stream_send;
		env->stream_close = on_stream_close;
		env->stream_end = on_stream_end;
		env->stream_room = on_stream_room;
		env->stream_hold = on_stream_hold;
		env->listen = on_listen;
		env->listen_end = on_listen_end;
		env->inner_ip = on_inner_ip;
	}
	if (u->file) {
		env->file = on_file;
		env->file_end = on_file_end;
	}
}
