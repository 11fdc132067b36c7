/* SPDX-License-Identifier: MIT */
#define NCURSES_WIDECHAR 1
#include "cmd/icq/screen_terminal.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd/icq/screen_cells.h"
#include "cmd/texts.h"

#include <term.h> /* behind the others: it makes macros of common words */

enum { ESCAPE = 27, ESCAPE_WAIT_MS = 25 };

static SCREEN *screen;
static attr_t attributes[STYLES];
static short pairs[STYLES];

/* ---- life ------------------------------------------------------------------------------ */

bool terminal_capable(void)
{
	const char *term = getenv("TERM"), *move;
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || !*term ||
	    setupterm(term, STDOUT_FILENO, &err) != OK)
		return false;
	move = cursor_address;
	del_curterm(cur_term);
	return move && *term && strcmp(term, "dumb") != 0;
}

/* Every style differs without colours, or stands beside a letter that tells the same. */
static void set_styles(void)
{
	static const struct {
		attr_t attribute;
		short colour; /* 0: that of the terminal */
	} looks[STYLES] = {
		[STYLE_BAR] = { A_REVERSE, 0 },	    [STYLE_HEAD] = { A_UNDERLINE, 0 },
		[STYLE_NEW] = { A_BOLD, 0 },	    [STYLE_HERE] = { 0, COLOR_GREEN },
		[STYLE_AWAY] = { 0, COLOR_YELLOW }, [STYLE_BUSY] = { 0, COLOR_RED },
		[STYLE_GONE] = { A_DIM, 0 },
	};
	const char *forbidden = getenv("NO_COLOR");
	bool colours = !(forbidden && *forbidden) && has_colors() && start_color() == OK &&
		       use_default_colors() == OK;

	for (short i = 0; i < STYLES; i++) {
		attributes[i] = looks[i].attribute;
		pairs[i] = 0;
		if (colours && looks[i].colour && init_pair(i, looks[i].colour, -1) == OK)
			pairs[i] = i;
	}
}

int terminal_open(void)
{
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return -ICQ_EIO;
	set_escdelay(ESCAPE_WAIT_MS);
	raw();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	set_styles();
	return 0;
}

void terminal_close(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
}

void terminal_pause(void)
{
	if (screen)
		endwin();
}

void terminal_resume(void)
{
	if (screen)
		terminal_redraw();
}

void terminal_size(int *rows, int *cols)
{
	getmaxyx(stdscr, *rows, *cols);
}

void terminal_resized(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	terminal_redraw();
}

void terminal_redraw(void)
{
	clearok(stdscr, TRUE);
}

/* ---- output ---------------------------------------------------------------------------- */

void terminal_erase(void)
{
	erase();
}

/* The last check, whatever the callers have forgotten. */
static wchar_t harmless(wchar_t c)
{
	return wcwidth(c) < 0 || texts_is_dangerous((uint32_t)c) ? L'?' : c;
}

int terminal_put(int row, int col, int width, const char *text, size_t n, enum style style)
{
	const char *end = text + n;
	int used = 0, rows, cols;
	wchar_t c;

	terminal_size(&rows, &cols);
	if (row < 0 || row >= rows || col < 0 || move(row, col) == ERR)
		return 0;
	if (width > cols - col)
		width = cols - col;
	attr_set(attributes[style], pairs[style], NULL);
	while (text < end && (c = cell_next(&text))) {
		c = harmless(c);
		if (used + cell_width(c) > width)
			break;
		/* A mark without a letter before it would go to the cell before ours. */
		if (cell_width(c) > 0 || used > 0)
			addnwstr(&c, 1);
		used += cell_width(c);
	}
	attr_set(A_NORMAL, 0, NULL);
	return used;
}

void terminal_put_char(int row, int col, wchar_t c, enum style style)
{
	char utf8[CELL_BYTES_MAX];

	terminal_put(row, col, 2, utf8, cell_put(utf8, c), style);
}

void terminal_fill(int row, int col, int width, enum style style)
{
	attr_set(attributes[style], pairs[style], NULL);
	mvhline(row, col, ' ', width);
	attr_set(A_NORMAL, 0, NULL);
}

void terminal_show(int row, int col)
{
	move(row, col);
	refresh();
}

/* ---- keys ------------------------------------------------------------------------------ */

static uint32_t special(int key)
{
	static const struct {
		int key;
		uint32_t press;
	} keys[] = {
		{ KEY_UP, PRESS_UP },	      { KEY_DOWN, PRESS_DOWN },
		{ KEY_LEFT, PRESS_LEFT },     { KEY_RIGHT, PRESS_RIGHT },
		{ KEY_HOME, PRESS_HOME },     { KEY_END, PRESS_END },
		{ KEY_DC, PRESS_DELETE },     { KEY_BACKSPACE, PRESS_BACKSPACE },
		{ KEY_PPAGE, PRESS_PAGE_UP }, { KEY_NPAGE, PRESS_PAGE_DOWN },
		{ KEY_F(1), PRESS_F1 },	      { KEY_F(2), PRESS_F2 },
		{ KEY_ENTER, '\r' },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].key == key)
			return keys[i].press;
	return PRESS_UNKNOWN;
}

/* Bytes of a character may come one by one over a slow line; ncurses would forget the first. */
static bool add_byte(unsigned char byte, uint32_t *out)
{
	static char bytes[CELL_BYTES_MAX + 1];
	static size_t n, wanted;
	const char *at = bytes;

	if ((byte & 0xc0) != 0x80) {
		n = 0;
		wanted = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
	} else if (n == 0) {
		return false;
	}
	bytes[n++] = (char)byte;
	bytes[n] = 0;
	if (n < wanted)
		return false;
	n = 0;
	*out = byte ? (uint32_t)cell_next(&at) : PRESS_UNKNOWN;
	return true;
}

/* The rest of a sequence that this terminal's description lacks. */
static void skip_sequence(void)
{
	int key;

	do
		key = getch();
	while (key >= ' ' && key < '@');
}

/* Behind an escape: alone, or Alt with a key. */
static uint32_t escaped(void)
{
	int key = getch();

	if (key == ERR)
		return ESCAPE;
	if (key == '[' || key == 'O') {
		skip_sequence();
		return PRESS_UNKNOWN;
	}
	return PRESS_ALT | (key < 0x80 ? (uint32_t)key : special(key));
}

bool terminal_key(uint32_t *out)
{
	int key;

	while ((key = getch()) != ERR) {
		if (key == ESCAPE)
			*out = escaped();
		else if (key >= KEY_MIN)
			*out = special(key);
		else if (!add_byte((unsigned char)key, out))
			continue;
		return true;
	}
	return false;
}
