/* SPDX-License-Identifier: MIT */
/* The own account, where the faces towards people meet it: its password and its number. */
#ifndef ICQ_ACCOUNT_H
#define ICQ_ACCOUNT_H

#include "cmd/icq/app.h"
#include "cmd/icq/words/phrase.h"

/* Sets a field of a command to a password: that of the file that the settings name, else asked for
 * on the terminal, which must be in its usual state; a new one twice, another one of the terminal
 * only. NULL, or why not. */
const char *account_password(struct app *a, json_t *command, const char *field,
			     enum phrase_password wish);

/* The phrase of this name has succeeded. A new account is the account of these settings, unless
 * they have one. NULL, or what the user should know. */
const char *account_result(struct app *a, const char *name, const json_t *result);

#endif
