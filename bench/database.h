/* SPDX-License-Identifier: MIT */
/* The durable store, for programs that end when anything fails. */
#ifndef BENCH_DATABASE_H
#define BENCH_DATABASE_H

#include "store/store.h"

void store_open(struct store_sqlite **s, const char *file);
/* Carries out n jobs as one transaction; all must succeed. */
void store_run(struct store_sqlite *s, struct job *const *jobs, size_t n);
/* Removes a closed database. */
void store_remove(const char *file);

#endif
