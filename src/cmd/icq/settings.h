/* SPDX-License-Identifier: MIT */
/*
 * The settings file: account, network and text, and the contacts. What a person wrote into it
 * stays as it is; the contact sections are ours and are written anew after each change.
 */
#ifndef ICQ_SETTINGS_H
#define ICQ_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "client/client.h"

enum { SETTINGS_TEXT_MAX = 256, SETTINGS_PATH_MAX = 1024 };

struct settings {
	char path[SETTINGS_PATH_MAX];
	/* [account] [net] [text] [status], as they are spelled; "" when not set */
	char uin[SETTINGS_TEXT_MAX], host[SETTINGS_TEXT_MAX], port[SETTINGS_TEXT_MAX];
	char password_file[SETTINGS_TEXT_MAX];
	char keepalive[SETTINGS_TEXT_MAX], timeout[SETTINGS_TEXT_MAX];
	char direct[SETTINGS_TEXT_MAX], text_route[SETTINGS_TEXT_MAX], listen[SETTINGS_TEXT_MAX];
	char away_text[SETTINGS_TEXT_MAX], na_text[SETTINGS_TEXT_MAX];
	char occupied_text[SETTINGS_TEXT_MAX], dnd_text[SETTINGS_TEXT_MAX];
	char ffc_text[SETTINGS_TEXT_MAX];
	char charset[SETTINGS_TEXT_MAX], initial[SETTINGS_TEXT_MAX];
	struct icq_client_contact *contacts; /* owned */
	size_t contact_count;
	bool new_account; /* uin is not in the file yet */
};

/*
 * Reads the file, of the profile's name in the user's folder when `file` is NULL; none there
 * means presets. 0; -ICQ_ESYNTAX after a complaint on stderr that names file and line.
 */
int settings_read(struct settings *s, const char *file, const char *profile);
void settings_free(struct settings *s);

/* The setting "net.keepalive" as text, NULL for an unknown name. */
const char *settings_get(const struct settings *s, const char *name);
/* For this run only. 0, -ICQ_ENOENT for an unknown name, -ICQ_ERANGE for a bad value. */
int settings_set(struct settings *s, const char *name, const char *value);
/* A setting that is a number; `preset` when it is not set. */
uint32_t settings_number(const char *value, uint32_t preset);

/* Writes the file anew with these contacts, and with this account and its server if it has none.
 * All or nothing. 0 or -ICQ_EIO with errno. */
int settings_write(struct settings *s, const struct icq_client *client);

#endif
