/* SPDX-License-Identifier: MIT */
#include "conformance/cases.h"

#include "harness.h"

void cases_add(const struct table *t, void (*run)(void))
{
	static struct harness_case cases[TABLE_ROWS];

	for (size_t i = 0; i < t->count; i++) {
		cases[i] = (struct harness_case){ .name = t->rows[i].name,
						  .run = run,
						  .subject = &t->rows[i] };
		harness_add(&cases[i]);
	}
}
