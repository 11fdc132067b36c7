/* SPDX-License-Identifier: MIT */
/* What the programs of this folder share. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

enum { PATH_LEN = 256 };

/* Says why on stderr, and ends the program. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

double now_s(void);
/* In rising order. */
void sort_numbers(double *at, size_t n);

/* A folder of its own inside of `in`. */
void folder_make(char folder[PATH_LEN], const char *in);

#endif
