/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/addr.h"
#include "base/err.h"
#include "base/log.h"

#include <string.h>

static void assert_line(const struct log_event *ev, const char *expected)
{
	char out[256];
	size_t n = log_format(ev, out, sizeof(out));

	assert_string_equal(out, expected);
	assert_int_equal(n, strlen(expected));
}

TEST(fields_come_in_order)
{
	struct addr addr = addr_v4(0x0a000007, 4000);

	assert_line(&(struct log_event){ .name = "login_refused",
					 .uin = 1001,
					 .addr = &addr,
					 .why = "password",
					 .number = -3 },
		    "login_refused uin=1001 addr=10.0.0.7:4000 why=password number=-3");
	assert_line(&(struct log_event){ .name = "stopped" }, "stopped");
}

TEST(errors_are_told_in_words)
{
	assert_line(&(struct log_event){ .name = "dropped", .err = -ICQ_ETRUNC },
		    "dropped err=\"packet ends inside a field\"");
}

TEST(foreign_text_is_escaped)
{
	assert_line(&(struct log_event){ .name = "x", .why = "a\"b\\ \n\x80 uin=1" },
		    "x why=\"a\\\"b\\\\ \\x0a\\x80 uin=1\"");
	assert_line(&(struct log_event){ .name = "x", .why = "" }, "x why=\"\"");
	assert_line(&(struct log_event){ .name = "x", .why = "k=v" }, "x why=\"k=v\"");
}

TEST(long_lines_are_cut)
{
	struct log_event ev = { .name = "abc", .why = "two words" };
	const char *whole = "abc why=\"two words\"";

	for (size_t cap = 0; cap < 30; cap++) {
		char out[32];
		size_t fits = cap == 0 ? 0 : cap - 1;
		size_t expected = fits < strlen(whole) ? fits : strlen(whole);

		memset(out, 0x55, sizeof(out));
		assert_int_equal(log_format(&ev, out, cap), expected);
		assert_memory_equal(out, whole, expected);
		assert_int_equal(out[cap], 0x55);
		if (cap > 0)
			assert_int_equal(out[expected], 0);
	}
}

TEST(every_error_has_a_text)
{
#define X(name, text) assert_string_equal(icq_err_text(-ICQ_E##name), text);
	ICQ_ERRORS(X)
#undef X
	assert_string_equal(icq_err_text(0), "success");
	assert_string_equal(icq_err_text(-10000), "unknown error");
	assert_string_equal(icq_err_text(5), "unknown error");
	assert_string_equal(icq_err_text(INT32_MIN), "unknown error");
}
