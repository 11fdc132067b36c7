/* SPDX-License-Identifier: MIT */
/* What events and results are put together from. */
#include <string.h>
#include <time.h>

#include "cmd/icq/words/render_parts.h"

bool render_is(const struct render *r, const char *key, const char *value)
{
	return member_is(r->ev, key, value);
}

void render_who(struct render *r, json_int_t uin)
{
	const struct icq_client_contact *c;

	if (uin == ICQ_CLIENT_SERVER_UIN)
		fputs("the server", r->to);
	else if ((c = icq_client_contact(r->client, (uint32_t)uin)) && *c->nick)
		fputs(c->nick, r->to);
	else
		fprintf(r->to, "%lld", (long long)uin);
}

static const char *time_format = "24h";

void render_times_as(const char *format)
{
	time_format = format;
}

static void put_clock(struct render *r, const struct tm *tm)
{
	char text[32];

	if (strcmp(time_format, "12h") == 0)
		strftime(text, sizeof(text), "%I:%M %p", tm);
	else if (strcmp(time_format, "seconds") == 0)
		strftime(text, sizeof(text), "%H:%M:%S", tm);
	else
		strftime(text, sizeof(text), "%H:%M", tm);
	fputs(text, r->to);
}

/* With the day, unless it is today. */
void render_time(struct render *r, json_int_t ms)
{
	time_t s = (time_t)(ms / 1000), now = time(NULL);
	struct tm tm, today;
	char day[32];

	fputc('[', r->to);
	if (localtime_r(&s, &tm) && localtime_r(&now, &today)) {
		strftime(day, sizeof(day), "%Y-%m-%d ", &tm);
		if (tm.tm_yday != today.tm_yday || tm.tm_year != today.tm_year)
			fputs(day, r->to);
		put_clock(r, &tm);
	}
	fputs("] ", r->to);
}

void render_lines(struct render *r, const char *text)
{
	for (; *text; text++) {
		fputc(*text, r->to);
		if (*text == '\n')
			fputs(RENDER_INDENT, r->to);
	}
}

void render_bytes(struct render *r, json_int_t n)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB" };
	double size = (double)n;
	size_t unit = 0;

	for (; size >= 1000 && unit < 3; unit++)
		size /= 1000;
	fprintf(r->to, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

/* ---- messages -------------------------------------------------------------------------- */

static void put_pairs(struct render *r, const json_t *message)
{
	const json_t *pair;
	size_t i;

	fputs("contacts", r->to);
	json_array_foreach(json_object_get(message, "contacts"), i, pair)
	{
		fprintf(r->to, "%s %lld ", i ? "," : "", (long long)member_number(pair, "uin"));
		render_lines(r, member_text(pair, "nick"));
	}
}

static void put_address(struct render *r, const json_t *message)
{
	render_lines(r, member_text(message, "url"));
	fputs("  ", r->to);
}

/* Of a message that is no text, for either direction. */
static const char *type_in_words(const char *type)
{
	static const struct {
		const char *type, *words;
	} table[] = {
		{ "auth", "asking for authorization" },
		{ "auth_granted", "authorization given" },
		{ "auth_refused", "authorization refused" },
		{ "added", "has listed you" },
		{ "pager", "from the web" },
		{ "email", "by e-mail" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].type, type) == 0)
			return table[i].words;
	return type;
}

void render_body(struct render *r, const json_t *message)
{
	const char *type = member_text(message, "type");

	if (strcmp(type, "contacts") == 0)
		put_pairs(r, message);
	else if (strcmp(type, "url") == 0)
		put_address(r, message);
	else if (strcmp(type, "text") != 0)
		fprintf(r->to, "(%s) ", type_in_words(type));
	render_lines(r, member_text(message, "text"));
}

/* Words for what is asked; before: of the name in it, which is else that of who asks. */
struct asked {
	const char *kind, *words, *before;
};

static const struct asked *asked_for(const json_t *request)
{
	static const struct asked table[] = { { "chat", " asks for a chat", " with " },
					      { "file", " offers", " " },
					      { "auth", " asks whether he may list you", NULL },
					      { "added", " has listed you", NULL } };
	const char *kind = member_text(request, "kind");
	size_t i = 0;

	while (strcmp(kind, table[i].kind) != 0)
		i++;
	return &table[i];
}

/* A stranger is called what he calls himself, too. */
static void put_asker(struct render *r, const json_t *request, const struct asked *asked)
{
	json_int_t uin = member_number(request, "from");
	const char *name = asked->before ? "" : member_text(request, "name");

	render_who(r, uin);
	if (*name && !icq_client_contact(r->client, (uint32_t)uin)) {
		fputs(" (", r->to);
		render_lines(r, name);
		fputs(")", r->to);
	}
	fprintf(r->to, "%s%s", render_doubt(request), asked->words);
}

static void put_asked(struct render *r, const json_t *request, const struct asked *asked)
{
	json_int_t size = member_number(request, "size");
	const char *text = member_text(request, "text");

	if (asked->before && *member_text(request, "name")) {
		fputs(asked->before, r->to);
		render_lines(r, member_text(request, "name"));
	}
	if (size) {
		fputs(", ", r->to);
		render_bytes(r, size);
	}
	fputs(*text ? ": " : "", r->to);
	render_lines(r, text);
}

void render_request(struct render *r, const json_t *request)
{
	const struct asked *asked = asked_for(request);
	json_int_t to = member_number(request, "to");

	if (to) {
		fprintf(r->to, "%s, asked of ", asked->kind);
		render_who(r, to);
	} else {
		put_asker(r, request, asked);
	}
	put_asked(r, request, asked);
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
		if (strcmp(member_text(row, "state"), table[i].state) == 0)
			return table[i].words;
	return "";
}
