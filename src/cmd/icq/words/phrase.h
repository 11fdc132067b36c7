/* SPDX-License-Identifier: MIT */
/* What people type, as commands of the schema: "msg ann hello" becomes
 * {"cmd":"send","to":10001,"text":"hello"}. */
#ifndef ICQ_PHRASE_H
#define ICQ_PHRASE_H

#include <jansson.h>

#include "client/client.h"

struct phrase;

enum { PHRASE_ERROR_MAX = 256 };

/* That of the account; that of an account to be made; a new one for the account. */
enum phrase_password { PHRASE_OF_ACCOUNT, PHRASE_FIRST, PHRASE_OTHER };

/* Where a phrase is spoken. */
struct speaker {
	const struct icq_client *client;
	uint32_t last_from, last_to; /* UINs for reply and again; 0: nobody yet */
	json_int_t last_returned;    /* a message, for resend; 0: none yet */
	/* Gets a password and sets this field; NULL, or why there is none. */
	const char *(*password)(void *ctx, json_t *command, const char *field,
				enum phrase_password wish);
	void *ctx;
	bool nobody; /* out: the line was wrong because it named nobody we know */
};

/* An event has been told: who and what "reply" and the like mean. */
void phrase_heard(struct speaker *s, const json_t *ev);

/* The phrase that a word names: its name, an alias, or the beginning of one name only. NULL
 * after telling why in error. */
const struct phrase *phrase_find(const char *word, size_t n, char error[PHRASE_ERROR_MAX]);
const char *phrase_name(const struct phrase *p);
/* Has it no use without a session? */
bool phrase_needs_session(const struct phrase *p);
/* Does it concern nothing but the face ("help")? It is no command of the schema then. */
bool phrase_is_of_face(const struct phrase *p);

/*
 * Reads a whole line, with or without a slash before it. Sets *phrase_out, and returns a new
 * command, without a name if it is of the face; else NULL with error set.
 */
json_t *phrase_parse(struct speaker *s, const char *line, const struct phrase **phrase_out,
		     char error[PHRASE_ERROR_MAX]);

/* Is this one of the words in a list with blanks between them? */
bool phrase_among(const char *list, const char *word, size_t n);
/* A path as typed, where ~ may stand for the home, as one to be opened. False: too long. */
bool phrase_path(const char *typed, char *out, size_t cap);

/* All about one phrase, in lines without an end behind the last. To be freed; NULL: out of memory.
 */
char *phrase_page(const struct phrase *p);
/* "msg NICK TEXT" and what it does, for phrase number i; false beyond the last. */
bool phrase_help(size_t i, const char **name_out, const char **args_out, const char **help_out);

#endif
