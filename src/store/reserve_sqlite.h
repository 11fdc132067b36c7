/* SPDX-License-Identifier: MIT */
/* Room on the disk that is held beside a database for what must be written even when it is full. */
#ifndef STORE_RESERVE_SQLITE_H
#define STORE_RESERVE_SQLITE_H

#include <stdbool.h>
#include <stdint.h>

/* Makes sure that FILE.reserve takes up so many bytes. Whether there is room for it; on file
 * systems that cannot promise room nothing is held, and the answer is yes. */
bool reserve_hold(const char *file, int64_t bytes);
/* Whether there was something to give up. */
bool reserve_give_up(const char *file);

#endif
