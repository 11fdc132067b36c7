/* SPDX-License-Identifier: MIT */
/* Which events make themselves heard, and what the terminal gets. */
#include "cmd/icq/notify.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "harness.h"

/* ---- rules ----------------------------------------------------------------------------- */

TEST(the_rule_that_says_most_counts)
{
	static const char rules[] = "any hook, message bell, message/7 osc9 bell , any/8 none";

	assert_int_equal(notify_find(rules, "message", 5), NOTIFY_BELL);
	assert_int_equal(notify_find(rules, "online", 5), NOTIFY_HOOK);
	assert_int_equal(notify_find(rules, "message", 7), NOTIFY_BELL | NOTIFY_OSC9);
	assert_int_equal(notify_find(rules, "message", 8), 0);
	assert_int_equal(notify_find("message bell, message none", "message", 8), 0);
	assert_int_equal(notify_find("", "message", 8), 0);
}

TEST(rules_that_are_none_are_refused)
{
	static const char *const bad[] = {
		"message",	  "message loud",   "messages bell",
		"message/ bell",  "message/x bell", "message/0 bell",
		"message/7bell",  "/7 bell",	    "message bell,, chat bell",
		", message bell", "message bell/7"
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (notify_rules_valid(bad[i]))
			fail_msg("taken: %s", bad[i]);
	check(notify_rules_valid(""));
	check(notify_rules_valid("  message   bell  osc777 ,away-read/4294967295 none,"));
}

TEST(a_rule_takes_the_place_of_the_same)
{
	char rules[64] = "message bell, online/7 bell";

	assert_int_equal(notify_put(rules, sizeof(rules), "online", 7, "osc9"), 0);
	assert_string_equal(rules, "message bell, online/7 osc9");
	assert_int_equal(notify_put(rules, sizeof(rules), "message", 0, ""), 0);
	assert_string_equal(rules, "online/7 osc9");
	assert_int_equal(notify_put(rules, sizeof(rules), "online", 7, ""), 0);
	assert_string_equal(rules, "");
	assert_int_equal(notify_put(rules, sizeof(rules), "online", 0, "loud"), -ICQ_ENOENT);
	assert_int_equal(notify_put(rules, sizeof(rules), "song", 0, "bell"), -ICQ_ENOENT);
	assert_int_equal(notify_put(rules, sizeof(rules), "online", 0, "bell, any bell"),
			 -ICQ_ENOENT);
	assert_int_equal(notify_put(rules, 8, "online", 0, "bell"), -ICQ_ESPACE);
	assert_string_equal(rules, "");
}

/* ---- events ---------------------------------------------------------------------------- */

static void check_event(struct notify_presence *p, int64_t now_ms, const char *text,
			const char *expected, uint32_t expected_uin)
{
	json_t *ev = json_loads(text, 0, NULL);
	uint32_t uin;
	const char *event = notify_event(p, ev, now_ms, &uin);

	json_decref(ev);
	if (!event || !expected)
		assert_ptr_equal(event, expected);
	else
		assert_string_equal(event, expected);
	if (expected)
		assert_int_equal(uin, expected_uin);
}

TEST(events_are_told_apart)
{
	static struct notify_presence p;

	check_event(&p, 0, "{\"ev\":\"message\",\"from\":7}", "message", 7);
	check_event(&p, 0, "{\"ev\":\"request\",\"kind\":\"auth\",\"from\":7}", "request", 7);
	check_event(&p, 0, "{\"ev\":\"request\",\"kind\":\"file\",\"from\":7}", "file", 7);
	check_event(&p, 0, "{\"ev\":\"sent\",\"state\":\"returned\",\"to\":7}", "returned", 7);
	check_event(&p, 0, "{\"ev\":\"sent\",\"state\":\"accepted\",\"to\":7}", NULL, 0);
	check_event(&p, 0, "{\"ev\":\"away_read\",\"uin\":7}", "away-read", 7);
	check_event(&p, 0, "{\"ev\":\"chat\",\"event\":\"beep\",\"uin\":7}", "beep", 7);
	check_event(&p, 0, "{\"ev\":\"chat\",\"event\":\"text\",\"uin\":7}", NULL, 0);
	check_event(&p, 0, "{\"ev\":\"notice\",\"text\":\"x\"}", NULL, 0);
}

TEST(who_is_there_at_the_login_is_no_news)
{
	static struct notify_presence p;
	static const char here[] = "{\"ev\":\"presence\",\"uin\":7,\"status\":\"online\"}";
	static const char away[] = "{\"ev\":\"presence\",\"uin\":7,\"status\":\"away\"}";
	static const char gone[] = "{\"ev\":\"presence\",\"uin\":7,\"status\":\"offline\"}";

	check_event(&p, 1000, "{\"ev\":\"state\",\"state\":\"online\",\"uin\":1}", NULL, 0);
	check_event(&p, 2000, here, NULL, 0);
	check_event(&p, 60000, away, NULL, 0);
	check_event(&p, 60000, gone, "offline", 7);
	check_event(&p, 60000, gone, NULL, 0);
	check_event(&p, 60000, away, "online", 7);
	check_event(&p, 70000, "{\"ev\":\"state\",\"state\":\"waiting\",\"uin\":1}", NULL, 0);
	check_event(&p, 70001, here, NULL, 0);
}

/* ---- the terminal ---------------------------------------------------------------------- */

TEST(popups_are_fixed_text_and_a_name)
{
	char out[NOTIFY_BYTES_MAX];

	notify_bytes(0, "message", "ann", out);
	assert_string_equal(out, "");
	notify_bytes(NOTIFY_BELL | NOTIFY_SOUND | NOTIFY_HOOK, "message", "ann", out);
	assert_string_equal(out, "\a");
	notify_bytes(NOTIFY_BELL | NOTIFY_OSC9, "message", "ann", out);
	assert_string_equal(out, "\a\033]9;icq: message from ann\033\\");
	notify_bytes(NOTIFY_OSC777, "online", "a;b", out);
	assert_string_equal(out, "\033]777;notify;icq;a,b is there\033\\");
}

/* Two sequences, whatever the name is: what is between their ends is printable. */
TEST(no_name_gets_out_of_its_sequence)
{
	struct rng rng = harness_rng();
	char name[ICQ_CLIENT_NAME_MAX], out[NOTIFY_BYTES_MAX];

	for (int i = 0; i < 10000; i++) {
		size_t n = rng_below(&rng, sizeof(name) - 1), escapes = 0;

		for (size_t at = 0; at < n; at++)
			name[at] = (char)(1 + rng_below(&rng, 255));
		name[n] = 0;
		notify_bytes(NOTIFY_OSC9 | NOTIFY_OSC777, "message", name, out);
		for (const char *p = out; *p; p++) {
			check(*p == '\033' || (unsigned char)*p >= ' ');
			check(*p != 0x7f && !(p[0] == '\xc2' && (unsigned char)p[1] < 0xa0));
			escapes += *p == '\033';
		}
		assert_int_equal(escapes, 4);
	}
}
