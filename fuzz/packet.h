/* SPDX-License-Identifier: MIT */
/* What must hold for any bytes that come in as a packet. */
#ifndef FUZZ_PACKET_H
#define FUZZ_PACKET_H

#include "fuzz.h"
#include "wire/icqwire.h"

/* Bytes of a body that are read mean the same when they are written and read again. */
void packet_body(enum icq_id id, const uint8_t *body, size_t n);
/* The rows that explain a packet cover it without a gap, and its line fits its room. */
void packet_show(enum icq_channel channel, const uint8_t *packet, size_t n);
/* Both, and the header, for a whole datagram. */
void packet_datagram(enum icq_channel channel, const uint8_t *packet, size_t n);

#endif
