/* SPDX-License-Identifier: MIT */
/*
 * UIN -> 32-bit value, as a two-level array: UINs are dense because the server hands them
 * out, so a user costs four bytes and a look-up two loads. Value 0 means "none".
 */
#ifndef BASE_UINTAB_H
#define BASE_UINTAB_H

#include <stdint.h>

struct uintab; /* owned by whoever called uintab_new */

struct uintab *uintab_new(void); /* NULL: out of memory */
void uintab_free(struct uintab **t);
uint32_t uintab_get(const struct uintab *t, uint32_t uin);
/* May allocate a page of the table; 0 or -ICQ_ENOMEM (never when value is 0). */
int uintab_set(struct uintab *t, uint32_t uin, uint32_t value);

#endif
