/* SPDX-License-Identifier: MIT */
#include "sim/errands.h"

#include <stdlib.h>
#include <string.h>

#include "base/now.h"

struct errand *errand_new(const void *job, size_t n, size_t size)
{
	struct errand *e = malloc(sizeof(*e) + size);

	if (!e)
		abort();
	memcpy(e->job, job, n);
	return e;
}

void errands_put(struct errands *q, struct errand *e, int64_t due_ms)
{
	e->due_ms = due_ms;
	e->next = NULL;
	if (q->first)
		q->last->next = e;
	else
		q->first = e;
	q->last = e;
}

struct errand *errands_take(struct errands *q, int64_t now_ms)
{
	struct errand *e = q->first;

	if (!e || e->due_ms > now_ms)
		return NULL;
	q->first = e->next;
	return e;
}

void errands_hold(struct errands *q, int64_t until_ms)
{
	for (struct errand *e = q->first; e && e->due_ms < until_ms; e = e->next)
		e->due_ms = until_ms;
}

int64_t errands_due(const struct errands *q)
{
	return q->first ? q->first->due_ms : NEVER_MS;
}

void errands_drop(struct errands *q)
{
	for (struct errand *e; (e = errands_take(q, NEVER_MS));)
		free(e);
}
