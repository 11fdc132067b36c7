/* SPDX-License-Identifier: MIT */
/* What texts of anybody do to the picture: ncurses keeps it, as the model of a terminal. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/icq/words/render.h"
#include "cmd/icq/screen/cells.h"
#include "cmd/icq/screen/terminal.h"
#include "cmd/icq/screen/text.h"
#include "cmd/texts.h"
#include "harness.h"

enum { LEFT = 22, WIDTH = 58, ALL_COLUMNS = LEFT + WIDTH, LINES_USED = 22, ALL_LINES = 24 };

/* ---- the terminal ---------------------------------------------------------------------- */

/* What ncurses writes goes nowhere; meanwhile nothing may be told. */
static int out_before;

static void model_open(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	fflush(stdout);
	out_before = dup(STDOUT_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	close(nowhere);
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TERM", "xterm", 1);
	setenv("COLUMNS", "80", 1);
	setenv("LINES", "24", 1);
	check(terminal_open() == 0);
}

static void model_close(void)
{
	terminal_close();
	fflush(stdout);
	dup2(out_before, STDOUT_FILENO);
	close(out_before);
}

static void model_fill(void)
{
	for (int row = 0; row < ALL_LINES; row++)
		mvhline(row, 0, '#', ALL_COLUMNS);
}

/* Are these cells as model_fill has made them? */
static bool untouched(int row, int columns)
{
	wchar_t text[ALL_COLUMNS + 1] = L"";
	int n = 0;

	mvinnwstr(row, 0, text, columns);
	while (text[n] == L'#')
		n++;
	return n == columns;
}

/* No cell of the window holds what a terminal would obey. */
static bool harmless_row(int row)
{
	wchar_t text[8 * ALL_COLUMNS] = L"";

	mvinwstr(row, LEFT, text);
	for (const wchar_t *c = text; *c; c++)
		if (texts_is_dangerous((uint32_t)*c))
			return false;
	return true;
}

/* ---- texts ----------------------------------------------------------------------------- */

/* Of all kinds that do something special. */
static uint32_t random_character(struct rng *rng)
{
	static const struct {
		uint32_t first, count;
	} kinds[] = {
		{ 0x01, 0x1f },	  { 0x20, 0x5f },     { 0x7f, 0x21 },	  { 0xa0, 0x60 },
		{ 0x300, 0x70 },  { 0x5d0, 0x1b },    { 0x61c, 1 },	  { 0x200b, 5 },
		{ 0x2028, 7 },	  { 0x2060, 0x10 },   { 0x4e00, 0x1000 }, { 0xfe00, 0x10 },
		{ 0xfff0, 0x0e }, { 0x1f300, 0x300 }, { 0xe0000, 0x80 },  { 0x10fff0, 0x10 },
	};
	size_t kind = rng_below(rng, sizeof(kinds) / sizeof(*kinds));

	return kinds[kind].first + (uint32_t)rng_below(rng, kinds[kind].count);
}

static void random_text(struct rng *rng, char *out, uint32_t cap)
{
	size_t n = 0, wanted = rng_below(rng, cap - CELL_BYTES_MAX);

	while (n < wanted)
		n += cell_put(out + n, (wchar_t)random_character(rng));
	out[n] = 0;
}

static void random_bytes_of_text(struct rng *rng, char *out, uint32_t cap)
{
	size_t n = rng_below(rng, cap);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)(1 + rng_below(rng, 255));
	out[n] = 0;
}

/* A message on its way into a window, as screen_say_row does it. */
static void say(struct window *w, const char *text)
{
	json_t *row = json_pack("{s:i,s:s,s:s,s:s,s:I,s:b}", "uin", ICQ_CLIENT_SERVER_UIN, "dir",
				"in", "type", "text", "text", text, "time", (json_int_t)0,
				"verified", true);
	char *line = row ? render_row(NULL, row) : NULL;
	char *safe = texts_shown(line ? line : text, true);

	window_clear(w);
	window_add(w, safe);
	free(safe);
	free(line);
	json_decref(row);
}

/* Draws the text; whether it has changed nothing but its lines. */
static bool stays_in_its_lines(struct window *w, const char *text)
{
	bool good = true;

	say(w, text);
	model_fill();
	text_draw_window(w, LEFT, WIDTH, LINES_USED);
	for (int row = 0; row < LINES_USED; row++)
		good = good && untouched(row, LEFT) && harmless_row(row);
	for (int row = LINES_USED; row < ALL_LINES; row++)
		good = good && untouched(row, ALL_COLUMNS);
	return good;
}

TEST(random_texts_change_nothing_outside_their_lines)
{
	enum { TEXTS = 10000, TEXT_MAX = 400 };
	static struct window w;
	struct rng rng = harness_rng();
	char text[TEXT_MAX];
	bool good = true;

	model_open();
	for (int i = 0; i < TEXTS && good; i++) {
		if (i % 2)
			random_text(&rng, text, sizeof(text));
		else
			random_bytes_of_text(&rng, text, sizeof(text));
		good = stays_in_its_lines(&w, text);
	}
	model_close();
	check(good);
	window_free(&w);
}

TEST(escape_sequences_change_nothing_outside_their_lines)
{
	static const char *const texts[] = {
		"\033[2J\033[H",
		"\033]0;title\a",
		"\033]52;c;aGFja2Vk\a",
		"\033c",
		"\033[1;1Hx",
		"\302\233"
		"2J",
		"\302\235"
		"0;title\a",
		"\033[?1049l",
		"\r[00:00] forged",
		"\n[00:00] forged",
		"\b\b\b\b\b\b\b\b",
		"\016\017",
		"\u202egnitirw",
		"\u2066a\u2069\u200fb",
		"\u0301\u0301\u0301",
		"\t\t\t\t\t\t",
		"\u6f22\u5b57 wide",
		"\U0001f468\u200d\U0001f469",
		"\377\376 no UTF-8",
		"\v\f",
	};
	static struct window w;
	size_t bad = 0;
	char all[256];

	for (size_t i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	all[255] = 0;
	model_open();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		bad += !stays_in_its_lines(&w, texts[i]);
	bad += !stays_in_its_lines(&w, all);
	model_close();
	assert_int_equal(bad, 0);
	window_free(&w);
}

/* ---- the input line -------------------------------------------------------------------- */

/* The column of the cursor behind a text of which this many characters are left of it. */
static int cursor_in(const char *text, size_t left)
{
	static struct input in;

	input_set(&in, text);
	in.at = left;
	return text_draw_input(&in, 0, LEFT, 10) - LEFT;
}

TEST(cursor_is_where_the_character_is)
{
	int plain, wide, marked, long_line, inside;
	wchar_t text[ALL_COLUMNS * 2] = L"";

	model_open();
	plain = cursor_in("abc", 2);
	wide = cursor_in("\u6f22\u5b57x", 2);
	marked = cursor_in("e\u0301x", 3);
	mvinnwstr(0, LEFT, text, 3);
	long_line = cursor_in("0123456789abcdef", 16);
	inside = cursor_in("0123456789abcdef", 3);
	model_close();
	assert_int_equal(plain, 2);
	assert_int_equal(wide, 4);
	assert_int_equal(marked, 2);
	check(wcscmp(text, L"e\u0301x") == 0);
	assert_int_equal(long_line, 9);
	assert_int_equal(inside, 3);
}
