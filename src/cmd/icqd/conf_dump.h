/* SPDX-License-Identifier: MIT */
#ifndef ICQD_CONF_DUMP_H
#define ICQD_CONF_DUMP_H

#include <stdio.h>

#include "server/conf.h"

/* All settings as a commented file that reads back to the same. */
void conf_dump(const struct conf *c, FILE *out);

#endif
