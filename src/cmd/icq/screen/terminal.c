/* SPDX-License-Identifier: MIT */
#define NCURSES_WIDECHAR 1
#include "cmd/icq/screen/terminal.h"

#include <ctype.h>
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/err.h"
#include "cmd/icq/screen/cells.h"
#include "cmd/texts.h"

#include <term.h> /* behind the others: it makes macros of common words */

enum { RUBOUT = 127, ESCAPE_WAIT_MS = 25 };

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
void terminal_colours_on(bool on)
{
	static const struct {
		attr_t attribute;
		short colour; /* 0: that of the terminal */
	} looks[STYLES] = {
		[STYLE_BAR] = { A_REVERSE, 0 },	    [STYLE_HEAD] = { A_UNDERLINE, 0 },
		[STYLE_NEW] = { A_BOLD, 0 },	    [STYLE_HERE] = { 0, COLOR_GREEN },
		[STYLE_AWAY] = { 0, COLOR_YELLOW }, [STYLE_BUSY] = { 0, COLOR_RED },
		[STYLE_GONE] = { A_DIM, 0 },	    [STYLE_OWN] = { 0, COLOR_CYAN },
		[STYLE_NOTE] = { A_DIM, 0 },	    [STYLE_WARN] = { A_BOLD, COLOR_RED },
		[STYLE_LINK] = { A_UNDERLINE, 0 },
	};
	const char *forbidden = getenv("NO_COLOR");
	bool colours = on && !(forbidden && *forbidden) && has_colors() && start_color() == OK &&
		       use_default_colors() == OK;

	for (short i = 0; i < STYLES; i++) {
		attributes[i] = looks[i].attribute;
		pairs[i] = 0;
		if (colours && looks[i].colour && init_pair(i, looks[i].colour, -1) == OK)
			pairs[i] = i;
	}
}

/* Pasted text comes in brackets, so that its line ends are not taken for Enter. A terminal that
 * moves its cursor the ANSI way passes over what it does not know. */
static void bracket_pasted(bool on)
{
	if (cursor_address && strncmp(cursor_address, "\033[", 2) == 0) {
		fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
		fflush(stdout);
	}
}

int terminal_open(void)
{
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return -ICQ_EIO;
	if (!getenv("ESCDELAY"))
		set_escdelay(ESCAPE_WAIT_MS);
	raw();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	terminal_colours_on(false);
	bracket_pasted(true);
	return 0;
}

void terminal_close(void)
{
	if (!screen)
		return;
	bracket_pasted(false);
	endwin();
	delscreen(screen);
	screen = NULL;
}

void terminal_pause(void)
{
	if (!screen)
		return;
	bracket_pasted(false);
	endwin();
}

void terminal_resume(void)
{
	if (!screen)
		return;
	bracket_pasted(true);
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
		{ KEY_IC, PRESS_INSERT },     { KEY_DC, PRESS_DELETE },
		{ KEY_PPAGE, PRESS_PAGE_UP }, { KEY_NPAGE, PRESS_PAGE_DOWN },
		{ KEY_ENTER, '\r' },	      { KEY_BACKSPACE, PRESS_BACKSPACE },
		{ KEY_MOUSE, PRESS_MOUSE },   { KEY_BTAB, '\t' | PRESS_SHIFT },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].key == key)
			return keys[i].press;
	if (key >= KEY_F(1) && key <= KEY_F(12))
		return PRESS_F1 + (uint32_t)(key - KEY_F(1));
	return PRESS_UNKNOWN;
}

/* Bytes of a character, in the code of the locale, may come one by one over a slow line; ncurses
 * would forget the first. */
static bool add_byte(unsigned char byte, uint32_t *out)
{
	static mbstate_t state;
	const char bytes = (char)byte;
	wchar_t c;
	size_t n = mbrtowc(&c, &bytes, 1, &state);

	if (n == (size_t)-2)
		return false;
	if (n == (size_t)-1) {
		memset(&state, 0, sizeof(state));
		return false;
	}
	*out = n ? (uint32_t)c : PRESS_UNKNOWN;
	return true;
}

/* The bits of a modifier as xterm counts them: 1 and Shift 1, Alt 2, Ctrl 4. */
static uint32_t modifier_bits(unsigned number)
{
	uint32_t bits = 0;

	if (number < 2 || number > 8)
		return 0;
	number--;
	bits |= number & 1 ? PRESS_SHIFT : 0;
	bits |= number & 2 ? PRESS_ALT : 0;
	bits |= number & 4 ? PRESS_CTRL : 0;
	return bits;
}

