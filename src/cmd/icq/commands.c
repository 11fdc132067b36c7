/* SPDX-License-Identifier: MIT */
/* The one table of commands: JSON objects in, calls of the engine out. */
#include <stdio.h>
#include <string.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/app.h"
#include "cmd/icq/texts.h"
#include "io/clock.h"

/* A command on its way. After the first complaint, which is its result, `bad` is set and
 * reading its other fields changes nothing. */
struct call {
	struct app *app;
	struct icq_client *client;
	json_t *args;
	uint64_t request;
	bool bad;
};

/* ---- fields ---------------------------------------------------------------------------- */

static void refuse(struct call *c, const char *error, const char *detail)
{
	if (!c->bad)
		app_result(c->app, c->request, error, detail, NULL);
	c->bad = true;
}

static void bad_field(struct call *c, const char *name, const char *why)
{
	char detail[128];

	snprintf(detail, sizeof(detail), "%s: %s", name, why);
	refuse(c, "bad_field", detail);
}

static bool has(const struct call *c, const char *name)
{
	const json_t *v = json_object_get(c->args, name);

	return v && !json_is_null(v);
}

enum need { OPTIONAL, REQUIRED };

static int64_t number(struct call *c, const char *name, enum need need, int64_t min, int64_t max)
{
	const json_t *v = json_object_get(c->args, name);
	int64_t n = json_integer_value(v);

	if (!has(c, name)) {
		if (need == REQUIRED)
			bad_field(c, name, "missing");
		return 0;
	}
	if (!json_is_integer(v) || n < min || n > max) {
		bad_field(c, name, "not a number in its range");
		return 0;
	}
	return n;
}

static uint32_t uin_field(struct call *c, const char *name, enum need need)
{
	return (uint32_t)number(c, name, need, 1, UINT32_MAX);
}

/* "" when it is not there. */
static const char *text_field(struct call *c, const char *name, enum need need)
{
	const json_t *v = json_object_get(c->args, name);

	if (has(c, name) && json_is_string(v))
		return json_string_value(v);
	if (has(c, name))
		bad_field(c, name, "not a string");
	else if (need == REQUIRED)
		bad_field(c, name, "missing");
	return "";
}

/* A status word; `preset` when the field is not there. */
static uint32_t status_field(struct call *c, const char *preset, enum need need)
{
	const char *text = text_field(c, "status", need);
	enum icq_status status = ICQ_STATUS_online;

	if (!*text)
		text = preset;
	if (!c->bad && (icq_status_parse(text, &status) < 0 || status == ICQ_STATUS_offline))
		bad_field(c, "status", "no such status");
	return status;
}

