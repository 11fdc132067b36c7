/* SPDX-License-Identifier: MIT */
/* The one place that asks what time it is. */
#ifndef IO_CLOCK_H
#define IO_CLOCK_H

#include "base/now.h"

struct now clock_now(void);

#endif
