/* SPDX-License-Identifier: MIT */
#include "cmd/icq/words/phrase_who.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* 0: it is none. */
static uint32_t number_of(const char *word)
{
	size_t n = strspn(word, "0123456789");
	unsigned long long uin = n <= 10 && !word[n] ? strtoull(word, NULL, 10) : 0;

	return uin <= UINT32_MAX ? (uint32_t)uin : 0;
}

uint32_t phrase_who(const struct icq_client *client, const char *word, const char **why_out)
{
	const struct icq_client_contact *c;
	uint32_t whole = 0, begun = 0;
	unsigned wholes = 0, begins = 0;

	if (number_of(word))
		return number_of(word);
	for (size_t i = 0; *word && (c = icq_client_contact_at(client, i)); i++) {
		if (strncasecmp(c->nick, word, strlen(word)) != 0)
			continue;
		begun = c->uin;
		begins++;
		if (c->nick[strlen(word)])
			continue;
		whole = c->uin;
		wholes++;
	}
	*why_out = begins ? "several are called like " : "nobody is called ";
	if (wholes)
		return wholes == 1 ? whole : 0;
	return begins == 1 ? begun : 0;
}

/* group NULL: of any. */
static void add_contacts(const struct icq_client *client, json_t *list, const char *group)
{
	const struct icq_client_contact *c;

	for (size_t i = 0; (c = icq_client_contact_at(client, i)); i++)
		if (c->list != ICQ_CLIENT_IGNORE && (!group || strcasecmp(c->group, group) == 0))
			json_array_append_new(list, json_integer(c->uin));
}

/* Returns the first name that is nobody's; NULL: there is none. */
static const char *add_named(const struct icq_client *client, json_t *list, char *names,
			     const char **why_out)
{
	char *rest = NULL;

	for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		uint32_t uin = phrase_who(client, name, why_out);

		if (!uin)
			return name;
		json_array_append_new(list, json_integer(uin));
	}
	return NULL;
}

json_t *phrase_receivers(const struct icq_client *client, char *word, const char **why_out,
			 const char **whom_out)
{
	json_t *list = json_array();
	const char *unknown = NULL;

	if (*word == '@')
		add_contacts(client, list, word + 1);
	else if (strcmp(word, "all") == 0)
		add_contacts(client, list, NULL);
	else
		unknown = add_named(client, list, word, why_out);
	if (!unknown && json_array_size(list) > 0)
		return list;
	if (!unknown)
		*why_out = "this is nobody: ";
	*whom_out = unknown ? unknown : word;
	json_decref(list);
	return NULL;
}

uint32_t phrase_request(const struct icq_client *client, const char **why_out)
{
	struct icq_client_request request;
	uint32_t found = 0;

	*why_out = "nobody asks anything";
	for (size_t i = 0; icq_client_request_at(client, i, &request); i++) {
		if (request.ours || request.kind == ICQ_CLIENT_ADDED)
			continue;
		if (found) {
			*why_out = "there are several; requests tells their numbers";
			return 0;
		}
		found = request.number;
	}
	return found;
}
