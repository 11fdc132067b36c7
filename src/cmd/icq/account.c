/* SPDX-License-Identifier: MIT */
#include "cmd/icq/account.h"

#include <stdio.h>
#include <string.h>

static const char *twice_the_same(const char *password)
{
	char again[PASSWORD_TEXT_MAX];
	const char *why = password_ask("The same again: ", again);

	if (!why && strcmp(password, again) != 0)
		why = "the two passwords differ";
	explicit_bzero(again, sizeof(again));
	return why;
}

static const char *ask(struct app *a, char out[PASSWORD_TEXT_MAX], bool new)
{
	const char *why;

	app_warn_clear(a);
	why = password_ask(new ? "New password (at most 8 characters): " : "Password: ", out);
	if (!why && new)
		why = twice_the_same(out);
	return why;
}

/* Whoever typed it has been warned. */
static const char *take_secret(struct app *a, char out[PASSWORD_TEXT_MAX])
{
	a->warned = true;
	snprintf(out, PASSWORD_TEXT_MAX, "%s", a->secret);
	explicit_bzero(a->secret, strlen(a->secret));
	return NULL;
}

/* From where it is known, else from the keyboard. */
static const char *get(struct app *a, const json_t *command, char out[PASSWORD_TEXT_MAX],
		       enum phrase_password wish)
{
	bool own = wish == PHRASE_OF_ACCOUNT;

	if (own && !icq_client_uin(app_client(a)) && !json_object_get(command, "uin"))
		return "no number yet; register makes one, login UIN takes yours";
	if (*a->settings->password_file && wish != PHRASE_OTHER)
		return app_password(a, out);
	if (own && a->secret && *a->secret)
		return take_secret(a, out);
	return ask(a, out, !own);
}

const char *account_password(struct app *a, json_t *command, const char *field,
			     enum phrase_password wish)
{
	char text[PASSWORD_TEXT_MAX] = "";
	const char *why = get(a, command, text, wish);

	if (!why)
		json_object_set_new(command, field, json_string(text));
	explicit_bzero(text, sizeof(text));
	return why;
}

static const char *take_account(struct app *a, const json_t *result)
{
	uint32_t uin = (uint32_t)json_integer_value(json_object_get(result, "uin"));

	if (icq_client_uin(app_client(a)))
		return NULL;
	icq_client_set_uin(app_client(a), uin);
	snprintf(a->settings->uin, sizeof(a->settings->uin), "%u", uin);
	settings_keep(a->settings, "account.uin");
	settings_keep(a->settings, "account.host");
	settings_keep(a->settings, "account.port");
	return settings_write(a->settings, app_client(a)) < 0
		       ? "the number could not be written to the settings"
		       : NULL;
}

const char *account_result(struct app *a, const char *name, const json_t *result)
{
	if (strcmp(name, "register") == 0)
		return take_account(a, result);
	if (strcmp(name, "pass") == 0 && *a->settings->password_file)
		return "the password file still holds the old one";
	return NULL;
}
