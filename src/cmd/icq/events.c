/* SPDX-License-Identifier: MIT */
/* What the engine tells, as objects of the schema. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/app.h"
#include "cmd/texts.h"

static json_t *event_of(const char *name)
{
	return json_pack("{s:s}", "ev", name);
}

static void set_text(json_t *to, const char *key, const struct codepage *page, struct icq_str text)
{
	char *utf8 = texts_decode(page, text);

	json_object_set_new(to, key, json_string(utf8 ? utf8 : ""));
	free(utf8);
}

static void set_number(json_t *to, const char *key, uint64_t n)
{
	json_object_set_new(to, key, json_integer((json_int_t)n));
}

static void set_word(json_t *to, const char *key, const char *word)
{
	json_object_set_new(to, key, json_string(word));
}

/* ---- messages -------------------------------------------------------------------------- */

static const char *type_name(enum icq_form form)
{
	static const char *const names[F_COUNT] = {
		[F_text] = "text",
		[F_url] = "url",
		[F_contacts] = "contacts",
		[F_auth_request] = "auth",
		[F_auth_request_2] = "auth",
		[F_auth_refused] = "auth_refused",
		[F_auth_granted] = "auth_granted",
		[F_system] = "system",
		[F_added] = "added",
		[F_web_pager] = "pager",
		[F_mail_express] = "email",
	};

	return names[form] ? names[form] : "other";
}

static void set_pairs(json_t *to, const struct codepage *page, struct icq_str text)
{
	struct icq_contacts pairs;
	json_t *list = json_array();

	icq_contacts_split(text, &pairs);
	for (size_t i = 0; i < pairs.count; i++) {
		json_t *pair = json_object();

		set_number(pair, "uin", pairs.at[i].uin);
		set_text(pair, "nick", page, pairs.at[i].nick);
		json_array_append_new(list, pair);
	}
	set_word(to, "text", "");
	json_object_set_new(to, "contacts", list);
}

/* The text of a message, with its parts as fields of their own. */
static void set_parts(json_t *to, enum icq_form form, const struct codepage *page,
		      struct icq_str text)
{
	union icq_text parts;

	if (form != F_contacts && form != F_NONE)
		icq_text_split(form, text, &parts);
	switch (form) {
	case F_contacts:
		set_pairs(to, page, text);
		break;
	case F_url:
		set_text(to, "text", page, parts.url.description);
		set_text(to, "url", page, parts.url.url);
		break;
	case F_auth_request:
	case F_auth_request_2: /* the same parts */
		set_text(to, "text", page, parts.auth_request.reason);
		set_text(to, "name", page, parts.auth_request.nick);
		break;
	case F_added:
		set_text(to, "text", page, parts.added.text);
		set_text(to, "name", page, parts.added.nick);
		break;
	case F_web_pager:
	case F_mail_express: /* the same parts */
		set_text(to, "text", page, parts.web_pager.text);
		break;
	default:
		set_text(to, "text", page, text);
	}
}

static const char *via_name(uint8_t via)
{
	static const char *const names[] = {
		[HISTORY_SERVER] = "server", [HISTORY_STORED] = "stored", [HISTORY_PEER] = "peer"
	};

	return names[via];
}

/* Nobody vouches for a number but the server; an address is a hint. */
static void set_verified(json_t *to, bool direct, bool matches)
{
	if (direct && matches)
		set_word(to, "verified", "address");
	else
		json_object_set_new(to, "verified", json_boolean(!direct));
}

static json_t *message_event(const struct icq_client_event *e)
{
	const struct history_row *row = e->message.row;
	enum icq_form form = icq_form_of(row->type);
	json_t *ev = event_of("message");

	set_number(ev, "msg", row->id);
	set_number(ev, "from", row->peer);
	set_word(ev, "type", type_name(form));
	set_parts(ev, form, e->message.charset, e->message.text);
	if (row->sent_s)
		set_number(ev, "sent", (uint64_t)row->sent_s * 1000);
	set_word(ev, "via", via_name(row->via));
	set_verified(ev, row->via == HISTORY_PEER, row->matches);
	set_word(ev, "charset", codepage_name(e->message.charset));
	return ev;
}

