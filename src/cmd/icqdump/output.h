/* SPDX-License-Identifier: MIT */
/* The forms in which packets are shown, all on stdout. */
#ifndef ICQDUMP_OUTPUT_H
#define ICQDUMP_OUTPUT_H

#include "cmd/icqdump/packet.h"

/* A packet on one line. */
void output_line(const struct packet *packet, bool secrets);
/* A heading, then every field on its own line: offset, bytes, name, value and its meaning. */
void output_fields(const struct packet *packet, bool secrets);
/* One JSON object on one line. */
void output_json(const struct packet *packet, bool secrets);
/* Bytes that can be read again by hex_read, on one line below a comment; masked ones are 2A. */
void output_hex(const struct packet *packet, bool secrets);

enum { OUTPUT_TIME_MAX = 40 };

/* "1999-04-23 04:33:00.000000" with this character before the time of day; returns out. */
const char *output_time(const struct packet *packet, char between, char out[OUTPUT_TIME_MAX]);

#endif
