/* SPDX-License-Identifier: MIT */
/* Jobs that take time: a queue in which each has its turn when it is due. */
#ifndef SIM_ERRANDS_H
#define SIM_ERRANDS_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

/* Owned by the queue it is in, else by whoever took it out, who frees it. */
struct errand {
	struct errand *next;
	int64_t due_ms;
	alignas(max_align_t) uint8_t job[];
};

struct errands {
	struct errand *first, *last;
};

/* An errand with room for `size` bytes, of which the first n are copied. Never NULL. */
struct errand *errand_new(const void *job, size_t n, size_t size);

/* Times may not go back from one errand to the next. */
void errands_put(struct errands *q, struct errand *e, int64_t due_ms);
/* The first one, if it is due. */
struct errand *errands_take(struct errands *q, int64_t now_ms);
/* None falls due before this time. */
void errands_hold(struct errands *q, int64_t until_ms);
/* NEVER_MS when empty. */
int64_t errands_due(const struct errands *q);
/* Frees what is in it. */
void errands_drop(struct errands *q);

#endif
