/* SPDX-License-Identifier: MIT */
/* Whose packet it is, when neither port nor user says so. */
#ifndef ICQDUMP_ORIGIN_H
#define ICQDUMP_ORIGIN_H

#include "cmd/icqdump/packet.h"
#include "wire/icqwire.h"

/* Guesses the origin of a packet that has none; takes a LENGTH off a packet between clients. */
void origin_settle(struct packet *packet);
/* "client", "server", "peer"; "chat". */
const char *origin_name(enum origin origin);
/* Knows the first three; -ICQ_ENOENT. */
int origin_parse(const char *name, enum origin *out);

/* How a packet of a known origin is to be read: packets between clients come in two kinds. */
enum icq_channel origin_channel(enum origin origin, const void *packet, size_t len);

#endif
