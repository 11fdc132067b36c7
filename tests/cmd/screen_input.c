/* SPDX-License-Identifier: MIT */
/* What people type on the screen: the input line, keys, completion; and addresses in texts. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/icq/keys.h"
#include "cmd/icq/words/complete.h"
#include "cmd/icq/screen/input.h"
#include "cmd/icq/urls.h"
#include "harness.h"

/* ---- input line ------------------------------------------------------------------------ */

static void check_input(const struct input *in, const char *expected)
{
	char *text = input_text(in);

	assert_string_equal(text, expected);
	free(text);
}

static void type_line(struct input *in, const char *line)
{
	input_set(in, line);
	input_commit(in);
}

TEST(input_is_edited_where_the_cursor_is)
{
	struct input in = { 0 };

	input_insert_text(&in, "one three");
	input_move(&in, INPUT_WORD_LEFT);
	input_insert_text(&in, "two ");
	check_input(&in, "one two three");
	input_delete(&in, INPUT_WORD_LEFT);
	check_input(&in, "one three");
	input_delete(&in, INPUT_END);
	check_input(&in, "one ");
	input_move(&in, INPUT_HOME);
	input_delete(&in, INPUT_LEFT);
	input_delete(&in, INPUT_RIGHT);
	check_input(&in, "ne ");
	input_free(&in);
}

TEST(input_takes_no_control_characters)
{
	struct input in = { 0 };

	for (wchar_t c = 1; c < 256; c++)
		input_insert(&in, c);
	for (size_t i = 0; i < in.n; i++)
		check(in.text[i] == '\n' || (in.text[i] >= ' ' && in.text[i] < 0x7f) ||
		      in.text[i] >= 0xa0);
	input_set(&in, NULL);
	input_insert(&in, 0xd800);
	check_input(&in, "");
	input_free(&in);
}

TEST(input_stops_when_it_is_full)
{
	static struct input in;

	for (size_t i = 0; i < INPUT_MAX + 10; i++)
		input_insert(&in, 'x');
	assert_int_equal(in.n, INPUT_MAX);
	input_delete(&in, INPUT_HOME);
	check_input(&in, "");
	input_free(&in);
}

TEST(input_moves_over_a_letter_with_its_marks)
{
	struct input in = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8");
	input_insert_text(&in, "ae\u0301");
	input_delete(&in, INPUT_LEFT);
	check_input(&in, "a");
	input_free(&in);
}

TEST(input_goes_back_to_older_lines_and_returns)
{
	struct input in = { 0 };

	type_line(&in, "first");
	type_line(&in, "second");
	type_line(&in, "second");
	input_insert_text(&in, "unsent");
	input_older(&in);
	check_input(&in, "second");
	input_older(&in);
	input_older(&in);
	check_input(&in, "first");
	input_newer(&in);
	input_newer(&in);
	input_newer(&in);
	check_input(&in, "unsent");
	input_free(&in);
}

static void search_for(struct input *in, const char *letters)
{
	for (; *letters; letters++)
		input_search_more(in, (wchar_t)*letters);
}

TEST(input_forgets_where_it_was_when_the_line_is_another)
{
	struct input in = { 0 };

	type_line(&in, "first");
	type_line(&in, "second");
	input_older(&in);
	input_older(&in);
	check(input_is_recalled(&in));
	input_set(&in, "draft");
	check(!input_is_recalled(&in));
	input_older(&in);
	check_input(&in, "second");
	input_newer(&in);
	check_input(&in, "draft");
	input_free(&in);
}

TEST(input_finds_older_lines_letter_by_letter)
{
	struct input in = { 0 };

	type_line(&in, "msg ann one");
	type_line(&in, "msg bob");
	type_line(&in, "msg ann two");
	input_insert_text(&in, "unsent");
	input_search(&in);
	search_for(&in, "b");
	check_input(&in, "msg bob");
	input_search_less(&in);
	check_input(&in, "unsent");
	search_for(&in, "ann");
	check_input(&in, "msg ann two");
	input_search_older(&in);
	check_input(&in, "msg ann one");
	check(in.found);
	input_search_older(&in);
	check_input(&in, "msg ann one");
	check(!in.found);
	search_for(&in, "x");
	check(!in.found);
	input_search_end(&in, false);
	check_input(&in, "unsent");
	input_free(&in);
}

TEST(input_goes_on_with_what_was_found)
{
	struct input in = { 0 };

	type_line(&in, "msg ann one");
	type_line(&in, "msg bob");
	input_search(&in);
	search_for(&in, "one");
	input_search_end(&in, true);
	check(!in.searching);
	input_insert(&in, '!');
	check_input(&in, "msg ann one!");
	input_newer(&in);
	check_input(&in, "msg bob");
	input_free(&in);
}

