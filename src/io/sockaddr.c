/* SPDX-License-Identifier: MIT */
#include "io/sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

_Static_assert(sizeof(struct in_pktinfo) <= SOCKADDR_LOCAL_MAX, "room for a local address");

socklen_t sockaddr_make(const struct addr *a, struct sockaddr_storage *out)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(a->port),
				  .sin_addr.s_addr = htonl(addr_ip4(a)) };

	if (!addr_is_v4(a))
		return 0;
	memcpy(out, &in, sizeof(in));
	return sizeof(in);
}

bool sockaddr_read(const struct sockaddr_storage *s, struct addr *out)
{
	struct sockaddr_in in;

	if (s->ss_family != AF_INET)
		return false;
	memcpy(&in, s, sizeof(in));
	*out = addr_v4(ntohl(in.sin_addr.s_addr), ntohs(in.sin_port));
	return true;
}

int sockaddr_want_local(int fd, const struct addr *bound)
{
	const int on = 1;

	if (!addr_is_v4(bound))
		return -1;
	return setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
}

bool sockaddr_local_read(struct cmsghdr *c, uint8_t ip_out[16])
{
	struct in_pktinfo info;
	struct addr a;

	if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO)
		return false;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	/* ipi_spec_dst and not ipi_addr: for a broadcast the latter is none of ours. */
	a = addr_v4(ntohl(info.ipi_spec_dst.s_addr), 0);
	memcpy(ip_out, a.ip, sizeof(a.ip));
	return true;
}

size_t sockaddr_local_make(struct cmsghdr *c, const uint8_t ip[16])
{
	struct in_pktinfo info = { 0 };
	struct addr a = { 0 };

	memcpy(a.ip, ip, sizeof(a.ip));
	info.ipi_spec_dst.s_addr = htonl(addr_ip4(&a));
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return CMSG_SPACE(sizeof(info));
}
