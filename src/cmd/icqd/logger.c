/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/logger.h"

#include "base/date.h"

enum { LINE_MAX = 1024 };

static void write_line(struct logger *l, int64_t unix_s, const struct log_event *ev)
{
	static const char *const levels[] = { "debug", "info", "warn", "error" };
	struct date d = date_from_unix(unix_s);
	char line[LINE_MAX];

	log_format(ev, line, sizeof(line));
	fprintf(l->out, "time=%04d-%02d-%02dT%02d:%02d:%02dZ level=%s event=%s\n", d.year, d.month,
		d.day, d.hour, d.minute, d.second, levels[ev->level], line);
	fflush(l->out);
}

static void tell_suppressed(struct logger *l, int64_t unix_s)
{
	const struct log_event ev = { .level = LOG_LEVEL_WARN,
				      .name = "suppressed",
				      .number = l->suppressed };

	write_line(l, unix_s, &ev);
	l->suppressed = 0;
}

void logger_write(struct logger *l, int64_t unix_s, const struct log_event *ev)
{
	if (ev->level < l->least)
		return;
	if (unix_s != l->second) {
		l->second = unix_s;
		l->lines = 0;
		if (l->suppressed)
			tell_suppressed(l, unix_s);
	}
	if (l->lines++ < l->most)
		write_line(l, unix_s, ev);
	else
		l->suppressed++;
}

void logger_audit(struct logger *l, int64_t unix_s, const struct log_event *ev)
{
	write_line(l, unix_s, ev);
}
