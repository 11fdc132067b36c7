/* SPDX-License-Identifier: MIT */
/* Results of commands, in words. */
#include <string.h>

#include "cmd/icq/words/phrase.h"
#include "cmd/icq/words/render_parts.h"
#include "cmd/texts.h"

static void put_contacts(struct render *r, bool all)
{
	const json_t *c;
	const char *between = "";
	size_t i;

	json_array_foreach(json_object_get(r->ev, "contacts"), i, c)
	{
		const char *status = member_text(c, "status"), *list = member_text(c, "list");

		if (!all && strcmp(status, "offline") == 0)
			continue;
		fprintf(r->to, "%s%-9s %10lld  %s", between, status,
			(long long)member_number(c, "uin"), member_text(c, "nick"));
		if (*member_text(c, "group"))
			fprintf(r->to, "  [%s]", member_text(c, "group"));
		if (strcmp(list, "none") != 0)
			fprintf(r->to, "  (%s)", list);
		between = "\n";
	}
	if (!*between)
		fputs("* nobody", r->to);
}

static void put_messages(struct render *r)
{
	const json_t *m;
	size_t i;

	json_array_foreach(json_object_get(r->ev, "messages"), i, m)
	{
		fputs(i ? "\n" : "", r->to);
		fprintf(r->to, "%lld ", (long long)member_number(m, "msg"));
		render_time(r, member_number(m, "time"));
		fputs(strcmp(member_text(m, "dir"), "in") == 0 ? "from " : "to ", r->to);
		render_who(r, member_number(m, "uin"));
		fprintf(r->to, "%s%s: ", render_doubt(m), render_fate(m));
		render_body(r, m);
	}
	if (json_array_size(json_object_get(r->ev, "messages")) == 0)
		fputs("* nothing", r->to);
}

static void put_span(struct render *r, const char *what, json_int_t ms)
{
	enum { MINUTES_PER_DAY = 1440 };
	long long minutes = (long long)ms / 60000;

	fprintf(r->to, "%s ", what);
	if (minutes >= MINUTES_PER_DAY)
		fprintf(r->to, "%lld d ", minutes / MINUTES_PER_DAY);
	fprintf(r->to, "%lld h %02lld min", minutes % MINUTES_PER_DAY / 60, minutes % 60);
}

static void put_uptime(struct render *r)
{
	put_span(r, "* running for", member_number(r->ev, "running"));
	if (json_object_get(r->ev, "online"))
		put_span(r, ", online for", member_number(r->ev, "online"));
	fprintf(r->to, "; messages: %lld received, %lld sent; away text read %lld times",
		(long long)member_number(r->ev, "received"),
		(long long)member_number(r->ev, "sent"),
		(long long)member_number(r->ev, "away_reads"));
}

/* For people. "" where the detail alone says it. */
static const char *failure_in_words(const char *error)
{
	static const struct {
		const char *error, *words;
	} table[] = {
		{ "bad_field", "" },
		{ "busy", "not now" },
		{ "disk", "the disk failed" },
		{ "no_direct", "" },
		{ "not_online", "you are not online" },
		{ "timeout", "the server does not answer" },
		{ "too_long", "this is too long" },
		{ "unknown_uin", "nobody has this number" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].error, error) == 0)
			return table[i].words;
	return error;
}

