/* SPDX-License-Identifier: MIT */
/* Characters on the screen: UTF-8 on its way to columns and back. */
#ifndef ICQ_SCREEN_CELLS_H
#define ICQ_SCREEN_CELLS_H

#include <stddef.h>
#include <wchar.h>

enum { CELL_BYTES_MAX = 4, CELL_STRANGE = 0xfffd };

/* The character at *at, which moves on; a byte that is no UTF-8 is CELL_STRANGE. 0 at the end. */
wchar_t cell_next(const char **at);
/* Returns its length in UTF-8. */
size_t cell_put(char out[CELL_BYTES_MAX], wchar_t c);
/* The columns it takes in the locale: 0, 1 or 2. What cannot be shown is shown in one. */
int cell_width(wchar_t c);

#endif
