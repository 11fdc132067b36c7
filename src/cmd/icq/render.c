/* SPDX-License-Identifier: MIT */
#include "cmd/icq/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One event on its way to `to`. */
struct render {
	const struct icq_client *client;
	const json_t *ev;
	FILE *to;
};

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static json_int_t number_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static bool is(const struct render *r, const char *key, const char *value)
{
	return strcmp(text_of(r->ev, key), value) == 0;
}

/* Nick, or UIN; the UIN of a stranger is all we know of him. */
static void put_who(struct render *r, json_int_t uin)
{
	const struct icq_client_contact *c;

	if (uin == ICQ_CLIENT_SERVER_UIN)
		fputs("the server", r->to);
	else if ((c = icq_client_contact(r->client, (uint32_t)uin)) && *c->nick)
		fputs(c->nick, r->to);
	else
		fprintf(r->to, "%lld", (long long)uin);
}

static void put_time(struct render *r, json_int_t ms)
{
	time_t s = (time_t)(ms / 1000);
	struct tm tm;
	char text[32] = "";

	if (localtime_r(&s, &tm))
		strftime(text, sizeof(text), "%H:%M", &tm);
	fprintf(r->to, "[%s] ", text);
}

/* For every text of others: none of its lines may look like one of ours. */
static void put_lines(struct render *r, const char *text)
{
	for (; *text; text++) {
		fputc(*text, r->to);
		if (*text == '\n')
			fputs(RENDER_INDENT, r->to);
	}
}

/* ---- messages -------------------------------------------------------------------------- */

static void put_pairs(struct render *r, const json_t *message)
{
	const json_t *pair;
	size_t i;

	fputs("contacts", r->to);
	json_array_foreach(json_object_get(message, "contacts"), i, pair)
	{
		fprintf(r->to, "%s %lld ", i ? "," : "", (long long)number_of(pair, "uin"));
		put_lines(r, text_of(pair, "nick"));
	}
}

static void put_address(struct render *r, const json_t *message)
{
	put_lines(r, text_of(message, "url"));
	fputs("  ", r->to);
}

static void put_body(struct render *r, const json_t *message)
{
	const char *type = text_of(message, "type");

	if (strcmp(type, "contacts") == 0)
		put_pairs(r, message);
	else if (strcmp(type, "url") == 0)
		put_address(r, message);
	else if (strcmp(type, "text") != 0)
		fprintf(r->to, "(%s) ", type);
	put_lines(r, text_of(message, "text"));
}

const char *render_doubt(const json_t *message)
{
	const json_t *verified = json_object_get(message, "verified");

	return json_is_false(verified)	  ? " (unverified)"
	       : json_is_string(verified) ? " (address matches)"
					  : "";
}

const char *render_fate(const json_t *row)
{
	static const struct {
		const char *state, *words;
	} table[] = { { "queued", " (waiting)" },
		      { "dropped", " (dropped)" },
		      { "delivered", " (delivered)" },
		      { "returned", " (returned)" } };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(text_of(row, "state"), table[i].state) == 0)
			return table[i].words;
	return "";
}

static void on_message(struct render *r)
{
	json_int_t sent = number_of(r->ev, "sent");

	put_time(r, sent ? sent : number_of(r->ev, "t"));
	put_who(r, number_of(r->ev, "from"));
	fputs(render_doubt(r->ev), r->to);
	fputs(": ", r->to);
	put_body(r, r->ev);
}

static void on_request(struct render *r)
{
	fputs("* ", r->to);
	put_who(r, number_of(r->ev, "from"));
	fputs(render_doubt(r->ev), r->to);
	fputs(is(r, "kind", "auth") ? " asks for authorization: " : " has listed you. ", r->to);
	put_lines(r, text_of(r->ev, "text"));
}

static void on_sent(struct render *r)
{
	bool online = icq_client_get_state(r->client) == ICQ_CLIENT_ONLINE;

	if (is(r, "state", "sent") || (is(r, "state", "queued") && online))
		return;
	fprintf(r->to, "* message %lld to ", (long long)number_of(r->ev, "msg"));
	put_who(r, number_of(r->ev, "to"));
	if (is(r, "state", "queued"))
		fputs(" waits for a session", r->to);
	else
		fprintf(r->to, " %s", text_of(r->ev, "state"));
	if (*text_of(r->ev, "reason"))
		fprintf(r->to, " (%s)", text_of(r->ev, "reason"));
	if (*text_of(r->ev, "text")) {
		fputs(": ", r->to);
		put_lines(r, text_of(r->ev, "text"));
	}
}

