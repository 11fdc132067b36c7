/* SPDX-License-Identifier: MIT */
/*
 * The settings file: what settings.def lists, and the contacts. A line that a person wrote stays as
 * it is, with the comments around it, until what it says has changed.
 */
#ifndef ICQ_SETTINGS_H
#define ICQ_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "client/client.h"

enum { SETTINGS_TEXT_MAX = 1024, SETTINGS_PATH_MAX = 1024 };

enum setting {
#define SETTING(key, field, ...) SETTING_##field,
#include "cmd/icq/settings/settings.def"
#undef SETTING
	SETTINGS
};

struct settings {
	char path[SETTINGS_PATH_MAX];
	/* What counts, as it is spelled: uin, host, port... */
#define SETTING(key, field, ...) char field[SETTINGS_TEXT_MAX];
#include "cmd/icq/settings/settings.def"
#undef SETTING
	char *keep[SETTINGS];	/* to be written; "": goes out of the file; NULL: as it is; owned */
	bool changed[SETTINGS]; /* set since the file was read */
	struct icq_client_contact *contacts; /* of the file; owned */
	size_t contact_count;
	struct settings_group {
		char name[ICQ_CLIENT_NAME_MAX];
		const struct codepage *charset;
	} groups[ICQ_CLIENT_GROUPS_MAX]; /* of the file, likewise */
	size_t group_count;
	bool found; /* there is a file */
};

/*
 * Reads the file, of the profile's name in the user's folder when `file` is NULL; none there
 * means presets. 0; -ICQ_ESYNTAX after a complaint on stderr that names file and line.
 */
int settings_read(struct settings *s, const char *file, const char *profile);
void settings_free(struct settings *s);

/* "net.keepalive" of setting number i; NULL beyond the last. */
const char *settings_key(size_t i);
/* What a known setting is for, and what it may be, as "off, out or on". */
const char *settings_help(const char *key);
const char *settings_wanted(const char *key, char out[SETTINGS_TEXT_MAX]);
/* The known key that is nearest to this one, NULL: none is near. */
const char *settings_like(const char *key);
/* The setting "net.keepalive" as text, NULL for an unknown name. */
const char *settings_get(const struct settings *s, const char *key);
/* From now on; "" is the preset. 0, -ICQ_ENOENT for an unknown name, -ICQ_ERANGE for a bad value.
 */
int settings_set(struct settings *s, const char *key, const char *value);
/* What counts now is what settings_write will write. The name must be known. -ICQ_ENOMEM. */
int settings_keep(struct settings *s, const char *key);
/* The same for all that was set since the file was read. */
int settings_keep_all(struct settings *s);
/* A setting that is a number; 0 when there is none. */
uint32_t settings_number(const char *value);

/* Writes what is to be kept, and these contacts, into the file. All or nothing. 0 or -ICQ_EIO with
 * errno. */
int settings_write(struct settings *s, const struct icq_client *client);

#endif
