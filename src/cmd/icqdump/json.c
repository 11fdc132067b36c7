/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/json.h"

#include "cmd/icqdump/explain.h"
#include "cmd/icqdump/origin.h"
#include "cmd/icqdump/output.h"

#include <stdio.h>
#include <string.h>

static void put_text(json_t *o, const char *key, const char *text)
{
	if (text)
		json_object_set_new(o, key, json_string(text));
}

static void put_number(json_t *o, const char *key, size_t n)
{
	json_object_set_new(o, key, json_integer((json_int_t)n));
}

static void put_bytes(json_t *o, const uint8_t *bytes, size_t n)
{
	char hex[2 * ICQ_MAX_datagram + 1] = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (bytes)
			snprintf(hex + 2 * i, 3, "%02X", bytes[i]);
		else
			memcpy(hex + 2 * i, "**", 2);
	}
	put_text(o, "hex", hex);
}

static void json_row(void *ctx, const struct icq_shown *shown, const uint8_t *bytes)
{
	json_t *o = json_object();

	put_text(o, "name", shown->name);
	put_number(o, "offset", shown->offset);
	put_number(o, "length", shown->len);
	put_bytes(o, bytes, shown->len);
	put_text(o, "value", shown->value);
	put_text(o, "note", shown->note);
	if (!shown->name && shown->field)
		put_text(o, "breaks_in", shown->field->name);
	json_array_append_new(ctx, o);
}

static void put_capture(json_t *o, const struct packet *packet)
{
	char time[OUTPUT_TIME_MAX], addr[ADDR_TEXT_MAX];

	if (!packet->captured)
		return;
	output_time(packet, 'T', time);
	strcat(time, "Z");
	put_text(o, "time", time);
	put_text(o, "from", addr_text(&packet->from, addr));
	put_text(o, "to", addr_text(&packet->to, addr));
}

json_t *packet_json(const struct packet *packet, bool secrets)
{
	json_t *fields = json_array();
	struct explained e = explain(packet, secrets, json_row, fields);
	json_t *o = json_object();

	put_capture(o, packet);
	put_text(o, "origin", origin_name(packet->origin));
	put_text(o, "name", e.id ? icq_describe(e.id)->name : NULL);
	put_text(o, "id", e.id ? icq_describe(e.id)->ident : NULL);
	if (e.version)
		put_number(o, "version", e.version);
	put_number(o, "length", packet->n);
	put_text(o, "note", e.note);
	put_text(o, "error", e.error);
	json_object_set_new(o, "fields", fields);
	return o;
}

void output_json(const struct packet *packet, bool secrets)
{
	json_t *o = packet_json(packet, secrets);

	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}
