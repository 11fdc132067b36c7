/* SPDX-License-Identifier: MIT */
/* Whom and what the words of a phrase mean, by what the client knows. */
#ifndef ICQ_PHRASE_WHO_H
#define ICQ_PHRASE_WHO_H

#include <jansson.h>

#include "client/client.h"

/* A UIN, the nick of one only, or the beginning of one nick only. 0: nobody, and *why_out has the
 * beginning of a complaint that ends with the word. */
uint32_t phrase_who(const struct icq_client *client, const char *word, const char **why_out);
/* A new list of UINs: of "nick,nick", which is cut into pieces, of "@group" or of "all", these
 * without who is ignored. NULL: nobody, and a complaint in two parts. */
json_t *phrase_receivers(const struct icq_client *client, char *word, const char **why_out,
			 const char **whom_out);
/* The number of what waits for an answer of ours, if it is one thing. 0: not so, as *why_out says.
 */
uint32_t phrase_request(const struct icq_client *client, const char **why_out);

#endif