json_t *events_request(const struct icq_client_request *r, const struct codepage *page)
{
	json_t *o = json_object();

	set_number(o, "request", r->number);
	set_word(o, "kind", icq_client_kind_name(r->kind));
	set_number(o, r->ours ? "to" : "from", r->uin);
	set_text(o, "text", page, r->text);
	if (r->kind != ICQ_CLIENT_CHAT || r->name.len)
		set_text(o, "name", page, r->name);
	if (r->kind == ICQ_CLIENT_FILE)
		set_number(o, "size", r->size);
	if (r->msg)
		set_number(o, "msg", r->msg);
	if (!r->ours)
		set_verified(o, r->direct, r->matches);
	return o;
}

static json_t *request_event(const struct icq_client_event *e)
{
	json_t *ev = event_of("request");
	json_t *fields = events_request(e->asked.request, e->asked.charset);

	json_object_update(ev, fields);
	json_decref(fields);
	return ev;
}

static json_t *history_row(const struct icq_client_event *e)
{
	static const char *const states[] = {
		[HISTORY_RECEIVED] = "received",   [HISTORY_QUEUED] = "queued",
		[HISTORY_ACCEPTED] = "accepted",   [HISTORY_DROPPED] = "dropped",
		[HISTORY_DELIVERED] = "delivered", [HISTORY_RETURNED] = "returned"
	};
	const struct history_row *row = e->message.row;
	enum icq_form form = icq_form_of(row->type);
	json_t *o = json_object();

	set_number(o, "msg", row->id);
	set_number(o, "uin", row->peer);
	set_word(o, "dir", row->way == HISTORY_IN ? "in" : "out");
	set_word(o, "state", states[row->state]);
	set_word(o, "type", type_name(form));
	set_parts(o, form, e->message.charset, e->message.text);
	set_number(o, "time", (uint64_t)(row->sent_s ? row->sent_s : row->noted_s) * 1000);
	set_word(o, "via", via_name(row->via));
	if (row->way == HISTORY_IN)
		set_verified(o, row->via == HISTORY_PEER, row->matches);
	set_word(o, "charset", codepage_name(e->message.charset));
	return o;
}

/* Readings of the history come newest first, the outbox oldest first; both end up in order of
 * time. A page is cut where its result would get longer than a line may be. */
static void add_to_page(struct pending *p, json_t *row)
{
	enum { PAGE_BYTES = 60000 };

	p->bytes += json_dumpb(row, NULL, 0, JSON_COMPACT) + 1;
	if (p->bytes > PAGE_BYTES)
		return;
	if (p->backwards)
		json_array_insert(p->messages, 0, row);
	else
		json_array_append(p->messages, row);
}

static void add_to_transcript(struct app *a, struct transcript *t, uint32_t peer, const json_t *row)
{
	const struct icq_client_contact *c = icq_client_contact(app_client(a), peer);
	char uin[16];

	snprintf(uin, sizeof(uin), "%u", peer);
	transcript_row(t, row, c && *c->nick ? c->nick : uin);
}

/* What came in a wrong code page may be read in another: its bytes are what is kept. */
static json_t *row_in(const struct icq_client_event *e, const struct codepage *charset)
{
	struct icq_client_event read = *e;

	if (charset && e->message.row->way == HISTORY_IN)
		read.message.charset = charset;
	return history_row(&read);
}

static void take_row(struct app *a, const struct icq_client_event *e)
{
	struct pending *p = app_pending(a, e->message.request);
	json_t *row = row_in(e, p->charset);

	if (p->transcript)
		add_to_transcript(a, p->transcript, e->message.row->peer, row);
	else
		add_to_page(p, row);
	json_decref(row);
}

/* ---- the others ------------------------------------------------------------------------ */

