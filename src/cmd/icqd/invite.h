/* SPDX-License-Identifier: MIT */
#ifndef ICQD_INVITE_H
#define ICQD_INVITE_H

#include "cmd/icqd/settings.h"

/* Makes an unused invite code in the data folder's store and prints it. Works beside a running
 * icqd. Returns the exit code. */
int invite_make(const struct settings *settings);

#endif
