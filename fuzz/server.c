/* SPDX-License-Identifier: MIT */
/* Datagrams as a client gets them. */
#include "packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	packet_datagram(ICQ_SERVER, data, size);
	return 0;
}
