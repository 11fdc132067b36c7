/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "cmd/icqd/logger.h"

#include <stdlib.h>

enum { LINES_PER_S = 50 };

struct page {
	struct logger logger;
	char *text;
	size_t len;
};

static void open_page(struct page *p)
{
	p->logger = (struct logger){ .out = open_memstream(&p->text, &p->len),
				     .least = LOG_LEVEL_INFO,
				     .most = LINES_PER_S };
	assert_non_null(p->logger.out);
}

static void close_page(struct page *p)
{
	fclose(p->logger.out);
	free(p->text);
}

static unsigned line_count(const struct page *p)
{
	unsigned n = 0;

	for (const char *c = p->text; *c; c++)
		n += *c == '\n';
	return n;
}

TEST(lines_are_keys_and_values)
{
	const struct log_event ev = { .level = LOG_LEVEL_WARN, .name = "login_refused", .uin = 7 };
	struct page p;

	open_page(&p);
	logger_write(&p.logger, 951782400, &ev);
	assert_string_equal(p.text,
			    "time=2000-02-29T00:00:00Z level=warn event=login_refused uin=7\n");
	close_page(&p);
}

TEST(unimportant_events_are_left_out)
{
	const struct log_event ev = { .level = LOG_LEVEL_DEBUG, .name = "x" };
	struct page p;

	open_page(&p);
	logger_write(&p.logger, 1, &ev);
	fflush(p.logger.out);
	assert_int_equal(p.len, 0);
	close_page(&p);
}

TEST(floods_are_counted_and_told)
{
	const struct log_event ev = { .level = LOG_LEVEL_INFO, .name = "x" };
	struct page p;

	open_page(&p);
	for (int i = 0; i < LINES_PER_S + 30; i++)
		logger_write(&p.logger, 100, &ev);
	assert_int_equal(line_count(&p), LINES_PER_S);
	logger_write(&p.logger, 101, &ev);
	assert_int_equal(line_count(&p), LINES_PER_S + 2);
	assert_non_null(strstr(p.text, "event=suppressed number=30\n"));
	logger_write(&p.logger, 102, &ev);
	assert_int_equal(line_count(&p), LINES_PER_S + 3);
	close_page(&p);
}
