/* SPDX-License-Identifier: MIT */
/* Packets, for who wants to see them: in hex and in words, without passwords. */
#include <stdio.h>
#include <string.h>

#include "cmd/icq/app.h"

static void blank_secret(void *ctx, const struct icq_shown *shown)
{
	uint8_t *packet = ctx;

	if (shown->field && shown->field->flags & ICQ_SECRET)
		memset(packet + shown->offset, 0, shown->len);
}

json_t *events_packet(const struct icq_client_event *e)
{
	static uint8_t packet[ICQ_MAX_datagram];
	static char text[2 * ICQ_MAX_datagram + 1];
	enum icq_id id;
	size_t n = e->packet.n < sizeof(packet) ? e->packet.n : sizeof(packet);
	bool direct = e->packet.channel == ICQ_STREAM || e->packet.channel == ICQ_PEER;
	json_t *ev = json_pack("{s:s,s:s,s:s}", "ev", "packet", "dir", e->packet.out ? "out" : "in",
			       "proto", direct ? "tcp" : "v2");

	memcpy(packet, e->packet.p, n);
	icq_show(e->packet.channel, e->packet.p, n, false, blank_secret, packet, &id);
	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", packet[i]);
	json_object_set_new(ev, "hex", json_string(text));
	icq_show_line(e->packet.channel, e->packet.p, n, false, text, sizeof(text));
	json_object_set_new(ev, "text", json_string(text));
	return ev;
}
