/* SPDX-License-Identifier: MIT */
/* Unpredictable bytes, by libsodium. */
#ifndef IO_RANDOM_H
#define IO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Once, before everything else of libsodium. 0 or -ICQ_EIO. */
int random_init(void);
void random_bytes(void *p, size_t n);
/* Uniform in 0 .. n-1. */
uint32_t random_below(uint32_t n);

#endif
