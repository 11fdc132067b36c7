/* SPDX-License-Identifier: MIT */
/* The terminal by way of ncurses, and the only file that knows it. There is one. */
#ifndef ICQ_SCREEN_TERMINAL_H
#define ICQ_SCREEN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/icq/keys.h"

enum style {
	STYLE_TEXT,
	STYLE_BAR,
	STYLE_HEAD,
	STYLE_NEW,
	STYLE_HERE,
	STYLE_AWAY,
	STYLE_BUSY,
	STYLE_GONE,
	STYLE_OWN,
	STYLE_NOTE,
	STYLE_WARN,
	STYLE_LINK,
	STYLES
};

/* Are both ends a terminal that can move its cursor? */
bool terminal_capable(void);
/* Takes the terminal over. -ICQ_EIO. */
int terminal_open(void);
/* Gives it back. Nothing happens when it was not open. */
void terminal_close(void);
/* Gives it back for a while, and takes it again. */
void terminal_pause(void);
void terminal_resume(void);

/* Uses colours from now on, if the terminal has them and NO_COLOR is not set; or no more. */
void terminal_colours_on(bool on);

void terminal_size(int *rows, int *cols);
/* It has got another size. */
void terminal_resized(void);
/* Draws everything anew at the next terminal_show, whatever should be there already. */
void terminal_redraw(void);

/* A picture: erase, put, show. */
void terminal_erase(void);
/* At most `width` columns of n bytes of UTF-8, which have passed texts_shown; what would be a
 * control character nevertheless is a question mark. Returns the columns used. */
int terminal_put(int row, int col, int width, const char *text, size_t n, enum style style);
/* Blanks in this style. */
void terminal_fill(int row, int col, int width, enum style style);
/* With the cursor there. */
void terminal_show(int row, int col);

/* The next key; false when there is none for now. */
bool terminal_key(uint32_t *out);

/* Tells of the mouse from now on, or no more; then its own ways to mark and paste work again. */
void terminal_mouse_on(bool on);
enum mouse { MOUSE_CLICK, MOUSE_UP, MOUSE_DOWN, MOUSE_OTHER };
/* What PRESS_MOUSE was, and where; up and down are the wheel. */
enum mouse terminal_mouse(int *row, int *col);

#endif