/* What the last byte of a sequence names, and with '~' the first number. */
static uint32_t sequence_key(int last, unsigned number)
{
	static const struct {
		char last;
		unsigned char number;
		uint32_t press;
	} keys[] = {
		{ 'A', 0, PRESS_UP },
		{ 'B', 0, PRESS_DOWN },
		{ 'C', 0, PRESS_RIGHT },
		{ 'D', 0, PRESS_LEFT },
		{ 'H', 0, PRESS_HOME },
		{ 'F', 0, PRESS_END },
		{ '~', 1, PRESS_HOME },
		{ '~', 2, PRESS_INSERT },
		{ '~', 3, PRESS_DELETE },
		{ '~', 4, PRESS_END },
		{ '~', 5, PRESS_PAGE_UP },
		{ '~', 6, PRESS_PAGE_DOWN },
		{ '~', 200, PRESS_PASTE_BEGIN },
		{ '~', 201, PRESS_PASTE_END },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].last == last && (last != '~' || keys[i].number == number))
			return keys[i].press;
	return PRESS_UNKNOWN;
}

/* The rest of a sequence that this terminal's description lacks: numbers, and a last byte. */
static uint32_t sequence(void)
{
	unsigned numbers[2] = { 0 };
	size_t i = 0;
	uint32_t press;
	int key;

	timeout(get_escdelay()); /* it may come byte by byte */
	while ((key = getch()) >= ' ' && key < '@') {
		if (key == ';')
			i++;
		else if (key >= '0' && key <= '9' && i < 2 && numbers[i] < 1000)
			numbers[i] = 10 * numbers[i] + (unsigned)(key - '0');
	}
	nodelay(stdscr, TRUE);
	press = sequence_key(key, numbers[0]);
	return press == PRESS_UNKNOWN ? press : press | modifier_bits(numbers[1]);
}

/* Behind an escape: alone, or Alt with a key. */
static uint32_t escaped(void)
{
	int key = getch();

	if (key == ERR)
		return PRESS_ESCAPE;
	if (key == '[' || key == 'O')
		return sequence();
	if (key == RUBOUT)
		return PRESS_ALT | PRESS_BACKSPACE;
	return PRESS_ALT | (key < 0x80 ? (uint32_t)tolower(key) : special(key));
}

/* With Ctrl and the like some terminals have descriptions of keys that ncurses gives numbers of
 * its own, and names as kLFT5. */
static uint32_t named(int key)
{
	static const struct {
		const char *name;
		uint32_t press;
	} keys[] = {
		{ "kUP", PRESS_UP },	       { "kDN", PRESS_DOWN },
		{ "kLFT", PRESS_LEFT },	       { "kRIT", PRESS_RIGHT },
		{ "kHOM", PRESS_HOME },	       { "kEND", PRESS_END },
		{ "kIC", PRESS_INSERT },       { "kDC", PRESS_DELETE },
		{ "kPRV", PRESS_PAGE_UP },     { "kNXT", PRESS_PAGE_DOWN },
		{ "kxPS", PRESS_PASTE_BEGIN }, { "kxPE", PRESS_PASTE_END },
	};
	const char *name = keyname(key);

	for (size_t i = 0; name && i < sizeof(keys) / sizeof(*keys); i++) {
		size_t n = strlen(keys[i].name);

		if (strncmp(name, keys[i].name, n) == 0)
			return keys[i].press | modifier_bits((unsigned)strtoul(name + n, NULL, 10));
	}
	return PRESS_UNKNOWN;
}

bool terminal_key(uint32_t *out)
{
	int key;

	while ((key = getch()) != ERR) {
		if (key == PRESS_ESCAPE)
			*out = escaped();
		else if (key == RUBOUT)
			*out = PRESS_BACKSPACE;
		else if (key > KEY_MAX)
			*out = named(key);
		else if (key >= KEY_MIN)
			*out = special(key);
		else if (!add_byte((unsigned char)key, out))
			continue;
		return true;
	}
	return false;
}

/* ---- mouse ----------------------------------------------------------------------------- */

void terminal_mouse_on(bool on)
{
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	mouseinterval(0); /* a press is told at once, not when it is known to be a click */
}

enum mouse terminal_mouse(int *row, int *col)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return MOUSE_OTHER;
	*row = event.y;
	*col = event.x;
	return event.bstate & BUTTON4_PRESSED	? MOUSE_UP
	       : event.bstate & BUTTON5_PRESSED ? MOUSE_DOWN
	       : event.bstate & BUTTON1_PRESSED ? MOUSE_CLICK
						: MOUSE_OTHER;
}
