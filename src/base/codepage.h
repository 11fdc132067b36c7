/* SPDX-License-Identifier: MIT */
/*
 * Single-byte code pages and UTF-8. Each table is one-to-one over all 256 bytes (bytes that
 * a page leaves undefined map to the code point of the same number), so text survives both
 * ways whatever it holds.
 */
#ifndef BASE_CODEPAGE_H
#define BASE_CODEPAGE_H

#include <stddef.h>
#include <stdint.h>

struct codepage; /* constant tables, never freed */

/* "cp1252", "CP1251", "koi8-r", "iso-8859-1" ...; case and dashes do not matter. NULL:
 * unknown. */
const struct codepage *codepage_find(const char *name);
const char *codepage_name(const struct codepage *cp);
/* The pages in order, for lists of choices; NULL behind the last. */
const struct codepage *codepage_at(size_t i);

/* A guess for users with this international telephone prefix; NULL: the western page. */
const struct codepage *codepage_of_prefix(uint16_t prefix);

/* Both return the bytes written, never more than cap, whole characters only. A byte becomes
 * at most three bytes of UTF-8. */
size_t codepage_to_utf8(const struct codepage *cp, const void *in, size_t n, char *out, size_t cap);
/* The same in lower case, for comparisons: texts that differ in case only become equal. A
 * final sigma is a sigma. */
size_t codepage_fold(const struct codepage *cp, const void *in, size_t n, char *out, size_t cap);
/* The same for UTF-8; what is invalid becomes '?'. */
size_t codepage_fold_utf8(const char *in, size_t n, char *out, size_t cap);
/* Characters that the page lacks, and invalid UTF-8, become '?' and are counted in *lost. */
size_t codepage_from_utf8(const struct codepage *cp, const char *in, size_t n, void *out,
			  size_t cap, size_t *lost);

#endif
