/* SPDX-License-Identifier: MIT */
#ifndef ICQ_PLAIN_H
#define ICQ_PLAIN_H

#include "cmd/icq/app.h"
#include "cmd/icq/words/args.h"
#include "cmd/icq/words/phrase.h"

struct prompt;

/*
 * The face towards people: phrases in, lines out. With -e the phrases come from the command
 * line, each when the one before it is done, and the first failure ends the program.
 */
struct plain {
	struct face face;
	struct app *app;
	struct speaker speaker;
	const struct args *args;
	struct prompt *prompt; /* owned; NULL without a terminal */
	struct {
		json_int_t transfer, t;
	} told[8]; /* transfers that were running, and when that was said */
	/* -e */
	int next;      /* command to come */
	bool busy;     /* its result is due */
	int exit_code; /* of the first failure */
};

void plain_init(struct plain *p, struct app *a, const struct args *args);
/* The first words: opens the prompt, logs in when it is known as whom. */
void plain_start(struct plain *p);
void plain_close(struct plain *p);

#endif
