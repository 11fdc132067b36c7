/* SPDX-License-Identifier: MIT */
/* The server core, brought to life: sockets, store, password threads and the loop around it. */
#ifndef ICQD_DAEMON_H
#define ICQD_DAEMON_H

#include "cmd/icqd/args.h"
#include "cmd/icqd/settings.h"

/* Starts, says "ready" on stdout, serves until SIGTERM or SIGINT, and stops cleanly. Failures
 * are told on stderr. Returns the exit code. */
int daemon_serve(const struct args *args, const struct settings *settings);

#endif
