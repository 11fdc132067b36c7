/* SPDX-License-Identifier: MIT */
/* Texts on the terminal: those of a window, and the line being typed. */
#ifndef ICQ_SCREEN_TEXT_H
#define ICQ_SCREEN_TEXT_H

#include "cmd/icq/screen/input.h"
#include "cmd/icq/screen/window.h"

enum { TEXT_ROWS_MAX = 400 };

/* The rows that a window shows in the first `lines` (at most TEXT_ROWS_MAX) rows of the terminal,
 * with the web addresses marked, and below a line what is not said yet; nothing outside of these
 * columns changes. */
void text_draw_window(struct window *w, int col, int width, int lines);
/* The part of the line around the cursor, in one row. Returns the column of the cursor. */
int text_draw_input(const struct input *in, int row, int col, int width);

#endif
