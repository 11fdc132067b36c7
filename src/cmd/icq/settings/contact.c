/* SPDX-License-Identifier: MIT */
/* What the settings tell about a contact. */
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/settings/parts.h"

uint32_t settings_contact_section(const char *section)
{
	static const char word[] = "contact ";
	const char *number = section + sizeof(word) - 1;
	unsigned long long uin;

	if (strncmp(section, word, sizeof(word) - 1) != 0 || !*number ||
	    strspn(number, "0123456789") != strlen(number) || strlen(number) > 10)
		return 0;
	uin = strtoull(number, NULL, 10);
	return uin <= UINT32_MAX ? (uint32_t)uin : 0;
}

const char *settings_group_section(const char *section)
{
	static const char word[] = "group ";

	return strncmp(section, word, sizeof(word) - 1) == 0 ? section + sizeof(word) - 1 : NULL;
}

static bool set_text(char *to, size_t cap, const char *value)
{
	if (strlen(value) >= cap)
		return false;
	memcpy(to, value, strlen(value) + 1);
	return true;
}

const char *settings_contact_key(enum contact_key key)
{
	static const char *const names[CONTACT_KEYS] = { "nick", "group", "charset", "list",
							 "away-text" };

	return names[key];
}

enum contact_key settings_contact_find(const char *name)
{
	enum contact_key key = 0;

	while (key < CONTACT_KEYS && strcmp(settings_contact_key(key), name) != 0)
		key++;
	return key;
}

bool settings_contact_set(struct icq_client_contact *c, enum contact_key key, const char *value)
{
	switch (key) {
	case CONTACT_NICK:
		return set_text(c->nick, sizeof(c->nick), value);
	case CONTACT_GROUP:
		return set_text(c->group, sizeof(c->group), value);
	case CONTACT_CHARSET:
		c->charset = codepage_find(value);
		return c->charset;
	case CONTACT_LIST:
		return icq_client_list_parse(value, &c->list) == 0;
	case CONTACT_AWAY_TEXT:
		return set_text(c->away_text, sizeof(c->away_text), value);
	default:
		return false;
	}
}

const char *settings_contact_get(const struct icq_client_contact *c, enum contact_key key)
{
	switch (key) {
	case CONTACT_NICK:
		return c->nick;
	case CONTACT_GROUP:
		return c->group;
	case CONTACT_CHARSET:
		return c->charset ? codepage_name(c->charset) : "";
	case CONTACT_LIST:
		return c->list == ICQ_CLIENT_NORMAL ? "" : icq_client_list_name(c->list);
	case CONTACT_AWAY_TEXT:
		return c->away_text;
	default:
		return "";
	}
}
