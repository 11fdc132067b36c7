/* SPDX-License-Identifier: MIT */
/*
 * A UDP endpoint as the core sees it. IPv4 is kept as an IPv4-mapped IPv6 address
 * (::ffff:a.b.c.d), so that both fit and compare alike.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr {
	uint8_t ip[16];
	uint16_t port; /* host order; 0 = none */
	uint8_t door;  /* which of our sockets and local addresses it came through: answers
			* leave there. Not part of the identity. */
};

#define ADDR_TEXT_MAX 56 /* "[v6]:65535" and NUL */

struct addr addr_v4(uint32_t ip_host_order, uint16_t port);
/* The IPv4 address in host order, 0 for a true IPv6 address. */
uint32_t addr_ip4(const struct addr *a);
bool addr_is_v4(const struct addr *a);
/* 127.0.0.0/8 or ::1 */
bool addr_is_loopback(const struct addr *a);
/* Same IP and port; the door does not count. */
bool addr_equal(const struct addr *a, const struct addr *b);
bool addr_same_host(const struct addr *a, const struct addr *b);
uint64_t addr_hash(const struct addr *a, uint64_t key);
/* "203.0.113.5:4000" or "[2001:db8::1]:4000"; returns out. */
const char *addr_text(const struct addr *a, char out[ADDR_TEXT_MAX]);
/* Reads "a.b.c.d:port", "[v6]:port"; no names. 0 or -ICQ_ESYNTAX. */
int addr_parse(const char *text, struct addr *out);

#endif