json_t *events_contact(const struct icq_client_contact *c)
{
	return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s}", "uin", (json_int_t)c->uin, "nick",
			 c->nick, "group", c->group, "charset",
			 c->charset ? codepage_name(c->charset) : "", "list",
			 icq_client_list_name(c->list), "away_text", c->away_text, "status",
			 icq_status_name(c->status));
}

static json_t *contact_event(const struct icq_client_event *e)
{
	json_t *ev = event_of("contact"), *fields = events_contact(e->contact.contact);

	json_object_del(fields, "status");
	json_object_update(ev, fields);
	json_decref(fields);
	if (e->contact.removed)
		json_object_set_new(ev, "removed", json_true());
	return ev;
}

static json_t *presence_event(const struct icq_client_event *e)
{
	json_t *ev = event_of("presence");

	set_number(ev, "uin", e->presence->uin);
	set_word(ev, "status", icq_status_name(e->presence->status));
	json_object_set_new(ev, "direct", json_boolean(e->presence->direct));
	set_number(ev, "tcp", e->presence->tcp_version);
	return ev;
}

static json_t *state_event(struct app *a, const struct icq_client_event *e)
{
	char server[ADDR_TEXT_MAX];
	json_t *ev = event_of("state");

	set_word(ev, "state", icq_client_state_name(e->state.state));
	if (e->state.reason)
		set_word(ev, "reason", e->state.reason);
	set_number(ev, "uin", icq_client_uin(app_client(a)));
	set_word(ev, "server", addr_text(net_server(a->net), server));
	return ev;
}

/* The outbox may hold messages of earlier runs: nobody waits for those. */
static void count_waiting(struct app *a, const struct icq_client_event *e)
{
	if (e->sent.state == ICQ_CLIENT_QUEUED) {
		a->waiting++;
		if (!a->first)
			a->first = e->sent.msg;
	}
	if (e->sent.state >= ICQ_CLIENT_ACCEPTED && a->first && e->sent.msg >= a->first)
		a->waiting--;
}

static json_t *sent_event(struct app *a, const struct icq_client_event *e)
{
	json_t *ev = event_of("sent");

	count_waiting(a, e);
	set_number(ev, "msg", e->sent.msg);
	set_number(ev, "to", e->sent.to);
	set_word(ev, "state", icq_client_sent_name(e->sent.state));
	set_word(ev, "via", via_name((uint8_t)e->sent.via));
	if (e->sent.reason)
		set_word(ev, "reason", e->sent.reason);
	if (e->sent.text.len)
		set_text(ev, "text", e->sent.charset, e->sent.text);
	return ev;
}

static json_t *peer_event(const struct icq_client_event *e)
{
	json_t *ev = event_of("peer");

	set_number(ev, "uin", e->peer.uin);
	set_word(ev, "state", icq_client_peer_state_name(e->peer.state));
	if (e->peer.reason)
		set_word(ev, "reason", e->peer.reason);
	return ev;
}

static json_t *transfer_event(struct app *a, const struct icq_client_event *e)
{
	char *stored = e->transfer.stored ? files_stored(a->files, e->transfer.number) : NULL;
	json_t *ev = event_of("transfer");

	set_number(ev, "transfer", e->transfer.number);
	set_number(ev, "uin", e->transfer.uin);
	set_word(ev, "dir", e->transfer.sending ? "out" : "in");
	set_word(ev, "state", icq_client_transfer_state_name(e->transfer.state));
	set_text(ev, "name", e->transfer.charset, e->transfer.name);
	set_number(ev, "done", e->transfer.done);
	set_number(ev, "size", e->transfer.size);
	set_number(ev, "rate", e->transfer.rate);
	if (stored)
		set_word(ev, "path", stored);
	free(stored);
	if (e->transfer.reason)
		set_word(ev, "reason", e->transfer.reason);
	if (e->transfer.text.len)
		set_text(ev, "text", e->transfer.charset, e->transfer.text);
	return ev;
}

static json_t *away_read_event(const struct icq_client_event *e)
{
	json_t *ev = event_of("away_read");

	set_number(ev, "uin", e->away_read);
	return ev;
}

