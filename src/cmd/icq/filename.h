/* SPDX-License-Identifier: MIT */
/* Names of files that others have chosen. */
#ifndef ICQ_FILENAME_H
#define ICQ_FILENAME_H

#include <stdbool.h>

enum { FILENAME_SAFE_MAX = 181, FILENAME_FULL_MAX = 256 }; /* both with NUL */

/*
 * A name as it may stand in a folder of the user: the last part of what was said (UTF-8), where
 * folders and drives may be spelled as on any system; not hidden, no option of a command, nothing
 * that a terminal obeys or that reads otherwise than it is, no device of other systems, no partial
 * file (see haul.h), and short enough for a suffix. False: nothing is left of it.
 */
bool filename_make(char out[FILENAME_SAFE_MAX], const char *said);

/* The same with a number before its ending, "photo (2).jpg"; number 1: as it is. */
void filename_numbered(char out[FILENAME_FULL_MAX], const char *name, unsigned number);

#endif
