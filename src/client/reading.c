/* SPDX-License-Identifier: MIT */
/* Reading the history for the user, one row after the other. */
#include <stdio.h>
#include <string.h>

#include "client/engine.h"

static void finish(struct icq_client *c, struct reading *r, enum icq_client_error error)
{
	uint64_t request = r->request;

	*r = (struct reading){ 0 };
	client_result(c, request, error, NULL);
}

static void read_on(struct icq_client *c, struct reading *r, const struct history_job *job)
{
	if (!r->left)
		finish(c, r, ICQ_CLIENT_OK);
	else if (c->env.submit(c->env.ctx, job) < 0)
		finish(c, r, ICQ_CLIENT_BUSY);
}

void icq_client_history(struct icq_client *c, struct now now, uint64_t request,
			const struct icq_client_query *query)
{
	struct history_job job;
	struct reading *r = c->readings, *end = r + READING_MAX;

	c->now = now;
	while (r < end && r->active)
		r++;
	if (r == end) {
		client_result(c, request, ICQ_CLIENT_BUSY, "too many readings at one time");
		return;
	}
	*r = (struct reading){ .active = true, .request = request, .left = query->limit };
	memset(&job, 0, offsetof(struct history_job, text));
	job.kind = HISTORY_NEXT;
	job.tag = TAG_READING;
	job.cookie = (uint64_t)(r - c->readings);
	job.row.self = c->uin;
	job.next.peer = query->peer;
	job.next.outbox = query->outbox;
	job.next.backwards = !query->outbox && !query->oldest_first;
	job.next.from = query->before;
	if (query->find)
		snprintf(job.next.find, sizeof(job.next.find), "%s", query->find);
	read_on(c, r, &job);
}

static const struct codepage *charset_of(const struct icq_client *c, const struct history_row *row)
{
	const struct codepage *found = codepage_find(row->charset);

	return found ? found : icq_client_charset(c, row->peer);
}

void reading_read(struct icq_client *c, const struct history_job *job)
{
	struct reading *r = &c->readings[job->cookie];
	struct history_job next;

	if (job->err < 0) {
		finish(c, r, job->err == -ICQ_ENOENT ? ICQ_CLIENT_OK : ICQ_CLIENT_DISK);
		return;
	}
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_HISTORY,
			       .message = { .request = r->request,
					    .row = &job->row,
					    .charset = charset_of(c, &job->row),
					    .text = { job->text, job->text_len } } });
	r->left--;
	memcpy(&next, job, offsetof(struct history_job, text));
	next.next.from = job->row.id;
	next.text_len = 0;
	read_on(c, r, &next);
}
