/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_CASES_H
#define TESTS_CONFORMANCE_CASES_H

#include "conformance/table.h"

/* Makes every conversation a case of the harness, with the conversation as its subject. */
void cases_add(const struct table *t, void (*run)(void));

#endif
