/* SPDX-License-Identifier: MIT */
/* Datagrams of a user who is traced, decoded. */
#include "cmd/icqctl/print.h"
#include "cmd/icqdump/json.h"
#include "cmd/icqdump/output.h"
#include "wire/icqwire.h"

#include <stdlib.h>
#include <string.h>

static size_t read_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t n = 0;

	for (; n < cap && hex[0] && hex[1]; hex += 2) {
		const char two[] = { hex[0], hex[1], 0 };

		out[n++] = (uint8_t)strtoul(two, NULL, 16);
	}
	return n;
}

static void print_json(const struct packet *p, bool secrets, const json_t *row)
{
	json_t *o = packet_json(p, secrets);

	json_object_set(o, "time", json_object_get(row, "time"));
	json_object_set(o, "peer", json_object_get(row, "peer"));
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

void print_datagram(struct call *c, const json_t *row)
{
	uint8_t bytes[ICQ_MAX_datagram];
	struct packet p = { .p = bytes };
	const char *hex = json_string_value(json_object_get(row, "hex"));
	const char *time = json_string_value(json_object_get(row, "time"));
	const char *from = json_string_value(json_object_get(row, "from"));
	const char *peer = json_string_value(json_object_get(row, "peer"));

	if (!hex || !time || !from || !peer) {
		if (!c->json)
			fprintf(stderr, "icqctl: watching; Ctrl-C ends it\n");
		return;
	}
	p.origin = strcmp(from, "client") == 0 ? ORIGIN_CLIENT : ORIGIN_SERVER;
	p.n = read_hex(hex, bytes, sizeof(bytes));
	if (c->json) {
		print_json(&p, c->secrets, row);
		return;
	}
	printf("%s %c %s ", time, p.origin == ORIGIN_CLIENT ? '<' : '>', peer);
	(c->verbose ? output_fields : output_line)(&p, c->secrets);
}
