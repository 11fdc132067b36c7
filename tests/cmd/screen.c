/* SPDX-License-Identifier: MIT */
/* The parts of the screen that know no terminal: windows and panel. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/icq/words/render.h"
#include "cmd/icq/screen/cells.h"
#include "cmd/icq/screen/panel.h"
#include "cmd/icq/screen/window.h"
#include "cmd/texts.h"
#include "harness.h"

/* ---- windows --------------------------------------------------------------------------- */

enum { ROWS = 50 };

static void check_rows(struct window *w, int width, int height, const char *const *expected)
{
	struct window_row rows[ROWS];
	int n = window_rows(w, width, height, rows);
	char line[256];

	for (int i = 0; i < n; i++) {
		check(expected[i]);
		snprintf(line, sizeof(line), "%s%.*s", rows[i].indent, (int)rows[i].n,
			 rows[i].text);
		assert_string_equal(line, expected[i]);
	}
	check(!expected[n]);
}

#define ROWS_ARE(...) ((const char *const[]){ __VA_ARGS__, NULL })

TEST(window_breaks_lines_between_words)
{
	static struct window w;

	window_add(&w, "[12:00] ann: one two three");
	check_rows(&w, 21, 9, ROWS_ARE("[12:00] ann: one two ", "| three"));
	check_rows(&w, 30, 9, ROWS_ARE("[12:00] ann: one two three"));
	window_free(&w);
}

TEST(window_breaks_words_if_wanted)
{
	static struct window w;

	window_add(&w, "ab cdefg");
	check_rows(&w, 6, 9, ROWS_ARE("ab ", "  cdef", "  g"));
	window_wrap_words(false);
	check_rows(&w, 6, 9, ROWS_ARE("ab cde", "  fg"));
	window_wrap_words(true);
	window_free(&w);
}

TEST(window_indents_what_is_no_first_row)
{
	static struct window w;

	window_add(&w, "[12:00] ann: one\n" RENDER_INDENT "[12:00] forged");
	check_rows(&w, 40, 9, ROWS_ARE("[12:00] ann: one", RENDER_INDENT "[12:00] forged"));
	check_rows(&w, 20, 9, ROWS_ARE("[12:00] ann: one", "| [12:00] forged"));
	window_free(&w);
}

TEST(window_does_not_split_wide_characters)
{
	static struct window w;

	setlocale(LC_CTYPE, "C.UTF-8");
	window_add(&w, "漢字漢字");
	check_rows(&w, 5, 9, ROWS_ARE("漢字", "  漢", "  字"));
	window_free(&w);
}

TEST(window_shows_its_end_and_scrolls)
{
	static struct window w;
	char line[16];

	for (int i = 1; i <= 6; i++) {
		snprintf(line, sizeof(line), "line %d", i);
		window_add(&w, line);
	}
	check_rows(&w, 40, 2, ROWS_ARE("line 5", "line 6"));
	window_scroll(&w, 3);
	check_rows(&w, 40, 2, ROWS_ARE("line 2", "line 3"));
	window_add(&w, "line 7");
	check_rows(&w, 40, 2, ROWS_ARE("line 2", "line 3"));
	window_scroll(&w, 100);
	check_rows(&w, 40, 2, ROWS_ARE("line 1", "line 2"));
	window_scroll(&w, -100);
	check_rows(&w, 40, 2, ROWS_ARE("line 6", "line 7"));
	window_free(&w);
}

TEST(window_takes_history_before_what_is_there)
{
	static struct window w;

	window_add(&w, "now");
	window_put_before(&w, 0, "then");
	check_rows(&w, 40, 9, ROWS_ARE("then", "now"));
	window_free(&w);
}

TEST(window_tells_anew_in_the_same_place)
{
	static struct window w;
	uint64_t tag = window_tag(WINDOW_TRANSFER, 7);

	window_add(&w, "before");
	window_put(&w, tag, "10 %");
	window_put(&w, window_tag(WINDOW_MESSAGE, 7), "another");
	window_put(&w, tag, "100 %, and done");
	check_rows(&w, 40, 9, ROWS_ARE("before", "100 %, and done", "another"));
	assert_int_equal(w.bytes, strlen("before"
					 "100 %, and done"
					 "another"));
	window_free(&w);
}

TEST(window_forgets_the_oldest_lines)
{
	static struct window w;
	static char big[WINDOW_BYTES_MAX / 4];

	for (int i = 0; i < WINDOW_LINES_MAX + 5; i++)
		window_add(&w, "small");
	assert_int_equal(w.count, WINDOW_LINES_MAX);
	window_put_before(&w, 0, "no room");
	assert_int_equal(w.count, WINDOW_LINES_MAX);
	memset(big, 'x', sizeof(big) - 1);
	for (int i = 0; i < 10; i++)
		window_add(&w, big);
	check(w.bytes <= WINDOW_BYTES_MAX);
	window_free(&w);
}

