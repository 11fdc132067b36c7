/* SPDX-License-Identifier: MIT */
#include "io/lookup.h"

#include <netdb.h>
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "io/sockaddr.h"

int lookup_host(const char *host, uint16_t port, struct addr *out)
{
	const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM };
	struct sockaddr_storage first = { 0 };
	struct addrinfo *found;
	bool served;

	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return -ICQ_ENOENT;
	memcpy(&first, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	served = sockaddr_read(&first, out);
	out->port = port;
	return served ? 0 : -ICQ_ENOENT;
}
