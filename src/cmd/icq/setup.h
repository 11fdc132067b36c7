/* SPDX-License-Identifier: MIT */
/* The first start: asks on the terminal what wizard.h knows, makes or tries the account, and writes
 * the settings. */
#ifndef ICQ_SETUP_H
#define ICQ_SETUP_H

#include "cmd/icq/settings/settings.h"
#include "cmd/icq/words/args.h"
#include "cmd/password.h"

/* Is there somebody to ask, and nothing known about him? */
bool setup_is_wanted(const struct settings *s, const struct args *args);
/* EXIT_OK: the settings are written, and password is that of the account, to be wiped. Else an
 * exit code: the user has left, or it failed, after a complaint. */
int setup_run(struct settings *s, const struct args *args, char password[PASSWORD_TEXT_MAX]);

#endif
