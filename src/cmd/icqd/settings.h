/* SPDX-License-Identifier: MIT */
/* All settings of a run: presets, then the file, then the command line. */
#ifndef ICQD_SETTINGS_H
#define ICQD_SETTINGS_H

#include "base/addr.h"
#include "cmd/icqd/args.h"
#include "server/conf.h"

struct settings {
	struct conf conf;
	struct addr listen[CONF_LIST_MAX]; /* conf.listen, understood */
};

/* 0, or -ICQ_ERANGE after all complaints have been told. */
int settings_read(struct settings *s, const struct args *a,
		  void (*tell)(void *ctx, const char *complaint), void *ctx);

#endif
