/* SPDX-License-Identifier: MIT */
/* Packets typed or pasted in hex, also as hexdump, xxd and tcpdump print them. */
#ifndef ICQDUMP_HEX_H
#define ICQDUMP_HEX_H

#include <stdbool.h>
#include <stdio.h>

#include "cmd/icqdump/packet.h"

/*
 * Reads to the end. A packet ends at a blank line or, with `each_line`, at the end of its line;
 * an offset of zero starts the next one, too. `#` begins a comment. Bytes may be separated by
 * blanks, dots, colons, commas and dashes. 0, or -ICQ_ESYNTAX after it has told on stderr what
 * it cannot read, or -ICQ_EIO.
 */
int hex_read(FILE *in, bool each_line, packet_fn *each, void *ctx);

#endif
