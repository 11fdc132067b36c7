/* SPDX-License-Identifier: MIT */
/* Which key does what: the settings [keys], and the command that changes them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/icq/screen/screen.h"

enum { SETTING_NAME_MAX = 64 };

static const char *setting_name(enum action action, char out[SETTING_NAME_MAX])
{
	snprintf(out, SETTING_NAME_MAX, "keys.%s", action_rows[action].name);
	return out;
}

static const char *keys_of(const struct screen *s, enum action action)
{
	char name[SETTING_NAME_MAX];

	return settings_get(s->app->settings, setting_name(action, name));
}

static bool is_preset(const struct screen *s, enum action action)
{
	return strcmp(keys_of(s, action), action_rows[action].keys) == 0;
}

/* Who has chosen a key for something need not take it away from what it is preset for. */
enum action screen_action(const struct screen *s, uint32_t key)
{
	enum action preset = ACTIONS;

	for (enum action a = 0; a < ACTIONS; a++) {
		if (!key_list_has(keys_of(s, a), key))
			continue;
		if (!is_preset(s, a))
			return a;
		if (preset == ACTIONS)
			preset = a;
	}
	return preset;
}

/* ---- help ------------------------------------------------------------------------------ */

static void say_keys(struct screen *s, struct window *w, enum action action, bool named)
{
	const struct action_row *row = &action_rows[action];
	char line[SETTINGS_TEXT_MAX + 128];

	snprintf(line, sizeof(line), "%-20s %s%s%s", keys_of(s, action), named ? row->name : "",
		 named ? ": " : "", row->help);
	screen_say(s, w, line);
}

void screen_say_keys(struct screen *s, struct window *w)
{
	for (enum action a = 0; a < ACTIONS; a++)
		if (strcasecmp(keys_of(s, a), "none") != 0)
			say_keys(s, w, a, false);
}

void screen_greet(struct screen *s)
{
	char line[2 * SETTINGS_TEXT_MAX + 64];

	snprintf(line, sizeof(line), "* %s tells keys and commands, %s leads to the contacts",
		 keys_of(s, ACTION_help), keys_of(s, ACTION_contacts));
	screen_say(s, s->windows[0], line);
	if (icq_client_contact_count(app_client(s->app)) == 0)
		screen_say(s, s->windows[0],
			   "* no contacts yet: search finds people, add NUMBER NICK lists one");
}

/* ---- bind ------------------------------------------------------------------------------ */

static void set_keys(struct screen *s, struct window *w, enum action action, const char *keys,
		     bool tell)
{
	char name[SETTING_NAME_MAX];
	json_t *command = json_pack("{s:s,s:s,s:s}", "cmd", "set", "key",
				    setting_name(action, name), "value", keys);

	if (tell)
		json_object_set_new(
			command, "id",
			json_pack("{s:s,s:I}", "name", "bind", "window", (json_int_t)w->id));
	app_command(s->app, command);
	json_decref(command);
}

/* The keys of an action but this one. Returns their length. */
static size_t other_keys(const char *list, uint32_t key, char out[SETTINGS_TEXT_MAX])
{
	size_t n = 0;

	*out = 0;
	for (list += strspn(list, " "); *list; list += strspn(list, " ")) {
		size_t len = strcspn(list, " ");
		uint32_t one = key_parse(list, len);

		if (one && one != key)
			n += (size_t)snprintf(out + n, SETTINGS_TEXT_MAX - n, "%s%.*s",
					      n ? " " : "", (int)len, list);
		list += len;
	}
	return n;
}

/* Takes a key away from what it has done so far. */
static void unbind(struct screen *s, struct window *w, uint32_t key, bool tell)
{
	char rest[SETTINGS_TEXT_MAX];

	for (enum action a = 0; a < ACTIONS; a++)
		if (key_list_has(keys_of(s, a), key))
			set_keys(s, w, a, other_keys(keys_of(s, a), key, rest) ? rest : "none",
				 tell);
}

static void bind_key(struct screen *s, struct window *w, uint32_t key, enum action action)
{
	char keys[SETTINGS_TEXT_MAX + KEY_NAME_MAX + 1];
	size_t n;

	unbind(s, w, key, false);
	n = other_keys(keys_of(s, action), key, keys);
	if (n)
		keys[n++] = ' ';
	key_write(key, keys + n);
	set_keys(s, w, action, keys, true);
}

static void say_all(struct screen *s, struct window *w)
{
	for (enum action a = 0; a < ACTIONS; a++)
		say_keys(s, w, a, true);
}

void screen_bind(struct screen *s, struct window *w, const char *name, const char *what)
{
	uint32_t key = name ? key_parse(name, strlen(name)) : 0;
	enum action action = what ? action_find(what) : screen_action(s, key);

	if (!name)
		say_all(s, w);
	else if (!key)
		screen_complain(s, w, "bind: there is no such key; they are like Ctrl+R, Alt+F1");
	else if (what && strcasecmp(what, "none") == 0)
		unbind(s, w, key, true);
	else if (action == ACTIONS)
		screen_complain(s, w,
				what ? "bind: there is no such action; see bind"
				     : "bind: this key does nothing");
	else if (what)
		bind_key(s, w, key, action);
	else
		say_keys(s, w, action, true);
}
