/* SPDX-License-Identifier: MIT */
/* Web addresses in texts. */
#ifndef ICQ_URLS_H
#define ICQ_URLS_H

#include <stddef.h>

/*
 * The next address of http or https from byte *from on, which is set to where it begins. It has
 * ASCII characters only, and no sign at its end that belongs to the sentence. Returns its length;
 * 0: there is none.
 */
size_t url_find(const char *text, size_t *from);

#endif
