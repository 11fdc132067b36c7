/* SPDX-License-Identifier: MIT */
/* Where passwords come from: a terminal, or a file that nobody else can read. */
#ifndef CMD_PASSWORD_H
#define CMD_PASSWORD_H

#include <stddef.h>

enum { PASSWORD_TEXT_MAX = 64 }; /* with NUL */

/* The first line of a file of mode 0600 or less. NULL, or why not. */
const char *password_from_file(const char *file, char out[PASSWORD_TEXT_MAX]);
/* Asks on the terminal, without echo. NULL, or why not. */
const char *password_ask(const char *prompt, char out[PASSWORD_TEXT_MAX]);

#endif