TEST(web_addresses_are_chosen_from_the_newest_on)
{
	static struct window w;

	window_add(&w, "first http://one and http://two");
	window_add(&w, "none here");
	window_add(&w, "http://three");
	for (int i = 0; i < 2; i++) {
		window_choose_url(&w);
		check(strncmp(window_url(&w), "http://three", w.url.len) == 0);
		window_choose_url(&w);
		check(strncmp(window_url(&w), "http://two", w.url.len) == 0);
		window_put_before(&w, 0, "http://zero");
		window_add(&w, "after");
		check(strncmp(window_url(&w), "http://two", w.url.len) == 0);
		window_choose_url(&w);
		check(strncmp(window_url(&w), "http://one", w.url.len) == 0);
		for (int n = 0; n <= i + 1; n++)
			window_choose_url(&w);
		check(!window_url(&w));
	}
	window_free(&w);
}

TEST(web_address_is_no_longer_chosen_when_its_line_is_gone)
{
	static struct window w;

	window_put(&w, 7, "http://one");
	window_choose_url(&w);
	window_put(&w, 7, "told anew, http://two");
	check(!window_url(&w));
	window_choose_url(&w);
	for (int i = 0; i < WINDOW_LINES_MAX; i++)
		window_add(&w, "x");
	check(!window_url(&w));
	window_free(&w);
}

/* ---- rows of the history --------------------------------------------------------------- */

/* verified: taken over; NULL: ours. */
static void check_row(json_t *verified, const char *state, const char *expected)
{
	/* The server has its name from nobody, so there is no need for a client. */
	json_t *row = json_pack("{s:i,s:s,s:s,s:s,s:s,s:I,s:o*}", "uin", ICQ_CLIENT_SERVER_UIN,
				"dir", verified ? "in" : "out", "state", state, "type", "text",
				"text", "one\ntwo", "time", (json_int_t)0, "verified", verified);
	char *text = render_row(NULL, row);

	assert_string_equal(strchr(text, ']') + 2, expected);
	free(text);
	json_decref(row);
}

#define ONE_TWO "one\n" RENDER_INDENT "two"

TEST(history_tells_what_is_not_verified)
{
	check_row(json_true(), "received", "the server: " ONE_TWO);
	check_row(json_false(), "received", "the server (unverified): " ONE_TWO);
	check_row(json_string("address"), "received", "the server (address matches): " ONE_TWO);
}

TEST(history_tells_what_became_of_our_messages)
{
	check_row(NULL, "queued", "~ " ONE_TWO);
	check_row(NULL, "accepted", "> " ONE_TWO);
	check_row(NULL, "returned", "> (returned) " ONE_TWO);
}

/* ---- panel ----------------------------------------------------------------------------- */

static void fill(struct panel *p)
{
	static const struct person people[] = {
		{ .uin = 1, .nick = "zoe", .group = "work", .status = ICQ_STATUS_offline },
		{ .uin = 2, .nick = "eva", .group = "work", .status = ICQ_STATUS_dnd },
		{ .uin = 3, .nick = "bob", .group = "friends", .status = ICQ_STATUS_offline },
		{ .uin = 4,
		  .nick = "carl",
		  .group = "friends",
		  .status = ICQ_STATUS_online,
		  .list = ICQ_CLIENT_VISIBLE,
		  .unread = 3,
		  .waiting = 1 },
	};

	panel_begin(p);
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++)
		panel_add(p, &people[i]);
	panel_end(p);
}

static void check_panel(const struct panel *p, const char *const *expected)
{
	char text[200];

	for (size_t i = 0; i < p->row_count; i++) {
		check(expected[i]);
		panel_text(&p->rows[i], text, sizeof(text));
		assert_string_equal(text, expected[i]);
	}
	check(!expected[p->row_count]);
}

TEST(panel_sorts_by_group_status_and_nick)
{
	static struct panel p;

	fill(&p);
	check_panel(&p, ROWS_ARE("- friends 1/2", "*3~vo carl", "    . bob", "- work 1/2",
				 "    d eva", "    . zoe"));
}

TEST(panel_folds_groups)
{
	static struct panel p;

	fill(&p);
	panel_fold(&p);
	fill(&p);
	check_panel(&p, ROWS_ARE("+ friends 1/2 *3", "- work 1/2", "    d eva", "    . zoe"));
	panel_move(&p, 100);
	assert_int_equal(panel_row(&p)->person->uin, 1);
	panel_move(&p, -100);
	panel_fold(&p);
	fill(&p);
	assert_int_equal(p.row_count, 6);
}

TEST(panel_has_the_number_of_who_has_no_nick_and_does_not_claim_to_know_strangers)
{
	static struct panel p;

	panel_begin(&p);
	panel_add(&p, &(struct person){ .uin = 7,
					.nick = "",
					.group = "not listed",
					.status = ICQ_STATUS_offline,
					.unknown = true });
	panel_end(&p);
	check_panel(&p, ROWS_ARE("- not listed 1", "    ? 7"));
}
