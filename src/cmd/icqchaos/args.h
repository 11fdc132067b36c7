/* SPDX-License-Identifier: MIT */
/* The command line of icqchaos. */
#ifndef ICQCHAOS_ARGS_H
#define ICQCHAOS_ARGS_H

#include <stdbool.h>

#include "cmd/icqchaos/relay.h"

enum { ARGS_HOST_MAX = 256 };

struct args {
	enum { RELAY, SHOW_HELP, SHOW_VERSION } action;
	struct relay_conf conf; /* without `to` and, unless seed_given, the seed */
	char host[ARGS_HOST_MAX];
	uint16_t port; /* of the host */
	bool seed_given;
	bool json;
};

/* 0; -ICQ_ESYNTAX after a complaint on stderr. */
int args_read(struct args *a, int argc, char **argv);
void args_help(void);

#endif