/* A line of its own, for what is entered. */
static void put_field(struct render *r, const char *key, const json_t *value)
{
	if (json_is_integer(value))
		fprintf(r->to, "\n  %s: %lld", key, (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		fprintf(r->to, "\n  %s: %s", key, json_is_true(value) ? "yes" : "no");
	else if (*json_string_value(value)) {
		fprintf(r->to, "\n  %s: ", key);
		render_lines(r, json_string_value(value));
	}
}

static void put_info(struct render *r, json_t *info)
{
	const char *key;
	json_t *value;

	fprintf(r->to, "* %lld", (long long)member_number(info, "uin"));
	json_object_foreach(info, key, value) if (strcmp(key, "uin") != 0) put_field(r, key, value);
}

static void put_hit(struct render *r, const json_t *hit)
{
	const json_t *online = json_object_get(hit, "online");

	fprintf(r->to, "%-8s %10lld  ",
		!online		       ? ""
		: json_is_true(online) ? "online"
				       : "offline",
		(long long)member_number(hit, "uin"));
	render_lines(r, member_text(hit, "nick"));
	fputs("  ", r->to);
	render_lines(r, member_text(hit, "first"));
	fputs(" ", r->to);
	render_lines(r, member_text(hit, "last"));
	fputs("  ", r->to);
	render_lines(r, member_text(hit, "email"));
	if (json_is_true(json_object_get(hit, "auth")))
		fputs("  (must be asked)", r->to);
}

static void put_hits(struct render *r)
{
	const json_t *hits = json_object_get(r->ev, "hits"), *hit;
	size_t i;

	json_array_foreach(hits, i, hit)
	{
		fputs(i ? "\n" : "", r->to);
		put_hit(r, hit);
	}
	if (json_array_size(hits) == 0)
		fputs("* nobody", r->to);
	if (json_is_true(json_object_get(r->ev, "more")))
		fputs("\n* and more: tell more about whom you look for", r->to);
}

/* What was named and is not there. */
static const char *missing_in_words(const char *id)
{
	static const struct {
		const char *ids, *words;
	} table[] = {
		{ "say beep invite", "there is no such chat" },
		{ "pause resume", "there is no such transfer" },
		{ "cancel", "nothing has this number" },
		{ "rand", "nobody wants to be found" },
		{ "outbox", "no such message waits" },
		{ "peer", "there is no connection" },
		{ "remove rename group charset ignore visible invisible answer",
		  "this is no contact" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (phrase_among(table[i].ids, id, strlen(id)))
			return table[i].words;
	return "there is no such thing";
}

static void put_failure(struct render *r)
{
	const char *words = failure_in_words(member_text(r->ev, "error"));
	const char *detail = member_text(r->ev, "detail");

	if (render_is(r, "error", "not_found"))
		words = *detail ? "" : missing_in_words(member_text(r->ev, "id"));
	if (render_is(r, "id", "login") && strcmp(detail, "password") == 0) {
		words = "the number or the password is wrong";
		detail = "";
	}
	fprintf(r->to, "! %s: %s%s%s", member_text(r->ev, "id"), words,
		*words && *detail ? ": " : "", detail);
	if (render_is(r, "error", "no_direct"))
		fputs(" (help peer tells why)", r->to);
}

static void put_away_text(struct render *r)
{
	const char *text = member_text(r->ev, "text");

	fprintf(r->to, "* %s%s", member_text(r->ev, "status"), *text ? ": " : ", without a text");
	render_lines(r, text);
}

static void put_connections(struct render *r)
{
	const json_t *list = json_object_get(r->ev, "connections"), *c;
	size_t i;

	json_array_foreach(list, i, c)
	{
		bool ours = json_is_true(json_object_get(c, "ours"));

		fprintf(r->to, "%s%s %s, version %lld%s%s", i ? "\n" : "", ours ? "to" : "from",
			member_text(c, "address"), (long long)member_number(c, "version"),
			render_doubt(c),
			json_is_true(json_object_get(c, "open")) ? "" : " (not open yet)");
	}
	if (json_array_size(list) == 0)
		fputs("* no connection", r->to);
}

static void put_settings(struct render *r, json_t *settings)
{
	const char *key, *between = "";
	json_t *value;

	json_object_foreach(settings, key, value)
	{
		if (strncmp(key, "keys.", strlen("keys.")) == 0)
			continue; /* there are many, and bind tells them better */
		fprintf(r->to, "%s%s = ", between, key);
		render_lines(r, json_string_value(value));
		between = "\n";
	}
}

static void put_requests(struct render *r)
{
	const json_t *list = json_object_get(r->ev, "requests"), *request;
	size_t i;

	json_array_foreach(list, i, request)
	{
		fprintf(r->to, "%s%lld ", i ? "\n" : "",
			(long long)member_number(request, "request"));
		render_request(r, request);
	}
	if (json_array_size(list) == 0)
		fputs("* nobody asks anything", r->to);
}

/* Under which number it goes on; files tell their own as they come. */
static void put_number(struct render *r)
{
	long long request = member_number(r->ev, "request");
	long long session = member_number(r->ev, "session");

	if (request)
		fprintf(r->to, "* asked, under number %lld; /cancel %lld withdraws it", request,
			request);
	else if (session)
		fprintf(r->to, "* you are in chat %lld; /cancel %lld leaves it", session, session);
}

static bool changes_status(const char *id)
{
	return phrase_among("status online away na occ dnd ffc inv", id, strlen(id));
}

void render_result(struct render *r)
{
	if (!json_is_true(json_object_get(r->ev, "ok")))
		put_failure(r);
	else if (json_object_get(r->ev, "contacts"))
		put_contacts(r, render_is(r, "id", "who"));
	else if (json_object_get(r->ev, "messages"))
		put_messages(r);
	else if (json_object_get(r->ev, "msgs"))
		fprintf(r->to, "* on its way to %zu",
			json_array_size(json_object_get(r->ev, "msgs")));
	else if (json_object_get(r->ev, "running"))
		put_uptime(r);
	else if (json_object_get(r->ev, "count"))
		fprintf(r->to, "* %lld messages written", (long long)member_number(r->ev, "count"));
	else if (json_object_get(r->ev, "requests"))
		put_requests(r);
	else if (json_object_get(r->ev, "hits"))
		put_hits(r);
	else if (json_object_get(r->ev, "info"))
		put_info(r, json_object_get(r->ev, "info"));
	else if (json_object_get(r->ev, "connections"))
		put_connections(r);
	else if (render_is(r, "id", "resend"))
		fprintf(r->to, "* sent once more, as message %lld",
			(long long)member_number(r->ev, "msg"));
	else if (render_is(r, "id", "peek"))
		put_away_text(r);
	else if (render_is(r, "id", "rand"))
		fprintf(r->to, "* by chance: %lld", (long long)member_number(r->ev, "uin"));
	else if (render_is(r, "id", "pass"))
		fputs("* the new password counts", r->to);
	else if (render_is(r, "id", "update") || render_is(r, "id", "about"))
		fputs("* the profile is changed", r->to);
	else if (render_is(r, "id", "register"))
		fprintf(r->to, "* your number is %lld", (long long)member_number(r->ev, "uin"));
	else if (render_is(r, "id", "state"))
		fprintf(r->to, "* %s as %lld at %s, %s", member_text(r->ev, "state"),
			(long long)member_number(r->ev, "uin"), member_text(r->ev, "server"),
			member_text(r->ev, "status"));
	else if (render_is(r, "id", "ping"))
		fputs("* the server is there", r->to);
	else if (render_is(r, "id", "bind"))
		fprintf(r->to, "* its keys are now: %s", member_text(r->ev, "value"));
	else if (json_object_get(r->ev, "settings"))
		put_settings(r, json_object_get(r->ev, "settings"));
	else if (json_object_get(r->ev, "value"))
		fprintf(r->to, "* %s%s%s", member_text(r->ev, "key"),
			json_object_get(r->ev, "key") ? " = " : "", member_text(r->ev, "value"));
	else if (changes_status(member_text(r->ev, "id")))
		fprintf(r->to, "* you are %s", texts_status(icq_client_get_status(r->client)));
	else if (render_is(r, "id", "save"))
		fprintf(r->to, "* written to %s", member_text(r->ev, "path"));
	else
		put_number(r);
}
