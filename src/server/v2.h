/* SPDX-License-Identifier: MIT */
/* The version 2 dialect: requests in (v2_requests.c), events out (v2_events.c). */
#ifndef SERVER_V2_H
#define SERVER_V2_H

#include "server/core.h"

extern const struct handler v2_handlers[M_COUNT];

#endif