/* ---- the others ------------------------------------------------------------------------ */

static void on_hello(struct render *r)
{
	fprintf(r->to, "icq %s; help tells the commands", text_of(r->ev, "version"));
}

static void on_state(struct render *r)
{
	const char *reason = text_of(r->ev, "reason");

	fprintf(r->to, "* %s", text_of(r->ev, "state"));
	if (is(r, "state", "online") || is(r, "state", "connecting"))
		fprintf(r->to, " as %lld at %s", (long long)number_of(r->ev, "uin"),
			text_of(r->ev, "server"));
	if (*reason)
		fprintf(r->to, ": %s", reason);
}

static void on_presence(struct render *r)
{
	fputs("* ", r->to);
	put_who(r, number_of(r->ev, "uin"));
	fprintf(r->to, " is %s", text_of(r->ev, "status"));
}

static void on_peer(struct render *r)
{
	fputs("* direct connection with ", r->to);
	put_who(r, number_of(r->ev, "uin"));
	fprintf(r->to, ": %s", text_of(r->ev, "state"));
}

static void on_away_read(struct render *r)
{
	fputs("* ", r->to);
	put_who(r, number_of(r->ev, "uin"));
	fputs(" has read your away text", r->to);
}

static void on_contact(struct render *r)
{
	if (!json_is_true(json_object_get(r->ev, "removed")))
		return;
	fprintf(r->to, "* %lld %s is listed no more", (long long)number_of(r->ev, "uin"),
		text_of(r->ev, "nick"));
}

static void on_notice(struct render *r)
{
	fprintf(r->to, "! %s", text_of(r->ev, "text"));
}

static void on_packet(struct render *r)
{
	fprintf(r->to, "%s %s", is(r, "dir", "out") ? ">" : "<", text_of(r->ev, "text"));
}

/* ---- results --------------------------------------------------------------------------- */

static void put_contacts(struct render *r, bool all)
{
	const json_t *c;
	const char *between = "";
	size_t i;

	json_array_foreach(json_object_get(r->ev, "contacts"), i, c)
	{
		const char *status = text_of(c, "status"), *list = text_of(c, "list");

		if (!all && strcmp(status, "offline") == 0)
			continue;
		fprintf(r->to, "%s%-9s %10lld  %s", between, status, (long long)number_of(c, "uin"),
			text_of(c, "nick"));
		if (*text_of(c, "group"))
			fprintf(r->to, "  [%s]", text_of(c, "group"));
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
		fprintf(r->to, "%lld ", (long long)number_of(m, "msg"));
		put_time(r, number_of(m, "time"));
		fputs(strcmp(text_of(m, "dir"), "in") == 0 ? "from " : "to ", r->to);
		put_who(r, number_of(m, "uin"));
		fprintf(r->to, "%s%s: ", render_doubt(m), render_fate(m));
		put_body(r, m);
	}
	if (json_array_size(json_object_get(r->ev, "messages")) == 0)
		fputs("* nothing", r->to);
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
		{ "not_found", "there is no such thing" },
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
		put_lines(r, json_string_value(value));
	}
}

static void put_info(struct render *r, json_t *info)
{
	const char *key;
	json_t *value;

	fprintf(r->to, "* %lld", (long long)number_of(info, "uin"));
	json_object_foreach(info, key, value) if (strcmp(key, "uin") != 0) put_field(r, key, value);
}

