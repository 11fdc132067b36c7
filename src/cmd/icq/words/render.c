/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/render.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/icq/words/render_parts.h"

/* ---- messages -------------------------------------------------------------------------- */

static void on_message(struct render *r)
{
	json_int_t sent = member_number(r->ev, "sent");

	render_time(r, sent ? sent : member_number(r->ev, "t"));
	render_who(r, member_number(r->ev, "from"));
	fputs(render_doubt(r->ev), r->to);
	fputs(": ", r->to);
	render_body(r, r->ev);
}

/* What can be done about it; a contact needs not be listed again. With slashes: in his window, what
 * has none is said to him. */
static void put_answer(struct render *r)
{
	long long uin = member_number(r->ev, "from"), number = member_number(r->ev, "request");

	if (render_is(r, "kind", "auth"))
		fprintf(r->to, "\n* /auth grant %lld lets him, /auth deny %lld does not", uin, uin);
	else if (!render_is(r, "kind", "added"))
		fprintf(r->to, "\n* /accept %lld says yes, /refuse %lld no", number, number);
	else if (!icq_client_contact(r->client, (uint32_t)uin))
		fprintf(r->to, "\n* /add %lld lists him, too", uin);
}

static void on_request(struct render *r)
{
	fputs("* ", r->to);
	render_request(r, r->ev);
	put_answer(r);
}

static void on_sent(struct render *r)
{
	bool online = icq_client_get_state(r->client) == ICQ_CLIENT_ONLINE;

	if (render_is(r, "state", "sent") || (render_is(r, "state", "queued") && online))
		return;
	fprintf(r->to, "* message %lld to ", (long long)member_number(r->ev, "msg"));
	render_who(r, member_number(r->ev, "to"));
	if (render_is(r, "state", "queued"))
		fputs(" waits for a session", r->to);
	else
		fprintf(r->to, " %s", member_text(r->ev, "state"));
	if (*member_text(r->ev, "reason"))
		fprintf(r->to, " (%s)", member_text(r->ev, "reason"));
	if (*member_text(r->ev, "text")) {
		fputs(": ", r->to);
		render_lines(r, member_text(r->ev, "text"));
	}
	if (render_is(r, "state", "returned"))
		fputs("\n* /resend, /urgent or /tolist sends it once more", r->to);
}

/* ---- the others ------------------------------------------------------------------------ */

static void on_hello(struct render *r)
{
	fprintf(r->to, "icq %s; help tells the commands", member_text(r->ev, "version"));
}

static const char *reason_in_words(const char *reason)
{
	static const struct {
		const char *reason, *words;
	} table[] = {
		{ "busy", "the server is busy" },
		{ "go_away", "you have logged in elsewhere, or the server is done with you" },
		{ "logout", "" },
		{ "no_session", "the server has forgotten you" },
		{ "numbers", "the server has lost count" },
		{ "password", "the number or the password is wrong" },
		{ "silence", "the server is silent" },
		{ "timeout", "the server does not answer" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].reason, reason) == 0)
			return table[i].words;
	return reason;
}

static void on_state(struct render *r)
{
	const char *reason = reason_in_words(member_text(r->ev, "reason"));

	fprintf(r->to, "* %s", member_text(r->ev, "state"));
	if (render_is(r, "state", "online") || render_is(r, "state", "connecting"))
		fprintf(r->to, " as %lld at %s", (long long)member_number(r->ev, "uin"),
			member_text(r->ev, "server"));
	if (*reason)
		fprintf(r->to, ": %s", reason);
	fputs(render_is(r, "state", "refused")	 ? "; /login tries again"
	      : render_is(r, "state", "waiting") ? "; trying again"
						 : "",
	      r->to);
}

static void on_presence(struct render *r)
{
	fputs("* ", r->to);
	render_who(r, member_number(r->ev, "uin"));
	fprintf(r->to, " is %s", member_text(r->ev, "status"));
}

static void on_peer(struct render *r)
{
	fputs("* direct connection with ", r->to);
	render_who(r, member_number(r->ev, "uin"));
	fprintf(r->to, ": %s", member_text(r->ev, "state"));
}