/* ---- all of them ----------------------------------------------------------------------- */

/* The last row is in the file. */
static void end_transcript(struct app *a, struct pending *p)
{
	uint64_t count;

	if (transcript_finish(&p->transcript, &count) < 0)
		app_result(a, p->request, "disk", strerror(errno), NULL);
	else
		app_result(a, p->request, NULL, NULL,
			   json_pack("{s:I}", "count", (json_int_t)count));
}

static void take_result(struct app *a, const struct icq_client_event *e)
{
	static const char *const numbered[] = { [ICQ_CLIENT_REQUEST] = "request",
						[ICQ_CLIENT_SESSION] = "session",
						[ICQ_CLIENT_TRANSFER] = "transfer" };
	enum icq_client_error error = e->result.error;
	struct pending *p = app_pending(a, e->result.request);
	json_t *extra;

	if (several_take(a, e))
		return;
	if (p && p->drop && !error && a->first && p->drop >= a->first)
		a->waiting--;
	if (p && p->transcript && !error) {
		end_transcript(a, p);
		return;
	}
	extra = json_object();
	if (e->result.msg)
		set_number(extra, "msg", e->result.msg);
	if (e->result.uin)
		set_number(extra, "uin", e->result.uin);
	if (e->result.number)
		set_number(extra, numbered[e->result.what], e->result.number);
	if (e->result.peeked) {
		set_word(extra, "status", icq_status_name(e->result.status));
		set_text(extra, "text", e->result.charset, e->result.text);
	}
	if (p && p->hits && !error)
		json_object_set_new(extra, "more", json_boolean(e->result.more));
	app_result(a, e->result.request, error ? icq_client_error_name(error) : NULL,
		   e->result.detail, extra);
}

/* The list lives in the settings, from now on in its new form. */
static void take_contact(struct app *a, const struct icq_client_event *e)
{
	app_emit(a, contact_event(e));
	if (settings_write(a->settings, app_client(a)) < 0)
		app_notice(a, LOG_LEVEL_ERROR, "settings", "%s", strerror(errno));
}

void events_take(void *ctx, const struct icq_client_event *e)
{
	struct app *a = ctx;

	switch (e->kind) {
	case ICQ_CLIENT_EV_RESULT:
		take_result(a, e);
		break;
	case ICQ_CLIENT_EV_STATE:
		app_emit(a, state_event(a, e));
		break;
	case ICQ_CLIENT_EV_MESSAGE:
		app_emit(a, message_event(e));
		break;
	case ICQ_CLIENT_EV_REQUEST:
		app_emit(a, request_event(e));
		break;
	case ICQ_CLIENT_EV_HISTORY:
		take_row(a, e);
		break;
	case ICQ_CLIENT_EV_FOUND:
		directory_take(a, e);
		break;
	case ICQ_CLIENT_EV_SENT:
		app_emit(a, sent_event(a, e));
		break;
	case ICQ_CLIENT_EV_PEER:
		app_emit(a, peer_event(e));
		break;
	case ICQ_CLIENT_EV_CHAT:
		chats_take(a, e);
		break;
	case ICQ_CLIENT_EV_TRANSFER:
		if (e->transfer.sending && e->transfer.state >= ICQ_CLIENT_TRANSFER_DONE)
			a->waiting--;
		app_emit(a, transfer_event(a, e));
		break;
	case ICQ_CLIENT_EV_AWAY_READ:
		app_emit(a, away_read_event(e));
		break;
	case ICQ_CLIENT_EV_PRESENCE:
		app_emit(a, presence_event(e));
		break;
	case ICQ_CLIENT_EV_CONTACT:
		take_contact(a, e);
		break;
	case ICQ_CLIENT_EV_NOTICE:
		app_notice(a, e->notice.level, e->notice.code, "%s", e->notice.text);
		break;
	case ICQ_CLIENT_EV_PACKET:
		app_emit(a, events_packet(e));
		break;
	}
}
