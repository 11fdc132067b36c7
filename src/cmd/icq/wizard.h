/* SPDX-License-Identifier: MIT */
/*
 * The questions of the first start, one after the other, and what may be answered. Knows neither
 * terminal nor network: setup.c asks, and does what the answers want.
 */
#ifndef ICQ_WIZARD_H
#define ICQ_WIZARD_H

#include <stdbool.h>
#include <stddef.h>

enum { WIZARD_TEXT_MAX = 256 };

/* In the order they are asked. */
enum wizard_step {
	WIZARD_HOST,
	WIZARD_PORT,
	WIZARD_KNOWN, /* has he a number? */
	WIZARD_UIN,
	WIZARD_PASSWORD,
	WIZARD_AGAIN,
	WIZARD_CHARSET,
	WIZARD_NICK,
	WIZARD_FIRST,
	WIZARD_LAST,
	WIZARD_EMAIL,
	WIZARD_AUTH,
	WIZARD_AWAY, /* behind this all is about the settings alone */
	WIZARD_NA,
	WIZARD_OCCUPIED,
	WIZARD_DND,
	WIZARD_FFC,
	WIZARD_STORE, /* the password */
	WIZARD_CHECK,
	WIZARD_STEPS
};

/* What has to be done before the next question. */
enum wizard_want {
	WIZARD_ASK,    /* nothing */
	WIZARD_REPEAT, /* tell what was wrong; the question comes again, or an earlier one */
	WIZARD_LOG_IN, /* make the account if it is not made yet, and see that it can be used */
	WIZARD_FINISH,
};

/* Owned by its holder, who wipes the passwords. */
struct wizard {
	enum wizard_step at;
	char answers[WIZARD_STEPS][WIZARD_TEXT_MAX]; /* "" where nothing was said */
	bool made;				     /* the account is new, and there */
	const char *why;			     /* WIZARD_REPEAT */
};

/* With the presets; the code page is guessed from a locale as "ru_RU.UTF-8". */
void wizard_begin(struct wizard *w, const char *locale);
/* "Server [localhost]: ", and what should be known before; out has room for both. */
void wizard_question(const struct wizard *w, char *out, size_t cap);
/* May the answer be seen? */
bool wizard_is_secret(const struct wizard *w);
/* "" takes what stands in brackets, "-" empties it, "<" goes back by one question. */
enum wizard_want wizard_answer(struct wizard *w, const char *line);
/* WIZARD_LOG_IN: the number that the account has got. */
void wizard_made(struct wizard *w, unsigned uin);
/* WIZARD_LOG_IN has failed: asks from this step on. */
void wizard_back_to(struct wizard *w, enum wizard_step step);
/* Is a new account wanted? */
bool wizard_is_new(const struct wizard *w);
/* What was said to a question of yes or no. */
bool wizard_said_yes(const struct wizard *w, enum wizard_step step);

#endif