static void on_away_read(struct render *r)
{
	fputs("* ", r->to);
	render_who(r, member_number(r->ev, "uin"));
	fputs(" has read your away text", r->to);
}

/* Where no window tells which chat it is, each line does. */
static void put_session(struct render *r)
{
	json_int_t session = member_number(r->ev, "session");

	if (session)
		fprintf(r->to, "[chat %lld] ", (long long)session);
}

static void put_chat_end(struct render *r)
{
	fputs("* the chat is over", r->to);
	if (*member_text(r->ev, "reason"))
		fprintf(r->to, " (%s)", member_text(r->ev, "reason"));
	if (*member_text(r->ev, "text")) {
		fputs(": ", r->to);
		render_lines(r, member_text(r->ev, "text"));
	}
}

static void put_chat_line(struct render *r)
{
	if (!json_object_get(r->ev, "session"))
		render_time(r, member_number(r->ev, "t"));
	render_who(r, member_number(r->ev, "uin"));
	fputs(": ", r->to);
	render_lines(r, member_text(r->ev, "text"));
}

static void on_chat(struct render *r)
{
	put_session(r);
	if (!json_object_get(r->ev, "uin")) {
		put_chat_end(r);
	} else if (render_is(r, "event", "text") || render_is(r, "event", "typing")) {
		put_chat_line(r);
	} else {
		fputs("* ", r->to);
		render_who(r, member_number(r->ev, "uin"));
		fputs(render_doubt(r->ev), r->to);
		fputs(render_is(r, "event", "open")   ? " is in the chat"
		      : render_is(r, "event", "beep") ? " beeps"
						      : " has left",
		      r->to);
	}
}

static void on_contact(struct render *r)
{
	const char *nick = member_text(r->ev, "nick"), *group = member_text(r->ev, "group");
	const char *charset = member_text(r->ev, "charset");

	fprintf(r->to, "* %lld%s%s is listed", (long long)member_number(r->ev, "uin"),
		*nick ? " " : "", nick);
	if (json_is_true(json_object_get(r->ev, "removed"))) {
		fputs(" no more", r->to);
		return;
	}
	if (*group)
		fprintf(r->to, " in %s", group);
	fputs(render_is(r, "list", "visible")	  ? "; sees you when you are invisible"
	      : render_is(r, "list", "invisible") ? "; never sees you"
	      : render_is(r, "list", "ignore")	  ? "; ignored"
						  : "",
	      r->to);
	if (*charset)
		fprintf(r->to, "; in %s", charset);
}

static void on_notice(struct render *r)
{
	fprintf(r->to, "! %s", member_text(r->ev, "text"));
}

static void on_packet(struct render *r)
{
	fprintf(r->to, "%s %s", render_is(r, "dir", "out") ? ">" : "<", member_text(r->ev, "text"));
}

/* ---- all of them ----------------------------------------------------------------------- */

char *render_event(const struct icq_client *client, const json_t *ev)
{
	static const struct {
		const char *name;
		void (*fn)(struct render *);
	} kinds[] = {
		{ "hello", on_hello },		 { "state", on_state },
		{ "message", on_message },	 { "peer", on_peer },
		{ "away_read", on_away_read },	 { "sent", on_sent },
		{ "presence", on_presence },	 { "contact", on_contact },
		{ "request", on_request },	 { "notice", on_notice },
		{ "packet", on_packet },	 { "chat", on_chat },
		{ "transfer", render_transfer }, { "result", render_result },
	};
	struct render r = { .client = client, .ev = ev };
	char *out = NULL;
	size_t n;

	r.to = open_memstream(&out, &n);
	if (!r.to)
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (render_is(&r, "ev", kinds[i].name))
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
	render_time(&r, member_number(row, "time"));
	if (render_is(&r, "dir", "in")) {
		render_who(&r, member_number(row, "uin"));
		fprintf(r.to, "%s: ", render_doubt(row));
	} else {
		bool waits = render_is(&r, "state", "queued"); /* the mark tells */

		fprintf(r.to, "%s%s ", waits ? "~" : ">", waits ? "" : render_fate(row));
	}
	render_body(&r, row);
	fclose(r.to);
	return out;
}
