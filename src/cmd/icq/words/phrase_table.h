/* SPDX-License-Identifier: MIT */
/* The inside of phrases: the table of phrase_table.c, for the reader in phrase.c; nobody else
 * includes it. */
#ifndef ICQ_PHRASE_TABLE_H
#define ICQ_PHRASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	NOTHING,
	WHO,	      /* a nick or UIN */
	OPT_WHO,      /* the same, if there is a word */
	ALL_OR_WHO,   /* the same, but no field for the word "all" */
	WHO_OR_GROUP, /* a nick or UIN, or @GROUP: that field instead */
	LAST_FROM,    /* whoever wrote last */
	LAST_TO,      /* whom we wrote to last */
	RETURNED,     /* the last message that came back */
	OR_RESEND,    /* without more words, the command is "resend", and this its field */
	NUMBER,
	OPT_NUMBER,
	REQUEST, /* a number, or that of the only request */
	WORD,
	OPT_WORD,
	WORD_OR_EMPTY, /* a word, and "" where none is left */
	PATH,	       /* a word, perhaps with ~ before it */
	OPT_PATH,
	PATHS, /* the same, or several with commas between them: a list */
	TEXT,  /* the rest of the line */
	NAME,  /* the same, perhaps with quotes around it */
	OPT_TEXT,
	REST,	/* the same, but no field when there is none */
	PEOPLE, /* the rest: nicks or UINs */
	MANY,	/* a word: nicks with commas between them, @GROUP or all; a list of UINs */
	FIXED,	/* the value below */
	MAYBE,	/* the word below may stand here, and says nothing */
	TOGGLE, /* the list below, or none if the contact is on it */
	AWAY,	/* a status: the key of its text */
	PASSWORD,
	NEW_PASSWORD,	/* of an account that is to be made */
	OTHER_PASSWORD, /* instead of that of the account */
	PAIRS, /* the rest: KEY=VALUE, with a key of this list of fields; value: the key of words
		  without one */
};

struct part {
	enum kind kind;
	const char *field, *value;
};

struct phrase {
	const char *name, *aliases, *args, *help;
	const char *cmd;
	enum { ONLINE, ANYTIME } when; /* of use with a session only, or always */
	struct part parts[4];
	const char *page; /* "": help says it all */
};

#endif
