/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/ip.h"

#include "base/cursor.h"

#include <netinet/in.h>
#include <pcap/dlt.h>

enum {
	ETHERNET_ADDRESSES = 12,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_QINQ = 0x88A8,
	FRAGMENT = 0x3FFF, /* more fragments follow, or this is not the first */
	UDP_HEADER = 8,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
};

/* Bytes before the IP header; IP itself says which version it is. */
static const struct link {
	int type;
	size_t header;
} links[] = {
	{ DLT_NULL, 4 }, { DLT_LOOP, 4 }, { DLT_EN10MB, 0 },	  { DLT_LINUX_SLL, 16 },
	{ DLT_RAW, 0 },	 { DLT_IPV4, 0 }, { DLT_LINUX_SLL2, 20 }, { DLT_IPV6, 0 },
};

static const struct link *find_link(int type)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (links[i].type == type)
			return &links[i];
	}
	return NULL;
}

bool ip_knows_link(int link_type)
{
	return find_link(link_type) != NULL;
}

static uint16_t rd_be16(struct rd *r)
{
	uint32_t high = rd_u8(r);

	return (uint16_t)(high << 8 | rd_u8(r));
}

static uint32_t rd_be32(struct rd *r)
{
	uint32_t high = rd_be16(r);

	return high << 16 | rd_be16(r);
}

static void skip_ethernet(struct rd *r)
{
	uint16_t type;

	rd_bytes(r, ETHERNET_ADDRESSES);
	while ((type = rd_be16(r)) == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ)
		rd_be16(r);
}

/* What follows is no longer than the packet says: short frames are filled up. */
static void end_at(struct rd *r, size_t left)
{
	if (left < rd_left(r))
		r->len = r->pos + left;
}

/* The protocol inside, or -1. */
static int read_ip4(struct rd *r, struct segment *out)
{
	size_t start = r->pos, header = 4 * (size_t)(rd_u8(r) & 0xF);

	rd_u8(r);

	size_t total = rd_be16(r);

	rd_be16(r);

	bool fragment = rd_be16(r) & FRAGMENT;

	rd_u8(r);

	int protocol = rd_u8(r);

	rd_be16(r);
	out->from = addr_v4(rd_be32(r), 0);
	out->to = addr_v4(rd_be32(r), 0);
	if (header < r->pos - start || total < header)
		return -1;
	rd_bytes(r, header - (r->pos - start));
	end_at(r, total - header);
	return fragment ? -1 : protocol;
}

static struct addr read_addr6(struct rd *r)
{
	struct addr a = { 0 };
	const uint8_t *ip = rd_bytes(r, sizeof(a.ip));

	if (ip)
		memcpy(a.ip, ip, sizeof(a.ip));
	return a;
}

/* Without extension headers: neither our own programs nor old ones cause any. */
static int read_ip6(struct rd *r, struct segment *out)
{
	rd_be32(r);

	size_t length = rd_be16(r);
	int protocol = rd_u8(r);

	rd_u8(r);
	out->from = read_addr6(r);
	out->to = read_addr6(r);
	end_at(r, length);
	return protocol;
}

static void read_udp(struct rd *r, struct segment *out)
{
	out->from.port = rd_be16(r);
	out->to.port = rd_be16(r);

	size_t length = rd_be16(r);

	rd_be16(r);
	if (length >= UDP_HEADER)
		end_at(r, length - UDP_HEADER);
}

static void read_tcp(struct rd *r, struct segment *out)
{
	size_t start = r->pos;

	out->is_tcp = true;
	out->from.port = rd_be16(r);
	out->to.port = rd_be16(r);
	out->seq = rd_be32(r);
	rd_be32(r);

	size_t header = 4 * (size_t)(rd_u8(r) >> 4);
	uint8_t flags = rd_u8(r);

	out->begins = flags & TCP_SYN;
	out->breaks = flags & TCP_RST;
	if (header < r->pos - start)
		r->bad = true;
	else
		rd_bytes(r, header - (r->pos - start));
}

static int read_network(struct rd *r, struct segment *out)
{
	struct rd ahead = *r;

	switch (rd_u8(&ahead) >> 4) {
	case 4:
		return read_ip4(r, out);
	case 6:
		return read_ip6(r, out);
	default:
		return -1;
	}
}

bool ip_read(int link_type, const void *frame, size_t len, struct segment *out)
{
	const struct link *link = find_link(link_type);
	struct rd r = rd_from(frame, len);

	*out = (struct segment){ 0 };
	if (link_type == DLT_EN10MB)
		skip_ethernet(&r);
	else
		rd_bytes(&r, link ? link->header : 0);

	int protocol = read_network(&r, out);

	if (protocol == IPPROTO_UDP)
		read_udp(&r, out);
	else if (protocol == IPPROTO_TCP)
		read_tcp(&r, out);
	else
		return false;
	out->n = rd_left(&r);
	out->p = rd_bytes(&r, out->n);
	return !r.bad;
}
