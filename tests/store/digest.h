/* SPDX-License-Identifier: MIT */
/* What a store holds, as a number. */
#ifndef TEST_STORE_DIGEST_H
#define TEST_STORE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_NONE 0xcbf29ce484222325u

void digest_add(uint64_t *digest, const void *p, size_t n);
/* Every row of a database, but for columns named `secret`; false if it cannot be read or its
 * structure is damaged. */
bool digest_file(uint64_t *digest, const char *file);

#endif
