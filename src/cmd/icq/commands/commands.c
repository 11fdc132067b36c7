/* SPDX-License-Identifier: MIT */
/* The one table of commands: JSON objects in, calls of the engine out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/commands/call.h"
#include "cmd/texts.h"
#include "io/clock.h"

/* ---- account and session --------------------------------------------------------------- */

/* The field, else that of the settings. The caller wipes buffer. */
static struct icq_str password_field(struct call *c, char buffer[PASSWORD_TEXT_MAX])
{
	const char *text = call_text(c, "password", OPTIONAL), *why;

	if (!c->bad && !*text) {
		why = app_password(c->app, buffer);
		if (why)
			call_bad_field(c, "password", why);
		text = buffer;
	}
	if (strlen(text) > ICQ_MAX_password)
		call_bad_field(c, "password", "longer than 8 characters");
	return icq_str_of(text);
}

static void do_login(struct call *c)
{
	const struct settings *s = c->app->settings;
	const char *preset = c->app->status ? c->app->status : s->initial;
	char buffer[PASSWORD_TEXT_MAX] = "";
	uint32_t uin = call_uin(c, "uin", OPTIONAL);
	uint32_t status = call_status(c, preset, OPTIONAL);
	struct icq_str password = password_field(c, buffer);

	if (!uin)
		uin = icq_client_uin(c->client);
	if (!uin)
		call_bad_field(c, "uin", "missing");
	if (!c->bad) {
		app_warn_clear(c->app);
		icq_client_login(c->client, clock_now(), c->request, uin, password, status);
	}
	explicit_bzero(buffer, sizeof(buffer));
}

static void do_register(struct call *c)
{
	const char *text = call_text(c, "password", REQUIRED);

	if (!*text || strlen(text) > ICQ_MAX_password)
		call_bad_field(c, "password", "1 to 8 characters");
	if (c->bad)
		return;
	app_warn_clear(c->app);
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
	uint32_t status = call_status(c, "online", REQUIRED);

	const char *text = call_text(c, "text", OPTIONAL);

	if (call_has(c, "text") && !c->bad && !app_set_away_text(c->app, status, text))
		call_bad_field(c, "text", "too long, or a status that has none");
	if (!c->bad)
		icq_client_status(c->client, clock_now(), c->request, status);
}

static void write_settings(struct call *c)
{
	if (settings_write(c->app->settings, c->client) < 0)
		call_refuse(c, "disk", strerror(errno));
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
	const char *text = call_text(c, name, OPTIONAL);

	if (!call_has(c, name) || c->bad)
		return;
	if (strlen(text) >= ICQ_CLIENT_NAME_MAX || !texts_is_line(text))
		call_bad_field(c, name, "at most 80 bytes on one line");
	else
		memcpy(out, text, strlen(text) + 1);
}

static void charset_field(struct call *c, struct icq_client_contact *contact)
{
	const char *text = call_text(c, "charset", OPTIONAL);

	if (!call_has(c, "charset") || c->bad)
		return;
	contact->charset = *text ? codepage_find(text) : NULL;
	if (*text && !contact->charset)
		call_bad_field(c, "charset", "no such code page; they are like cp1251, koi8-r");
}

static void list_field(struct call *c, struct icq_client_contact *contact)
{
	const char *text = call_text(c, "list", OPTIONAL);

	if (*text && icq_client_list_parse(text, &contact->list) < 0)
		call_bad_field(c, "list", "none, visible, invisible or ignore");
}

static void away_text_field(struct call *c, struct icq_client_contact *contact)
{
	const char *text = call_text(c, "away_text", OPTIONAL);

	if (!call_has(c, "away_text") || c->bad)
		return;
	if (strlen(text) >= sizeof(contact->away_text) || !texts_are_lines(text))
		call_bad_field(c, "away_text", "at most 450 bytes");
	else
		memcpy(contact->away_text, text, strlen(text) + 1);
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
	uint32_t uin = call_uin(c, "uin", REQUIRED);
	const struct icq_client_contact *known = icq_client_contact(c->client, uin);
	struct icq_client_contact contact = { .uin = uin };

	if (known)
		contact = *known;
	if (!c->bad && uin == icq_client_uin(c->client))
		call_bad_field(c, "uin", "your own number");
	put(c, &contact);
}

/* A code page for all in a group who have none of their own. */
static void edit_group(struct call *c)
{
	struct icq_client_contact group = { 0 };

	name_field(c, "group", group.group);
	charset_field(c, &group);
	if (!c->bad && !call_has(c, "charset"))
		call_bad_field(c, "charset", "missing");
	if (!c->bad &&
	    icq_client_group_charset(c->client, group.group, group.charset) == -ICQ_EFULL)
		call_refuse(c, "too_long", "too many groups with a code page");
	if (!c->bad)
		write_settings(c);
	if (!c->bad)
		app_result(c->app, c->request, NULL, NULL, NULL);
}

static void do_edit(struct call *c)
{
	if (!call_has(c, "uin") && call_has(c, "group")) {
		edit_group(c);
		return;
	}

	uint32_t uin = call_uin(c, "uin", REQUIRED);
	const struct icq_client_contact *known = icq_client_contact(c->client, uin);
	struct icq_client_contact contact;

	if (!known) {
		call_refuse(c, "not_found", NULL);
		return;
	}
	contact = *known;
	charset_field(c, &contact);
	list_field(c, &contact);
	away_text_field(c, &contact);
	put(c, &contact);
}

