/* SPDX-License-Identifier: MIT */
/* Files of a case, what is in them, and processes that die while they write. */
#ifndef TEST_STORE_FOLDER_H
#define TEST_STORE_FOLDER_H

#include <stddef.h>
#include <stdint.h>

enum { PATH_LEN = 256 };

/* A folder for one case. folder_free removes it with all that is in it. */
void folder_new(char path[PATH_LEN]);
void folder_free(const char *path);
void write_file(const char *file, const char *text, size_t n);

/* Runs SQL on a database; the number in the first row and column of its answer. */
void sql(const char *file, const char *text);
int sql_number(const char *file, const char *text);

/* Works for ever in a process of its own, writing to `to` the number of each step it has done.
 * May not return. */
typedef void told_work(void *ctx, int to);
/* Kills it after so many steps; returns the last number told, or the given one. */
uint32_t kill_while(told_work *work, void *ctx, uint32_t number, uint32_t tells);

#endif
