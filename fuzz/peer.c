/* SPDX-License-Identifier: MIT */
/* A stream between clients: packets behind their LENGTH, each read as everything it may be. */
#include "packet.h"

#include "base/cursor.h"

static void read_packet(const uint8_t *packet, size_t n)
{
	enum icq_id id = n ? icq_find(ICQ_STREAM, 2, packet[0]) : M_NONE;

	packet_show(ICQ_STREAM, packet, n);
	packet_show(ICQ_PEER, packet, n);
	if (id)
		packet_body(id, packet + 1, n - 1);
	for (id = M_NONE + 1; id < M_COUNT; id++)
		if (icq_describe(id)->channel == ICQ_PEER)
			packet_body(id, packet, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_from(data, size);

	for (;;) {
		size_t n = rd_u16(&r);
		const uint8_t *packet = rd_bytes(&r, n);

		if (!packet)
			return 0;
		read_packet(packet, n);
	}
}