static void put_hit(struct render *r, const json_t *hit)
{
	const json_t *online = json_object_get(hit, "online");

	fprintf(r->to, "%-8s %10lld  ",
		!online		       ? ""
		: json_is_true(online) ? "online"
				       : "offline",
		(long long)number_of(hit, "uin"));
	put_lines(r, text_of(hit, "nick"));
	fputs("  ", r->to);
	put_lines(r, text_of(hit, "first"));
	fputs(" ", r->to);
	put_lines(r, text_of(hit, "last"));
	fputs("  ", r->to);
	put_lines(r, text_of(hit, "email"));
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

static void put_failure(struct render *r)
{
	const char *words = failure_in_words(text_of(r->ev, "error"));
	const char *detail = text_of(r->ev, "detail");

	fprintf(r->to, "! %s: %s%s%s", text_of(r->ev, "id"), words, *words && *detail ? ": " : "",
		detail);
}

static void put_away_text(struct render *r)
{
	fprintf(r->to, "* %s: ", text_of(r->ev, "status"));
	put_lines(r, text_of(r->ev, "text"));
}

static void put_settings(struct render *r, json_t *settings)
{
	const char *key, *between = "";
	json_t *value;

	json_object_foreach(settings, key, value)
	{
		fprintf(r->to, "%s%s = ", between, key);
		put_lines(r, json_string_value(value));
		between = "\n";
	}
}

static void on_result(struct render *r)
{
	if (!json_is_true(json_object_get(r->ev, "ok")))
		put_failure(r);
	else if (json_object_get(r->ev, "contacts"))
		put_contacts(r, is(r, "id", "who"));
	else if (json_object_get(r->ev, "messages"))
		put_messages(r);
	else if (json_object_get(r->ev, "count"))
		fprintf(r->to, "* %lld messages written", (long long)number_of(r->ev, "count"));
	else if (json_object_get(r->ev, "hits"))
		put_hits(r);
	else if (json_object_get(r->ev, "info"))
		put_info(r, json_object_get(r->ev, "info"));
	else if (is(r, "id", "peek"))
		put_away_text(r);
	else if (is(r, "id", "rand"))
		fprintf(r->to, "* by chance: %lld", (long long)number_of(r->ev, "uin"));
	else if (is(r, "id", "pass"))
		fputs("* the new password counts", r->to);
	else if (is(r, "id", "update") || is(r, "id", "about"))
		fputs("* the profile is changed", r->to);
	else if (is(r, "id", "register"))
		fprintf(r->to, "* your number is %lld", (long long)number_of(r->ev, "uin"));
	else if (is(r, "id", "state"))
		fprintf(r->to, "* %s as %lld at %s, %s", text_of(r->ev, "state"),
			(long long)number_of(r->ev, "uin"), text_of(r->ev, "server"),
			text_of(r->ev, "status"));
	else if (is(r, "id", "ping"))
		fputs("* the server is there", r->to);
	else if (is(r, "id", "bind"))
		fprintf(r->to, "* its keys are now: %s", text_of(r->ev, "value"));
	else if (json_object_get(r->ev, "settings"))
		put_settings(r, json_object_get(r->ev, "settings"));
	else if (json_object_get(r->ev, "value"))
		fprintf(r->to, "* %s", text_of(r->ev, "value"));
	else if (is(r, "id", "save"))
		fprintf(r->to, "* written to %s", text_of(r->ev, "path"));
}

char *render_event(const struct icq_client *client, const json_t *ev)
{
	static const struct {
		const char *name;
		void (*fn)(struct render *);
	} kinds[] = {
		{ "hello", on_hello },	       { "state", on_state },
		{ "message", on_message },     { "peer", on_peer },
		{ "away_read", on_away_read }, { "sent", on_sent },
		{ "presence", on_presence },   { "contact", on_contact },
		{ "request", on_request },     { "notice", on_notice },
		{ "packet", on_packet },       { "result", on_result },
	};
	struct render r = { .client = client, .ev = ev };
	char *out = NULL;
	size_t n;

	r.to = open_memstream(&out, &n);
	if (!r.to)
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (is(&r, "ev", kinds[i].name))
			kinds[i].fn(&r);
	fclose(r.to);
	return out;
}

char *render_row(const struct icq_client *client, const json_t *row)
{
	struct render r = { .client = client, .ev = row };
	char *out = NULL;
	size_t n;

	r.to = open_memstream(&out, &n);
	if (!r.to)
		return NULL;
	put_time(&r, number_of(row, "time"));
	if (is(&r, "dir", "in")) {
		put_who(&r, number_of(row, "uin"));
		fprintf(r.to, "%s: ", render_doubt(row));
	} else {
		bool waits = is(&r, "state", "queued"); /* the mark tells */

		fprintf(r.to, "%s%s ", waits ? "~" : ">", waits ? "" : render_fate(row));
	}
	put_body(&r, row);
	fclose(r.to);
	return out;
}
