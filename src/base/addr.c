/* SPDX-License-Identifier: MIT */
#include "base/addr.h"

#include "base/err.h"
#include "base/rng.h"

#include <stdio.h>
#include <string.h>

#define GROUPS 8 /* of 16 bits in an IPv6 address */

static const uint8_t v4_prefix[12] = { [10] = 0xff, [11] = 0xff };
static const uint8_t v6_loopback[16] = { [15] = 1 };

struct addr addr_v4(uint32_t ip_host_order, uint16_t port)
{
	struct addr a = { .port = port };

	memcpy(a.ip, v4_prefix, sizeof(v4_prefix));
	for (int i = 0; i < 4; i++)
		a.ip[12 + i] = (uint8_t)(ip_host_order >> (24 - 8 * i));
	return a;
}

uint32_t addr_ip4(const struct addr *a)
{
	uint32_t ip = 0;

	for (int i = 12; addr_is_v4(a) && i < 16; i++)
		ip = ip << 8 | a->ip[i];
	return ip;
}

bool addr_is_v4(const struct addr *a)
{
	return memcmp(a->ip, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool addr_is_loopback(const struct addr *a)
{
	if (addr_is_v4(a))
		return a->ip[12] == 127;
	return memcmp(a->ip, v6_loopback, sizeof(a->ip)) == 0;
}

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->port == b->port && addr_same_host(a, b);
}

/* Each round is a bijection, so IPv4 endpoints never share all 64 bits. */
uint64_t addr_hash(const struct addr *a, uint64_t key)
{
	uint64_t half[2];
	struct rng r = { .state = key };

	memcpy(half, a->ip, sizeof(half));
	r.state ^= half[0];
	r.state = rng_next(&r) ^ half[1];
	r.state = rng_next(&r) ^ a->port;
	return rng_next(&r);
}

static uint16_t group_at(const struct addr *a, int i)
{
	return (uint16_t)(a->ip[2 * i] << 8 | a->ip[2 * i + 1]);
}

/* The longest run of zero groups, as RFC 5952 has it: at least two, the first of equals. */
static int longest_zeros(const struct addr *a, int *len_out)
{
	int best = -1, best_len = 1;

	for (int i = 0, len = 0; i < GROUPS; i++) {
		len = group_at(a, i) ? 0 : len + 1;
		if (len > best_len) {
			best_len = len;
			best = i - len + 1;
		}
	}
	*len_out = best_len;
	return best;
}

static void write_v6(const struct addr *a, char out[ADDR_TEXT_MAX])
{
	int zeros_len, n = 0;
	int zeros = longest_zeros(a, &zeros_len);

	out[n++] = '[';
	for (int i = 0; i < GROUPS; i++) {
		if (i == zeros) {
			out[n++] = ':';
			out[n++] = ':';
			i += zeros_len - 1;
			continue;
		}
		const char *colon = i > 0 && out[n - 1] != ':' ? ":" : "";

		n += snprintf(out + n, ADDR_TEXT_MAX - (size_t)n, "%s%x", colon, group_at(a, i));
	}
	snprintf(out + n, ADDR_TEXT_MAX - (size_t)n, "]:%u", a->port);
}

const char *addr_text(const struct addr *a, char out[ADDR_TEXT_MAX])
{
	const uint8_t *ip = a->ip;

	if (addr_is_v4(a))
		snprintf(out, ADDR_TEXT_MAX, "%u.%u.%u.%u:%u", ip[12], ip[13], ip[14], ip[15],
			 a->port);
	else
		write_v6(a, out);
	return out;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* One number of at most `digits` digits and value `max`; false without one. */
static bool take_number(const char **s, int base, int digits, uint32_t max, uint32_t *out)
{
	const char *start = *s;

	*out = 0;
	while (*s - start < digits && digit_value(**s) < base)
		*out = *out * (uint32_t)base + (uint32_t)digit_value(*(*s)++);
	return *s > start && digit_value(**s) >= base && *out <= max;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

static bool take_v4(const char **s, uint8_t ip[4])
{
	for (int i = 0; i < 4; i++) {
		uint32_t v;

		if (i > 0 && !take_char(s, '.'))
			return false;
		if (!take_number(s, 10, 3, 255, &v))
			return false;
		ip[i] = (uint8_t)v;
	}
	return true;
}

/* Up to the closing bracket. `gap` is where "::" stood, in bytes, -1 without one. */
static bool take_groups(const char **s, uint8_t ip[16], int *len_out, int *gap_out)
{
	int len = 0, gap = -1;

	while (**s != ']') {
		uint32_t group;

		if (gap < 0 && (*s)[0] == ':' && (*s)[1] == ':') {
			*s += 2;
			gap = len;
			if (**s == ']')
				break;
		} else if (len > 0 && !take_char(s, ':')) {
			return false;
		}
		if (len > 14 || !take_number(s, 16, 4, UINT16_MAX, &group))
			return false;
		ip[len++] = (uint8_t)(group >> 8);
		ip[len++] = (uint8_t)group;
	}
	*len_out = len;
	*gap_out = gap;
	return true;
}

static bool take_v6(const char **s, uint8_t ip[16])
{
	int len, gap;

	if (!take_char(s, '[') || !take_groups(s, ip, &len, &gap) || !take_char(s, ']'))
		return false;
	if (gap < 0)
		return len == 16;
	if (len > 14)
		return false;

	memmove(ip + 16 - (len - gap), ip + gap, (size_t)(len - gap));
	memset(ip + gap, 0, (size_t)(16 - len));
	return true;
}

int addr_parse(const char *text, struct addr *out)
{
	struct addr a = addr_v4(0, 0);
	const char *s = text;
	bool ok = *s == '[' ? take_v6(&s, a.ip) : take_v4(&s, a.ip + 12);
	uint32_t port;

	if (!ok || !take_char(&s, ':') || !take_number(&s, 10, 5, UINT16_MAX, &port) || *s)
		return -ICQ_ESYNTAX;
	a.port = (uint16_t)port;
	*out = a;
	return 0;
}
