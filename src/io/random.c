/* SPDX-License-Identifier: MIT */
#include "io/random.h"

#include "base/err.h"

#include <sodium.h>

int random_init(void)
{
	return sodium_init() < 0 ? -ICQ_EIO : 0;
}

void random_bytes(void *p, size_t n)
{
	randombytes_buf(p, n);
}

uint32_t random_below(uint32_t n)
{
	return randombytes_uniform(n);
}