TEST(input_puts_back_what_was_deleted)
{
	struct input in = { 0 };

	input_insert_text(&in, "one two");
	input_delete(&in, INPUT_WORD_LEFT);
	input_delete(&in, INPUT_LEFT);
	input_move(&in, INPUT_HOME);
	input_put_back(&in);
	check_input(&in, "twoone");
	input_free(&in);
}

TEST(input_forgets_the_oldest_lines)
{
	struct input in = { 0 };
	char line[16];

	for (int i = 0; i < INPUT_RECALL_MAX + 5; i++) {
		snprintf(line, sizeof(line), "%d", i);
		type_line(&in, line);
	}
	for (int i = 0; i < 2 * INPUT_RECALL_MAX; i++)
		input_older(&in);
	check_input(&in, "5");
	input_free(&in);
}

/* ---- keys ------------------------------------------------------------------------------ */

static void check_key(const char *name, uint32_t key, const char *written)
{
	char out[KEY_NAME_MAX];

	assert_int_equal(key_parse(name, strlen(name)), key);
	key_write(key, out);
	assert_string_equal(out, written);
}

TEST(keys_have_names)
{
	check_key("Ctrl+R", 'R' & 0x1f, "Ctrl+R");
	check_key("ctrl+r", 'R' & 0x1f, "Ctrl+R");
	check_key("alt+ctrl+r", PRESS_ALT | ('R' & 0x1f), "Ctrl+Alt+R");
	check_key("ALT+A", PRESS_ALT | 'a', "Alt+A");
	check_key("Alt+1", PRESS_ALT | '1', "Alt+1");
	check_key("Alt+Enter", PRESS_ALT | '\r', "Alt+Enter");
	check_key("ctrl+shift+left", PRESS_CTRL | PRESS_SHIFT | PRESS_LEFT, "Ctrl+Shift+Left");
	check_key("f12", PRESS_F12, "F12");
	check_key("Esc", PRESS_ESCAPE, "Esc");
	check_key("Ctrl+I", '\t', "Tab");
}

TEST(keys_that_are_text_cannot_be_bound)
{
	static const char *const bad[] = { "a",	  "Shift+a", "Ctrl+1",	 "F0",
					   "F13", "F1x",     "Ctrl+",	 "Hyper+A",
					   "",	  "Ctrl",    "\xc3\xa4", "Alt+\xc3\xa4" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check(!key_parse(bad[i], strlen(bad[i])));
}

TEST(key_lists_are_checked)
{
	check(key_list_valid("Ctrl+R  Alt+F1 "));
	check(key_list_valid("none"));
	check(!key_list_valid("Ctrl+R x"));
	check(key_list_has("Up ctrl+r", 'R' & 0x1f));
	check(!key_list_has("Up ctrl+r", PRESS_DOWN));
	check(!key_list_has("none", 0));
}

/* Every action has keys, every key has one action, and their names are those they parse from. */
TEST(preset_keys_are_unambiguous)
{
	for (enum action a = 0; a < ACTIONS; a++) {
		char list[128], out[KEY_NAME_MAX], *save = NULL;

		check(key_list_valid(action_rows[a].keys));
		snprintf(list, sizeof(list), "%s", action_rows[a].keys);
		for (char *w = strtok_r(list, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
			uint32_t key = key_parse(w, strlen(w));

			key_write(key, out);
			assert_string_equal(out, w);
			for (enum action b = 0; b < a; b++)
				check(!key_list_has(action_rows[b].keys, key));
		}
	}
}

/* ---- completion ------------------------------------------------------------------------ */

static const char *word(void *ctx, size_t i)
{
	static const char *const words[] = { "msg", "msgall", "Münze", "mühle", "quit" };

	(void)ctx;
	return i < sizeof(words) / sizeof(*words) ? words[i] : NULL;
}

static void check_complete(const char *letters, size_t count, const char *expected)
{
	char out[COMPLETE_MAX];

	assert_int_equal(complete(word, NULL, letters, strlen(letters), out), count);
	assert_string_equal(out, expected);
}

TEST(completion_goes_as_far_as_all_agree)
{
	check_complete("q", 1, "quit");
	check_complete("ms", 2, "msg");
	check_complete("msga", 1, "msgall");
	check_complete("M\u00fc", 2, "M\u00fc");
	check_complete("x", 0, "");
}

/* ---- web addresses --------------------------------------------------------------------- */

static void check_url(const char *text, const char *expected)
{
	size_t from = 0, n = url_find(text, &from);

	assert_int_equal(n, strlen(expected));
	check(memcmp(text + from, expected, n) == 0);
}

TEST(web_addresses_are_found_in_sentences)
{
	check_url("see http://a.b/c, or not", "http://a.b/c");
	check_url("(https://a.b/x_(y)?q=1#z).", "https://a.b/x_(y)?q=1#z");
	check_url("<HTTP://A.B>", "HTTP://A.B");
	check_url("http:// https://b", "https://b");
	check_url("http://a\u202eb", "http://a");
	check_url("ftp://a.b javascript:x file:///etc", "");
	check_url("http", "");
	check_url("", "");
}
