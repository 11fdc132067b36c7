/* SPDX-License-Identifier: MIT */
#ifndef ICQDUMP_JSON_H
#define ICQDUMP_JSON_H

#include <jansson.h>

#include "cmd/icqdump/packet.h"

/* What output_json prints. */
json_t *packet_json(const struct packet *packet, bool secrets);

#endif