/* One of the words of a list that ends with NULL; its place, 0 when the field is not there. */
static int choice_field(struct call *c, const char *name, const char *const *words)
{
	const char *text = text_field(c, name, OPTIONAL);

	for (int i = 0; *text && words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	if (*text)
		bad_field(c, name, "not one of its words");
	return 0;
}

/* ---- account and session --------------------------------------------------------------- */

/* Says once that V2 hides nothing. */
static void warn_clear(struct app *a)
{
	static bool warned;

	if (!warned)
		app_emit(a, json_pack("{s:s,s:s,s:s,s:s}", "ev", "notice", "level", "warn", "code",
				      "clear_text", "text",
				      "Version 2 of the protocol sends passwords and messages in "
				      "clear: use a password that you use nowhere else."));
	warned = true;
}

/* The field, else that of the settings. The caller wipes buffer. */
static struct icq_str password_field(struct call *c, char buffer[PASSWORD_TEXT_MAX])
{
	const char *text = text_field(c, "password", OPTIONAL), *why;

	if (!c->bad && !*text) {
		why = app_password(c->app, buffer);
		if (why)
			bad_field(c, "password", why);
		text = buffer;
	}
	if (strlen(text) > ICQ_MAX_password)
		bad_field(c, "password", "longer than 8 characters");
	return icq_str_of(text);
}

static void do_login(struct call *c)
{
	const struct settings *s = c->app->settings;
	const char *preset = c->app->status ? c->app->status : *s->initial ? s->initial : "online";
	char buffer[PASSWORD_TEXT_MAX] = "";
	uint32_t uin = uin_field(c, "uin", OPTIONAL);
	uint32_t status = status_field(c, preset, OPTIONAL);
	struct icq_str password = password_field(c, buffer);

	if (!uin)
		uin = icq_client_uin(c->client);
	if (!uin)
		bad_field(c, "uin", "missing");
	if (!c->bad) {
		warn_clear(c->app);
		icq_client_login(c->client, clock_now(), c->request, uin, password, status);
	}
	explicit_bzero(buffer, sizeof(buffer));
}

static void do_register(struct call *c)
{
	const char *text = text_field(c, "password", REQUIRED);

	if (!*text || strlen(text) > ICQ_MAX_password)
		bad_field(c, "password", "1 to 8 characters");
	if (c->bad)
		return;
	warn_clear(c->app);
	icq_client_register(c->client, clock_now(), c->request, icq_str_of(text));
}

static void do_logout(struct call *c)
{
	icq_client_logout(c->client, clock_now(), c->request);
}

static void do_ping(struct call *c)
{
	icq_client_ping(c->client, clock_now(), c->request);
}

static void do_quit(struct call *c)
{
	app_result(c->app, c->request, NULL, NULL, NULL);
	app_leave(c->app, "quit", EXIT_OK);
}

static void do_state(struct call *c)
{
	char server[ADDR_TEXT_MAX];
	uint32_t status = icq_client_get_status(c->client);
	bool online = icq_client_get_state(c->client) == ICQ_CLIENT_ONLINE;

	app_result(c->app, c->request, NULL, NULL,
		   json_pack("{s:I,s:s,s:s,s:s}", "uin", (json_int_t)icq_client_uin(c->client),
			     "state", icq_client_state_name(icq_client_get_state(c->client)),
			     "status", online ? texts_status(status) : "offline", "server",
			     addr_text(net_server(c->app->net), server)));
}

static void do_status(struct call *c)
{
	uint32_t status = status_field(c, "online", REQUIRED);

	text_field(c, "text", OPTIONAL);
	if (!c->bad)
		icq_client_status(c->client, clock_now(), c->request, status);
}

/* ---- messages -------------------------------------------------------------------------- */

struct outgoing {
	uint32_t to;
	uint16_t type;
	uint8_t text[2 * HISTORY_TEXT_MAX];
	size_t len;
};

/* UTF-8 to the receiver's code page, with CR LF as line ends. */
static struct icq_str encode(struct call *c, const char *name, const char *text, uint32_t to,
			     uint8_t *out, size_t cap)
{
	const struct codepage *page = icq_client_charset(c->client, to);
	char detail[64];
	size_t lost;
	struct icq_str s = { out, 0 };
	size_t n = texts_encode(page, text, out, cap, &lost);

	if (lost) {
		snprintf(detail, sizeof(detail), "%zu characters are not in %s", lost,
			 codepage_name(page));
		bad_field(c, name, detail);
	}
	if (n > HISTORY_TEXT_MAX)
		refuse(c, "too_long", NULL);
	else
		s.len = (uint16_t)n;
	return s;
}

static void make_text(struct call *c, struct outgoing *o)
{
	const char *text = text_field(c, "text", REQUIRED);

	o->type = T_text;
	o->len = encode(c, "text", text, o->to, o->text, sizeof(o->text)).len;
}

static void make_url(struct call *c, struct outgoing *o)
{
	uint8_t parts[2][2 * HISTORY_TEXT_MAX];
	const char *url = text_field(c, "url", REQUIRED), *text = text_field(c, "text", OPTIONAL);
	union icq_text compound = {
		.url = { .description = encode(c, "text", text, o->to, parts[0], sizeof(*parts)),
			 .url = encode(c, "url", url, o->to, parts[1], sizeof(*parts)) },
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
		bad_field(c, "contacts", "at most 100 objects with uin and nick");
		return;
	}
	list->at[list->count++] = (struct icq_contact){
		.uin = (uint32_t)uin,
		.nick = encode(c, "contacts", name ? name : "", o->to, nick, ICQ_CLIENT_NAME_MAX),
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
		bad_field(c, "contacts", "a list of objects with uin and nick");
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

/* What needs a direct connection is not there yet. */
static void check_route(struct call *c)
{
	static const char *const modes[] = { "normal", "urgent", "list", NULL };
	static const char *const vias[] = { "auto", "server", "peer", NULL };

	if (choice_field(c, "mode", modes) > 0 || choice_field(c, "via", vias) > 1)
		refuse(c, "no_direct", "everything goes through the server");
}

static void do_send(struct call *c)
{
	static const char *const types[] = { "text", "url", "contacts", NULL };
	static void (*const makers[])(struct call *, struct outgoing *) = { make_text, make_url,
									    make_contacts };
	struct outgoing o = { .to = uin_field(c, "to", REQUIRED) };
	int type = choice_field(c, "type", types);

	check_route(c);
	if (!c->bad)
		makers[type](c, &o);
	if (!c->bad && o.len > HISTORY_TEXT_MAX)
		refuse(c, "too_long", NULL);
	if (!c->bad)
		icq_client_send(c->client, clock_now(), c->request, o.to, o.type,
				(struct icq_str){ o.text, (uint16_t)o.len });
}

static void read_history(struct call *c, const struct icq_client_query *query)
{
	struct pending *p = app_pending(c->app, c->request);

	p->messages = json_array();
	p->backwards = !query->outbox;
	icq_client_history(c->client, clock_now(), c->request, query);
}

static void do_history(struct call *c)
{
	char find[HISTORY_FIND_MAX] = "";
	size_t lost;
	struct icq_client_query query = {
		.peer = uin_field(c, "uin", OPTIONAL),
		.before = (uint64_t)number(c, "before", OPTIONAL, 1, INT64_MAX),
		.limit = (uint32_t)number(c, "limit", OPTIONAL, 1, 1000),
		.find = find,
	};
	const char *words = text_field(c, "find", OPTIONAL);

	if (!query.limit)
		query.limit = 100;
	if (texts_encode(icq_client_charset(c->client, query.peer), words, (uint8_t *)find,
			 sizeof(find) - 1, &lost) >= sizeof(find) - 1)
		bad_field(c, "find", "too long");
	if (!c->bad)
		read_history(c, &query);
}

static void do_outbox(struct call *c)
{
	const struct icq_client_query query = { .outbox = true, .limit = 1000 };
	uint64_t drop = (uint64_t)number(c, "drop", OPTIONAL, 1, INT64_MAX);

	if (c->bad)
		return;
	if (drop)
		icq_client_drop(c->client, clock_now(), c->request, drop);
	else
		read_history(c, &query);
}

/* ---- contacts -------------------------------------------------------------------------- */

static void do_contacts(struct call *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < icq_client_contact_count(c->client); i++)
		json_array_append_new(list, events_contact(icq_client_contact_at(c->client, i)));
	app_result(c->app, c->request, NULL, NULL, json_pack("{s:o}", "contacts", list));
}

/* A nick or group: short, and nothing that would end a line of the settings. */
static void name_field(struct call *c, const char *name, char out[ICQ_CLIENT_NAME_MAX])
{
	const char *text = text_field(c, name, OPTIONAL);

	if (!has(c, name) || c->bad)
		return;
	if (strlen(text) >= ICQ_CLIENT_NAME_MAX || !texts_is_line(text))
		bad_field(c, name, "at most 80 bytes on one line");
	else
		strcpy(out, text);
}

static void charset_field(struct call *c, struct icq_client_contact *contact)
{
	const char *text = text_field(c, "charset", OPTIONAL);

	if (!has(c, "charset") || c->bad)
		return;
	contact->charset = *text ? codepage_find(text) : NULL;
	if (*text && !contact->charset)
		bad_field(c, "charset", "no such code page");
}

static void list_field(struct call *c, struct icq_client_contact *contact)
{
	const char *text = text_field(c, "list", OPTIONAL);

	if (*text && icq_client_list_parse(text, &contact->list) < 0)
		bad_field(c, "list", "none, visible, invisible or ignore");
}

static void put(struct call *c, struct icq_client_contact *contact)
{
	name_field(c, "nick", contact->nick);
	name_field(c, "group", contact->group);
	if (!c->bad)
		icq_client_put_contact(c->client, clock_now(), c->request, contact);
}

static void do_add(struct call *c)
{
	uint32_t uin = uin_field(c, "uin", REQUIRED);
	const struct icq_client_contact *known = icq_client_contact(c->client, uin);
	struct icq_client_contact contact = { .uin = uin };

	if (known)
		contact = *known;
	put(c, &contact);
}

static void do_edit(struct call *c)
{
	uint32_t uin = uin_field(c, "uin", REQUIRED);
	const struct icq_client_contact *known = icq_client_contact(c->client, uin);
	struct icq_client_contact contact;

	if (!known) {
		refuse(c, "not_found", NULL);
		return;
	}
	contact = *known;
	charset_field(c, &contact);
	list_field(c, &contact);
	put(c, &contact);
}

static void do_remove(struct call *c)
{
	uint32_t uin = uin_field(c, "uin", REQUIRED);

	if (!c->bad)
		icq_client_remove_contact(c->client, clock_now(), c->request, uin);
}

/* ---- settings -------------------------------------------------------------------------- */

static void do_get(struct call *c)
{
	const char *value = settings_get(c->app->settings, text_field(c, "key", REQUIRED));

	if (c->bad)
		return;
	if (value)
		app_result(c->app, c->request, NULL, NULL, json_pack("{s:s}", "value", value));
	else
		refuse(c, "not_found", NULL);
}

static void do_set(struct call *c)
{
	const char *key = text_field(c, "key", REQUIRED), *value = text_field(c, "value", REQUIRED);
	int err = c->bad ? 0 : settings_set(c->app->settings, key, value);

	if (err == -ICQ_ENOENT)
		refuse(c, "not_found", NULL);
	else if (err < 0)
		bad_field(c, "value", "not of the right kind");
	else if (!c->bad)
		app_result(c->app, c->request, NULL, NULL, json_pack("{s:s}", "value", value));
}

static void do_verbose(struct call *c)
{
	int level = (int)number(c, "level", REQUIRED, 0, 3);

	if (c->bad)
		return;
	c->app->verbose = level;
	icq_client_verbose(c->client, level > 0);
	app_result(c->app, c->request, NULL, NULL, NULL);
}

/* ---- the table ------------------------------------------------------------------------- */

static const struct command {
	const char *name;
	void (*fn)(struct call *c);
} commands[] = {
	{ "login", do_login },	   { "logout", do_logout },	{ "ping", do_ping },
	{ "quit", do_quit },	   { "register", do_register }, { "state", do_state },
	{ "status", do_status },   { "send", do_send },		{ "contacts", do_contacts },
	{ "add", do_add },	   { "edit", do_edit },		{ "remove", do_remove },
	{ "history", do_history }, { "outbox", do_outbox },	{ "get", do_get },
	{ "set", do_set },	   { "verbose", do_verbose },
};

void command_run(struct app *a, json_t *command, uint64_t request)
{
	struct call c = { .app = a, .client = app_client(a), .args = command, .request = request };
	const char *name = json_string_value(json_object_get(command, "cmd"));

	for (size_t i = 0; name && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, name) == 0) {
			commands[i].fn(&c);
			return;
		}
	}
	refuse(&c, "bad_command", name ? name : "cmd is missing");
}
