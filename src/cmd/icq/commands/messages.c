/* SPDX-License-Identifier: MIT */
/* Commands that send messages, and that read what was sent and received. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/icq/commands/call.h"
#include "cmd/texts.h"
#include "io/clock.h"

static void make_text(struct call *c, struct outgoing *o)
{
	const char *text = call_text(c, "text", REQUIRED);

	o->type = T_text;
	o->len = call_encode(c, "text", text, o->to, o->text, sizeof(o->text)).len;
}

static void make_url(struct call *c, struct outgoing *o)
{
	uint8_t parts[2][2 * HISTORY_TEXT_MAX];
	const char *url = call_text(c, "url", REQUIRED), *text = call_text(c, "text", OPTIONAL);
	union icq_text compound = {
		.url = { .description = call_encode(c, "text", text, o->to, parts[0],
						    sizeof(*parts)),
			 .url = call_encode(c, "url", url, o->to, parts[1], sizeof(*parts)) },
	};
	int n = icq_text_join(F_url, &compound, o->text, sizeof(o->text));

	o->type = T_url;
	o->len = n < 0 ? sizeof(o->text) : (size_t)n;
}

static void add_pair(struct call *c, struct outgoing *o, const json_t *pair, uint8_t *nick,
		     struct icq_contacts *list)
{
	json_int_t uin = json_integer_value(json_object_get(pair, "uin"));
	const char *name = json_string_value(json_object_get(pair, "nick"));

	if (uin < 1 || uin > UINT32_MAX || list->count == ICQ_MAX_pairs) {
		call_bad_field(c, "contacts", "at most 100 objects with uin and nick");
		return;
	}
	list->at[list->count++] = (struct icq_contact){
		.uin = (uint32_t)uin,
		.nick = call_encode(c, "contacts", name ? name : "", o->to, nick,
				    ICQ_CLIENT_NAME_MAX),
	};
}

static void make_contacts(struct call *c, struct outgoing *o)
{
	static uint8_t nicks[ICQ_MAX_pairs][ICQ_CLIENT_NAME_MAX];
	const json_t *pairs = json_object_get(c->args, "contacts"), *pair;
	struct icq_contacts list = { 0 };
	size_t i;
	int n;

	if (!json_is_array(pairs) || json_array_size(pairs) == 0)
		call_bad_field(c, "contacts", "a list of objects with uin and nick");
	json_array_foreach(pairs, i, pair)
	{
		if (c->bad)
			return;
		add_pair(c, o, pair, nicks[i], &list);
	}
	n = icq_contacts_join(&list, o->text, sizeof(o->text));
	o->type = T_contacts;
	o->len = n < 0 ? sizeof(o->text) : (size_t)n;
}

void messages_make(struct call *c, struct outgoing *o)
{
	static const char *const types[] = { "text", "url", "contacts", NULL };
	static const char *const modes[] = { "normal", "urgent", "list", NULL };
	static const char *const vias[] = { "auto", "server", "peer", NULL };
	static void (*const makers[])(struct call *, struct outgoing *) = { make_text, make_url,
									    make_contacts };
	int type = call_choice(c, "type", types);

	o->mode = (enum icq_client_mode)call_choice(c, "mode", modes);
	o->via = (enum icq_client_via)call_choice(c, "via", vias);
	if (!c->bad)
		makers[type](c, o);
	if (!c->bad && o->len > HISTORY_TEXT_MAX)
		call_refuse(c, "too_long", NULL);
}

void messages_send(struct call *c, uint64_t request, const struct outgoing *o)
{
	icq_client_send_by(c->client, clock_now(), request, o->to, o->type,
			   (struct icq_str){ o->text, (uint16_t)o->len }, o->via, o->mode);
}

void do_send(struct call *c)
{
	struct outgoing o = { 0 };

	if (json_is_array(json_object_get(c->args, "to"))) {
		several_send(c);
		return;
	}
	o.to = call_uin(c, "to", REQUIRED);
	if (!c->bad)
		messages_make(c, &o);
	if (!c->bad)
		messages_send(c, c->request, &o);
}

void do_resend(struct call *c)
{
	static const char *const ways[] = { "server", "urgent", "list", NULL };
	uint64_t msg = (uint64_t)call_number(c, "msg", REQUIRED, 1, INT64_MAX);
	int mode = call_choice(c, "as", ways);

	if (!c->bad)
		icq_client_resend(c->client, clock_now(), c->request, msg,
				  (enum icq_client_mode)mode);
}

static void read_history(struct call *c, const struct icq_client_query *query)
{
	struct pending *p = app_pending(c->app, c->request);

	p->messages = json_array();
	p->backwards = !query->outbox;
	icq_client_history(c->client, clock_now(), c->request, query);
}

void do_history(struct call *c)
{
	struct icq_client_query query = {
		.peer = call_uin(c, "uin", OPTIONAL),
		.before = (uint64_t)call_number(c, "before", OPTIONAL, 1, INT64_MAX),
		.limit = (uint32_t)call_number(c, "limit", OPTIONAL, 1, 1000),
		.find = call_text(c, "find", OPTIONAL),
	};

	const char *charset = call_text(c, "charset", OPTIONAL);

	if (!query.limit)
		query.limit = 100;
	if (*charset && !codepage_find(charset))
		call_bad_field(c, "charset", "no such code page");
	if (strlen(query.find) >= HISTORY_FIND_MAX)
		call_bad_field(c, "find", "too long");
	if (c->bad)
		return;
	app_pending(c->app, c->request)->charset = *charset ? codepage_find(charset) : NULL;
	read_history(c, &query);
}

/* The whole conversation with one, or with all, into a file. */
void do_export(struct call *c)
{
	const struct icq_client_query query = { .peer = call_uin(c, "uin", OPTIONAL),
						.limit = UINT32_MAX,
						.oldest_first = true };
	const char *path = call_text(c, "path", REQUIRED);
	const char *format = call_text(c, "format", REQUIRED);
	int choice = call_choice(c, "format", transcript_formats);
	struct transcript *t;

	if (!c->bad && !*format)
		call_bad_field(c, "format", "missing");
	if (c->bad)
		return;
	if (transcript_open(&t, path, choice) < 0) {
		call_bad_field(c, "path", strerror(errno));
		return;
	}
	app_pending(c->app, c->request)->transcript = t;
	icq_client_history(c->client, clock_now(), c->request, &query);
}

void do_outbox(struct call *c)
{
	const struct icq_client_query query = { .outbox = true, .limit = 1000 };
	uint64_t drop = (uint64_t)call_number(c, "drop", OPTIONAL, 1, INT64_MAX);

	if (c->bad)
		return;
	if (!drop) {
		read_history(c, &query);
		return;
	}
	app_pending(c->app, c->request)->drop = drop;
	icq_client_drop(c->client, clock_now(), c->request, drop);
}
