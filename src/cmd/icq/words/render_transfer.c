/* SPDX-License-Identifier: MIT */
/* How it goes with files, in words. */
#include <string.h>

#include "cmd/icq/words/render_parts.h"

enum { BAR = 20 };

/* The bar is for people who see it, the number for all. */
static void put_progress(struct render *r, json_int_t done, json_int_t size)
{
	int percent = size ? (int)(done * 100 / size) : 100;

	fputs(" [", r->to);
	for (int i = 0; i < BAR; i++)
		putc(i * 100 < percent * BAR ? '#' : '.', r->to);
	fprintf(r->to, "] %d%% of ", percent);
	render_bytes(r, size);
}

static void put_rate(struct render *r, json_int_t left)
{
	json_int_t rate = member_number(r->ev, "rate");
	long long s = rate ? (long long)((left + rate - 1) / rate) : 0;

	if (!rate)
		return;
	fputs(", ", r->to);
	render_bytes(r, rate);
	fputs("/s, ", r->to);
	if (s >= 3600)
		fprintf(r->to, "%lld:%02lld:%02lld left", s / 3600, s / 60 % 60, s % 60);
	else
		fprintf(r->to, "%lld:%02lld left", s / 60, s % 60);
}

/* Other reasons are words that everybody understands. */
static const char *reason_in_words(const char *reason)
{
	static const struct {
		const char *reason, *words;
	} table[] = {
		{ "refused", "he does not want it; no server carries files" },
		{ "dnd", "he is not to be disturbed" },
		{ "unreachable", "there is no direct connection, and no server carries files" },
		{ "unsafe", "he names a port that is never connected to" },
		{ "closed", "the other side has ended it" },
		{ "broken", "the connection broke" },
		{ "timeout", "the other side does not answer" },
		{ "disk_full", "the disk is full" },
		{ "disk", "the disk failed" },
		{ "name", "no file can be called that, or not here" },
		{ "differs",
		  "it is not the file whose part is here; another folder would take it" },
		{ "changed", "the file has changed meanwhile" },
		{ "too_large", "it is more than was offered" },
		{ "too_many", "more than 1000 files at once are not taken" },
		{ "too_long", "more comes than was announced" },
		{ "directory", "folders are not taken" },
		{ "skipped", "the other side has left something out" },
		{ "malformed", "the other side says what makes no sense" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].reason, reason) == 0)
			return table[i].words;
	return reason;
}

static void put_end(struct render *r)
{
	const char *reason = member_text(r->ev, "reason");

	if (*member_text(r->ev, "path")) {
		fputs(" is here: ", r->to);
		render_lines(r, member_text(r->ev, "path"));
		return;
	}
	fprintf(r->to, " %s", member_text(r->ev, "state"));
	if (*reason)
		fprintf(r->to, ": %s", reason_in_words(reason));
	if (*member_text(r->ev, "text")) {
		fputs(": ", r->to);
		render_lines(r, member_text(r->ev, "text"));
	}
}

void render_transfer(struct render *r)
{
	json_int_t done = member_number(r->ev, "done"), size = member_number(r->ev, "size");
	bool running = render_is(r, "state", "running") && !*member_text(r->ev, "path");

	fprintf(r->to, "* file %lld %s ", (long long)member_number(r->ev, "transfer"),
		render_is(r, "dir", "out") ? "to" : "from");
	render_who(r, member_number(r->ev, "uin"));
	fputs(": ", r->to);
	render_lines(r, member_text(r->ev, "name"));
	if (running || render_is(r, "state", "paused"))
		put_progress(r, done, size);
	if (running)
		put_rate(r, size - done);
	else
		put_end(r);
}