static void do_remove(struct call *c)
{
	uint32_t uin = call_uin(c, "uin", REQUIRED);

	if (!c->bad)
		icq_client_remove_contact(c->client, clock_now(), c->request, uin);
}

/* ---- settings -------------------------------------------------------------------------- */

static void refuse_key(struct call *c, const char *key)
{
	const char *like = settings_like(key);
	char detail[SETTINGS_TEXT_MAX];

	snprintf(detail, sizeof(detail), "%.100s is no setting%s%s", key,
		 like ? "; did you mean " : "", like ? like : "");
	call_refuse(c, "not_found", detail);
}

static void do_get(struct call *c)
{
	const char *key = call_text(c, "key", REQUIRED);
	const char *value = settings_get(c->app->settings, key);

	if (c->bad)
		return;
	if (value)
		app_result(c->app, c->request, NULL, NULL,
			   json_pack("{s:s,s:s}", "key", key, "value", value));
	else
		refuse_key(c, key);
}

/* The settings whose keys begin so, as those of a section, with their values. False: none. */
static bool tell_settings(struct call *c, const char *begun)
{
	json_t *found = json_object();
	const char *key;

	for (size_t i = 0; (key = settings_key(i)); i++)
		if (strncmp(key, begun, strlen(begun)) == 0)
			json_object_set_new(found, key,
					    json_string(settings_get(c->app->settings, key)));
	if (json_object_size(found) == 0) {
		json_decref(found);
		return false;
	}
	app_result(c->app, c->request, NULL, NULL, json_pack("{s:o}", "settings", found));
	return true;
}

/* Here and in the file. */
static void do_set(struct call *c)
{
	const char *key = call_text(c, "key", OPTIONAL), *value = call_text(c, "value", OPTIONAL);
	char wanted[SETTINGS_TEXT_MAX];
	bool change = call_has(c, "value");
	int err = c->bad || !change ? 0 : settings_set(c->app->settings, key, value);

	if (change && !*key)
		call_bad_field(c, "key", "missing");
	if (c->bad)
		return;
	if (!change && !settings_get(c->app->settings, key) && tell_settings(c, key))
		return;
	if (err == -ICQ_ERANGE)
		call_bad_field(c, "value", settings_wanted(key, wanted));
	if (change && !c->bad && err == 0) {
		app_reconf(c->app);
		settings_keep(c->app->settings, key);
		write_settings(c);
	}
	if (!c->bad)
		do_get(c);
}

static void do_save(struct call *c)
{
	if (settings_keep_all(c->app->settings) < 0)
		call_refuse(c, "busy", "out of memory");
	else
		write_settings(c);
	if (!c->bad)
		app_result(c->app, c->request, NULL, NULL,
			   json_pack("{s:s}", "path", c->app->settings->path));
}

/* One rule of notify.rules. */
static void do_notify(struct call *c)
{
	const char *event = call_text(c, "event", OPTIONAL);
	const char *actions = call_text(c, "actions", OPTIONAL);
	uint32_t uin = call_uin(c, "uin", OPTIONAL);
	struct settings *s = c->app->settings;
	char rules[SETTINGS_TEXT_MAX];
	int err = 0;

	if (c->bad)
		return;
	snprintf(rules, sizeof(rules), "%s", s->rules);
	if (*event)
		err = notify_put(rules, sizeof(rules), event, uin, actions);
	if (err == -ICQ_ESPACE)
		call_refuse(c, "too_long", "too many rules");
	else if (err < 0)
		call_bad_field(c, "event", "no such event, or no such action; see help notify");
	if (*event && !c->bad) {
		settings_set(s, "notify.rules", *rules ? rules : "any none");
		settings_keep(s, "notify.rules");
		write_settings(c);
	}
	if (!c->bad)
		app_result(c->app, c->request, NULL, NULL, json_pack("{s:s}", "value", s->rules));
}

static void do_verbose(struct call *c)
{
	int level = (int)call_number(c, "level", REQUIRED, 0, 3);

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
	{ "login", do_login },	     { "logout", do_logout },	    { "ping", do_ping },
	{ "quit", do_quit },	     { "register", do_register },   { "state", do_state },
	{ "status", do_status },     { "send", do_send },	    { "contacts", do_contacts },
	{ "add", do_add },	     { "edit", do_edit },	    { "remove", do_remove },
	{ "history", do_history },   { "outbox", do_outbox },	    { "get", do_get },
	{ "set", do_set },	     { "verbose", do_verbose },	    { "export", do_export },
	{ "search", do_search },     { "info", do_info },	    { "update", do_update },
	{ "password", do_password }, { "auth", do_auth },	    { "rand", do_rand },
	{ "rand_set", do_rand_set }, { "save", do_save },	    { "last", do_last },
	{ "uptime", do_uptime },     { "notify", do_notify },	    { "peek", do_peek },
	{ "peer", do_peer },	     { "resend", do_resend },	    { "requests", do_requests },
	{ "accept", do_accept },     { "refuse", do_refuse },	    { "cancel", do_cancel },
	{ "chat", do_chat },	     { "chat_text", do_chat_text }, { "file", do_file },
	{ "pause", do_pause },	     { "resume", do_resume },
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
	call_refuse(&c, "bad_command", name ? name : "cmd is missing, or no string");
}
