/* SPDX-License-Identifier: MIT */
#include "cmd/icq/phrase_who.h"

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
	uint32_t found = 0;
	unsigned matches = 0;

	if (number_of(word))
		return number_of(word);
	for (size_t i = 0; *word && (c = icq_client_contact_at(client, i)); i++) {
		if (strcasecmp(c->nick, word) == 0)
			return c->uin;
		if (strncasecmp(c->nick, word, strlen(word)) == 0) {
			found = c->uin;
			matches++;
		}
	}
	*why_out = matches ? "several are called like " : "nobody is called ";
	return matches == 1 ? found : 0;
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
